//! The register: which clause is kept by which control, shown by which test, with which evidence.

use serde::Serialize;

use crate::{CLAUSES, CONTROLS, Control};

/// A promise of the policy.
#[derive(Debug)]
pub struct ClauseEntry {
    /// As the policy numbers it: "7.1".
    pub id: &'static str,
    /// The promise.
    pub zh: &'static str,
    /// The promise.
    pub en: &'static str,
    /// What is not there yet; empty when nothing is missing.
    pub missing_zh: &'static str,
    /// What is not there yet; empty when nothing is missing.
    pub missing_en: &'static str,
}

/// What keeps promises.
#[derive(Debug)]
pub struct ControlEntry {
    /// Its switch.
    pub control: Control,
    /// Its name.
    pub id: &'static str,
    /// Which promises it keeps.
    pub clauses: &'static [&'static str],
    /// What it does.
    pub zh: &'static str,
    /// What it does.
    pub en: &'static str,
    /// Tests that go red when it is switched off: the test's program and its name, "it account::…".
    pub tests: &'static [&'static str],
    /// Fixtures of the vault that must not compile.
    pub compile: &'static [&'static str],
    /// What the running program shows for it.
    pub evidence: &'static str,
    /// Older evidence counts as none.
    pub max_age_hours: u32,
}

/// How far a promise is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeping {
    /// Each part of it has a control and a test that would go red.
    Kept,
    /// Something is missing, and it is said what.
    Partial,
    /// Nothing keeps it yet.
    Open,
}

impl Keeping {
    /// As it is written.
    pub const fn id(self) -> &'static str {
        match self {
            Keeping::Kept => "kept",
            Keeping::Partial => "partial",
            Keeping::Open => "open",
        }
    }
}

impl ClauseEntry {
    /// The controls that keep it.
    pub fn controls(&self) -> impl Iterator<Item = &'static ControlEntry> {
        CONTROLS.iter().filter(|control| control.clauses.contains(&self.id))
    }

    /// How far it is kept.
    pub fn keeping(&self) -> Keeping {
        match (self.controls().next(), self.missing_en.is_empty()) {
            (None, _) => Keeping::Open,
            (Some(_), false) => Keeping::Partial,
            (Some(_), true) => Keeping::Kept,
        }
    }
}

/// A clause by its number.
pub fn clause(id: &str) -> Option<&'static ClauseEntry> {
    CLAUSES.iter().find(|clause| clause.id == id)
}

/// Whether a control is in force: always.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub const fn holds(_: Control) -> bool {
    true
}

/// Whether a control is in force: unless a test of tests has switched it off for this process. The released program has
/// no such switch.
#[cfg(debug_assertions)]
pub fn holds(control: Control) -> bool {
    sabotage::SWITCHED_OFF.get() != Some(&control)
}

/// The switches of tests: one control is off for the whole process, so that its named test can be seen to go red. Each
/// such test runs in a process of its own, and the switch need not pass through every function on its way.
#[cfg(debug_assertions)]
pub mod sabotage {
    use crate::{CONTROLS, Control};
    use std::sync::OnceLock;

    pub(super) static SWITCHED_OFF: OnceLock<Control> = OnceLock::new();

    /// Switches a control off by its name. Answers whether there is such a control and none else was switched off.
    pub fn switch_off(id: &str) -> bool {
        let control = CONTROLS.iter().find(|entry| entry.id == id).map(|entry| entry.control);
        control.is_some_and(|control| SWITCHED_OFF.get_or_init(|| control) == &control)
    }
}
