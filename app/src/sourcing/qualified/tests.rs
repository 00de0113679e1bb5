//! The rules of qualified lists.

use super::list::{Content, QualifiedList};
use super::rule::*;
use crate::sourcing::amendment::answering::Affecting;
use crate::sourcing::regime::Regime;
use jiff::Timestamp;
use kit::id::Id;
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn list(kind: Kind, state: State, until: i64) -> QualifiedList {
    let content = Content {
        kind,
        regime: Regime::Enterprise,
        title: "抢修船资格预审".into(),
        summary: "海缆抢修，两年内随叫随到。".into(),
        category: "other".into(),
        region: "33".into(),
        requirements: vec!["有海上作业资质".into(), "近三年两项同类业绩".into()],
        applications_until: kind.has_deadline().then(|| at(until)),
        valid_days: 30,
        most: None,
    };
    QualifiedList {
        id: Id::from_bytes([1; 16]),
        company: Id::from_bytes([2; 16]),
        company_name: "岚河通信".into(),
        content,
        state,
        applications_closed: false,
        published_at: None,
        concluded_at: None,
        valid_until: (!kind.has_deadline()).then(|| at(until)),
        objections_until: None,
        ended_at: None,
        reason: None,
        copied_of: None,
        version: 1,
    }
}

#[test]
fn a_microsecond_before_the_deadline_is_in_time_and_the_deadline_is_not() {
    let last = Timestamp::from_microsecond(999_999_999).unwrap();
    for kind in [Kind::Single, Kind::Framework] {
        let call = list(kind, State::Published, 1000);
        assert!(call.takes_applications(last) && !call.shows_applications(last) && !call.is_in_review(last));
        assert!(!call.takes_applications(at(1000)) && call.shows_applications(at(1000)) && call.is_in_review(at(1000)));
        assert!(!call.is_usable(at(1000)), "it has no result yet");
        assert!(!list(kind, State::Draft, 1000).shows_applications(at(2000)));
    }
    let pool = list(Kind::Standing, State::Published, 1000);
    assert!(pool.shows_applications(at(1)) && pool.takes_applications(last) && pool.is_usable(last));
    assert!(!pool.takes_applications(at(1000)) && !pool.is_usable(at(1000)) && !pool.is_in_review(at(2000)));
}

#[test]
fn codes_are_read_back_as_they_were_written() {
    assert!(Kind::ALL.into_iter().all(|kind| Kind::from_code(kind.code()) == Some(kind)));
    assert!(State::ALL.into_iter().all(|state| State::from_code(state.code()) == Some(state)));
    assert!(Standing::ALL.into_iter().all(|one| Standing::from_code(one.code()) == Some(one)));
    assert_eq!(earliest_deadline(Regime::Voluntary, at(0)), at(5 * 86_400), "招标投标法实施条例 art. 16");
}

#[test]
fn an_answer_that_may_affect_applications_leaves_three_days() {
    let day = 86_400;
    let given = |affects, deadline: Option<i64>| Affecting { affects, deadline: deadline.map(at) };
    let told = |until: i64, one| answered(Some(at(until)), one, at(5 * day));
    assert_eq!(questions_until(Some(at(10 * day))), Some(at(8 * day)));
    assert_eq!(questions_until(None), None, "as long as a pool stays open");
    assert_eq!(answered(None, given(true, None), at(5 * day)).unwrap(), None);
    assert_eq!(told(8 * day, given(true, None)).unwrap(), None, "three days are left");
    assert_eq!(told(7 * day, given(true, Some(8 * day))).unwrap(), Some(at(8 * day)));
    let broken = [
        (8 * day - 1, given(true, None), "answer-moves-deadline"),
        (7 * day, given(true, Some(8 * day - 1)), "amendment-too-soon"),
        (9 * day, given(true, Some(8 * day)), "amendment-earlier"),
        (7 * day, given(false, Some(8 * day)), "answer-affects-nothing"),
        (5 * day, given(true, Some(9 * day)), "answer-too-late"),
    ];
    for (until, one, rule) in broken {
        assert!(format!("{:?}", told(until, one).unwrap_err()).contains(rule), "{rule}");
    }
}

proptest! {
    #[test]
    fn who_is_on_a_list_follows_from_the_published_rule(
        given in proptest::collection::vec((any::<bool>(), 0i64..5), 0..12), most in proptest::option::of(3usize..6), turn in 0usize..12,
    ) {
        let mut reviewed: Vec<_> =
            given.iter().enumerate().map(|(id, (meets, points))| Reviewed { id, meets: *meets, points: *points }).collect();
        let placing = placed(&reviewed, most);
        let of = |wanted: Standing| -> Vec<usize> {
            placing.iter().filter(|(_, standing)| *standing == wanted).map(|(id, _)| *id).collect()
        };
        let (on, off) = (of(Standing::Qualified), of(Standing::Unplaced));
        let points = |id: &usize| given[*id].1;
        for (id, standing) in &placing {
            prop_assert_eq!(given[*id].0, *standing != Standing::Unqualified);
        }
        match most {
            None => prop_assert!(off.is_empty()),
            Some(most) => {
                prop_assert!(off.is_empty() || on.len() >= most, "nobody is left out while there is room");
                let last = on.iter().map(points).min();
                let above = on.iter().filter(|id| Some(points(id)) > last).count();
                prop_assert!(above < most, "only equals go beyond the greatest number");
                prop_assert!(off.iter().all(|id| Some(points(id)) < last));
            }
        }
        // The order in which they are looked at is nothing to it.
        let middle = turn.min(reviewed.len());
        reviewed.rotate_left(middle);
        let mut again = placed(&reviewed, most);
        again.sort_by_key(|(id, _)| *id);
        prop_assert_eq!(again, placing);
    }

    /// Whenever the engine looks, and however late: each event comes once, in its order.
    #[test]
    fn time_does_each_thing_once(looks in proptest::collection::vec(0i64..3000, 1..12), standing: bool) {
        let mut list = list(if standing { Kind::Standing } else { Kind::Framework }, State::Published, 1000);
        let (mut seen, mut looks) = (Vec::new(), looks);
        looks.sort_unstable();
        for now in looks.iter().chain(&[3000]) {
            while let Some(due) = come(list.times(), at(*now)) {
                seen.push(due);
                match due {
                    Due::ApplicationsEnd => {
                        (list.applications_closed, list.state, list.valid_until) = (true, State::Concluded, Some(at(2000)));
                    }
                    Due::TermEnd => list.state = State::Ended,
                }
            }
            prop_assert_eq!(list.state == State::Ended, *now >= if standing { 1000 } else { 2000 });
        }
        let expected = if standing { vec![Due::TermEnd] } else { vec![Due::ApplicationsEnd, Due::TermEnd] };
        prop_assert_eq!(seen, expected);
    }
}
