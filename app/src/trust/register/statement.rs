//! The register and its evidence, put together: what stands behind each promise at this moment.

use super::evidence::Measured;
use crate::web::Instant;
use jiff::{SignedDuration, Timestamp};
use policy::{ClauseEntry, ControlEntry, Keeping};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ClauseState")]
pub enum State {
    /// Each part of it has a control and a test that would go red.
    Kept,
    /// Something is missing, and it is said what.
    Partial,
    /// Nothing keeps it yet.
    Open,
}

impl State {
    /// As it is written.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Partial => "partial",
            Self::Open => "open",
        }
    }
}

/// A promise of the policy, and what stands behind it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Clause")]
pub struct Clause {
    /// As the policy numbers it: "7.1".
    pub id: &'static str,
    /// The promise.
    pub promise: &'static str,
    /// How it stands.
    pub state: State,
    /// What is not there yet; empty when nothing is missing.
    pub missing: &'static str,
    /// What keeps it.
    pub controls: Vec<Control>,
    /// The tests that go red when a control is switched off.
    pub tests: Vec<&'static str>,
    /// What the running program shows; none for an open clause, and none before anything was measured.
    pub evidence: Option<Evidence>,
}

/// A control.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClauseControl")]
pub struct Control {
    /// Its name.
    pub id: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// What the running program shows for a clause.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClauseEvidence")]
pub struct Evidence {
    /// When the oldest part of it was measured.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Whether every part holds.
    pub holds: bool,
    /// Whether no part is older than its control allows.
    pub fresh: bool,
    /// The numbers, by what was measured and the number's name.
    pub figures: BTreeMap<&'static str, BTreeMap<String, i64>>,
}

impl Clause {
    /// Every clause, in the order of the policy. `english`: in which language; `now`: what ages are told by.
    pub fn all(measured: &BTreeMap<String, Measured>, english: bool, now: Timestamp) -> Vec<Self> {
        policy::CLAUSES.iter().map(|entry| Self::of(entry, measured, english, now)).collect()
    }

    fn of(entry: &'static ClauseEntry, measured: &BTreeMap<String, Measured>, english: bool, now: Timestamp) -> Self {
        let pick = |zh, en| if english { en } else { zh };
        let controls: Vec<_> = entry.controls().collect();
        let tests = controls.iter().flat_map(|control| control.tests.iter().chain(control.compile)).copied();
        let mut tests: Vec<_> = tests.collect();
        tests.sort_unstable();
        tests.dedup();
        Self {
            id: entry.id,
            promise: pick(entry.zh, entry.en),
            state: match entry.keeping() {
                Keeping::Kept => State::Kept,
                Keeping::Partial => State::Partial,
                Keeping::Open => State::Open,
            },
            missing: pick(entry.missing_zh, entry.missing_en),
            controls: controls.iter().map(|c| Control { id: c.id, does: pick(c.zh, c.en) }).collect(),
            tests,
            evidence: Evidence::of(&controls, measured, now),
        }
    }

    /// Whether the promise is said to be kept and what was measured says otherwise, or is too old to say anything.
    pub fn is_in_doubt(&self) -> bool {
        let sound = self.evidence.as_ref().is_some_and(|evidence| evidence.holds && evidence.fresh);
        self.state != State::Open && !sound
    }
}

impl Evidence {
    /// Of all these controls; none when one of them has nothing measured.
    fn of(controls: &[&'static ControlEntry], measured: &BTreeMap<String, Measured>, now: Timestamp) -> Option<Self> {
        let mut parts = Vec::new();
        for control in controls {
            parts.push((*control, measured.get(control.evidence)?));
        }
        let is_fresh = |(control, measured): &(&ControlEntry, &Measured)| {
            now.duration_since(measured.at) <= SignedDuration::from_hours(control.max_age_hours.into())
        };
        Some(Self {
            at: parts.iter().map(|(_, measured)| measured.at).min()?,
            holds: parts.iter().all(|(_, measured)| measured.holds),
            fresh: parts.iter().all(is_fresh),
            figures: parts.iter().map(|(control, measured)| (control.evidence, measured.figures.clone())).collect(),
        })
    }
}
