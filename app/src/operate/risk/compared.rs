//! The comparison itself: what was disclosed goes in, signals come out. No I/O.

use super::disclosed::Disclosed;
use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use kit::id::Id;
use screens::group::Standing;
use screens::{Fact, Kind, Screen, Screens, Signal, file, group, person, price, text};

/// Which methods these are: changed when they are.
pub const METHOD: &str = "2026-12";

/// How many signals of a lot are kept; a thousand bids that are all alike are told by these.
pub const MOST: usize = 60;

/// The bids whose texts are compared with each other.
const TEXTS: usize = 200;

/// What the comparison of a lot came to.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The screens of its prices that have a value.
    pub screens: Vec<Fact>,
    /// How many signals there were.
    pub found: usize,
    /// The first of them.
    pub told: Vec<Told>,
}

/// A signal about bids of the lot.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub kind: Kind,
    pub value: f64,
    pub threshold: f64,
    pub facts: Vec<Fact>,
    pub bids: Vec<Id<Bid>>,
}

/// Compares the bids of a lot.
pub fn compare(lot: &Disclosed) -> Compared {
    let prices: Vec<f64> = lot.bids.iter().map(|bid| bid.price as f64).collect();
    let notes: Vec<String> = lot.bids.iter().take(TEXTS).map(|bid| bid.note.clone()).collect();
    let screens = Screens::of(&prices);
    let named = Screen::ALL.into_iter().filter_map(|screen| Some(Fact::new(screen.code(), screens.get(screen)?)));
    let mut all: Vec<Told> = person::signals(&lot.persons)
        .into_iter()
        .chain(price::signals(&prices))
        .chain(file::signals(&lot.files, &lot.given))
        .chain(text::signals(&notes, &lot.common))
        .map(|signal| of_lot(lot, signal))
        .collect();
    let companies: Vec<Id<Company>> = lot.bids.iter().map(|bid| bid.company).collect();
    all.extend(group::signals(&lot.rounds, &companies).into_iter().map(|standing| of_group(lot, standing)));
    let found = all.len();
    all.truncate(MOST);
    Compared { screens: named.collect(), found, told: all }
}

fn of_lot(lot: &Disclosed, signal: Signal) -> Told {
    let Signal { kind, value, threshold, facts, bids } = signal;
    Told { kind, value, threshold, facts, bids: bids.into_iter().map(|place| lot.bids[place].id).collect() }
}

fn of_group(lot: &Disclosed, standing: Standing<Id<Company>>) -> Told {
    let Standing { kind, value, threshold, who, facts } = standing;
    let bids = lot.bids.iter().filter(|bid| who.contains(&bid.company)).map(|bid| bid.id).collect();
    Told { kind, value, threshold, facts, bids }
}
