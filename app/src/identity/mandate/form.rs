//! What comes in.

use super::Mandate;
use super::act::Act;
use super::store::Rule;
use crate::identity::account::Account;
use crate::web::{Fields, Parse};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;

/// The longest that a letter holds: two years. What lasts longer is not a letter but a duty of the company to look again.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 731);

/// A letter to be issued.
pub struct New {
    pub id: Id<Mandate>,
    pub account: Id<Account>,
    pub acts: Vec<Act>,
    /// The id of a tender or of a lot; none for everything.
    pub target: Option<Id<()>>,
    pub valid_from: Timestamp,
    pub valid_until: Timestamp,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, account) = (fields.id("id"), fields.id("account"));
        let codes = fields.several("act", &Act::CODES);
        let acts: Vec<_> = codes.iter().filter_map(|code| Act::of(code)).collect();
        let acts =
            if acts.is_empty() || acts.len() != codes.len() { fields.wrong("act", "choice") } else { Some(acts) };
        let target = fields.optional("target", |text| text.parse().map_err(|_| "id"));
        fields.like("valid_from", "2027-01-15T01:30:00Z").like("valid_until", "2027-07-15T01:30:00Z");
        let (from, until) = (fields.instant("valid_from"), fields.instant("valid_until"));
        if let (Some(from), Some(until)) = (from, until) {
            let lasts = until.duration_since(from);
            match () {
                () if lasts <= SignedDuration::ZERO => drop(fields.wrong::<()>("valid_until", "mandate-ends-first")),
                () if lasts > LONGEST => drop(fields.wrong::<()>("valid_until", "mandate-too-long")),
                () => {}
            }
        }
        Some(Self { id: id?, account: account?, acts: acts?, target: target?, valid_from: from?, valid_until: until? })
    }
}

/// Whether letters are asked for.
pub struct Wanted(pub Option<Rule>);

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        const RULES: [&str; 3] = ["none", "letters", "persons"];
        fields.one_of("rule", RULES);
        fields.parse("rule", |text| match text {
            "none" => Ok(Self(None)),
            "letters" => Ok(Self(Some(Rule { persons: false }))),
            "persons" => Ok(Self(Some(Rule { persons: true }))),
            _ => Err("choice"),
        })
    }
}
