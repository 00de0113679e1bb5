//! By when an answer is due: for most the end of the fifteenth working day after the request, as the policy promises (clause 10 of its
//! text; GB/T 35273-2020, 8.7: thirty days at most).
//!
//! Working days are those of the one calendar ([`crate::workday`]).

use crate::workday;
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The last instant of the day by which a request from `asked` is answered, after so many working days.
pub fn due(asked: Timestamp, days: u32, zone: &TimeZone) -> Timestamp {
    let date = workday::after(asked.to_zoned_datetime(zone.clone()).date(), days);
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
        // A week of holidays, and a Saturday that is worked.
        assert_eq!(of("2026-09-28T01:00:00Z"), "2026-10-23T15:59:59Z");
    }
}
