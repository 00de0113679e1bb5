//! Likeness of texts (雷同): the share of common shingles (Broder, "On the resemblance and containment of documents", 1997), of characters
//! rather than words, so that Chinese needs no segmentation.

use crate::signal::{Fact, Kind, Signal};
use std::collections::HashSet;

/// What graders of electronic tendering call abnormally alike: 80 % and more.
pub const ALIKE: f64 = 0.8;

/// Characters of a shingle: five of Chinese are two or three words.
const SHINGLE: usize = 5;

/// Shingles that a text must have of its own, to be compared at all: a line of greeting is like any other.
const FEWEST: usize = 20;

/// Characters of a text that are looked at.
const MOST: usize = 200_000;

/// A text as the set of its shingles.
#[derive(Clone, Debug, Default)]
pub struct Shingles(HashSet<[char; SHINGLE]>);

impl Shingles {
    /// Letters and digits count, whatever their case; blanks and punctuation do not.
    pub fn of(text: &str) -> Self {
        let letters = text.chars().take(MOST).filter(|letter| letter.is_alphanumeric());
        let letters: Vec<char> = letters.flat_map(char::to_lowercase).collect();
        let shingles = letters.windows(SHINGLE).filter_map(|window| window.try_into().ok());
        Self(shingles.collect())
    }

    /// The same without what stands in another: all bidders may quote the tender.
    pub fn without(&self, common: &Self) -> Self {
        Self(self.0.difference(&common.0).copied().collect())
    }

    /// From 0 to 1: common shingles of all shingles. None where one of the two is too short to tell.
    pub fn likeness(&self, other: &Self) -> Option<f64> {
        if self.0.len().min(other.0.len()) < FEWEST {
            return None;
        }
        let common = self.0.intersection(&other.0).count();
        Some(common as f64 / (self.0.len() + other.0.len() - common) as f64)
    }

    fn could_be_alike(&self, other: &Self) -> bool {
        let (less, more) = (self.0.len().min(other.0.len()), self.0.len().max(other.0.len()));
        less as f64 >= more as f64 * ALIKE
    }
}

/// The pairs of a lot's texts that are alike, where `common` is what the tender itself says; the most alike first.
pub fn signals(texts: &[String], common: &str) -> Vec<Signal> {
    let common = Shingles::of(common);
    let own: Vec<_> = texts.iter().map(|text| Shingles::of(text).without(&common)).collect();
    let mut found = Vec::new();
    for (place, one) in own.iter().enumerate() {
        for (other_place, other) in
            own.iter().enumerate().skip(place + 1).filter(|(_, other)| one.could_be_alike(other))
        {
            let alike = one.likeness(other).filter(|likeness| *likeness >= ALIKE);
            found.extend(alike.map(|value| Signal {
                kind: Kind::SimilarText,
                value,
                threshold: ALIKE,
                bids: vec![place, other_place],
                facts: vec![Fact::new("shingles", one.0.len().min(other.0.len()) as f64)],
            }));
        }
    }
    found.sort_by(|one, other| other.value.total_cmp(&one.value).then_with(|| one.bids.cmp(&other.bids)));
    found
}
