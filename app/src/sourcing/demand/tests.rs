//! The rules of demands.

use super::demand::*;
use jiff::civil::Date;
use kit::id::Id;
use proptest::prelude::*;

fn demand(audience: Audience, state: State, budget_shown: bool) -> Demand {
    let content = Content {
        title: "厂区班车租赁".into(),
        summary: "每日四班，往返两个厂区。".into(),
        category: "other".into(),
        region: "33".into(),
        budget: Some(4_860_000),
        budget_shown,
        wanted_on: None,
    };
    Demand {
        id: Id::from_bytes([1; 16]),
        company: Id::from_bytes([2; 16]),
        company_name: "岚河通信".into(),
        content,
        audience,
        state,
        edition: 1,
        published_at: None,
        changed_at: None,
        closed_at: None,
        outcome: None,
        reason: None,
        tender: None,
        copied_of: None,
        version: 1,
    }
}

#[test]
fn a_demand_goes_one_way() {
    for (from, to) in State::ALL.iter().flat_map(|from| State::ALL.map(|to| (*from, to))) {
        let on = matches!((from, to), (State::Draft, State::Published) | (State::Published, State::Closed));
        assert_eq!(from.may_become(to), on, "{from:?} → {to:?}");
        assert_eq!(State::from_code(from.code()), Some(from));
    }
}

proptest! {
    #[test]
    fn nobody_else_reads_a_draft_a_hidden_budget_or_what_they_are_not_invited_to(
        invited_only in any::<bool>(), state in 0usize..3, budget_shown in any::<bool>(),
        reader in proptest::option::of(2u8..4), is_invited in any::<bool>(),
    ) {
        let audience = if invited_only { Audience::Invited } else { Audience::All };
        let demand = demand(audience, State::ALL[state], budget_shown);
        let company = reader.map(|byte| Id::from_bytes([byte; 16]));
        let reader = Reader { company, is_invited };
        let (is_own, readable) = (demand.is_of(company), demand.is_readable(reader));
        let public = demand.state != State::Draft && (audience == Audience::All || is_invited);
        prop_assert_eq!(readable, is_own || public);
        prop_assert_eq!(demand.read_by(company).content.budget.is_some(), is_own || budget_shown);
    }

    #[test]
    fn days_are_stored_in_their_order_and_read_back(one in -200_000i32..200_000, other in -200_000i32..200_000) {
        let day_of = |days: i32| Date::constant(2026, 11, 30).checked_add(jiff::Span::new().days(days)).unwrap();
        let (one, other) = (day_of(one), day_of(other));
        prop_assume!(one.year() > 0 && other.year() > 0);
        prop_assert_eq!(day(stored(one)), Some(one));
        prop_assert_eq!(stored(one).cmp(&stored(other)), one.cmp(&other));
    }

    #[test]
    fn what_is_unready_is_said(days in -30i32..30, invited in 0usize..3, invited_only in any::<bool>()) {
        let today = Date::constant(2026, 11, 30);
        let audience = if invited_only { Audience::Invited } else { Audience::All };
        let wanted_on = today.checked_add(jiff::Span::new().days(days)).ok();
        let content = Content { wanted_on, ..demand(audience, State::Draft, true).content };
        let found = unready(&content, audience, invited, today);
        prop_assert_eq!(found.contains(&Unready::WantedPast), days < 0);
        prop_assert_eq!(found.contains(&Unready::NobodyInvited), invited_only && invited == 0);
    }
}
