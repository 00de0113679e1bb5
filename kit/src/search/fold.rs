//! Text in the one form in which it is compared, and the way back to the text as it was written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in compatibility form (NFKC), lower case, without the spaces that extraction leaves between Han characters,
/// with a map from every piece of it to the bytes it came from.
pub(super) struct Folded {
    pub text: String,
    /// For each piece: where it begins in `text`, and the bytes of the original it stands for.
    pieces: Vec<(usize, usize, usize)>,
}

impl Folded {
    pub fn new(original: &str) -> Folded {
        let mut folded = Folded { text: String::with_capacity(original.len()), pieces: Vec::new() };
        let mut characters = original.char_indices().peekable();
        while let Some((from, first)) = characters.next() {
            let mut to = from + first.len_utf8();
            while let Some((at, mark)) = characters.next_if(|(_, next)| !is_plain(*next) && is_combining_mark(*next)) {
                to = at + mark.len_utf8();
            }
            folded.piece(original, from, to);
        }
        folded.close_gaps();
        folded
    }

    /// The bytes of the original that `from..to` of the folded text came from.
    pub fn original(&self, from: usize, to: usize) -> (usize, usize) {
        let first = self.pieces.partition_point(|piece| piece.0 <= from).saturating_sub(1);
        let last = self.pieces.partition_point(|piece| piece.0 < to).saturating_sub(1);
        match (self.pieces.get(first), self.pieces.get(last)) {
            (Some(first), Some(last)) => (first.1, last.2),
            _ => (0, 0),
        }
    }

    fn piece(&mut self, original: &str, from: usize, to: usize) {
        let begins = self.text.len();
        let mut characters = original[from..to].chars();
        if let (Some(only), None) = (characters.next(), characters.next())
            && is_plain(only)
        {
            self.text.push(only.to_ascii_lowercase());
            self.pieces.push((begins, from, to));
            return;
        }
        for composed in original[from..to].nfkc() {
            self.text.extend(composed.to_lowercase());
        }
        if self.text.len() > begins {
            self.pieces.push((begins, from, to));
        }
    }

    /// 截 止 is 截止: texts that were extracted from pages carry such spaces, and no Chinese sentence means them.
    fn close_gaps(&mut self) {
        let mut text = String::with_capacity(self.text.len());
        let mut pieces = Vec::with_capacity(self.pieces.len());
        for (number, piece) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(number + 1).map_or(self.text.len(), |next| next.0);
            let part = &self.text[piece.0..end];
            let stray = part.chars().all(char::is_whitespace)
                && text.chars().next_back().is_some_and(is_han)
                && self.text[end..].trim_start().chars().next().is_some_and(is_han);
            if !stray {
                pieces.push((text.len(), piece.1, piece.2));
                text.push_str(part);
            }
        }
        self.text = text;
        self.pieces = pieces;
    }
}

/// ASCII, and the Han characters of nearly all texts: alone they are in their compatibility form already and have no
/// lower case but ASCII's. They need no table, which is most of the time that a text takes.
fn is_plain(character: char) -> bool {
    character.is_ascii() || matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// A Han character: the unified ideographs with their extensions, and the two signs that are used like one.
pub(super) fn is_han(character: char) -> bool {
    matches!(u32::from(character), 0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(original: &str, part: &str) -> String {
        let folded = Folded::new(original);
        let from = folded.text.find(part).expect("the part is in the folded text");
        let (from, to) = folded.original(from, from + part.len());
        original[from..to].to_owned()
    }

    #[test]
    fn width_and_case_are_levelled_and_the_way_back_is_kept() {
        assert_eq!(Folded::new("ＩＤＣ机房５Ｇ").text, "idc机房5g");
        assert_eq!(slice("采购ＩＤＣ机房", "idc"), "ＩＤＣ");
        assert_eq!(slice("单价㎡计", "m2"), "㎡");
        assert_eq!(slice("Cafe\u{301} au lait", "café"), "Cafe\u{301}");
        assert_eq!(slice("İstanbul 机房", "机房"), "机房");
    }

    #[test]
    fn stray_spaces_between_han_characters_go_and_others_stay() {
        assert_eq!(Folded::new("响应截 止时间 2026 年").text, "响应截止时间 2026 年");
        assert_eq!(slice("响应截 止时间", "截止"), "截 止");
        assert_eq!(Folded::new("IDC room").text, "idc room");
    }

    #[test]
    fn empty_and_odd_texts_fold() {
        assert_eq!(Folded::new("").text, "");
        assert_eq!(Folded::new("\u{301}").original(0, 2), (0, 2));
    }

    #[test]
    fn plain_characters_are_what_the_tables_say() {
        for character in ('\0'..=char::MAX).filter(|character| is_plain(*character)) {
            let composed: String = std::iter::once(character).nfkc().flat_map(char::to_lowercase).collect();
            assert_eq!(composed, String::from(character.to_ascii_lowercase()));
            assert!(!is_combining_mark(character));
        }
    }

    proptest::proptest! {
        #[test]
        fn the_way_back_is_always_on_character_boundaries(original in "\\PC{0,40}") {
            let folded = Folded::new(&original);
            for (at, character) in folded.text.char_indices() {
                let (from, to) = folded.original(at, at + character.len_utf8());
                proptest::prop_assert!(original.get(from..to).is_some());
            }
        }
    }
}
