//! How fast one integrator may go: so many requests at once, then so many a second, counted in this process (the generic
//! cell rate algorithm, ITU-T I.371). What is sensitive is counted in the database instead ([`super::limit`]).

use super::error::Error;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Requests at once.
const BURST: i64 = 600;
/// Microseconds between two after that.
const EVERY: i64 = 20_000;
/// How many are remembered before those that limit nothing are forgotten.
const MANY: usize = 10_000;

/// By token: the instant, in µs, at which all that was taken is paid back.
#[derive(Default)]
pub struct Paces(Mutex<HashMap<[u8; 16], i64>>);

impl Paces {
    /// Counts one more.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn take(&self, who: [u8; 16], now: Timestamp) -> Result<(), Error> {
        let now = now.as_microsecond();
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= MANY {
            paces.retain(|_, back| *back > now);
        }
        let back = paces.entry(who).or_insert(now);
        let next = (*back).max(now) + EVERY;
        if next - now > BURST * EVERY {
            return Err(Error::limited((next - now - BURST * EVERY + 999_999).div_euclid(1_000_000)));
        }
        *back = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_pace() {
        let paces = Paces::default();
        let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap();
        for _ in 0..BURST {
            paces.take([1; 16], at(0)).unwrap();
        }
        assert_eq!(paces.take([1; 16], at(0)).unwrap_err().status.as_u16(), 429);
        paces.take([2; 16], at(0)).unwrap();
        paces.take([1; 16], at(20)).unwrap();
        paces.take([1; 16], at(20)).unwrap_err();
    }
}
