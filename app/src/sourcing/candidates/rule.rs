//! When a lot may be awarded whose candidates are published: a pure rule over instants.
//!
//! Nothing is awarded before the standstill has ended, nor while an objection waits for its answer or an appeal for its decision
//! (招标投标法实施条例 art. 54). An answer can be appealed against for some days; until they are over nothing is awarded either,
//! since an appeal would otherwise come too late.

use jiff::Timestamp;
use policy::Control;

/// What an objection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// The buyer's answer.
    Answer,
    /// Nothing, unless an appeal comes before this instant.
    AppealUntil(Timestamp),
    /// The operator's decision on an appeal.
    Decision,
    /// Nothing any more.
    Nothing,
}

/// What stands between a lot and its award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// No publication of candidates stands.
    Unpublished,
    /// An objection or an appeal is pending.
    Paused,
    /// The standstill lasts; the earliest instant of an award as things are.
    Standstill(Timestamp),
    /// It is over, and an answer can still be appealed against, until then.
    Appealable(Timestamp),
    /// Nothing.
    Open,
}

impl Gate {
    /// Its code, in words and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unpublished => "unpublished",
            Self::Paused => "paused",
            Self::Standstill(_) => "standstill",
            Self::Appealable(_) => "appealable",
            Self::Open => "open",
        }
    }

    /// The earliest instant of an award, where one is known.
    pub fn earliest(self) -> Option<Timestamp> {
        match self {
            Self::Standstill(at) | Self::Appealable(at) => Some(at),
            _ => None,
        }
    }
}

/// What stands between a lot and its award at this instant. `until`: when the standstill of the publication that stands ends.
pub fn gate(until: Option<Timestamp>, objections: &[Waits], now: Timestamp) -> Gate {
    let Some(until) = until else { return Gate::Unpublished };
    if !policy::holds(Control::StandstillKept) {
        return Gate::Open;
    }
    if objections.iter().any(|one| matches!(one, Waits::Answer | Waits::Decision)) {
        return Gate::Paused;
    }
    let appealable = objections.iter().filter_map(|one| match one {
        Waits::AppealUntil(at) => Some(*at),
        _ => None,
    });
    let earliest = appealable.fold(until, Timestamp::max);
    match (now < until, now < earliest) {
        (true, _) => Gate::Standstill(earliest),
        (false, true) => Gate::Appealable(earliest),
        (false, false) => Gate::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An objection as it came about: made at an instant, answered some time later, appealed against, decided.
    #[derive(Clone, Copy, Debug)]
    struct Course {
        made: i64,
        answered: Option<i64>,
        appealed: Option<i64>,
        decided: Option<i64>,
    }

    const APPEAL: i64 = 40;

    impl Course {
        /// What it waits for at an instant; nothing before it was made, and an appeal too late is none.
        fn at(&self, now: i64) -> Option<Waits> {
            let answered = self.answered.map(|after| self.made + after).filter(|at| *at <= now);
            let until = answered.map(|at| at + APPEAL);
            let appealed = self.appealed.zip(answered).map(|(after, at)| at + after);
            let appealed = appealed.filter(|at| *at <= now && Some(*at) < until);
            let decided = self.decided.zip(appealed).map(|(after, at)| at + after).filter(|at| *at <= now);
            (self.made <= now).then_some(match (answered, until, appealed, decided) {
                (_, _, _, Some(_)) => Waits::Nothing,
                (_, _, Some(_), None) => Waits::Decision,
                (Some(_), Some(until), None, None) => Waits::AppealUntil(instant(until)),
                _ => Waits::Answer,
            })
        }
    }

    fn instant(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn course() -> impl Strategy<Value = Course> {
        let some = || prop::option::weighted(0.8, 0i64..150);
        (0i64..100, some(), some(), some()).prop_map(|(made, answered, appealed, decided)| Course {
            made,
            answered,
            appealed,
            decided,
        })
    }

    proptest! {
        /// Whatever was published, objected, answered, appealed and decided when: an award is permitted exactly when a publication
        /// stands, its standstill has ended, each objection has its answer, and each answer its decision or its days behind it.
        #[test]
        fn an_award_is_permitted_exactly_when_nothing_is_pending(
            published in prop::option::weighted(0.9, 0i64..50), length in 1i64..100,
            courses in prop::collection::vec(course(), 0..4),
            readings in prop::collection::vec(0i64..500, 1..30),
        ) {
            let until = published.map(|at| at + length);
            // Only inside the window an objection is taken.
            let taken = |one: &&Course| until.is_some_and(|until| one.made < until) && published <= Some(one.made);
            let courses: Vec<_> = courses.iter().filter(taken).collect();
            for now in readings {
                let stands = published.is_some_and(|at| at <= now);
                let waits: Vec<_> = courses.iter().filter_map(|one| one.at(now)).collect();
                let gate = gate(until.filter(|_| stands).map(instant), &waits, instant(now));
                let is_settled = |one: &&Course| {
                    let Some(answered) = one.answered.map(|after| one.made + after).filter(|at| *at <= now) else {
                        return one.made > now;
                    };
                    match one.appealed.filter(|after| *after < APPEAL).map(|after| answered + after) {
                        Some(appealed) if appealed <= now => one.decided.is_some_and(|after| appealed + after <= now),
                        _ => now >= answered + APPEAL,
                    }
                };
                let may = stands && until.is_some_and(|until| now >= until) && courses.iter().all(is_settled);
                prop_assert_eq!(gate == Gate::Open, may, "{:?} at {}", gate, now);
                let is_pending = waits.iter().any(|one| matches!(one, Waits::Answer | Waits::Decision));
                prop_assert_eq!(gate == Gate::Paused, stands && is_pending);
                prop_assert_eq!(gate == Gate::Unpublished, !stands);
                // The earliest instant that is told is the right one, if nothing else happens.
                if let Some(at) = gate.earliest() {
                    prop_assert!(at > instant(now));
                    let before = Timestamp::from_microsecond(at.as_microsecond() - 1).unwrap();
                    prop_assert!(super::gate(until.map(instant), &waits, before) != Gate::Open);
                    prop_assert_eq!(super::gate(until.map(instant), &waits, at), Gate::Open);
                }
            }
        }
    }
}
