//! The one place that draws random numbers: the operating system's generator, or a seeded one in tests.

use crate::id::Id;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex};

/// Randomness, as an argument. Both kinds are cryptographic generators; only the seed differs.
#[derive(Clone)]
pub struct Random(Arc<Mutex<ChaCha20Rng>>);

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

impl Random {
    /// ChaCha20 keyed by the operating system at start.
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_os_rng())))
    }

    /// The same numbers in each run. For tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Fills a buffer of any length.
    pub fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner()).fill_bytes(buffer);
    }

    /// A number in `0..end`, each equally likely. `end` must not be 0.
    pub fn below(&self, end: u64) -> u64 {
        assert!(end > 0, "there is no number below 0");
        let unbiased = u64::MAX - u64::MAX % end;
        loop {
            let drawn = u64::from_le_bytes(self.bytes());
            if drawn < unbiased {
                return drawn % end;
            }
        }
    }

    /// A random id that tells no time (UUIDv4).
    pub fn id<T>(&self) -> Id<T> {
        Id::v4(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_below_stays_below() {
        let (one, two) = (Random::seeded(7), Random::seeded(7));
        assert_eq!(one.bytes::<16>(), two.bytes::<16>());
        assert!((0..1000).all(|_| one.below(6) < 6));
        assert_ne!(Random::system().bytes::<16>(), Random::system().bytes::<16>());
    }
}
