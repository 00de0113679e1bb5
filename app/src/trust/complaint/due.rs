//! By when an answer is due: for most the end of the fifteenth working day after the request, as the policy promises (clause 10 of its
//! text; GB/T 35273-2020, 8.7: thirty days at most).
//!
//! Mondays to Fridays count. Public holidays, which are announced from year to year, are not taken off, which makes the day
//! earlier; nor are Saturdays counted that are worked to make up for one, which may make it a day later.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The last instant of the day by which a request from `asked` is answered, after so many working days.
pub fn due(asked: Timestamp, days: u32, zone: &TimeZone) -> Timestamp {
    let mut date = asked.to_zoned_datetime(zone.clone()).date();
    let mut left = days;
    while left > 0 {
        date = date.saturating_add(1.day());
        if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    zone.to_timestamp(date.to_datetime(Time::constant(23, 59, 59, 0))).unwrap_or(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_working_days_are_three_weeks_and_weekends_do_not_count() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let of = |text: &str| due(text.parse().unwrap(), 15, &zone).to_string();
        // Monday, Friday, and a Sunday that is still Saturday in UTC.
        assert_eq!(of("2026-11-23T01:00:00Z"), "2026-12-14T15:59:59Z");
        assert_eq!(of("2026-11-27T09:00:00Z"), "2026-12-18T15:59:59Z");
        assert_eq!(of("2026-11-28T17:00:00Z"), "2026-12-18T15:59:59Z");
    }
}
