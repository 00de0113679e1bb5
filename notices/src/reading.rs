//! All that is read in one notice.

use crate::clause::{self, Clause};
use crate::deadline::Moment;
use crate::experience::{self, Experience};
use crate::folded::Folded;
use crate::lot::{self, Lot};
use crate::money::Budget;
use crate::{budget, due};

/// The texts of a notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Texts<'a> {
    /// Its title.
    pub title: &'a str,
    /// What is bought.
    pub content: &'a str,
    /// What is asked of those who take part.
    pub qualification: &'a str,
    /// What they must have done before.
    pub performance: &'a str,
    /// The words around its deadline, as they were cut out of the page.
    pub evidence: &'a str,
}

/// One of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// [`Texts::title`].
    Title,
    /// [`Texts::content`].
    Content,
    /// [`Texts::qualification`].
    Qualification,
    /// [`Texts::performance`].
    Performance,
    /// [`Texts::evidence`].
    Evidence,
}

/// Where something stands: a stretch of one text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// In which text.
    pub field: Field,
    /// Where it begins.
    pub from: usize,
    /// Where it ends; greater than `from`.
    pub until: usize,
}

/// Something read, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// What.
    pub value: T,
    /// Where.
    pub spot: Spot,
}

/// What was read in a notice. What is empty is unknown: it may stand in a part of the page that nobody extracted, or in a form
/// that this reader does not know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What it may cost: one sum, or the same without and with tax, in this order.
    pub budgets: Vec<Found<Budget>>,
    /// Until when bids are taken.
    pub deadline: Option<Found<Moment>>,
    /// The lots that the notice is about.
    pub lots: Vec<Found<Lot>>,
    /// Into how many lots the whole is divided.
    pub lot_count: Option<Found<u32>>,
    /// What is asked of those who take part, sentence by sentence.
    pub clauses: Vec<Found<Clause>>,
    /// What references are asked for.
    pub experience: Option<Found<Experience>>,
}

impl Field {
    /// The code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Content => "content",
            Field::Qualification => "qualification",
            Field::Performance => "performance",
            Field::Evidence => "evidence",
        }
    }
}

impl Texts<'_> {
    /// One of them.
    pub fn of(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title,
            Field::Content => self.content,
            Field::Qualification => self.qualification,
            Field::Performance => self.performance,
            Field::Evidence => self.evidence,
        }
    }

    /// The words of a place, as they stand there.
    pub fn words(&self, spot: Spot) -> &str {
        self.of(spot.field).get(spot.from..spot.until).unwrap_or_default()
    }

    fn folded(&self, field: Field) -> Folded {
        Folded::of(field, self.of(field))
    }
}

impl Reading {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        *self == Reading::default()
    }
}

/// Reads a notice. Takes time in proportion to the length of its texts.
pub fn read(texts: &Texts<'_>) -> Reading {
    let of = |field| texts.folded(field);
    let (title, content) = (of(Field::Title), of(Field::Content));
    let (qualification, performance) = (of(Field::Qualification), of(Field::Performance));
    let (lots, lot_count) = lot::read(&title, &content);
    let mut clauses = clause::read(&qualification);
    // The collector's field of references is often cut out of the qualification: the same is told once.
    if texts.performance != texts.qualification {
        clauses.extend(clause::read(&performance));
    }
    Reading {
        budgets: budget::read(&title, &content),
        deadline: due::read(&[&content, &qualification, &performance, &of(Field::Evidence)]),
        lots,
        lot_count,
        clauses,
        experience: experience::read(&performance).or_else(|| experience::read(&qualification)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_upsets_it(text in "[0-9年月日时分：，。（）【】标包段第至个预算万元不含税截止时间投业绩≥ 、]{0,60}|\\PC{0,60}") {
            let texts = Texts { title: &text, content: &text, qualification: &text, performance: "业绩", evidence: &text };
            let reading = read(&texts);
            let places = reading.lots.iter().map(|found| found.spot).chain(reading.clauses.iter().map(|found| found.spot));
            for spot in places.chain(reading.budgets.iter().map(|found| found.spot)) {
                proptest::prop_assert!(!texts.words(spot).is_empty());
            }
        }
    }

    #[test]
    fn a_long_text_is_read_once() {
        for piece in
            ["1、", "标包1、", "1年1月", "预算1 1元，", "投标截止时间为2026年", "≥1", "业绩1个", "（", "标包1甲"]
        {
            let text = piece.repeat(20_000 / piece.chars().count());
            let texts = Texts { title: "", content: &text, qualification: &text, performance: &text, evidence: &text };
            let _ = read(&texts);
        }
    }
}
