//! The rule over random timelines: with moved clocks, engines that look late or not at all, and offers of every kind.

use super::rule::{Bidder, Phase, Refused, Session, What};
use super::{Course, Terms, lettered, percent};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;
use proptest::prelude::*;

const BEGIN: i64 = 1_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn session(course: Course, prices: &[i64]) -> Session {
    let bidder = |(letter, price): (i64, &i64)| Bidder {
        letter,
        bid: Id::v4(&Random::seeded(letter.unsigned_abs())),
        company: Id::v4(&Random::seeded(letter.unsigned_abs() + 1000)),
        opened: *price,
        price: *price,
        place: 0,
    };
    let bidders = (0..).zip(prices).map(bidder).collect();
    Session::new(Terms { step: 10, course }, at(BEGIN), bidders)
}

const TURNS: Course = Course::Turns { rounds: 3, turn_minutes: 2 };
const OPEN: Course = Course::Open { minutes: 20, extension_minutes: 3, hard_minutes: 30 };

/// Everything whose time has come.
fn look(session: &mut Session, now: Timestamp) -> Vec<(Timestamp, What)> {
    std::iter::from_fn(|| session.come(now)).collect()
}

#[derive(Clone, Debug)]
enum Act {
    Look,
    Offer { letter: i64, down: i64 },
}

fn acts() -> impl Strategy<Value = Vec<(i64, Act)>> {
    let offer = (0i64..4, -300i64..3000).prop_map(|(letter, down)| Act::Offer { letter, down });
    prop::collection::vec((0i64..180, prop_oneof![1 => Just(Act::Look), 4 => offer]), 0..60)
}

fn offered(session: &Session, letter: i64, down: i64) -> i64 {
    let from = match session.terms.course {
        Course::Turns { .. } => session.bidders[usize::try_from(letter).unwrap()].price,
        Course::Open { .. } => session.best(),
    };
    from - down
}

proptest! {
    /// Whether the engine looks in between or was down over turns and ends: the same offers are taken, and the end is the same.
    #[test]
    fn nothing_hangs_on_who_looks_when(
        acts in acts(), is_open: bool, prices in prop::collection::vec(10_000i64..40_000, 4),
    ) {
        let course = if is_open { OPEN } else { TURNS };
        let (mut watched, mut alone) = (session(course, &prices), session(course, &prices));
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let mut now = BEGIN - 60;
        for (pause, act) in acts {
            for step in 1..=3 {
                one.extend(look(&mut watched, at(now + pause * step / 3)));
            }
            now += pause;
            let Act::Offer { letter, down } = act else { continue };
            one.extend(look(&mut watched, at(now)));
            other.extend(look(&mut alone, at(now)));
            prop_assert_eq!(&watched, &alone);
            let fen = offered(&watched, letter, down);
            let (taken, same) = (watched.offer(letter, fen, None, at(now)), alone.offer(letter, fen, None, at(now)));
            prop_assert_eq!(taken, same);
            one.extend(taken.ok().map(|what| (at(now), what)));
            other.extend(same.ok().map(|what| (at(now), what)));
        }
        let late = at(BEGIN + 1_000_000);
        one.extend(look(&mut watched, late));
        other.extend(look(&mut alone, late));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(watched.phase, Phase::Ended);
        prop_assert_eq!(one.iter().filter(|(_, what)| *what == What::Ended).count(), 1);
        prop_assert!(one.is_sorted_by_key(|(at, _)| *at), "in the order of their instants");
    }

    #[test]
    fn an_open_session_ends_when_it_says_and_no_offer_is_late_or_too_high(
        acts in acts(), prices in prop::collection::vec(10_000i64..40_000, 4),
    ) {
        let mut session = session(OPEN, &prices);
        let (hard, mut now) = (at(BEGIN + 30 * 60), BEGIN);
        for (pause, act) in acts {
            now += pause;
            look(&mut session, at(now));
            let Act::Offer { letter, down } = act else { continue };
            let (before, best) = (session.clone(), session.best());
            let fen = offered(&session, letter, down);
            match session.offer(letter, fen, None, at(now)) {
                Ok(_) => {
                    prop_assert!(at(now) < before.ends_at && fen <= best - before.step && fen > 0);
                    let is_last = before.ends_at.duration_since(at(now)) <= SignedDuration::from_mins(3);
                    let put_off = before.ends_at.checked_add(SignedDuration::from_mins(3)).unwrap().min(hard);
                    prop_assert_eq!(session.ends_at, if is_last { put_off } else { before.ends_at });
                }
                Err(why) => {
                    prop_assert_eq!(&before, &session, "who is refused changes nothing");
                    prop_assert_eq!(why == Refused::Late, at(now) >= before.ends_at);
                }
            }
            prop_assert!(session.ends_at <= hard);
        }
    }

    #[test]
    fn in_turns_each_has_three_from_the_highest_to_the_lowest(
        takes in prop::collection::vec(prop::option::of(0i64..2000), 12), prices in prop::collection::vec(10_000i64..40_000, 4),
    ) {
        let mut session = session(TURNS, &prices);
        let mut rounds: Vec<Vec<i64>> = Vec::new();
        for (turn, take) in (0i64..).zip(takes) {
            let now = at(BEGIN + turn * 120 + 60);
            look(&mut session, now);
            let letter = session.on_turn().unwrap();
            if turn % 4 == 0 {
                let mut order: Vec<_> = session.bidders.iter().map(|one| (-one.price, one.letter)).collect();
                order.sort_unstable();
                rounds.push(order.into_iter().map(|(_, letter)| letter).collect());
            }
            prop_assert_eq!(rounds.last().unwrap()[usize::try_from(turn % 4).unwrap()], letter);
            let other = (letter + 1) % 4;
            prop_assert!(matches!(session.offer(other, 1, None, now), Err(Refused::Turn(..))));
            let before = session.bidders.clone();
            let Some(more) = take else { continue };
            let Some(limit) = session.limit(letter) else { continue };
            prop_assert_eq!(session.offer(letter, limit + 1, None, now), Err(Refused::High));
            let fen = (limit - more).max(1);
            prop_assert_eq!(session.offer(letter, fen, None, now), Ok(What::Offer(letter, fen)));
            prop_assert_eq!(session.offer(letter, 1, None, now).unwrap_err(), Refused::Used, "once a turn");
            let changed = before.iter().zip(&session.bidders).filter(|(one, other)| one.price != other.price);
            prop_assert_eq!(changed.map(|(one, _)| one.letter).collect::<Vec<_>>(), [letter]);
        }
        prop_assert_eq!(session.ends_at, at(BEGIN + 3 * 4 * 120));
        let end = session.ends_at;
        look(&mut session, end);
        prop_assert_eq!(session.offer(0, 1, None, end), Err(Refused::Late));
    }

    #[test]
    fn a_step_is_never_less_than_its_share(best in 1i64..10_000_000_000_000, step in 5i64..=30) {
        let terms = Terms { step, course: OPEN };
        let fen = terms.step_of(best);
        prop_assert!(fen >= 1 && i128::from(fen) * 1000 >= i128::from(best) * i128::from(step));
        prop_assert!(i128::from(fen - 1) * 1000 < i128::from(best) * i128::from(step) || fen == 1);
    }
}

#[test]
fn who_has_seen_another_best_is_told() {
    let mut session = session(OPEN, &[20_000, 30_000]);
    let now = at(BEGIN + 1);
    assert_eq!(session.offer(0, 19_000, None, now), Err(Refused::Early));
    look(&mut session, now);
    session.offer(1, 19_000, Some(20_000), now).unwrap();
    assert_eq!(session.offer(0, 18_000, Some(20_000), now), Err(Refused::Moved));
    assert_eq!(session.limit(0), Some(18_800));
    assert_eq!(session.offer(0, 18_801, Some(19_000), now), Err(Refused::High));
    session.offer(0, 1, Some(19_000), now).unwrap();
    assert_eq!(session.offer(1, 1, None, now), Err(Refused::Floor), "nothing is given away");
}

#[test]
fn letters_and_percent_are_shown_as_people_write_them() {
    assert_eq!([0, 25, 26, 51, 52, 701, 702].map(lettered), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    assert_eq!([5, 10, 15, 30].map(percent), ["0.5", "1", "1.5", "3"]);
}
