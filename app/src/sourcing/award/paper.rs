//! A letter on paper, in both languages: what the page says. The font has the characters of GB 2312.

use super::letter::Letter;
use crate::paper::{self, Sheet, Unset};
use crate::sourcing::evaluation::rule::shown;
use crate::web::text::{Arg, Words};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Sets a letter. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(letter: &Letter, words: &[Words; 2], zone: &TimeZone) -> Result<Vec<u8>, Unset> {
    let paper = Paper { letter, words, zone };
    paper::set(&paper.both(letter.title(), &[]).join("  "), paper.sheet())
}

struct Paper<'a> {
    letter: &'a Letter,
    words: &'a [Words; 2],
    zone: &'a TimeZone,
}

impl Paper<'_> {
    fn sheet(&self) -> Sheet {
        let (mut sheet, letter) = (Sheet::default(), self.letter);
        let tender = &letter.tender.tender;
        sheet.add(20.0, 0.0, &self.both(letter.title(), &[]).join("  "));
        sheet.add(9.0, 0.0, &format!("{}  {}  {}", tender.number, letter.lot.position, letter.lot.title));
        sheet.gap();
        letter.company_name.iter().for_each(|name| sheet.add(13.0, 0.0, name));
        let text = if letter.is_won { "letter-won-text" } else { "letter-regret-text" };
        self.both(text, &[("title", tender.title.clone().into())]).iter().for_each(|line| sheet.add(11.0, 0.0, line));
        sheet.gap();
        self.fact(&mut sheet, "letter-buyer", &tender.company_name);
        self.fact(&mut sheet, "award-winner", &letter.award.company_name);
        self.fact(&mut sheet, "award-amount", &money(letter.award.amount));
        self.fact(&mut sheet, "award-at", &self.time(letter.award.decided_at));
        self.fact(&mut sheet, "award-reason", &letter.award.reason);
        letter.award.departure.iter().for_each(|why| self.fact(&mut sheet, "award-departure", why));
        if let Some(by) = letter.contract_by {
            let by = [("time", self.time(by).into())];
            self.both("letter-contract-by", &by).iter().for_each(|line| sheet.add(10.0, 0.0, line));
        }
        self.own(&mut sheet);
        sheet
    }

    /// The debrief.
    fn own(&self, sheet: &mut Sheet) {
        let letter = self.letter;
        sheet.gap();
        sheet.add(13.0, 0.0, &self.both("letter-own", &[]).join("  "));
        letter.price.iter().for_each(|price| self.fact(sheet, "bid-price", &money(*price)));
        letter.flaw.iter().for_each(|flaw| self.told(sheet, &format!("bid-flaw-{flaw}")));
        letter.rank.iter().for_each(|rank| self.fact(sheet, "letter-rank", &rank.to_string()));
        let Some(points) = &letter.points else { return self.told(sheet, "letter-by-buyer") };
        let of =
            |points: Option<i64>, most: i64| format!("{} / {}", points.map_or_else(String::new, shown), shown(most));
        self.fact(sheet, "evaluation-price_points", &of(points.price, points.price_most));
        for one in &points.criteria {
            sheet.add(10.0, 0.0, &format!("{}: {}", one.title, of(Some(one.points), one.most)));
        }
        self.fact(sheet, "evaluation-total", &points.total.map_or_else(String::new, shown));
        if points.is_rejected {
            self.told(sheet, "letter-rejected");
            points.grounds.iter().for_each(|ground| self.told(sheet, &format!("evaluation-ground-{ground}")));
        }
        if let (Some(gap), Some(first)) = (letter.gap(), letter.first) {
            for (key, points) in [("letter-first", shown(first)), ("letter-gap", gap)] {
                self.both(key, &[("points", points.into())]).iter().for_each(|line| sheet.add(10.0, 0.0, line));
            }
        }
        self.told(sheet, "letter-mean");
    }

    fn fact(&self, sheet: &mut Sheet, key: &str, value: &str) {
        sheet.add(10.0, 0.0, &format!("{}: {value}", self.both(key, &[]).join("  ")));
    }

    fn told(&self, sheet: &mut Sheet, key: &str) {
        self.both(key, &[]).iter().for_each(|line| sheet.add(10.0, 0.0, line));
    }

    fn both(&self, key: &str, args: &[(&str, Arg)]) -> [String; 2] {
        self.words.each_ref().map(|words| words.text(key, args))
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }
}

fn money(fen: i64) -> String {
    format!("CNY {}.{:02}", fen / 100, fen % 100)
}
