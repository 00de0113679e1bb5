//! Working days (工作日): Chinese public holidays and the weekend days that are worked for them, from `workday.toml`. The one calendar of all
//! periods: of tenders, objections, requests and reports.
//!
//! Of a year whose notice is not in the data only weekends are known. Then a period in working days ends earlier than it may have to, which binds
//! who has to act, and a last day may fall on a holiday; `ziyun doctor` and the documentation say which years are known.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::sync::LazyLock;

/// What was announced for a year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    off: Vec<[Date; 2]>,
    worked: Vec<Date>,
    source: String,
}

static YEARS: LazyLock<Vec<Year>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        year: Vec<Year>,
    }
    toml::from_str::<File>(include_str!("workday.toml")).expect("workday.toml is well formed").year
});

/// Whether a day is worked.
pub fn is_worked(day: Date) -> bool {
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    match YEARS.iter().find(|year| year.year == day.year()) {
        Some(year) if year.worked.contains(&day) => true,
        Some(year) if year.off.iter().any(|[first, last]| (*first..=*last).contains(&day)) => false,
        _ => !is_weekend,
    }
}

/// The years whose holidays are known, and where that comes from.
pub fn known() -> impl Iterator<Item = (i16, &'static str)> {
    YEARS.iter().map(|year| (year.year, year.source.as_str()))
}

/// A day, or the next that is worked (民法典 art. 203).
pub fn worked_from(mut day: Date) -> Date {
    while !is_worked(day) && day < Date::MAX {
        day = day.saturating_add(1.day());
    }
    day
}

/// The last of so many working days, counted from the day after this one.
pub fn after(mut day: Date, days: u32) -> Date {
    for _ in 0..days {
        day = worked_from(day.saturating_add(1.day()));
    }
    day
}

/// The end of the last of so many working days, counted from the day after this instant's (民法典 art. 201).
pub fn end_after(at: Timestamp, days: u32, zone: &TimeZone) -> Timestamp {
    let last = after(at.to_zoned_datetime(zone.clone()).date(), days);
    zone.to_timestamp(last.saturating_add(1.day()).to_datetime(Time::midnight())).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn holidays_are_off_and_what_makes_up_for_them_is_worked() {
        for (year, source) in known() {
            assert!(source.contains(&year.to_string()), "{source}");
        }
        for year in YEARS.iter() {
            assert!(year.worked.iter().all(|day| day.year() == year.year && is_worked(*day)));
            assert!(year.worked.iter().all(|day| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)));
            for [first, last] in &year.off {
                assert!(first <= last && first.year() == year.year && last.year() == year.year);
                assert!(!is_worked(*first) && !is_worked(*last));
            }
        }
        // The eve of the Spring Festival of 2026 was a Monday, the Saturday before was worked.
        assert!(!is_worked(date(2026, 2, 16)) && is_worked(date(2026, 2, 14)));
        assert_eq!(worked_from(date(2026, 10, 1)), date(2026, 10, 8));
        assert_eq!(after(date(2026, 9, 30), 3), date(2026, 10, 10), "8, 9, and a Saturday");
        assert_eq!(after(date(2026, 11, 23), 0), date(2026, 11, 23));
        // Nothing is guessed of a year whose notice is not there.
        assert!(is_worked(date(2027, 10, 1)) && !is_worked(date(2027, 10, 2)));
    }

    #[test]
    fn a_period_ends_with_its_last_day() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let of = |text: &str, days| end_after(text.parse().unwrap(), days, &zone).to_string();
        assert_eq!(of("2026-11-23T01:00:00Z", 5), "2026-11-30T16:00:00Z", "Monday, until the next one's end");
        assert_eq!(of("2026-11-27T17:00:00Z", 1), "2026-11-30T16:00:00Z", "already Saturday");
    }

    proptest! {
        #[test]
        fn so_many_working_days_are_counted_and_no_others(offset in 0i32..1400, days in 0u32..40) {
            let day = date(2024, 12, 1).saturating_add(offset.days());
            let last = after(day, days);
            let between = (1..).map(|n: i32| day.saturating_add(n.days())).take_while(|one| *one <= last);
            prop_assert_eq!(between.filter(|one| is_worked(*one)).count(), days as usize);
            prop_assert!(days == 0 || is_worked(last));
            prop_assert_eq!(after(last, 7), after(day, days + 7), "a period is the sum of its parts");
            let next = worked_from(day);
            prop_assert!(next >= day && is_worked(next));
            prop_assert!((0..).map(|n: i32| day.saturating_add(n.days())).take_while(|one| *one < next).all(|one| !is_worked(one)));
        }
    }
}
