//! R035, R036 and R038: whose bids are disqualified.

use super::fence::is_high;
use super::record::{Record, ids};
use super::{About, Flags, Indicator, Settings};
use std::collections::{BTreeMap, BTreeSet};

/// R035: one tenderer has valid bids and every award; others were disqualified. The value is how many others.
pub(super) fn all_but_one(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    for record in records.iter().filter(|record| record.is_decided()) {
        let of = |status: &'static str| {
            let bids = record.bids.details.iter().filter(move |bid| bid.is(status));
            bids.flat_map(|bid| ids(&bid.tenderers)).collect::<BTreeSet<_>>()
        };
        let (valid, disqualified) = (of("valid"), of("disqualified"));
        let suppliers: BTreeSet<_> = record.active().flat_map(|award| ids(&award.suppliers)).collect();
        let others = disqualified.difference(&valid).count();
        if valid.len() == 1 && valid == suppliers && others >= settings.disqualified {
            flags.set(About::Process, &record.ocid, Indicator::R035, others as f64);
        }
    }
}

/// R036: the lowest bid, or one of the lowest, is disqualified, and something was awarded. Where one bid has no price, or they are in
/// different currencies, nobody knows which is the lowest.
pub(super) fn lowest(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let compared =
        |record: &&&Record| !record.tender.details().is_some_and(|name| settings.no_price_comparison.contains(name));
    for record in records.iter().filter(compared).filter(|record| record.active().next().is_some()) {
        let bids = record.bids.details.iter().filter(|bid| bid.is_submitted());
        let priced: Option<Vec<_>> = bids.map(|bid| Some((bid.price()?, bid.is("disqualified")))).collect();
        let Some(priced) = priced.filter(|bids| bids.iter().all(|((_, of), _)| *of == bids[0].0.1)) else { continue };
        let lowest = priced.iter().map(|((price, _), _)| *price).reduce(f64::min);
        if priced.iter().any(|((price, _), disqualified)| Some(*price) == lowest && *disqualified) {
            flags.set(About::Process, &record.ocid, Indicator::R036, 1.0);
        }
    }
}

/// Processes, bids that were handed in, and how many of these were disqualified.
type Counts<'r> = BTreeMap<&'r str, (usize, f64, f64)>;

/// R038: the share of disqualified bids is unusually high for a buyer, a procuring entity, or a tenderer.
pub(super) fn often(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let (mut buyers, mut entities, mut tenderers) = (Counts::new(), Counts::new(), Counts::new());
    for record in records {
        let bids: Vec<_> = record.bids.details.iter().filter(|bid| bid.is_submitted()).collect();
        if bids.is_empty() {
            continue;
        }
        let out = bids.iter().filter(|bid| bid.is("disqualified")).count() as f64;
        let of = [(&mut buyers, &record.buyer), (&mut entities, &record.tender.procuring_entity)];
        for (counts, organisation) in of {
            let Some(id) = organisation.as_ref().and_then(|one| one.id.as_deref()) else { continue };
            count(counts, id, bids.len() as f64, out);
        }
        for bid in bids {
            let out = f64::from(u8::from(bid.is("disqualified")));
            ids(&bid.tenderers).into_iter().for_each(|id| count(&mut tenderers, id, 1.0, out));
        }
    }
    buyers.retain(|_, (processes, ..)| *processes >= settings.fewest_processes);
    entities.retain(|_, (processes, ..)| *processes >= settings.fewest_processes);
    tenderers.retain(|_, (_, bids, _)| *bids >= settings.fewest_bids as f64);
    for (about, counts) in [(About::Buyer, buyers), (About::Entity, entities), (About::Tenderer, tenderers)] {
        flag(about, &counts, settings, flags);
    }
}

fn count<'r>(counts: &mut Counts<'r>, id: &'r str, bids: f64, disqualified: f64) {
    let one = counts.entry(id).or_default();
    *one = (one.0 + 1, one.1 + bids, one.2 + disqualified);
}

fn flag(about: About, counts: &Counts<'_>, settings: &Settings, flags: &mut Flags) {
    let ratios: Vec<f64> = counts.values().map(|(_, bids, out)| out / bids).collect();
    let fence = settings.fences.get(&Indicator::R038).copied();
    for (id, (_, bids, out)) in counts {
        if *out > 0.0 && is_high(out / bids, &ratios, fence) {
            flags.set(about, id, Indicator::R038, out / bids);
        }
    }
}
