//! Random histories with a moved clock: whatever is tried, in whatever order, the rules of a case hold.

use super::*;
use proptest::prelude::*;

/// Something that somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Give(Step),
    HandIn,
    TakeBack,
    TakeUp(u8),
    LetGo(u8),
    Decide(u8, Vec<(Step, bool)>),
    Whole(u8, bool),
    Reopen,
    Appeal,
    Renew,
    LookAgain(u8),
    Contest(Vec<Step>),
    Lose(Step),
    Attest(Step),
    Wait(i64),
}

fn reviewer(n: u8) -> Id<Account> {
    Id::from_bytes([n; 16])
}

fn tries() -> impl Strategy<Value = Try> {
    let step = || prop::sample::select(Step::ALL.to_vec());
    let who = || 1_u8..4;
    prop_oneof![
        4 => step().prop_map(Try::Give),
        3 => Just(Try::HandIn),
        1 => Just(Try::TakeBack),
        3 => who().prop_map(Try::TakeUp),
        1 => who().prop_map(Try::LetGo),
        4 => (who(), prop::collection::vec((step(), any::<bool>()), 0..3)).prop_map(|(by, steps)| Try::Decide(by, steps)),
        1 => (who(), any::<bool>()).prop_map(|(by, accepted)| Try::Whole(by, accepted)),
        1 => Just(Try::Reopen),
        1 => Just(Try::Appeal),
        1 => Just(Try::Renew),
        1 => who().prop_map(Try::LookAgain),
        1 => prop::collection::vec(step(), 0..4).prop_map(Try::Contest),
        1 => step().prop_map(Try::Lose),
        2 => step().prop_map(Try::Attest),
        2 => (0_i64..3600).prop_map(Try::Wait),
    ]
}

/// Tries it; answers whether it was allowed.
fn attempt(case: &mut Case, now: Timestamp, what: &Try) -> bool {
    match what {
        Try::Give(step) => case.give(*step).is_ok(),
        Try::HandIn => case.hand_in().is_ok(),
        Try::TakeBack => case.take_back(now).is_ok(),
        Try::TakeUp(by) => case.take_up(reviewer(*by), now).is_ok(),
        Try::LetGo(by) => case.let_go(reviewer(*by), now).is_ok(),
        Try::Decide(by, steps) => case.decide(reviewer(*by), now, &steps.iter().copied().collect()).is_ok(),
        Try::Whole(by, accepted) => case.decide_whole(reviewer(*by), now, *accepted).is_ok(),
        Try::Reopen => {
            case.reopen();
            true
        }
        Try::Appeal => case.appeal().is_ok(),
        Try::Renew => case.renew().is_ok(),
        Try::LookAgain(by) => case.look_again(reviewer(*by), now).is_ok(),
        Try::Contest(shown) => case.contest(&shown.iter().copied().collect()).is_ok(),
        Try::Lose(step) => {
            case.lose(*step);
            true
        }
        Try::Attest(step) => {
            case.attest(*step);
            true
        }
        Try::Wait(_) => true,
    }
}

fn check(before: &Case, after: &Case, now: Timestamp, what: &Try, allowed: bool) -> Result<(), TestCaseError> {
    if !allowed {
        prop_assert_eq!(before, after, "what is refused changes nothing: {:?}", what);
        return Ok(());
    }
    if matches!(what, Try::Renew) {
        prop_assert!(before.kind != Kind::Company && matches!(before.state, State::Accepted | State::Refused));
        prop_assert_eq!(after, &Case::new(before.kind), "nothing of before counts");
        return Ok(());
    }
    if let Try::Contest(shown) = what {
        let lacks_identity = before.steps.get(&Step::Identity) == Some(&StepState::Missing);
        let expected = if lacks_identity { State::Returned } else { State::HandedIn };
        prop_assert_eq!((before.state, after.state), (State::Accepted, expected));
        prop_assert_eq!(after.claimed_by(now), None, "it waits for whoever takes it up");
        for (step, state) in &after.steps {
            let is_back = before.steps[step] == StepState::Accepted && shown.contains(step);
            prop_assert_eq!(*state, if is_back { StepState::Given } else { before.steps[step] });
        }
        return Ok(());
    }
    if let Try::Attest(step) = what {
        let is_new =
            |one: &Step, state| one == step && before.steps[one] == StepState::Missing && state == StepState::Attested;
        let differ = after.steps.iter().find(|(one, state)| before.steps[*one] != **state && !is_new(one, **state));
        prop_assert_eq!(differ, None, "what is there stays, and nothing is decided");
    }
    for (step, state) in &before.steps {
        if *state == StepState::Accepted {
            prop_assert_eq!(after.steps[step], StepState::Accepted, "what was accepted stays: {:?}", what);
        }
        let is_newly_accepted = *state != StepState::Accepted && after.steps[step] == StepState::Accepted;
        if is_newly_accepted {
            let Try::Decide(by, _) = what else { return Err(TestCaseError::fail("accepted without a decision")) };
            prop_assert_eq!(before.claimed_by(now), Some(reviewer(*by)), "by the one who has it");
        }
    }
    // A refusal may have come before anything was handed in; an appeal takes the case as it is.
    if after.state == State::HandedIn && before.state != State::HandedIn && !matches!(what, Try::Appeal) {
        prop_assert_eq!(after.next_step(), None, "nothing lacks in what waits");
    }
    if after.state == State::Returned {
        prop_assert!(before.state == State::Returned || after.next_step().is_some(), "something is to be mended");
    }
    let is_decided = matches!(before.state, State::Accepted | State::Refused);
    if is_decided && !matches!(what, Try::Reopen | Try::Appeal) {
        prop_assert_eq!(before.state, after.state, "a decision stands: {:?}", what);
    }
    if before.state == State::Accepted {
        prop_assert_eq!(after.state, State::Accepted);
    }
    if after.state == State::Accepted && before.state != State::Accepted && !matches!(what, Try::Whole(..)) {
        let is_done = |(step, state): (&Step, &StepState)| match state {
            StepState::Accepted => true,
            StepState::Missing => step.is_optional(),
            StepState::Given | StepState::Attested | StepState::Refused => false,
        };
        prop_assert!(after.steps.iter().all(is_done), "step by step");
    }
    if let (Some(one), Some(other)) = (before.claimed_by(now), after.claimed_by(now)) {
        prop_assert_eq!(one, other, "nobody takes a case from who has it");
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_tried_the_rules_hold(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        history in prop::collection::vec(tries(), 0..60),
    ) {
        let (mut case, mut now) = (Case::new(kind), Timestamp::UNIX_EPOCH);
        for what in &history {
            if let Try::Wait(seconds) = what {
                now = now.checked_add(SignedDuration::from_secs(*seconds)).unwrap();
            }
            let before = case.clone();
            let allowed = attempt(&mut case, now, what);
            check(&before, &case, now, what, allowed)?;
            prop_assert_eq!(case.steps.len(), case.kind.steps().len());
        }
    }
}

#[test]
fn one_step_goes_back_alone_and_the_rest_stays() {
    let (mut case, now, by) = (Case::new(Kind::Company), Timestamp::UNIX_EPOCH, reviewer(1));
    assert_eq!(case.hand_in(), Err(Flaw::Incomplete));
    case.give(Step::Licence).unwrap();
    case.give(Step::Letter).unwrap();
    case.hand_in().unwrap();
    assert_eq!(case.give(Step::Letter), Err(Flaw::NotOpen));
    let outcomes = BTreeMap::from([(Step::Licence, true), (Step::Letter, false)]);
    assert_eq!(case.decide(by, now, &outcomes), Err(Flaw::NotClaimed));
    case.take_up(by, now).unwrap();
    assert_eq!(case.decide(by, now, &BTreeMap::from([(Step::Licence, true)])), Err(Flaw::Unjudged));
    assert_eq!(case.take_up(reviewer(2), now), Err(Flaw::Claimed));
    case.decide(by, now, &outcomes).unwrap();
    assert_eq!((case.state, case.next_step()), (State::Returned, Some(Step::Letter)));
    assert_eq!(case.give(Step::Licence), Err(Flaw::StepAccepted));
    case.give(Step::Letter).unwrap();
    case.hand_in().unwrap();
    case.take_up(by, now).unwrap();
    case.decide(by, now, &BTreeMap::from([(Step::Letter, true)])).unwrap();
    assert_eq!(case.state, State::Accepted);
}

#[test]
fn a_claim_ends_by_itself() {
    let (mut case, now) = (Case::new(Kind::Company), Timestamp::UNIX_EPOCH);
    case.kind.steps().iter().for_each(|step| case.give(*step).unwrap());
    case.hand_in().unwrap();
    case.take_up(reviewer(1), now).unwrap();
    let late = now.checked_add(CLAIM).unwrap();
    assert_eq!(case.take_back(now), Err(Flaw::Claimed));
    case.take_up(reviewer(2), late).unwrap();
    assert_eq!(case.let_go(reviewer(1), late), Err(Flaw::NotClaimed));
}
