//! Until when a bid binds: a pure rule.

use crate::sourcing::profile::days_after;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// When a bid ceases to bind that was due at this instant: `days` of its tender, and those that its bidder has agreed to beside.
pub fn ends(deadline: Timestamp, days: i64, agreed: i64, zone: &TimeZone) -> Timestamp {
    days_after(deadline, days.saturating_add(agreed), zone)
}

/// Whether answers may be due at this instant: there is time to answer, and every bid that is asked for binds as long. Otherwise the latest
/// instant.
///
/// # Errors
/// The latest instant that may be given.
pub fn may_be_due(due: Timestamp, now: Timestamp, ends: &[Timestamp]) -> Result<(), Timestamp> {
    let latest = ends.iter().copied().min().unwrap_or(now);
    if now < due && due <= latest { Ok(()) } else { Err(latest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn answers_are_due_before_any_bid_that_is_asked_for_ends() {
        assert_eq!(may_be_due(at(5), at(0), &[at(9), at(7)]), Ok(()));
        assert_eq!(may_be_due(at(7), at(0), &[at(9), at(7)]), Ok(()));
        assert_eq!(may_be_due(at(8), at(0), &[at(9), at(7)]), Err(at(7)));
        assert_eq!(may_be_due(at(0), at(0), &[at(9)]), Err(at(9)), "now is too soon");
        assert!(may_be_due(at(1), at(0), &[]).is_err(), "nobody is asked");
    }

    proptest! {
        #[test]
        fn who_agrees_is_bound_longer_and_who_does_not_as_before(days in 1i64..366, more in 1i64..366, second in 0i64..100_000_000) {
            let zone = TimeZone::UTC;
            let before = ends(at(second), days, 0, &zone);
            prop_assert!(ends(at(second), days, more, &zone) >= before);
            prop_assert!(before > at(second));
        }
    }
}
