//! The rules, over random timelines.

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
        recipient: None,
        published_at: None,
        opened_at: None,
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
    fn no_state_leads_back(from in 0usize..6, to in 0usize..6) {
        let (from, to) = (State::ALL[from], State::ALL[to]);
        prop_assert!(!(from.may_become(to) && to.may_become(from)));
        if matches!(from, State::Awarded | State::Failed) {
            prop_assert!(!from.may_become(to));
        }
    }
}
