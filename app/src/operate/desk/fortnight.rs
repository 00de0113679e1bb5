//! Two weeks of days with what falls on each.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day.
pub struct Day {
    /// As it stands in its box: the day, on the first of a month and at the start with the month.
    pub label: String,
    /// For machines.
    pub date: String,
    /// How many things fall on it.
    pub count: usize,
    /// Whether it is today.
    pub is_today: bool,
    /// Whether it is over.
    pub is_past: bool,
}

/// Fourteen days from the Monday of this week on, in a zone.
pub fn fortnight(now: Timestamp, zone: &TimeZone, dates: &[Timestamp]) -> Vec<Day> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let on: Vec<_> = dates.iter().map(|at| at.to_zoned_datetime(zone.clone()).date()).collect();
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    (0..14i64)
        .map(|n| monday.saturating_add(n.days()))
        .map(|date| Day {
            label: if date.day() == 1 { format!("{}-{}", date.month(), date.day()) } else { date.day().to_string() },
            date: date.to_string(),
            count: on.iter().filter(|other| **other == date).count(),
            is_today: date == today,
            is_past: date < today,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_begins_on_monday_and_days_are_those_of_the_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        // A Sunday in Beijing, while it is still Saturday in Greenwich.
        let now: Timestamp = "2026-11-28T17:00:00Z".parse().unwrap();
        let due: Timestamp = "2026-11-30T16:30:00Z".parse().unwrap();
        let days = fortnight(now, &zone, &[due]);
        assert_eq!((days.len(), days[0].date.as_str()), (14, "2026-11-23"));
        assert_eq!(days.iter().position(|day| day.is_today), Some(6));
        let marked: Vec<_> = days.iter().filter(|day| day.count > 0).map(|day| day.label.as_str()).collect();
        assert_eq!(marked, ["12-1"]);
    }
}
