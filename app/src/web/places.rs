//! Places for connections that last: so many for each who holds some, and no more.

use super::error::Error;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many each holds. Clones count together.
pub struct Places<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Clone for Places<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// A place; it is free again when the connection ends, however that comes about.
pub struct Place<K: Copy + Eq + Hash> {
    places: Places<K>,
    holder: K,
}

impl<K: Copy + Eq + Hash> Places<K> {
    /// One more for whoever that is, of `most`.
    ///
    /// # Errors
    /// 429, to be tried again after so many seconds.
    pub fn admit(&self, holder: K, most: usize, again: u64) -> Result<Place<K>, Error> {
        let mut open = self.open();
        let count = open.entry(holder).or_default();
        if *count >= most {
            return Err(Error::limited(again.cast_signed()));
        }
        *count += 1;
        Ok(Place { places: self.clone(), holder })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Place<K> {
    /// Whose it is.
    pub fn holder(&self) -> K {
        self.holder
    }
}

impl<K: Copy + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut open = self.places.open();
        if let Some(count) = open.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.holder);
            }
        }
    }
}
