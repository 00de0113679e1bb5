//! Flags that one process shows by itself.

use super::record::{Record, ids, instant};
use super::{About, Flags, Indicator, Settings};

/// R003: bidders had less time than they should. A period that is not one is not looked at.
pub(super) fn short_time(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    const DAY: f64 = 86_400.0;
    for record in records {
        let method = record.tender.procurement_method.as_deref();
        if !settings.methods.is_empty() && !method.is_some_and(|method| settings.methods.contains(method)) {
            continue;
        }
        let (Some(starts), Some(ends)) = (record.tender.starts(), record.tender.ends()) else { continue };
        let by_details = record.tender.details().and_then(|name| settings.days_by_details.get(name));
        if ends.duration_since(starts).as_secs_f64() / DAY < *by_details.unwrap_or(&settings.days) {
            flags.set(About::Process, &record.ocid, Indicator::R003, 1.0);
        }
    }
}

/// R018: one bid, where the method lets others bid.
pub(super) fn alone(records: &[&Record], flags: &mut Flags) {
    for record in records {
        let competes = matches!(record.tender.procurement_method.as_deref(), Some("open" | "selective"));
        if competes && record.tender.number_of_tenderers == Some(1) {
            flags.set(About::Process, &record.ocid, Indicator::R018, 1.0);
        }
    }
}

/// R028: different tenderers handed in the same price in the same currency.
pub(super) fn same_price(records: &[&Record], settings: &Settings, flags: &mut Flags) {
    let compared =
        |record: &&&Record| !record.tender.details().is_some_and(|name| settings.no_price_comparison.contains(name));
    for record in records.iter().filter(compared) {
        let bids = record.bids.details.iter().filter(|bid| bid.is_submitted());
        let told: Vec<_> = bids
            .filter_map(|bid| Some((bid.price()?, ids(&bid.tenderers))))
            .filter(|(_, tenderers)| !tenderers.is_empty())
            .collect();
        for (price, tenderers) in &told {
            if told.iter().any(|(other, of)| other == price && of != tenderers) {
                flags.set(About::Process, &record.ocid, Indicator::R028, 1.0);
                tenderers.iter().for_each(|id| flags.set(About::Tenderer, id, Indicator::R028, 1.0));
            }
        }
    }
}

/// R030: a valid bid that came after the end is of a supplier of an active award.
pub(super) fn late(records: &[&Record], flags: &mut Flags) {
    for record in records {
        let Some(end) = record.tender.ends() else { continue };
        let suppliers: Vec<_> = record.active().flat_map(|award| ids(&award.suppliers)).collect();
        for bid in record.valid().filter(|bid| instant(bid.date.as_deref()).is_some_and(|came| came > end)) {
            for id in ids(&bid.tenderers).into_iter().filter(|id| suppliers.contains(id)) {
                flags.set(About::Process, &record.ocid, Indicator::R030, 1.0);
                flags.set(About::Tenderer, id, Indicator::R030, 1.0);
            }
        }
    }
}
