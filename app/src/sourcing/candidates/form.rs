//! What comes in: a publication, its withdrawal, an objection, its answer, an appeal, its decision.

use super::appeal::{Appeal, Outcome};
use super::objection::Objection;
use super::publication::Publication;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// The most days of a standstill.
const MOST_DAYS: i64 = 60;

/// A publication, of candidates that nobody chooses.
pub struct Given {
    pub id: Id<Publication>,
    /// Days of the standstill.
    pub days: i64,
    /// Why it is late, where it is.
    pub lateness: Option<String>,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let days = fields.like("days", "3").parse("days", |text| match text.parse() {
            Ok(days) if (1..=MOST_DAYS).contains(&days) => Ok(days),
            _ => Err("candidates-days-form"),
        });
        let lateness = fields.optional_passage("lateness", 1000);
        Some(Self { id: id?, days: days?, lateness: lateness? })
    }
}

/// Why a publication is taken back; public.
pub struct Withdrawn {
    pub publication: Id<Publication>,
    pub reason: String,
}

impl Parse for Withdrawn {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (publication, reason) = (fields.id("publication"), fields.passage("reason", 5..=2000));
        Some(Self { publication: publication?, reason: reason? })
    }
}

/// An objection.
pub struct Objected {
    pub id: Id<Objection>,
    pub reason: String,
    /// What is asked for.
    pub wanted: Option<String>,
}

impl Parse for Objected {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, reason) = (fields.id("id"), fields.passage("reason", 5..=5000));
        let wanted = fields.optional_passage("wanted", 2000);
        Some(Self { id: id?, reason: reason?, wanted: wanted? })
    }
}

/// The buyer's answer.
pub struct Answered {
    pub answer: String,
}

impl Parse for Answered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { answer: fields.passage("answer", 5..=5000)? })
    }
}

/// An appeal against it.
pub struct Appealed {
    pub id: Id<Appeal>,
    pub reason: String,
}

impl Parse for Appealed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, reason) = (fields.id("id"), fields.passage("reason", 5..=5000));
        Some(Self { id: id?, reason: reason? })
    }
}

/// The operator's decision.
pub struct Decided {
    pub outcome: Outcome,
    pub decision: String,
}

impl Parse for Decided {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let codes = Outcome::ALL.map(Outcome::code);
        let outcome = fields.one_of("outcome", codes).parse("outcome", |code| Outcome::of(code).ok_or("choice"));
        let decision = fields.passage("decision", 5..=5000);
        Some(Self { outcome: outcome?, decision: decision? })
    }
}
