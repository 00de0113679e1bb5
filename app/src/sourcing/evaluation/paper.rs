//! The report on paper, in both languages: what the page says, and the hash of the file that the log commits to. The font has the
//! characters of GB 2312.

use super::page::ReportPage;
use super::report::{Judged, Report};
use super::rule::shown;
use crate::paper::{self, Both, Sheet, Unset, money};
use crate::web::text::Words;
use evidence::Hash;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Sets a report. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(page: &ReportPage, words: &[Words; 2], zone: &TimeZone) -> Result<Vec<u8>, Unset> {
    let both = Both::new(words, zone);
    let (mut sheet, report) = (Sheet::default(), &page.report);
    head(report, &both, &mut sheet);
    sheet.add(13.0, 0.0, &both.beside("evaluation-ranking"));
    for bid in &report.bids {
        place(bid, &both, &mut sheet);
    }
    both.told(&mut sheet, "criteria-formula", &[("n", report.criteria.price_weight.into())]);
    for bid in &report.bids {
        votes(bid, &both, &mut sheet);
    }
    members(report, &both, &mut sheet);
    sheet.gap();
    both.fact(&mut sheet, "evaluation-file", &format!("SHA-256 {}", page.sha256));
    both.told(&mut sheet, "evaluation-file-text", &[]);
    paper::set(&both.beside("evaluation-report"), sheet)
}

/// Sets the report that these bytes are.
///
/// # Errors
/// As [`set`]; [`Unset`] when they are none.
pub fn set_written(text: &str, words: &[Words; 2], zone: &TimeZone) -> Result<Vec<u8>, Unset> {
    let report: Report = serde_json::from_str(text).map_err(|e| Unset(e.to_string()))?;
    let sha256 = Hash::of(&[text.as_bytes()]).to_string();
    set(&ReportPage { report, sha256, awards: false }, words, zone)
}

fn head(report: &Report, both: &Both<'_>, sheet: &mut Sheet) {
    sheet.add(20.0, 0.0, &both.beside("evaluation-report"));
    sheet.add(13.0, 0.0, &report.title);
    sheet.add(9.0, 0.0, &format!("{}  {}  {}", report.number, report.lot_number, report.lot_title));
    if let Ok(at) = report.concluded_at.parse::<Timestamp>() {
        sheet.add(9.0, 0.0, &both.time(at));
    }
    if report.round > 1 {
        both.told(sheet, "evaluation-round", &[("n", report.round.into())]);
    }
    sheet.gap();
}

/// A bid's place, and from what it comes.
fn place(bid: &Judged, both: &Both<'_>, sheet: &mut Sheet) {
    let rank = bid.rank.map_or_else(|| both.beside("evaluation-rejected"), |rank| rank.to_string());
    sheet.add(11.0, 0.0, &format!("{rank}  {} ({})", bid.company_name, bid.letter));
    let mut told = vec![format!("{} {}", both.beside("bid-price"), money(bid.price))];
    let parts = [
        ("evaluation-price_points", bid.price_points),
        ("evaluation-technical", bid.technical),
        ("evaluation-total", bid.total),
    ];
    told.extend(parts.iter().filter_map(|(key, points)| Some(format!("{} {}", both.beside(key), shown((*points)?)))));
    told.iter().for_each(|line| sheet.add(9.0, 14.0, line));
}

/// What each member gave it.
fn votes(bid: &Judged, both: &Both<'_>, sheet: &mut Sheet) {
    sheet.gap();
    sheet.add(13.0, 0.0, &format!("{}  {}", bid.letter, bid.company_name));
    for vote in &bid.votes {
        let seat = both.of("evaluation-seat", &[("n", vote.number.into())]).join("  ");
        sheet.add(10.0, 0.0, &format!("{seat}: {}", vote.shown()));
        if let Some(ground) = vote.ground {
            sheet.add(9.0, 14.0, &both.beside(&ground.word()));
        }
        if !vote.remark.is_empty() {
            sheet.add(9.0, 14.0, &vote.remark);
        }
        if let Some(reason) = &vote.deviation {
            sheet.add(9.0, 14.0, &format!("{}: {reason}", both.beside("evaluation-deviation")));
        }
    }
}

fn members(report: &Report, both: &Both<'_>, sheet: &mut Sheet) {
    sheet.gap();
    sheet.add(13.0, 0.0, &both.beside("committee"));
    for one in &report.members {
        let seat = both.of("evaluation-seat", &[("n", one.number.into())]).join("  ");
        let from = both.beside(if one.own { "committee-own-person" } else { "committee-expert" });
        sheet.add(10.0, 0.0, &format!("{seat}: {from}"));
        sheet.add(9.0, 14.0, &one.pseudonym);
    }
    for one in &report.left {
        let seat = both.of("evaluation-seat", &[("n", one.number.into())]).join("  ");
        let how = both.beside(&format!("evaluation-standing-{}", one.how));
        sheet.add(10.0, 0.0, &format!("{seat}: {how}  {}", one.reason));
    }
    both.fact(sheet, "committee-pool", &report.drawing.pool);
    if let (Some(entry), Some(seed)) = (report.drawing.entry, &report.drawing.seed) {
        both.told(sheet, "committee-seed", &[("n", entry.into())]);
        sheet.add(9.0, 14.0, seed);
    }
}
