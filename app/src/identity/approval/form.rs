//! What comes in.

use super::chain::{Chain, Step, Tier};
use super::rule::Rule;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// The fields of each tier: from which amount on, and which steps.
pub const TIERS: [(&str, &str); Chain::MOST] = [("from_1", "steps_1"), ("from_2", "steps_2"), ("from_3", "steps_3")];

const AMOUNTS: [&str; Chain::MOST] = ["100000", "1000000", "5000000"];

const STEPS: [&[&str]; Chain::MOST] = [&["colleague"], &["colleague", "finance"], &["colleague", "finance", "owner"]];

/// The chain that is wanted; no tier for none.
pub struct Wanted(pub Chain);

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let mut tiers = Vec::new();
        let mut is_sound = true;
        for (at, (from, steps)) in TIERS.into_iter().enumerate() {
            match tier(fields, at, from, steps) {
                Some(Some(tier)) => tiers.push((at, tier)),
                Some(None) => {}
                None => is_sound = false,
            }
        }
        let (places, tiers): (Vec<_>, Vec<_>) = tiers.into_iter().unzip();
        match Chain::new(tiers) {
            Ok(chain) if is_sound => Some(Self(chain)),
            Err((at, rule)) if is_sound => {
                let (from, steps) = TIERS[places[at]];
                fields.wrong(if rule == "approval-rising" { from } else { steps }, rule)
            }
            _ => None,
        }
    }
}

/// One tier; the inner `None` where nothing is filled in. Only the first may leave its amount out: it is for every amount.
fn tier(fields: &mut Fields, at: usize, from: &'static str, steps: &'static str) -> Option<Option<Tier>> {
    let amount = fields.like(from, AMOUNTS[at]).optional_money(from);
    let codes = fields.several(steps, STEPS[at]);
    let known: Option<Vec<_>> = codes.iter().map(|code| Step::of(code)).collect();
    match (amount?, known) {
        (_, None) => fields.wrong(steps, "choice"),
        (None, Some(steps)) if steps.is_empty() => Some(None),
        (Some(_), Some(chosen)) if chosen.is_empty() => fields.wrong(steps, "approval-no-steps"),
        (None, Some(_)) if at > 0 => fields.wrong(from, "required"),
        (amount, Some(steps)) => Some(Some(Tier { from: amount.unwrap_or(0), steps })),
    }
}

/// The chain that is to bind again.
pub struct Former(pub Id<Rule>);

impl Parse for Former {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.id("rule").map(Self)
    }
}

/// The step that is given.
pub struct Approved(pub Step);

impl Parse for Approved {
    fn parse(fields: &mut Fields) -> Option<Self> {
        step(fields).map(Self)
    }
}

/// The step at which it is refused, and why.
pub struct Refused {
    pub step: Step,
    pub reason: String,
}

impl Parse for Refused {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (step, reason) = (step(fields), fields.passage("reason", 5..=500));
        Some(Self { step: step?, reason: reason? })
    }
}

fn step(fields: &mut Fields) -> Option<Step> {
    fields.one_of("step", Step::CODES);
    fields.parse("step", |text| Step::of(text).ok_or("choice"))
}
