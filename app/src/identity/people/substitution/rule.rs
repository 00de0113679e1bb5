//! When a substitution runs, what passes by it, and who counts as one person. Pure rules, no I/O.

use super::super::duty::{Duties, Duty};
use crate::identity::account::Account;
use jiff::Timestamp;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// What passes to a substitute, of what the absent colleague has. Who answers for the company does so in person, and so does whom
/// the platform asks about personal information: an owner can do what that contact does (PIPL 51: named people, least access).
const PASSING: [Duty; 4] = [Duty::Buyer, Duty::ProjectManager, Duty::Bidder, Duty::Finance];

/// What passes of these.
pub fn passed(duties: Duties) -> Duties {
    if policy::holds(Control::SubstituteBounded) { duties.among(&PASSING) } else { duties }
}

/// From when until when, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub begins_at: Timestamp,
    pub ends_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    /// When somebody has ended it.
    pub ended_at: Option<Timestamp>,
}

impl Span {
    /// Whether the substitute acts for the absent colleague at an instant: from the first one on, and not at the last.
    pub fn runs(self, at: Timestamp) -> bool {
        let is_accepted = self.accepted_at.is_some_and(|accepted| accepted <= at);
        let is_ended = self.ended_at.is_some_and(|ended| ended <= at);
        is_accepted && !is_ended && self.begins_at <= at && at < self.ends_at
    }

    /// Whether something can become of it still.
    pub fn is_open(self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }

    /// Whether some instant lies in both.
    pub fn meets(self, begins_at: Timestamp, ends_at: Timestamp) -> bool {
        self.begins_at < ends_at && begins_at < self.ends_at
    }

    /// How it stands.
    pub fn state(self, now: Timestamp, ended_how: Option<&str>) -> State {
        match ended_how {
            Some("declined") => State::Declined,
            Some("withdrawn") => State::Withdrawn,
            Some(_) => State::Ended,
            None if self.accepted_at.is_none() && now < self.ends_at => State::Asked,
            None if self.accepted_at.is_none() => State::Lapsed,
            None if now < self.begins_at => State::Coming,
            None if now < self.ends_at => State::Running,
            None => State::Over,
        }
    }
}

/// How a substitution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "SubstitutionState")]
pub enum State {
    /// The colleague has not answered.
    Asked,
    /// Accepted; the absence is to come.
    Coming,
    /// The substitute acts for the absent colleague.
    Running,
    /// Its time is over.
    Over,
    /// Nobody has answered in time.
    Lapsed,
    /// The colleague has declined.
    Declined,
    /// It was taken back before it was accepted.
    Withdrawn,
    /// It was ended early: by either side, by an owner, or because one of them has left.
    Ended,
}

impl State {
    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Asked => ("warn", "hourglass", "substitution-state-asked"),
            Self::Coming => ("", "clock", "substitution-state-coming"),
            Self::Running => ("live", "ok", "substitution-state-running"),
            Self::Over => ("", "check", "substitution-state-over"),
            Self::Lapsed => ("", "x", "substitution-state-lapsed"),
            Self::Declined => ("", "x", "substitution-state-declined"),
            Self::Withdrawn => ("", "x", "substitution-state-withdrawn"),
            Self::Ended => ("", "stop", "substitution-state-ended"),
        }
    }
}

/// Who stood in for whom, and when: all of a company that has been accepted and may matter still.
#[derive(Clone, Debug, Default)]
pub struct Runs(pub Vec<Run>);

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub absent: Id<Account>,
    pub substitute: Id<Account>,
    pub span: Span,
}

/// Something that somebody did for the company at an instant.
pub type Deed = (Id<Account>, Timestamp);

impl Runs {
    /// Whether two deeds are those of one person, where two are asked for. What somebody does while they stand in for others is
    /// theirs and the others': so it goes neither together with what those do, nor with what another substitute of theirs does.
    pub fn are_one(&self, one: Deed, other: Deed) -> bool {
        if one.0 == other.0 {
            return true;
        }
        let others = self.behind(other);
        self.behind(one).iter().any(|account| others.contains(account)) && policy::holds(Control::SubstituteIsOne)
    }

    /// Whose authority is in a deed.
    fn behind(&self, (account, at): Deed) -> Vec<Id<Account>> {
        self.stood_in_for((account, at)).chain([account]).collect()
    }

    /// For whom somebody stood in at an instant.
    pub fn stood_in_for(&self, (account, at): Deed) -> impl Iterator<Item = Id<Account>> {
        let runs = self.0.iter().filter(move |run| run.substitute == account && run.span.runs(at));
        runs.map(|run| run.absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn who(number: u8) -> Id<Account> {
        Id::from_bytes([number; 16])
    }

    fn any_span() -> impl Strategy<Value = Span> {
        let moment = || proptest::option::of(0i64..30);
        (0i64..30, 1i64..20, moment(), moment()).prop_map(|(from, long, accepted, ended)| Span {
            begins_at: at(from),
            ends_at: at(from + long),
            accepted_at: accepted.map(at),
            ended_at: ended.map(at),
        })
    }

    fn any_duties() -> impl Strategy<Value = Duties> {
        proptest::collection::vec(0usize..7, 0..7)
            .prop_map(|some| Duties::of(&some.into_iter().map(|at| Duty::ALL[at]).collect::<Vec<_>>()))
    }

    #[test]
    fn both_edges_are_exact() {
        let span = Span { begins_at: at(10), ends_at: at(20), accepted_at: Some(at(5)), ended_at: None };
        assert_eq!([9, 10, 19, 20].map(|now| span.runs(at(now))), [false, true, true, false]);
        let late = Span { accepted_at: Some(at(15)), ..span };
        assert_eq!([14, 15].map(|now| late.runs(at(now))), [false, true]);
        let early = Span { ended_at: Some(at(12)), ..span };
        assert_eq!([11, 12].map(|now| early.runs(at(now))), [true, false]);
    }

    #[test]
    fn a_substitute_is_no_second_person() {
        let span = Span { begins_at: at(10), ends_at: at(20), accepted_at: Some(at(5)), ended_at: None };
        let run = |absent, substitute| Run { absent: who(absent), substitute: who(substitute), span };
        let runs = Runs(vec![run(1, 2), run(1, 3), run(4, 2)]);
        let are_one =
            |one: (u8, i64), other: (u8, i64)| runs.are_one((who(one.0), at(one.1)), (who(other.0), at(other.1)));
        assert!(are_one((1, 15), (2, 15)) && are_one((2, 15), (1, 99)), "the absent colleague, whenever they act");
        assert!(are_one((2, 15), (3, 15)), "two who stand in for the same colleague");
        assert!(are_one((2, 15), (4, 15)) && are_one((2, 1), (2, 99)));
        assert!(!are_one((1, 15), (4, 15)), "two who are away are two");
        assert!(!are_one((2, 9), (1, 15)) && !are_one((2, 20), (1, 15)), "before and after they act for themselves");
        assert!(!are_one((2, 15), (5, 15)));
    }

    proptest! {
        #[test]
        fn what_somebody_may_do_is_their_own_and_what_passes_while_it_runs(
            own in any_duties(), absent in any_duties(), span in any_span(), now in 0i64..60,
        ) {
            let now = at(now);
            let runs = span.accepted_at.is_some_and(|accepted| accepted <= now)
                && span.begins_at <= now && now < span.ends_at && span.ended_at.is_none_or(|ended| now < ended);
            prop_assert_eq!(span.runs(now), runs);
            let all = if span.runs(now) { own.or(passed(absent)) } else { own };
            for duty in Duty::ALL {
                let is_lent = runs && absent.has(duty) && PASSING.contains(&duty);
                prop_assert_eq!(all.has(duty), own.has(duty) || is_lent);
            }
            prop_assert_eq!(all.has(Duty::Owner), own.has(Duty::Owner));
            prop_assert_eq!(all.has(Duty::PersonalInformation), own.has(Duty::PersonalInformation));
        }

        #[test]
        fn counting_as_one_does_not_depend_on_the_order(
            spans in proptest::collection::vec((0u8..5, 0u8..5, any_span()), 0..6),
            one in (0u8..5, 0i64..60), other in (0u8..5, 0i64..60),
        ) {
            let run = |(absent, substitute, span): (u8, u8, Span)| Run { absent: who(absent), substitute: who(substitute), span };
            let runs = Runs(spans.into_iter().map(run).collect());
            let (one, other) = ((who(one.0), at(one.1)), (who(other.0), at(other.1)));
            prop_assert_eq!(runs.are_one(one, other), runs.are_one(other, one));
            let stands = |by: Deed, of: Id<Account>| {
                runs.0.iter().any(|run| (run.substitute, run.absent) == (by.0, of) && run.span.runs(by.1))
            };
            if stands(one, other.0) {
                prop_assert!(runs.are_one(one, other));
            }
        }
    }
}
