//! What of a text goes into the index.
//!
//! A run of Han characters gives each character and each pair of neighbours, at the position of the (first) character;
//! any other run of letters and digits gives one word, English ones by their stem. Offsets are bytes of the text as it
//! was written.

use super::fold::{Folded, is_han};
use rust_stemmers::{Algorithm, Stemmer};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Longer words are no words (hashes, encoded files) and are left out.
const LONGEST_WORD: usize = 128;

/// The tokenizer of titles and bodies.
#[derive(Clone, Default)]
pub(super) struct TextTokenizer;

impl Tokenizer for TextTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let folded = Folded::new(text);
        let mut tokens = Tokens { tokens: Vec::new(), next: 0 };
        let mut position = 0;
        for run in runs(&folded.text) {
            position = match run.kind {
                Kind::Han => tokens.push_han(&folded, &run, position),
                Kind::Word => tokens.push_word(&folded, &run, position),
                Kind::Gap => position + usize::from(!run.text.trim().is_empty()),
            };
        }
        tokens
    }
}

/// The tokens of one text.
pub(super) struct Tokens {
    tokens: Vec<Token>,
    next: usize,
}

impl Tokens {
    fn push_han(&mut self, folded: &Folded, run: &Run<'_>, position: usize) -> usize {
        let starts: Vec<usize> = run.text.char_indices().map(|(at, _)| at).chain([run.text.len()]).collect();
        for (number, pair) in starts.windows(2).enumerate() {
            self.push(folded, run.from + pair[0], run.from + pair[1], position + number);
            if let Some(end) = starts.get(number + 2) {
                self.push(folded, run.from + pair[0], run.from + end, position + number);
            }
        }
        position + starts.len() - 1
    }

    fn push_word(&mut self, folded: &Folded, run: &Run<'_>, position: usize) -> usize {
        if run.text.len() <= LONGEST_WORD {
            self.push(folded, run.from, run.from + run.text.len(), position);
            if let Some(token) = self.tokens.last_mut() {
                token.text = stem(run.text);
            }
        }
        position + 1
    }

    fn push(&mut self, folded: &Folded, from: usize, to: usize, position: usize) {
        let (offset_from, offset_to) = folded.original(from, to);
        let text = folded.text[from..to].to_owned();
        self.tokens.push(Token { offset_from, offset_to, position, text, position_length: 1 });
    }
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

/// The form in which a word that is not Chinese is compared: the stem, if it is written in English letters alone.
pub(super) fn stem(word: &str) -> String {
    match word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Stemmer::create(Algorithm::English).stem(word).into_owned(),
        false => word.to_owned(),
    }
}

/// A longest stretch of one kind.
pub(super) struct Run<'a> {
    pub kind: Kind,
    /// The byte at which it begins.
    pub from: usize,
    pub text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Han,
    Word,
    Gap,
}

/// Cuts a folded text into its runs, gaps included.
pub(super) fn runs(folded: &str) -> impl Iterator<Item = Run<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &folded[from..];
        let kind = kind_of(rest.chars().next()?);
        let length = rest.find(|character| kind_of(character) != kind).unwrap_or(rest.len());
        let run = Run { kind, from, text: &rest[..length] };
        from += length;
        Some(run)
    })
}

fn kind_of(character: char) -> Kind {
    if is_han(character) {
        Kind::Han
    } else if character.is_alphanumeric() {
        Kind::Word
    } else {
        Kind::Gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(String, usize, String)> {
        let mut tokenizer = TextTokenizer;
        let mut stream = tokenizer.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            let token = stream.token();
            found.push((token.text.clone(), token.position, text[token.offset_from..token.offset_to].to_owned()));
        }
        found
    }

    #[test]
    fn han_gives_characters_and_pairs_and_english_gives_stems() {
        let found = tokens("云平台 Services，ＩＤＣ");
        let short: Vec<(&str, usize, &str)> = found.iter().map(|(t, p, o)| (t.as_str(), *p, o.as_str())).collect();
        assert_eq!(
            short,
            [
                ("云", 0, "云"),
                ("云平", 0, "云平"),
                ("平", 1, "平"),
                ("平台", 1, "平台"),
                ("台", 2, "台"),
                ("servic", 3, "Services"),
                ("idc", 5, "ＩＤＣ"),
            ]
        );
    }

    #[test]
    fn a_word_of_absurd_length_is_left_out() {
        assert!(tokens(&"a".repeat(LONGEST_WORD + 1)).is_empty());
        assert_eq!(tokens(&"a".repeat(LONGEST_WORD)).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn offsets_always_cut_the_text(text in "\\PC{0,60}") {
            for (token, _, original) in tokens(&text) {
                proptest::prop_assert!(!token.is_empty() && !original.is_empty());
            }
        }
    }
}
