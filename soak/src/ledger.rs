//! What the program has acknowledged, as those noted it who were told; and what it owes them therefore.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many of a kind were acknowledged, or were cut off.
pub type Counts = BTreeMap<&'static str, u64>;

/// The notes of a run.
#[derive(Default)]
pub struct Ledger(Mutex<Notes>);

/// What is in a ledger.
#[derive(Default)]
pub struct Notes {
    /// Acts whose answer came.
    pub acknowledged: Counts,
    /// Acts whose answer did not come: either way is right, but not half.
    pub unknown: Counts,
    /// What the program was caught at.
    pub violations: Vec<String>,
    /// Tenders, as their buyer knows them.
    pub tenders: Vec<Tender>,
    /// Bids, as their bidders know them, by lot.
    pub bids: HashMap<String, Vec<Bid>>,
    /// Shares of openings that were acknowledged: of which tender, by which officer's key.
    pub shares: BTreeSet<(String, String)>,
    /// Lots that a committee evaluates, as its members and the buyer know them.
    pub cases: HashMap<String, Case>,
    /// Registrations, as who applied knows them.
    pub applicants: Vec<Applicant>,
}

/// A published tender with one lot.
#[derive(Clone, Debug)]
pub struct Tender {
    /// Its id.
    pub id: String,
    /// Its lot's.
    pub lot: String,
    /// Whether two of three officers open it, beside the program.
    pub by_hands: bool,
    /// Whether a committee of three evaluates it.
    pub by_committee: bool,
    /// In which round it was published.
    pub round: u64,
    /// In which round its deadline was moved to the next second.
    pub called: Option<u64>,
    /// Whether what became of it was examined.
    pub concluded: bool,
}

/// How far the evaluation of a lot is, as far as it was acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The experts who have signed.
    pub signed: BTreeSet<usize>,
    /// The hash of the report, since it was read first.
    pub report: Option<String>,
    /// The id of the publication of the candidates, since it was first sent.
    pub publication: Option<String>,
    /// Whether that was acknowledged.
    pub is_published: bool,
    /// Whether nothing more is to be done.
    pub is_over: bool,
    /// Whether the award was acknowledged.
    pub is_awarded: bool,
}

/// Somebody who registers.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// Makes phone, e-mail, credit code and address.
    pub number: u32,
    /// The registration's id, once it was acknowledged.
    pub registration: String,
    /// How far it is.
    pub stage: Stage,
}

/// How far a registration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The application was acknowledged: codes are on their way.
    Applied,
    /// The codes were sent in; no answer came.
    Confirming,
    /// The account was acknowledged.
    Confirmed,
    /// Its person has signed in since, after another start.
    SignedIn,
}

/// What a version of a bid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Act {
    /// An envelope with this price, in fen.
    Sealed(i64),
    /// Taken back.
    Withdrawn,
}

/// A bid of one provider for one lot.
#[derive(Clone, Debug)]
pub struct Bid {
    /// Its id.
    pub id: String,
    /// Whose.
    pub provider: usize,
    /// For which lot.
    pub lot: String,
    /// Its versions, from the first, as far as they are known to stand.
    pub versions: Vec<Act>,
    /// What was asked for last, if no answer came.
    pub open: Option<Act>,
}

impl Bid {
    /// One that is about to be sent for the first time.
    pub fn new(id: String, provider: usize, lot: &str) -> Self {
        Self { id, provider, lot: lot.to_owned(), versions: Vec::new(), open: None }
    }

    /// The version that is known to stand; 0 for none.
    pub fn version(&self) -> usize {
        self.versions.len()
    }

    /// What the bid must be if this version of it stands; `None` if that version cannot be.
    pub fn at(&self, version: usize) -> Option<Act> {
        match version.checked_sub(self.version()) {
            Some(0) => self.versions.last().copied(),
            Some(1) => self.open,
            _ => None,
        }
    }

    /// Learns which version stands, after an act without an answer. Answers whether that version can be.
    pub fn learn(&mut self, version: usize) -> bool {
        let open = self.open.take();
        match (version.checked_sub(self.version()), open) {
            (Some(0), _) => true,
            (Some(1), Some(act)) => {
                self.versions.push(act);
                true
            }
            _ => false,
        }
    }
}

impl Ledger {
    /// All notes.
    pub fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer came.
    pub fn acknowledged(&self, what: &'static str) {
        *self.notes().acknowledged.entry(what).or_default() += 1;
    }

    /// No answer came.
    pub fn unknown(&self, what: &'static str) {
        *self.notes().unknown.entry(what).or_default() += 1;
    }

    /// The program was caught.
    pub fn violation(&self, what: impl Into<String>) {
        self.notes().violations.push(what.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_an_act_without_an_answer_two_versions_can_be_and_no_other() {
        let mut bid = Bid::new("b".into(), 0, "l");
        bid.open = Some(Act::Sealed(100));
        assert_eq!((bid.at(0), bid.at(1), bid.at(2)), (None, Some(Act::Sealed(100)), None));
        assert!(bid.learn(1));
        bid.open = Some(Act::Withdrawn);
        assert_eq!((bid.at(1), bid.at(2)), (Some(Act::Sealed(100)), Some(Act::Withdrawn)));
        let mut lost = bid.clone();
        assert!(!lost.learn(0), "what was acknowledged is gone");
        assert!(bid.clone().learn(2) && bid.learn(1));
        assert!(!bid.learn(2), "nobody asked for it");
    }
}
