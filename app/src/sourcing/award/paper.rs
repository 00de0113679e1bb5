//! A letter on paper, in both languages: what the page says. The font has the characters of GB 2312.

use super::letter::Letter;
use crate::paper::{self, Both, Sheet, Unset, money};
use crate::sourcing::evaluation::rule::shown;
use crate::web::text::Words;
use jiff::tz::TimeZone;

/// Sets a letter. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(letter: &Letter, words: &[Words; 2], zone: &TimeZone) -> Result<Vec<u8>, Unset> {
    let both = Both::new(words, zone);
    paper::set(&both.beside(letter.title()), sheet(letter, &both))
}

fn sheet(letter: &Letter, both: &Both<'_>) -> Sheet {
    let (mut sheet, tender) = (Sheet::default(), &letter.tender.tender);
    sheet.add(20.0, 0.0, &both.beside(letter.title()));
    sheet.add(9.0, 0.0, &format!("{}  {}  {}", tender.number, letter.lot.position, letter.lot.title));
    sheet.gap();
    letter.company_name.iter().for_each(|name| sheet.add(13.0, 0.0, name));
    let text = if letter.is_won { "letter-won-text" } else { "letter-regret-text" };
    both.of(text, &[("title", tender.title.clone().into())]).iter().for_each(|line| sheet.add(11.0, 0.0, line));
    sheet.gap();
    both.fact(&mut sheet, "letter-buyer", &tender.company_name);
    both.fact(&mut sheet, "award-winner", &letter.award.company_name);
    both.fact(&mut sheet, "award-amount", &money(letter.award.amount));
    both.fact(&mut sheet, "award-at", &both.time(letter.award.decided_at));
    both.fact(&mut sheet, "award-reason", &letter.award.reason);
    letter.award.departure.iter().for_each(|why| both.fact(&mut sheet, "award-departure", why));
    if let Some(by) = letter.contract_by {
        both.told(&mut sheet, "letter-contract-by", &[("time", both.time(by).into())]);
    }
    if letter.is_joint && letter.is_won {
        both.told(&mut sheet, "letter-joint-text", &[]);
    }
    own(letter, both, &mut sheet);
    sheet
}

/// The debrief.
fn own(letter: &Letter, both: &Both<'_>, sheet: &mut Sheet) {
    sheet.gap();
    sheet.add(13.0, 0.0, &both.beside("letter-own"));
    letter.price.iter().for_each(|price| both.fact(sheet, "bid-price", &money(*price)));
    letter.flaw.iter().for_each(|flaw| both.told(sheet, &format!("bid-flaw-{flaw}"), &[]));
    letter.rank.iter().for_each(|rank| both.fact(sheet, "letter-rank", &rank.to_string()));
    let Some(points) = &letter.points else { return both.told(sheet, "letter-by-buyer", &[]) };
    let of = |points: Option<i64>, most: i64| format!("{} / {}", points.map_or_else(String::new, shown), shown(most));
    both.fact(sheet, "evaluation-price_points", &of(points.price, points.price_most));
    for one in &points.criteria {
        sheet.add(10.0, 0.0, &format!("{}: {}", one.title, of(Some(one.points), one.most)));
    }
    both.fact(sheet, "evaluation-total", &points.total.map_or_else(String::new, shown));
    if points.is_rejected {
        both.told(sheet, "letter-rejected", &[]);
        points.grounds.iter().for_each(|ground| both.told(sheet, &format!("evaluation-ground-{ground}"), &[]));
    }
    if let (Some(gap), Some(first)) = (letter.gap(), letter.first) {
        for (key, points) in [("letter-first", shown(first)), ("letter-gap", gap)] {
            both.told(sheet, key, &[("points", points.into())]);
        }
    }
    both.told(sheet, "letter-mean", &[]);
}
