//! The opening record (唱标记录) on paper, in both languages: what the page says. The font has the characters of GB 2312.

use crate::paper::{self, Both, Sheet, Unset, money};
use crate::sourcing::opening::record::{Opened, OpenedLot};
use crate::sourcing::tender::Tender;
use crate::web::text::Words;
use jiff::tz::TimeZone;

/// Sets a record. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(tender: &Tender, lots: &[OpenedLot], words: &[Words; 2], zone: &TimeZone) -> Result<Vec<u8>, Unset> {
    let both = Both::new(words, zone);
    let mut sheet = Sheet::default();
    sheet.add(20.0, 0.0, &both.beside("opening-record"));
    sheet.add(13.0, 0.0, &tender.title);
    sheet.add(9.0, 0.0, &format!("{}  {}", tender.number, tender.company_name));
    if let Some(at) = tender.opened_at {
        both.fact(&mut sheet, "opening-at", &both.time(at));
    }
    lots.iter().for_each(|lot| of_lot(lot, &both, &mut sheet));
    paper::set(&both.beside("opening-record"), sheet)
}

fn of_lot(opened: &OpenedLot, both: &Both<'_>, sheet: &mut Sheet) {
    sheet.gap();
    sheet.add(13.0, 0.0, &format!("{}  {}", opened.lot.position, opened.lot.title));
    if opened.failed {
        both.told(sheet, "opening-failed-text", &[]);
    }
    if opened.unopened {
        both.told(sheet, "opening-unopened-text", &[]);
    }
    opened.bids.iter().for_each(|bid| of_bid(bid, both, sheet));
}

fn of_bid(bid: &Opened, both: &Both<'_>, sheet: &mut Sheet) {
    let name = bid.company_name.clone().unwrap_or_else(|| both.beside("bid-state-unreadable"));
    let rank = bid.rank.map_or_else(|| both.beside("opening-none"), |rank| rank.to_string());
    sheet.add(11.0, 0.0, &format!("{rank}  {name}"));
    if let Some(flaw) = &bid.flaw {
        both.told(sheet, &format!("bid-flaw-{flaw}"), &[]);
    }
    if let Some(void) = &bid.void {
        both.told(sheet, &format!("bid-void-{void}"), &[]);
    }
    if let Some(joint) = &bid.consortium {
        both.fact(sheet, "opening-agreement", &format!("SHA-256 {}", joint.agreement_sha256));
        for member in &joint.members {
            let share = member.share.map_or_else(String::new, |share| format!("  {share}%"));
            let work = member.work.as_deref().unwrap_or_default();
            sheet.add(9.0, 14.0, &format!("{}{share}  {work}", member.company_name));
        }
    }
    if let Some(price) = bid.price {
        both.fact(sheet, "bid-price", &money(price));
    }
    if bid.over_ceiling {
        both.told(sheet, "opening-over-ceiling", &[]);
    }
    if let Some(days) = bid.delivery_days {
        both.told(sheet, "opening-days", &[("n", days.into())]);
    }
    both.fact(sheet, "opening-received", &both.time(bid.received_at));
    sheet.add(9.0, 14.0, &format!("SHA-256 {}", bid.sha256));
}
