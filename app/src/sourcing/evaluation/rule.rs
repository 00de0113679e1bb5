//! How points are counted: pure rules over whole numbers. Points are hundredths, prices fen; what does not divide is rounded half up.

use crate::sourcing::bid::Bid;
use crate::sourcing::tender::terms::Tie;
use jiff::Timestamp;
use kit::id::Id;

/// Hundredths in a point.
pub const HUNDREDTHS: i64 = 100;

/// Points for a price (财政部令第87号 art. 55): the lowest has all, another the lowest ÷ itself of them.
pub fn price_points(price: i64, lowest: i64, weight: i64) -> i64 {
    if price <= lowest || price <= 0 {
        return weight * HUNDREDTHS;
    }
    let (price, lowest) = (i128::from(price), i128::from(lowest.max(0)));
    let full = i128::from(weight * HUNDREDTHS);
    i64::try_from((2 * lowest * full + price) / (2 * price)).unwrap_or(0)
}

/// The mean of what the evaluators gave.
pub fn mean(given: &[i64]) -> i64 {
    let (sum, count) = (given.iter().sum::<i64>(), given.len() as i64);
    if count == 0 { 0 } else { (2 * sum + count) / (2 * count) }
}

/// Whether one of these is further from their mean than so many percent of it.
pub fn is_outlier(one: i64, given: &[i64], percent: i64) -> bool {
    let (sum, count) = (given.iter().sum::<i64>(), given.len() as i64);
    (count * one - sum).abs() * 100 > percent * sum
}

/// Whether so many votes of so many seats reject: more than half.
pub fn rejects(votes: usize, seats: usize) -> bool {
    votes * 2 > seats
}

/// What a bid has, before places are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The bid.
    pub bid: Id<Bid>,
    /// Fen.
    pub price: i64,
    /// For the price.
    pub price_points: i64,
    /// The mean of the technical points.
    pub technical: i64,
    /// Both.
    pub total: i64,
    /// From 1; those with equal points and prices share a place.
    pub rank: usize,
}

/// A bid that is counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Which.
    pub bid: Id<Bid>,
    /// Fen.
    pub price: i64,
    /// When it was received.
    pub received_at: Timestamp,
    /// What the evaluators gave it.
    pub given: Vec<i64>,
}

/// What bids have, the best first: by points, of equal ones the lower price (财政部令第87号 art. 57), of those that are still equal by the
/// tender's rule. Rejected ones are not among them.
pub fn ranked(bids: &[Counted], price_weight: i64, tie: Tie) -> Vec<Total> {
    let lowest = bids.iter().map(|one| one.price).min().unwrap_or_default();
    let mut totals: Vec<_> = bids
        .iter()
        .map(|one| {
            let (for_price, technical) = (price_points(one.price, lowest, price_weight), mean(&one.given));
            let total = for_price + technical;
            let last = if tie == Tie::Earlier { Some(one.received_at) } else { None };
            let of = Total { bid: one.bid, price: one.price, price_points: for_price, technical, total, rank: 0 };
            (of, last)
        })
        .collect();
    let key = |(of, last): &(Total, Option<Timestamp>)| {
        (-of.total, if tie == Tie::Technical { -of.technical } else { 0 }, of.price, *last)
    };
    totals.sort_by_key(|one| (key(one), one.0.bid));
    let all: Vec<_> = totals.iter().map(key).collect();
    let placed = totals
        .into_iter()
        .zip(&all)
        .map(|((of, _), own)| Total { rank: all.iter().position(|other| other == own).unwrap_or_default() + 1, ..of });
    placed.collect()
}

/// Points as they are written: `28.5`, two decimals at most.
pub fn parse_points(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !is_number(whole) || !is_number(part) {
        return None;
    }
    if text.ends_with('.') {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * HUNDREDTHS + format!("{part:0<2}").parse::<i64>().ok()?)
}

/// Points as they are shown: `28.50`.
pub fn shown(points: i64) -> String {
    format!("{}.{:02}", points / HUNDREDTHS, points % HUNDREDTHS)
}

/// What the bidder at this place is called while names are hidden: A, B, … Z, AA, AB.
pub fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    if place < 26 { last.to_string() } else { format!("{}{last}", letter(place / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::random::Random;
    use proptest::prelude::*;

    #[test]
    fn the_price_is_counted_by_the_formula_of_the_rules() {
        assert_eq!(price_points(10_000, 8_000, 40), 3_200);
        assert_eq!(price_points(8_000, 8_000, 40), 4_000);
        assert_eq!(price_points(3, 1, 10), 3_33);
        assert_eq!(price_points(3, 2, 10), 6_67, "half up");
        assert_eq!(price_points(i64::MAX, 1, 99), 0, "no overflow");
    }

    #[test]
    fn points_are_read_exactly_or_not_at_all() {
        for (text, points) in [("28.5", 2850), ("0", 0), ("100", 10000), ("7.05", 705), ("7.50", 750)] {
            assert_eq!(parse_points(text), Some(points), "{text}");
        }
        for text in ["", ".5", "5.", "-1", "1.234", "1e2", "1,5", "１", "1000", "+1", " 1"] {
            assert_eq!(parse_points(text), None, "{text}");
        }
        assert_eq!([0, 25, 26, 27, 52].map(letter), ["A", "Z", "AA", "AB", "BA"]);
    }

    #[test]
    fn far_from_the_mean_is_more_than_the_bound() {
        assert!(!is_outlier(65, &[65, 50, 35], 30));
        assert!(is_outlier(66, &[66, 50, 34], 30));
        assert!(is_outlier(10, &[0, 0, 10], 30) && !is_outlier(0, &[0, 0, 0], 30));
        assert!(rejects(2, 3) && !rejects(1, 3) && !rejects(2, 4));
    }

    proptest! {
        #[test]
        fn a_ranking_is_by_points_then_price_and_the_same_in_any_order(
            given in prop::collection::vec((1i64..10_000, prop::collection::vec(0i64..6000, 3)), 1..12),
            weight in 10i64..90,
        ) {
            let bid = |n: usize| Id::<Bid>::v4(&Random::seeded(n as u64));
            let bids: Vec<_> = given
                .iter()
                .enumerate()
                .map(|(n, (price, all))| Counted {
                    bid: bid(n),
                    price: *price,
                    received_at: Timestamp::from_second(n as i64).unwrap(),
                    given: all.clone(),
                })
                .collect();
            let mut turned = bids.clone();
            turned.reverse();
            let totals = ranked(&bids, weight, Tie::Shared);
            for tie in Tie::ALL {
                prop_assert_eq!(ranked(&bids, weight, tie), ranked(&turned, weight, tie));
            }
            let earlier: Vec<_> = ranked(&bids, weight, Tie::Earlier).iter().map(|one| one.rank).collect();
            prop_assert_eq!(earlier, (1..=bids.len()).collect::<Vec<_>>(), "no place is shared");
            for pair in ranked(&bids, weight, Tie::Technical).windows(2) {
                prop_assert!(pair[0].total > pair[1].total || pair[0].technical >= pair[1].technical);
            }
            for pair in totals.windows(2) {
                let (one, next) = (pair[0], pair[1]);
                prop_assert!(one.total > next.total || (one.total == next.total && one.price <= next.price));
                prop_assert_eq!(one.rank == next.rank, one.total == next.total && one.price == next.price);
            }
            for one in &totals {
                prop_assert!((0..=weight * HUNDREDTHS).contains(&one.price_points));
                prop_assert_eq!(one.total, one.price_points + one.technical);
                let cheaper = totals.iter().filter(|other| other.price < one.price);
                prop_assert!(cheaper.into_iter().all(|other| other.price_points >= one.price_points));
            }
        }
    }
}
