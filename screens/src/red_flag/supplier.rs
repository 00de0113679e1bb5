//! R025 and R048: what a tenderer does over many processes.

use super::fence::{is_high, is_low, quantile};
use super::record::{Record, ids};
use super::{About, Flags, Indicator, Settings};
use std::collections::{BTreeMap, BTreeSet};

/// R025: wins of processes with a valid bid, of those that bid often.
pub(super) fn seldom_wins(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let mut counts: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for record in records {
        let Some(winner) = record.only_winner() else { continue };
        for tenderer in record.valid().flat_map(|bid| ids(&bid.tenderers)).collect::<BTreeSet<_>>() {
            let (bids, wins) = counts.entry(tenderer).or_default();
            *bids += 1.0;
            *wins += f64::from(u8::from(tenderer == winner));
        }
    }
    let bids: Vec<f64> = counts.values().map(|(bids, _)| *bids).collect();
    let ratios: Vec<f64> = counts.values().map(|(bids, wins)| wins / bids).collect();
    let Some(often) = quantile(&bids, settings.percentile / 100.0) else { return };
    let fence = settings.fences.get(&Indicator::R025).copied();
    for (id, (bids, wins)) in counts {
        if bids >= often && is_low(wins / bids, &ratios, fence) {
            flags.set(About::Tenderer, id, Indicator::R025, wins / bids);
        }
    }
}

/// R048: under how many headings a supplier supplies. Awards to several suppliers say of none what it supplies.
pub(super) fn heterogeneous(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let mut supplied: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<String>)> = BTreeMap::new();
    for record in records {
        for award in record.active() {
            let [supplier] = ids(&award.suppliers)[..] else { continue };
            let (processes, headings) = supplied.entry(supplier).or_default();
            processes.insert(&record.ocid);
            let codes = award.items.iter().filter_map(|item| item.classification.as_ref()?.id.as_deref());
            headings.extend(codes.map(|code| code.chars().take(settings.digits).collect::<String>()));
        }
    }
    supplied.retain(|_, (processes, _)| processes.len() >= settings.fewest_supplies);
    let varieties: Vec<f64> = supplied.values().map(|(_, headings)| headings.len() as f64).collect();
    let fence = settings.fences.get(&Indicator::R048).copied();
    for (id, (_, headings)) in supplied {
        let variety = headings.len() as f64;
        if is_high(variety, &varieties, fence) {
            flags.set(About::Tenderer, id, Indicator::R048, variety);
        }
    }
}
