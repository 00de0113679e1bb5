//! The rule of a session: who may offer how much when, and what time does to it. Pure; no I/O.
//!
//! What a session is at an instant follows from its rows and that instant: whoever looks first, the clock engine or an offer, lets
//! everything happen whose time has come, in its order. Nothing hangs on the engine's being punctual, nor on a process being up.

use super::{Course, Terms};
use crate::identity::company::Company;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AuctionPhase")]
pub enum Phase {
    /// Its hour has not come.
    Waiting,
    /// Offers are taken.
    Running,
    /// Its last hour has passed; the last offers stand.
    Ended,
    /// It does not take place: fewer than two can take part.
    Skipped,
    /// Its lot was ended by the buyer.
    Terminated,
}

impl Phase {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Ended, Self::Skipped, Self::Terminated];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Skipped => "skipped",
            Self::Terminated => "terminated",
        }
    }

    /// The phase that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }

    /// Whether it still comes or goes on.
    pub fn goes_on(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// Who takes part, under the letter that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bidder {
    /// From 0: A, B, C …
    pub letter: i64,
    /// The bid's row.
    pub bid: Id<()>,
    /// Whose.
    pub company: Id<Company>,
    /// The opened price, in fen.
    pub opened: i64,
    /// The last offer, in fen.
    pub price: i64,
    /// In turns: their place in the round under way, from 0.
    pub place: i64,
}

/// A session, as its rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What was published.
    pub terms: Terms,
    /// How far it is.
    pub phase: Phase,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, as it stands now.
    pub ends_at: Timestamp,
    /// By how much an offer is lower at least, in fen.
    pub step: i64,
    /// In turns: how many turns have begun before the one under way.
    pub turn: i64,
    /// In turns: whether an offer was made in it.
    pub used: bool,
    /// By letter.
    pub bidders: Vec<Bidder>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The session has begun.
    Started,
    /// It is this letter's turn.
    Turn(i64),
    /// This letter offered so much, in fen.
    Offer(i64, i64),
    /// It is over.
    Ended,
}

/// Why an offer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It begins later.
    Early,
    /// It is over.
    Late,
    /// It is another's turn, until then.
    Turn(i64, Timestamp),
    /// In this turn an offer was made already.
    Used,
    /// The best has moved meanwhile.
    Moved,
    /// More than may be offered.
    High,
    /// Nothing lower by a step can be offered any more.
    Floor,
}

fn after(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
}

impl Session {
    /// A session that is to begin then, among these bidders, of whom there are two at least.
    pub fn new(terms: Terms, starts_at: Timestamp, bidders: Vec<Bidder>) -> Self {
        let best = bidders.iter().map(|one| one.opened).min().unwrap_or_default();
        let length = match terms.course {
            Course::Turns { rounds, turn_minutes } => rounds * turn_minutes * bidders.len() as i64,
            Course::Open { minutes, .. } => minutes,
        };
        let (step, ends_at) = (terms.step_of(best), after(starts_at, length));
        Self { terms, phase: Phase::Waiting, starts_at, ends_at, step, turn: 0, used: false, bidders }
    }

    /// The lowest price, in fen.
    pub fn best(&self) -> i64 {
        self.bidders.iter().map(|one| one.price).min().unwrap_or_default()
    }

    /// When time next does something to it.
    pub fn next(&self) -> Option<Timestamp> {
        match (self.phase, self.terms.course) {
            (Phase::Waiting, _) => Some(self.starts_at),
            (Phase::Running, Course::Turns { turn_minutes, .. }) => {
                Some(after(self.starts_at, (self.turn + 1) * turn_minutes).min(self.ends_at))
            }
            (Phase::Running, Course::Open { .. }) => Some(self.ends_at),
            _ => None,
        }
    }

    /// What time does to it next, if that hour has come at this instant: what, and when it was to be.
    pub fn come(&mut self, now: Timestamp) -> Option<(Timestamp, What)> {
        let at = self.next().filter(|at| *at <= now)?;
        let what = match (self.phase, self.terms.course) {
            (Phase::Waiting, _) => {
                self.phase = Phase::Running;
                self.begin_round();
                What::Started
            }
            (_, Course::Turns { .. }) if at < self.ends_at => {
                (self.turn, self.used) = (self.turn + 1, false);
                if self.turn % self.bidders.len() as i64 == 0 {
                    self.begin_round();
                }
                What::Turn(self.on_turn().unwrap_or_default())
            }
            _ => {
                self.phase = Phase::Ended;
                What::Ended
            }
        };
        Some((at, what))
    }

    /// In turns: the order of a round, from the highest to the lowest; of equal ones the letter decides.
    fn begin_round(&mut self) {
        let mut order: Vec<_> = self.bidders.iter().map(|one| (-one.price, one.letter)).collect();
        order.sort_unstable();
        for one in &mut self.bidders {
            let place = order.iter().position(|(_, letter)| *letter == one.letter);
            one.place = place.unwrap_or_default() as i64;
        }
    }

    /// In turns: whose turn it is.
    pub fn on_turn(&self) -> Option<i64> {
        let place = self.turn % self.bidders.len().max(1) as i64;
        let is_now = self.phase == Phase::Running && matches!(self.terms.course, Course::Turns { .. });
        self.bidders.iter().find(|one| is_now && one.place == place).map(|one| one.letter)
    }

    /// In turns: the round under way, from 1.
    pub fn round(&self) -> i64 {
        self.turn / self.bidders.len().max(1) as i64 + 1
    }

    /// The most that this letter may offer now, in fen; none where nothing lower by a step is left.
    pub fn limit(&self, letter: i64) -> Option<i64> {
        let own = self.bidders.iter().find(|one| one.letter == letter)?.price;
        let from = match self.terms.course {
            Course::Turns { .. } => own,
            Course::Open { .. } => self.best(),
        };
        Some(from - self.step).filter(|limit| *limit > 0)
    }

    /// Takes an offer of this instant, after everything whose time has come has happened. `seen`: the best that its bidder saw; none
    /// where they have not said.
    ///
    /// # Errors
    /// [`Refused`]; then nothing has changed.
    pub fn offer(&mut self, letter: i64, fen: i64, seen: Option<i64>, now: Timestamp) -> Result<What, Refused> {
        match self.phase {
            Phase::Waiting => return Err(Refused::Early),
            Phase::Running => {}
            _ => return Err(Refused::Late),
        }
        if let (Some(on_turn), Some(until)) = (self.on_turn(), self.next()) {
            if on_turn != letter {
                return Err(Refused::Turn(on_turn, until));
            }
            if self.used {
                return Err(Refused::Used);
            }
        }
        let limit = self.limit(letter).ok_or(Refused::Floor)?;
        if seen.is_some_and(|seen| seen != self.best()) {
            return Err(Refused::Moved);
        }
        if !(1..=limit).contains(&fen) {
            return Err(Refused::High);
        }
        self.used = true;
        if let Some(one) = self.bidders.iter_mut().find(|one| one.letter == letter) {
            one.price = fen;
        }
        self.extend(now);
        Ok(What::Offer(letter, fen))
    }

    /// In open sessions: an offer in the last minutes puts the end off, up to the hard end.
    fn extend(&mut self, now: Timestamp) {
        let Course::Open { extension_minutes, hard_minutes, .. } = self.terms.course else { return };
        if after(now, extension_minutes) >= self.ends_at {
            let hard = after(self.starts_at, hard_minutes);
            self.ends_at = after(self.ends_at, extension_minutes).min(hard).max(self.ends_at);
        }
    }
}
