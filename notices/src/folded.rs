//! A text made comparable, each sign with its place in the original.

use crate::reading::{Field, Spot};
use crate::text::narrow;

/// A text in usual width and without spaces, which extraction strews even into words; one is kept between two figures, where it
/// may part them.
pub(crate) struct Folded {
    /// The signs.
    pub signs: Vec<char>,
    /// Where each begins and ends in the original, in bytes.
    places: Vec<(usize, usize)>,
    field: Field,
}

impl Folded {
    pub fn of(field: Field, text: &str) -> Self {
        let mut folded = Self { signs: Vec::new(), places: Vec::new(), field };
        let mut gap = None;
        for (at, sign) in text.char_indices() {
            if sign.is_whitespace() {
                gap = gap.or(Some(at));
                continue;
            }
            let usual = narrow(sign.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(sign);
            let parts = |last: &char| last.is_ascii_digit() && usual.is_ascii_digit();
            if let Some(gap) = gap.take().filter(|_| folded.signs.last().is_some_and(parts)) {
                folded.push(' ', gap, at);
            }
            folded.push(usual, at, at + sign.len_utf8());
        }
        folded
    }

    fn push(&mut self, sign: char, from: usize, until: usize) {
        self.signs.push(sign);
        self.places.push((from, until));
    }

    /// Whether these words stand at this place.
    pub fn starts(&self, at: usize, words: &str) -> bool {
        let mut signs = self.signs.get(at..).unwrap_or_default().iter();
        words.chars().all(|wanted| signs.next() == Some(&wanted))
    }

    /// The first of these words that stands here.
    pub fn one_of<'w>(&self, at: usize, words: &[&'w str]) -> Option<&'w str> {
        words.iter().copied().find(|word| self.starts(at, word))
    }

    /// A stretch of it.
    pub fn words(&self, from: usize, until: usize) -> String {
        self.signs[from.min(until)..until.min(self.signs.len())].iter().collect()
    }

    /// What stands before a place, back to where the sentence or its part begins, at most so many signs.
    pub fn before(&self, at: usize, most: usize, ends: &[char]) -> (usize, String) {
        let mut from = at;
        while from > 0 && at - from < most && !ends.contains(&self.signs[from - 1]) {
            from -= 1;
        }
        (from, self.words(from, at))
    }

    /// The place of a stretch in the original.
    pub fn spot(&self, from: usize, until: usize) -> Spot {
        let last = until.clamp(from + 1, self.places.len()) - 1;
        Spot { field: self.field, from: self.places[from].0, until: self.places[last].1 }
    }
}

/// Whether one of the words occurs.
pub(crate) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}
