//! What shows only over several lots: who meets whom again and again, at prices in the same ratio, winning in turn.
//!
//! The thresholds are ours: no labelled data with names were at hand to measure them on. In a narrow market the same few meet without
//! any agreement, so what is found here says where to look and no more.

use crate::price::moments;
use crate::signal::{Fact, Kind};
use std::collections::BTreeMap;

/// Lots that two must have met in before anything is said of them.
pub const FEWEST: usize = 4;

/// Share of the lots of the one that bids less in which the other bid too.
pub const TOGETHER: f64 = 0.8;

/// How much the ratio of two companies' prices may vary and still be the same.
pub const STEADY: f64 = 0.01;

/// The chance that a series of winners without a repetition would have had, were each lot won by lot.
pub const BY_CHANCE: f64 = 0.05;

/// A lot that is over: who bid what, and who won.
#[derive(Clone, Debug)]
pub struct Round<B> {
    /// Each bidder once.
    pub bids: Vec<(B, f64)>,
    /// None while it is not decided.
    pub winner: Option<B>,
}

/// The lots that one company has bid for, and at which price.
type Of = BTreeMap<usize, f64>;

/// A hint about companies over several lots.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<B> {
    /// What was seen.
    pub kind: Kind,
    /// The measure; finite.
    pub value: f64,
    /// The threshold that it passed.
    pub threshold: f64,
    /// Who.
    pub who: Vec<B>,
    /// What it rests on.
    pub facts: Vec<Fact>,
}

/// What the lots, in the order of time, say about these companies.
pub fn signals<B: Ord + Clone>(rounds: &[Round<B>], about: &[B]) -> Vec<Standing<B>> {
    let mut of: BTreeMap<&B, Of> = about.iter().map(|who| (who, Of::new())).collect();
    for (at, round) in rounds.iter().enumerate() {
        for (who, price) in &round.bids {
            if let Some(bids) = of.get_mut(who) {
                bids.insert(at, *price);
            }
        }
    }
    let about: Vec<(&B, &Of)> = of.iter().map(|(who, bids)| (*who, bids)).collect();
    let mut found = Vec::new();
    for (place, one) in about.iter().enumerate() {
        for other in &about[place + 1..] {
            found.extend(meeting(rounds.len(), *one, *other));
            found.extend(steady_ratio(*one, *other));
        }
    }
    found.extend(rotation(rounds, &about));
    found
}

fn meeting<B: Clone>(lots: usize, (one, ones): (&B, &Of), (other, others): (&B, &Of)) -> Option<Standing<B>> {
    let both = ones.keys().filter(|at| others.contains_key(at)).count();
    let value = both as f64 / ones.len().min(others.len()) as f64;
    let facts = vec![Fact::new("lots", lots as f64), Fact::new("together", both as f64)];
    let who = vec![one.clone(), other.clone()];
    let standing = Standing { kind: Kind::Meeting, value, threshold: TOGETHER, who, facts };
    (both >= FEWEST && value >= TOGETHER).then_some(standing)
}

fn steady_ratio<B: Clone>((one, ones): (&B, &Of), (other, others): (&B, &Of)) -> Option<Standing<B>> {
    let ratios = ones.iter().filter_map(|(at, price)| Some(price / others.get(at)?));
    let ratios: Vec<f64> = ratios.filter(|ratio| ratio.is_finite() && *ratio > 0.0).collect();
    if ratios.len() < FEWEST {
        return None;
    }
    let (mean, deviation) = moments(&ratios);
    let value = deviation / mean;
    let facts = vec![Fact::new("together", ratios.len() as f64), Fact::new("ratio", mean)];
    let who = vec![one.clone(), other.clone()];
    let standing = Standing { kind: Kind::SteadyRatio, value, threshold: STEADY, who, facts };
    (value <= STEADY && mean.is_finite()).then_some(standing)
}

/// Nobody wins twice in a row, though who won last has bid again; and nobody has won much more than another.
fn rotation<B: Ord + Clone>(rounds: &[Round<B>], about: &[(&B, &Of)]) -> Option<Standing<B>> {
    let among = |at: usize| about.iter().filter(|(_, bids)| bids.contains_key(&at)).count();
    let decided: Vec<(usize, &B, &Of)> = rounds
        .iter()
        .enumerate()
        .filter_map(|(at, round)| {
            let winner = round.winner.as_ref()?;
            about.iter().find(|(who, _)| *who == winner).map(|(who, bids)| (at, *who, *bids))
        })
        .filter(|(at, ..)| among(*at) > 1)
        .collect();
    let mut chance = 1.0;
    for two in decided.windows(2) {
        let (last, (at, winner, _)) = (two[0], two[1]);
        if winner == last.1 {
            return None;
        }
        if last.2.contains_key(&at) {
            chance *= 1.0 - 1.0 / among(at) as f64;
        }
    }
    let mut wins: BTreeMap<&B, usize> = BTreeMap::new();
    decided.iter().for_each(|(_, winner, _)| *wins.entry(winner).or_default() += 1);
    let (fewest, most) = (wins.values().min().copied()?, wins.values().max().copied()?);
    let facts = vec![Fact::new("lots", decided.len() as f64), Fact::new("winners", wins.len() as f64)];
    let who = wins.into_keys().cloned().collect();
    let standing = Standing { kind: Kind::Rotation, value: chance, threshold: BY_CHANCE, who, facts };
    (decided.len() >= FEWEST && most - fewest <= 1 && chance <= BY_CHANCE).then_some(standing)
}
