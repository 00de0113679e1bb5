//! The one place that knows what time it is.
//!
//! Everything that needs the time is handed a [`Clock`], or reads [`crate::db::Tx::now`]. A movable clock exists for
//! tests and for the demo on loopback; it starts at an instant of its own and goes on with the machine's pace.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time, as an argument. Clones of a movable clock move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds to add to the machine's clock; `None` for a clock that nobody can move.
    ahead: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self { ahead: None }
    }

    /// A clock that shows `start` now and can be moved.
    pub fn movable(start: Timestamp) -> Self {
        let ahead = start.as_microsecond() - machine().as_microsecond();
        Self { ahead: Some(Arc::new(AtomicI64::new(ahead))) }
    }

    /// Now, in whole microseconds, as it is stored.
    pub fn now(&self) -> Timestamp {
        let ahead = self.ahead.as_ref().map_or(0, |ahead| ahead.load(Ordering::SeqCst));
        Timestamp::from_microsecond(machine().as_microsecond() + ahead).expect("the clock stays within jiff's range")
    }

    /// Whether [`Clock::advance`] has an effect.
    pub fn is_movable(&self) -> bool {
        self.ahead.is_some()
    }

    /// Moves a movable clock forward; a system clock stays as it is and answers `false`.
    pub fn advance(&self, by: SignedDuration) -> bool {
        let Some(ahead) = &self.ahead else { return false };
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        ahead.fetch_add(by, Ordering::SeqCst);
        true
    }

    /// Sets a movable clock to an instant, later or earlier; a system clock stays as it is and answers `false`.
    pub fn set(&self, to: Timestamp) -> bool {
        let Some(ahead) = &self.ahead else { return false };
        ahead.store(to.as_microsecond() - machine().as_microsecond(), Ordering::SeqCst);
        true
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
fn machine() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together_and_a_system_clock_does_not_move() {
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        let clock = Clock::movable(start);
        let other = clock.clone();
        assert!(clock.advance(SignedDuration::from_hours(5)));
        let passed = other.now().duration_since(start);
        assert!(passed >= SignedDuration::from_hours(5) && passed < SignedDuration::from_hours(6));
        assert!(!Clock::system().advance(SignedDuration::from_hours(5)));
    }
}
