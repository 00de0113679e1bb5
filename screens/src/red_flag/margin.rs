//! R024 and R058: how far the next valid bid is from the winning one, against how far it is elsewhere.

use super::fence::{is_high, is_low};
use super::record::{Record, ids};
use super::{About, Flags, Indicator, Settings};

struct Margin<'r> {
    ocid: &'r str,
    winner: &'r str,
    /// Who bid the second-lowest price.
    next: Vec<&'r str>,
    /// As a share of the winning price.
    difference: f64,
}

/// None where prices do not decide, currencies differ, or who won was not the lowest.
fn margin<'r>(record: &'r Record, settings: &Settings) -> Option<Margin<'r>> {
    if record.tender.details().is_some_and(|name| settings.no_price_comparison.contains(name)) {
        return None;
    }
    let winner = record.only_winner()?;
    let mut priced = Vec::new();
    for bid in record.valid() {
        let (price, currency) = bid.price().filter(|(price, _)| *price > 0.0)?;
        priced.push((price, currency, ids(&bid.tenderers)[0]));
    }
    if priced.iter().any(|(_, currency, _)| *currency != priced[0].1) {
        return None;
    }
    let lowest = |wins: bool| {
        let of = priced.iter().filter(|(.., tenderer)| (*tenderer == winner) == wins);
        of.map(|(price, ..)| *price).reduce(f64::min)
    };
    let (won, second) = (lowest(true)?, lowest(false)?);
    if second < won {
        return None;
    }
    let next = priced.iter().filter(|(price, _, tenderer)| *price == second && *tenderer != winner);
    let next = next.map(|(.., tenderer)| *tenderer).collect();
    Some(Margin { ocid: &record.ocid, winner, next, difference: (second - won) / won })
}

fn margins<'r>(records: &[&'r Record], settings: &Settings) -> (Vec<Margin<'r>>, Vec<f64>) {
    let margins: Vec<_> = records.iter().filter_map(|record| margin(record, settings)).collect();
    let differences = margins.iter().map(|one| one.difference).collect();
    (margins, differences)
}

/// R024: unusually close. Both tenderers are flagged.
pub(super) fn close(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let (margins, differences) = margins(records, settings);
    let fence = settings.fences.get(&Indicator::R024).copied();
    for one in margins.iter().filter(|one| is_low(one.difference, &differences, fence)) {
        flags.set(About::Process, one.ocid, Indicator::R024, one.difference);
        for id in one.next.iter().chain([&one.winner]) {
            flags.set(About::Tenderer, id, Indicator::R024, one.difference);
        }
    }
}

/// R058: unusually far. The winner is flagged.
pub(super) fn discounted(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let (margins, differences) = margins(records, settings);
    let fence = settings.fences.get(&Indicator::R058).copied();
    for one in margins.iter().filter(|one| is_high(one.difference, &differences, fence)) {
        flags.set(About::Process, one.ocid, Indicator::R058, one.difference);
        flags.set(About::Tenderer, one.winner, Indicator::R058, one.difference);
    }
}
