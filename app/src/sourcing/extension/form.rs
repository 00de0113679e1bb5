//! The forms.

use super::Extension;
use crate::web::{Fields, Parse};
use jiff::Timestamp;
use kit::id::Id;

/// By how many days at most a buyer asks at once.
const MOST_DAYS: i64 = 365;

/// What a buyer asks.
pub struct Asked {
    /// The id of the row to be made.
    pub id: Id<Extension>,
    /// Days beside those before.
    pub days: i64,
    /// Until when answers are taken.
    pub due_at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Parse for Asked {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let days = fields.like("days", "30").parse("days", |text| {
            text.parse::<i64>().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or("validity-days")
        });
        let due_at = fields.instant("due_at");
        let reason = fields.passage("reason", 5..=2000);
        Some(Self { id: id?, days: days?, due_at: due_at?, reason: reason? })
    }
}

/// What a bidder answers.
pub struct Answered {
    /// Whether it agrees.
    pub agrees: bool,
}

impl Parse for Answered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let agrees = fields.one_of("agrees", ["yes", "no"]).parse("agrees", |code| match code {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err("choice"),
        });
        Some(Self { agrees: agrees? })
    }
}
