//! What handing in and deciding ask.

use super::document::{Finding, Typed};
use super::intake::PAGES;
use super::kind::Step;
use crate::web::{Fields, Parse, Upload};
use std::collections::BTreeMap;

/// The files of a step; of an identity document also what stands on it.
pub struct Files(pub Vec<Upload>, pub Typed);

impl Parse for Files {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (pages, typed) = (fields.some_files("pages", PAGES), Typed::take(fields));
        Some(Self(pages?, typed?))
    }
}

/// What a reviewer decides: of each step that it was accepted, or why not; and what they found of an equal number.
pub struct Decision(pub BTreeMap<Step, Option<String>>, pub Option<Finding>);

impl Decision {
    /// The steps that were accepted, and those that were not.
    pub fn outcomes(&self) -> BTreeMap<Step, bool> {
        self.0.iter().map(|(step, reason)| (*step, reason.is_none())).collect()
    }

    /// Whether a step is accepted.
    pub fn accepts(&self, step: Step) -> bool {
        self.0.get(&step).is_some_and(Option::is_none)
    }
}

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

impl Parse for Decision {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (mut outcomes, mut is_whole) = (BTreeMap::new(), true);
        for step in Step::ALL {
            match outcome(fields, step) {
                Ok(Some(reason)) => drop(outcomes.insert(step, reason)),
                Ok(None) => {}
                Err(Wrong) => is_whole = false,
            }
        }
        let found = Finding::take(fields, *REASON.start(), *REASON.end());
        found.filter(|_| is_whole).map(|found| Self(outcomes, found))
    }
}

/// Noted as a problem of the form.
struct Wrong;

/// Of one step: not decided on, accepted (no reason), or refused with one. Accepting takes every tick.
fn outcome(fields: &mut Fields, step: Step) -> Result<Option<Option<String>>, Wrong> {
    let [outcome, ticks, reason] = step.fields();
    fields.one_of(outcome, ["accept", "refuse"]);
    let chosen = fields.optional(outcome, |text| match text {
        "accept" => Ok(true),
        "refuse" => Ok(false),
        _ => Err("choice"),
    });
    let ticked = fields.several(ticks, step.checks());
    let said = fields.optional_text(reason, *REASON.end());
    match (chosen.ok_or(Wrong)?, said.ok_or(Wrong)?) {
        (None, _) => Ok(None),
        (Some(true), _) => {
            let is_checked = step.checks().iter().all(|check| ticked.iter().any(|one| one == check));
            if is_checked { Ok(Some(None)) } else { fields.wrong(ticks, "all-checks").ok_or(Wrong) }
        }
        (Some(false), Some(said)) if said.chars().count() >= *REASON.start() => Ok(Some(Some(said))),
        (Some(false), _) => fields.wrong(reason, "reason").ok_or(Wrong),
    }
}

/// What a second reviewer thinks of an approval: nothing against it, or why they differ; the company reads that.
pub struct Opinion(pub Option<String>);

impl Parse for Opinion {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("opinion", ["agree", "differ"]);
        let agrees = fields.parse("opinion", |text| match text {
            "agree" => Ok(true),
            "differ" => Ok(false),
            _ => Err("choice"),
        });
        let said = fields.optional_text("reason", *REASON.end());
        match (agrees?, said?) {
            (true, _) => Some(Self(None)),
            (false, Some(said)) if said.chars().count() >= *REASON.start() => Some(Self(Some(said))),
            (false, _) => fields.wrong("reason", "reason"),
        }
    }
}

/// Why a refusal is wrong, in the company's words.
pub struct Appeal(pub String);

impl Parse for Appeal {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.text("appeal", 10..=1000).map(Self)
    }
}

/// A company as the reviewer saw it, decided on by the public register.
pub struct Seen(pub i64);

impl Parse for Seen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.version().map(Self)
    }
}

/// The same, refused with a reason that its people read.
pub struct NotOnRegister {
    /// Which version was seen.
    pub version: i64,
    /// 5 to 1,000 characters.
    pub reason: String,
}

impl Parse for NotOnRegister {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let Refusal(reason) = Refusal::parse(fields)?;
        Some(Self { version: version?, reason })
    }
}

/// Why a case is refused as a whole: its people read it.
pub struct Refusal(pub String);

impl Parse for Refusal {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.text("reason", 5..=1000).map(Self)
    }
}
