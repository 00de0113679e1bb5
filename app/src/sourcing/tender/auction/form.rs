//! The form: whether there is an auction, when, and how it goes.

use super::super::form::local;
use super::super::tender::Tender;
use super::{Course, Terms, percent};
use crate::sourcing::profile::AuctionBounds;
use crate::web::{Broken, Fields, Form, Parse};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What a buyer gives.
#[derive(Clone)]
pub struct Given {
    /// The tender's version that was seen.
    pub version: i64,
    /// None where there is no auction.
    pub wanted: Option<Wanted>,
}

/// An auction as it is wanted.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// When it begins.
    pub at: Timestamp,
    /// The least step, in thousandths.
    pub step: i64,
    /// How it goes; the rounds of turns are the profile's.
    pub course: Course,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("mode", ["turns", "open", "none"]);
        let version = fields.version();
        let mode =
            fields.parse("mode", |code| ["turns", "open", "none"].into_iter().find(|one| *one == code).ok_or("choice"));
        fields.like("auction_at", "2027-01-12T06:00:00Z").like("step", "1.5").like("turn_minutes", "3");
        fields.like("minutes", "30").like("extension_minutes", "3").like("hard_minutes", "60");
        let at = fields.optional_instant("auction_at");
        let step = fields.optional("step", |text| thousandths(text).ok_or("auction-percent"));
        let mut whole = |field| fields.optional(field, |text| minutes(text).ok_or("auction-minutes"));
        let (turn, length) = (whole("turn_minutes"), whole("minutes"));
        let (extension, hard) = (whole("extension_minutes"), whole("hard_minutes"));
        let (at, step, turn, length, extension, hard) = (at?, step?, turn?, length?, extension?, hard?);
        let mode = mode?;
        if mode == "none" {
            return Some(Self { version: version?, wanted: None });
        }
        let at = at.or_else(|| fields.wrong("auction_at", "required"));
        let step = step.or_else(|| fields.wrong("step", "required"));
        let mut needed = |field, value: Option<i64>| value.or_else(|| fields.wrong(field, "required"));
        let course = if mode == "turns" {
            needed("turn_minutes", turn).map(|turn_minutes| Course::Turns { rounds: 0, turn_minutes })
        } else {
            let (minutes, extension) = (needed("minutes", length), needed("extension_minutes", extension));
            let hard = needed("hard_minutes", hard);
            Some(Course::Open { minutes: minutes?, extension_minutes: extension?, hard_minutes: hard? })
        };
        Some(Self { version: version?, wanted: Some(Wanted { at: at?, step: step?, course: course? }) })
    }
}

fn minutes(text: &str) -> Option<i64> {
    text.parse().ok().filter(|minutes| (1..=10_000).contains(minutes))
}

/// Percent with one digit after the point at most, as thousandths.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_plain = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (is_plain(whole, 3) && is_plain(part, 1)).then_some(())?;
    Some(whole.parse::<i64>().ok()? * 10 + part.parse::<i64>().ok()?)
}

impl Wanted {
    /// The terms within the method's bounds, or which fields break them.
    ///
    /// # Errors
    /// The fields with their rules.
    pub fn within(self, bounds: &AuctionBounds) -> Result<Terms, Vec<(&'static str, Broken)>> {
        let mut broken = Vec::new();
        let mut check = |field, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                broken.push((field, Broken::rule("auction-range").with("least", least).with("most", most)));
            }
        };
        let course = match self.course {
            Course::Turns { turn_minutes, .. } => {
                check("turn_minutes", turn_minutes, 1, bounds.turn_minutes_most);
                Course::Turns { rounds: bounds.rounds, turn_minutes }
            }
            Course::Open { minutes, extension_minutes, hard_minutes } => {
                check("minutes", minutes, 1, bounds.minutes_most);
                check("extension_minutes", extension_minutes, 1, minutes.max(1));
                check("hard_minutes", hard_minutes, minutes, bounds.minutes_most);
                self.course
            }
        };
        if !(bounds.step_least..=bounds.step_most).contains(&self.step) {
            let (least, most) = (percent(bounds.step_least), percent(bounds.step_most));
            broken.push(("step", Broken::rule("auction-step-range").with("least", least).with("most", most)));
        }
        if broken.is_empty() { Ok(Terms { step: self.step, course }) } else { Err(broken) }
    }
}

/// The form as a draft has it.
pub fn filled(tender: &Tender, known: Option<&Terms>, zone: &TimeZone, proposed: Timestamp) -> Form {
    let at = tender.auction_at.unwrap_or(proposed);
    let form = Form::filled([("version", tender.version.to_string()), ("auction_at", local(at, zone))]);
    let form = form.with("step", known.map_or_else(|| "1".to_owned(), Terms::percent));
    let usual = form
        .with("turn_minutes", "3")
        .with("minutes", "30")
        .with("extension_minutes", "3")
        .with("hard_minutes", "60")
        .with("mode", known.map_or("none", |terms| terms.course.code()));
    match known.map(|terms| terms.course) {
        Some(Course::Turns { turn_minutes, .. }) => usual.with("turn_minutes", turn_minutes.to_string()),
        Some(Course::Open { minutes, extension_minutes, hard_minutes }) => usual
            .with("minutes", minutes.to_string())
            .with("extension_minutes", extension_minutes.to_string())
            .with("hard_minutes", hard_minutes.to_string()),
        None => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_has_one_digit_after_the_point() {
        assert_eq!(["0.5", "1", "1.5", "3.0"].map(thousandths), [Some(5), Some(10), Some(15), Some(30)]);
        for wrong in ["", ".5", "1.", "1.55", "-1", "1,5", "一", "1e1", "1000"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }
}
