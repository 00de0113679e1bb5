//! What differs between two texts, paragraph by paragraph and word by word: for people, not for programs.

use schemars::JsonSchema;
use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// How alike two paragraphs must be to be one that was changed, and not one that went and one that came.
const ALIKE: f32 = 0.4;

/// A paragraph that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Difference")]
pub struct Difference {
    /// The heading that it stands under; of the newer text where there is one.
    pub heading: String,
    /// Whether it is the first that differs under this heading.
    pub is_first: bool,
    /// Its words in order: what was taken away, what was added, what stayed.
    pub pieces: Vec<Piece>,
}

/// A stretch of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DifferencePiece")]
pub struct Piece {
    /// What became of it.
    pub kind: Kind,
    /// The words.
    pub text: String,
}

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DifferenceKind")]
pub enum Kind {
    /// They stand in both.
    Same,
    /// They stood in the older only.
    Removed,
    /// They stand in the newer only.
    Added,
}

/// The paragraphs in which a newer text differs from an older one. Both as they are shown, in their small Markdown.
pub fn differences(older: &str, newer: &str) -> Vec<Difference> {
    let (old, new) = (Paragraphs::of(older), Paragraphs::of(newer));
    let mut found: Vec<Difference> = Vec::new();
    for op in capture_diff_slices(similar::Algorithm::Myers, &old.words(), &new.words()) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { old_index, old_len, .. } => {
                found.extend(old.0[old_index..old_index + old_len].iter().map(|one| one.whole(Kind::Removed)));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                found.extend(new.0[new_index..new_index + new_len].iter().map(|one| one.whole(Kind::Added)));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let (gone, come) = (&old.0[old_index..old_index + old_len], &new.0[new_index..new_index + new_len]);
                found.extend(replaced(gone, come));
            }
        }
    }
    for at in 1..found.len() {
        found[at].is_first = found[at].heading != found[at - 1].heading;
    }
    found
}

/// Each paragraph that came is compared with the first left over that is alike.
fn replaced(gone: &[Paragraph], come: &[Paragraph]) -> Vec<Difference> {
    let mut left: Vec<_> = gone.iter().collect();
    let mut found = Vec::new();
    for new in come {
        let alike = left.iter().position(|old| new.ratio(old) >= ALIKE);
        found.push(alike.map_or_else(|| new.whole(Kind::Added), |at| new.changed(left.remove(at))));
    }
    found.splice(0..0, left.into_iter().map(|old| old.whole(Kind::Removed)));
    found
}

/// A paragraph with the heading above it.
struct Paragraph {
    heading: String,
    words: String,
}

struct Paragraphs(Vec<Paragraph>);

impl Paragraphs {
    fn of(text: &str) -> Self {
        let (mut all, mut heading) = (Vec::new(), String::new());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let words = line.trim_start_matches(['#', '-', ' ']).replace(['*', '`'], "");
            if line.starts_with('#') {
                heading.clone_from(&words);
            }
            all.push(Paragraph { heading: heading.clone(), words });
        }
        Self(all)
    }

    fn words(&self) -> Vec<&str> {
        self.0.iter().map(|paragraph| paragraph.words.as_str()).collect()
    }
}

impl Paragraph {
    fn whole(&self, kind: Kind) -> Difference {
        Difference {
            heading: self.heading.clone(),
            is_first: true,
            pieces: vec![Piece { kind, text: self.words.clone() }],
        }
    }

    fn ratio(&self, old: &Self) -> f32 {
        TextDiff::from_unicode_words(old.words.as_str(), self.words.as_str()).ratio()
    }

    fn changed(&self, old: &Self) -> Difference {
        let diff = TextDiff::from_unicode_words(old.words.as_str(), self.words.as_str());
        let mut pieces: Vec<Piece> = Vec::new();
        for change in diff.iter_all_changes() {
            let kind = match change.tag() {
                ChangeTag::Equal => Kind::Same,
                ChangeTag::Delete => Kind::Removed,
                ChangeTag::Insert => Kind::Added,
            };
            match pieces.last_mut() {
                Some(last) if last.kind == kind => last.text.push_str(change.value()),
                _ => pieces.push(Piece { kind, text: change.value().to_owned() }),
            }
        }
        Difference { heading: self.heading.clone(), is_first: true, pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: &[Difference]) -> Vec<String> {
        let mark = |piece: &Piece| match piece.kind {
            Kind::Same => piece.text.clone(),
            Kind::Removed => format!("[-{}-]", piece.text),
            Kind::Added => format!("[+{}+]", piece.text),
        };
        found
            .iter()
            .map(|one| format!("{}: {}", one.heading, one.pieces.iter().map(mark).collect::<String>()))
            .collect()
    }

    #[test]
    fn changed_words_are_told_in_their_paragraph_and_what_stays_is_not_told() {
        let older = "# 政策\n\n## 1 保存\n登录日志保存六个月，到期清除。\n- 手机号：账号存在期间。\n";
        let newer = "# 政策\n\n## 1 保存\n登录日志保存**十二个月**，到期清除。\n- 手机号：账号存在期间。\n- 使用记录：六个月。\n";
        assert_eq!(
            told(&differences(older, newer)),
            ["1 保存: 登录日志保存[-六-][+十二+]个月，到期清除。", "1 保存: [+使用记录：六个月。+]"]
        );
        assert_eq!(differences(older, older), []);
    }

    #[test]
    fn what_has_nothing_in_common_went_and_came() {
        let found = differences("## 2 Use\nNo profiles are built.\n", "## 2 Use\nWe log 30 search queries each day!\n");
        assert_eq!(
            told(&found),
            ["2 Use: [-No profiles are built.-]", "2 Use: [+We log 30 search queries each day!+]"]
        );
    }
}
