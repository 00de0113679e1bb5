//! The program against a model of it that fits on two pages: random acts of a buyer and three bidders on one tender, while
//! the clock jumps forwards and backwards and the background work runs only now and then.

mod expected;
mod run;

use expected::Plan;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use run::Ground;

pub const LOTS: usize = 2;
pub const BIDDERS: usize = 4;

/// Something that somebody does. Numbers choose among what there is.
#[derive(Clone, Debug)]
pub enum Act {
    Ask(usize),
    Answer(usize, bool),
    /// The last: whether the form is an old one, sent again.
    Bid(usize, usize, bool),
    /// Bidder, lot, and whether another version was seen.
    Replace(usize, usize, bool),
    Withdraw(usize, usize, bool),
    Award(usize, usize),
    /// The clock shows another hour of [`HOURS`].
    Turn(usize),
    /// The background work runs; until then the process might as well be down.
    Work,
}

/// Hours after the publication: early, just before questions end, at that hour, just before the deadline, at it, after.
pub const HOURS: [fn(&Plan) -> Timestamp; 6] = [
    |plan| plan.begun,
    |plan| plan.questions - SignedDuration::from_mins(9),
    |plan| plan.questions,
    |plan| plan.deadline - SignedDuration::from_mins(9),
    |plan| plan.deadline,
    |plan| plan.deadline + SignedDuration::from_hours(30),
];

fn act() -> impl Strategy<Value = Act> {
    let (bidder, lot) = (0..BIDDERS, 0..LOTS);
    prop_oneof![
        1 => bidder.clone().prop_map(Act::Ask),
        1 => (0usize..3, any::<bool>()).prop_map(|(nth, other)| Act::Answer(nth, other)),
        8 => (bidder.clone(), lot.clone(), prop::bool::weighted(0.2)).prop_map(|(b, l, again)| Act::Bid(b, l, again)),
        2 => (bidder.clone(), lot.clone(), prop::bool::weighted(0.3)).prop_map(|(b, l, old)| Act::Replace(b, l, old)),
        1 => (bidder.clone(), lot.clone(), prop::bool::weighted(0.3)).prop_map(|(b, l, old)| Act::Withdraw(b, l, old)),
        2 => (lot, bidder).prop_map(|(l, b)| Act::Award(l, b)),
        2 => prop::sample::select(vec![0usize, 0, 1, 2, 3, 3, 4, 5]).prop_map(Act::Turn),
        2 => Just(Act::Work),
    ]
}

#[test]
fn whatever_happens_in_whatever_order_the_program_agrees_with_its_model() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ground = runtime.block_on(Ground::new());
    let config = Config { cases: 16, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(act(), 20..60), |acts| {
        runtime.block_on(async {
            let mut run = ground.begin().await;
            for act in &acts {
                run.act(act).await?;
            }
            // However it went, the last hour comes in the end, and nothing is left to come.
            run.act(&Act::Turn(5)).await?;
            run.act(&Act::Work).await?;
            prop_assert_eq!(run.model.next_check(), i64::MAX);
            Ok(())
        })
    });
    outcome.unwrap();
    let dense = runtime.block_on(ground.world.count("SELECT max(seq) - count(*) FROM event"));
    assert_eq!(dense, 0, "events are numbered without a gap");
}
