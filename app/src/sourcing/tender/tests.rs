//! The rules, over random timelines.

use super::tender::{come, undergone};
use super::terms::Terms;
use super::*;
use crate::sourcing::profile::Method;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;
use proptest::prelude::*;

fn tender(state: State, questions: i64, deadline: i64) -> Tender {
    let random = Random::seeded(1);
    let at = |second| Timestamp::from_second(second).unwrap();
    Tender {
        id: Id::v4(&random),
        company: Id::v4(&random),
        company_name: String::new(),
        number: String::new(),
        title: String::new(),
        method: Method::Open,
        category: String::new(),
        region: String::new(),
        summary: String::new(),
        budget_shown: true,
        state,
        questions_until: at(questions),
        deadline: at(deadline),
        questions_closed: false,
        standstill: None,
        auction_at: None,
        auction_check: None,
        finals: None,
        recipient: None,
        hands: None,
        published_at: None,
        opened_at: None,
        regime: crate::sourcing::regime::Regime::Enterprise,
        readers: crate::sourcing::circle::Audience::All,
        reason: None,
        terms: Terms::default(),
        again_of: None,
        round: 1,
        version: 1,
    }
}

#[test]
fn a_draft_needs_a_lot_and_enough_time() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    let short = tender(State::Draft, 1_000_000 + 3600, 1_000_000 + 86_400);
    let reasons = unready(&short, &[], now);
    assert!(reasons.contains(&Unready::NoLot));
    let earliest = now.checked_add(SignedDuration::from_hours(24 * 5)).unwrap();
    assert!(reasons.contains(&Unready::DeadlineTooSoon { earliest }));
}

#[test]
fn a_quotation_that_many_hands_open_waits_for_uploads_and_nothing_else_does() {
    let hands = Some(Hands { k: 2, holders: vec![String::new(); 3], ..Hands::default() });
    let closes = |method, hands: &Option<Hands>| {
        let one = Tender { method, hands: hands.clone(), questions_closed: true, ..tender(State::Published, 1, 1000) };
        assert_eq!(next_check(&one), Some(one.closes_at()));
        assert_eq!(come(&one, Timestamp::from_second(999).unwrap()), None);
        one.closes_at().as_second()
    };
    assert_eq!(closes(Method::Open, &None), 1000);
    assert_eq!(closes(Method::Open, &hands), 1000, "招标投标法 art. 34");
    assert_eq!(closes(Method::Quotation, &None), 1000, "nothing is uploaded");
    assert_eq!(closes(Method::Quotation, &hands), 1600);
}

proptest! {
    #[test]
    fn time_is_told_in_order_and_only_while_bids_are_taken(
        questions in 1i64..1_000_000, more in 1i64..1_000_000, closed: bool, state in 0usize..6,
    ) {
        let mut tender = tender(State::ALL[state], questions, questions + more);
        tender.questions_closed = closed;
        let events: Vec<_> = timeline(&tender).collect();
        prop_assert!(events.is_sorted_by_key(|(at, _)| *at));
        prop_assert_eq!(events.is_empty(), tender.state != State::Published);
        prop_assert_eq!(next_check(&tender), events.first().map(|(at, _)| *at));
        prop_assert!(!closed || events.iter().all(|(_, what)| *what != Due::QuestionsEnd));
    }

    #[test]
    fn a_standstill_ends_once_in_evaluation_and_never_early(
        until in 1i64..1000, readings in prop::collection::vec(0i64..2000, 0..20), state in 0usize..7,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut tender = tender(State::ALL[state], 2000, 3000);
        tender.standstill = Some(at(until));
        let mut ended = Vec::new();
        for reading in &readings {
            while let Some(what) = come(&tender, at(*reading)) {
                prop_assert_eq!(what, Due::StandstillEnd);
                undergone(&mut tender, what, &[]);
                ended.push(*reading);
            }
        }
        let is_evaluated = State::ALL[state] == State::Evaluation;
        let expected: Vec<_> = readings.iter().copied().find(|at| is_evaluated && *at >= until).into_iter().collect();
        prop_assert_eq!(&ended, &expected);
        prop_assert_eq!(next_check(&tender).is_some(), State::ALL[state] == State::Published || (is_evaluated && ended.is_empty()));
    }

    #[test]
    fn an_auction_is_looked_at_when_it_says_and_only_while_it_goes_on(
        check in prop::option::of(1i64..1000), reading in 0i64..2000, state in 0usize..8, bids in 1usize..4,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut tender = tender(State::ALL[state], 2000, 3000);
        tender.auction_check = check.map(at);
        let is_due = tender.state == State::Auction && check.is_some_and(|check| check <= reading);
        prop_assert_eq!(come(&tender, at(reading)), is_due.then_some(Due::Auction));
        if is_due {
            let lots = [lot::State::Failed, if bids > 1 { lot::State::Auction } else { lot::State::Evaluation }];
            undergone(&mut tender, Due::Auction, &lots);
            let expected = if bids > 1 { State::Auction } else { State::Evaluation };
            prop_assert_eq!((tender.state, tender.auction_check), (expected, None));
        }
    }

    #[test]
    fn final_offers_end_once_in_evaluation_beside_standstills_and_never_early(
        until in 1i64..1000, standstill in prop::option::of(1i64..1000),
        readings in prop::collection::vec(0i64..2000, 0..20), state in 0usize..8, few: bool,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let from = State::ALL[state];
        let mut tender = tender(from, 2000, 3000);
        (tender.finals, tender.standstill) = (Some(at(until)), standstill.map(at));
        let lots = [if few { lot::State::Failed } else { lot::State::Negotiation }];
        let mut ended = Vec::new();
        for reading in &readings {
            let hours: Vec<_> = timeline(&tender).collect();
            prop_assert!(hours.is_sorted_by_key(|(at, _)| *at));
            while let Some(what) = come(&tender, at(*reading)) {
                undergone(&mut tender, what, &lots);
                ended.extend((what == Due::FinalOffers).then_some(*reading));
            }
        }
        let is_evaluated = from == State::Evaluation;
        let expected: Vec<_> = readings.iter().copied().find(|at| is_evaluated && *at >= until).into_iter().collect();
        prop_assert_eq!(&ended, &expected);
        let failed = from == State::Failed || (few && !ended.is_empty());
        prop_assert_eq!(tender.state == State::Failed, failed, "a tender whose last lot has too few fails");
        prop_assert!(!few || ended.is_empty() || next_check(&tender).is_none());
    }

    #[test]
    fn no_state_leads_back(from in 0usize..8, to in 0usize..8) {
        let (from, to) = (State::ALL[from], State::ALL[to]);
        prop_assert!(!(from.may_become(to) && to.may_become(from)));
        if from.is_over() {
            prop_assert!(!from.may_become(to));
        }
    }

    #[test]
    fn a_draft_is_ready_exactly_when_every_rule_holds(
        quotation: bool, has_lot: bool, questions in -10i64..400, more in 1i64..400,
    ) {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let mut draft = tender(State::Draft, 1_000_000 + questions * 3600, 1_000_000 + (questions + more) * 3600);
        draft.method = if quotation { Method::Quotation } else { Method::Open };
        let lots: Vec<_> = has_lot.then(|| a_lot(draft.id)).into_iter().collect();
        let reasons = unready(&draft, &lots, now);
        let days = if quotation { 3 } else { 5 };
        prop_assert_eq!(reasons.contains(&Unready::NoLot), !has_lot);
        prop_assert_eq!(reasons.contains(&Unready::QuestionsPast), questions <= 0);
        prop_assert_eq!(reasons.iter().any(|r| matches!(r, Unready::QuestionsTooLate { .. })), more < 24);
        prop_assert_eq!(reasons.iter().any(|r| matches!(r, Unready::DeadlineTooSoon { .. })), questions + more < days * 24);
        // Who follows what is named is let through.
        for reason in reasons {
            match reason {
                Unready::DeadlineTooSoon { earliest } => draft.deadline = earliest,
                Unready::QuestionsTooLate { .. } | Unready::QuestionsPast | Unready::NoLot | Unready::Hands => {}
                other => prop_assert!(false, "{other:?} is no rule of these methods"),
            }
        }
        draft.questions_until = draft.method.profile().latest_questions(draft.deadline);
        prop_assert!(draft.questions_until <= now || unready(&draft, &[a_lot(draft.id)], now).is_empty());
    }

    /// The clock of the machine may jump, also backwards, and the process may be down at any of its readings.
    #[test]
    fn each_hour_comes_once_in_its_order_and_never_early(
        questions in 1i64..1000, more in 0i64..1000,
        bids in prop::collection::vec(0usize..6, 1..5),
        readings in prop::collection::vec((0i64..2500, any::<bool>()), 0..40),
    ) {
        let (deadline, least) = (questions + more, 3);
        let mut tender = tender(State::Published, questions, deadline);
        let mut happened = Vec::new();
        for (reading, _) in readings.iter().filter(|(_, is_up)| *is_up) {
            let now = Timestamp::from_second(*reading).unwrap();
            // The routine looks at rows whose next check has come, and at no others.
            if next_check(&tender).is_none_or(|at| at > now) {
                prop_assert_eq!(come(&tender, now), None, "an hour that no row tells of");
                continue;
            }
            while let Some(what) = come(&tender, now) {
                let before = tender.state;
                let lots: Vec<_> = bids.iter().map(|count| lot::at_deadline(*count, least)).collect();
                undergone(&mut tender, what, &lots);
                prop_assert!(before == tender.state || before.may_become(tender.state));
                happened.push((what, *reading));
            }
        }
        let first = |hour: i64| readings.iter().find(|(at, is_up)| *is_up && *at >= hour).map(|(at, _)| *at);
        let mut expected: Vec<_> = first(questions).map(|at| (Due::QuestionsEnd, at)).into_iter().collect();
        expected.extend(first(deadline).map(|at| (Due::Deadline, at)));
        prop_assert_eq!(&happened, &expected);
        let left = [(Due::QuestionsEnd, questions), (Due::Deadline, deadline)];
        let left = left.into_iter().find(|(what, _)| happened.iter().all(|(done, _)| done != what));
        prop_assert_eq!(next_check(&tender).map(Timestamp::as_second), left.map(|(_, at)| at));
        let has_enough = bids.iter().any(|count| *count >= least);
        let end = if has_enough { State::Closed } else { State::Failed };
        prop_assert_eq!(tender.state, if first(deadline).is_some() { end } else { State::Published });
    }

    #[test]
    fn what_becomes_of_a_tender_does_not_depend_on_the_order_of_its_lots(
        lots in prop::collection::vec(0usize..5, 1..6), turn in 0usize..6,
    ) {
        use lot::State::{Awarded, Closed, Evaluation, Failed, Open};
        let lots: Vec<_> = lots.into_iter().map(|at| [Open, Closed, Evaluation, Awarded, Failed][at]).collect();
        let mut turned = lots.clone();
        turned.rotate_left(turn % lots.len());
        prop_assert_eq!(lot::outcome(&lots), lot::outcome(&turned));
        prop_assert_eq!(lot::outcome(&lots) == State::Failed, lots.iter().all(|lot| *lot == Failed));
        let is_over = lots.iter().all(|lot| matches!(lot, Failed | Awarded));
        prop_assert_eq!(matches!(lot::outcome(&lots), State::Failed | State::Awarded), is_over);
    }

    #[test]
    fn codes_mean_what_they_were_made_of(state in 0usize..6, text in "[a-z-]{0,12}") {
        prop_assert_eq!(State::from_code(State::ALL[state].code()), Some(State::ALL[state]));
        prop_assert!(State::from_code(&text).is_none_or(|state| state.code() == text));
        prop_assert!(lot::State::from_code(&text).is_none_or(|state| state.code() == text));
    }
}

fn a_lot(tender: Id<Tender>) -> Lot {
    Lot {
        id: Id::v4(&Random::seeded(2)),
        tender,
        position: 1,
        title: String::new(),
        description: String::new(),
        budget: None,
        ceiling: None,
        ceiling_shown: false,
        state: lot::State::Open,
        amended: 0,
    }
}
