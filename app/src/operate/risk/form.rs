//! What comes in.

use super::grant::RiskGrant;
use super::judge::Judgement;
use super::signal::State;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// A grant about to be made.
#[derive(Clone)]
pub struct Wanted {
    /// Made with the form: sent twice, it is one.
    pub id: Id<RiskGrant>,
    /// Why, in one's own words.
    pub reason: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, reason) = (fields.id("id"), fields.text("reason", 10..=500));
        Some(Self { id: id?, reason: reason? })
    }
}

/// A judgement about to be made.
#[derive(Clone)]
pub struct Judged {
    /// Made with the form: sent twice, it is one.
    pub id: Id<Judgement>,
    /// The version that was read.
    pub version: i64,
    /// What it comes to.
    pub outcome: State,
    /// Why: none without.
    pub reason: String,
}

impl Parse for Judged {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        let outcome = fields.one_of("outcome", State::OUTCOMES.map(State::code));
        let outcome =
            outcome.parse("outcome", |code| State::of(code).filter(|one| *one != State::Open).ok_or("choice"));
        let reason = fields.passage("reason", 5..=1000);
        Some(Self { id: id?, version: version?, outcome: outcome?, reason: reason? })
    }
}
