//! Blind index: HMAC-SHA-256 of the normalised value under a key of the column's own, so that equal values are found
//! without opening any. Delete its entries on erasure; limit the rate of look-ups.

use std::{fmt, marker::PhantomData};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

use crate::Personal;

/// The column of an index. The version is raised to change its key.
pub struct IndexSlot<T> {
    table: &'static str,
    column: &'static str,
    version: u32,
    of: PhantomData<fn(T)>,
}

impl<T> Clone for IndexSlot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for IndexSlot<T> {}

impl<T: Personal> IndexSlot<T> {
    /// Table and column of the index, as in the migrations.
    pub const fn new(table: &'static str, column: &'static str, version: u32) -> IndexSlot<T> {
        IndexSlot { table, column, version, of: PhantomData }
    }

    /// Of its key among the secrets.
    pub(crate) fn name(self) -> String {
        format!("index/{}.{}/{}", self.table, self.column, self.version)
    }

    pub(crate) fn with_key(self, key: &[u8; 32]) -> BlindIndex<T> {
        BlindIndex { key: Key::new(HMAC_SHA256, key), of: PhantomData }
    }
}

/// A keyed index, ready to use: hold it for the life of the process.
pub struct BlindIndex<T> {
    key: Key,
    of: PhantomData<fn(T)>,
}

impl<T> Clone for BlindIndex<T> {
    fn clone(&self) -> Self {
        BlindIndex { key: self.key.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for BlindIndex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex")
    }
}

impl<T: Personal> BlindIndex<T> {
    /// What to store and to look for: the same for the same value, and nothing else can be told from it without the
    /// key.
    pub fn of(&self, value: &T) -> [u8; 32] {
        sign(&self.key, value.expose().as_bytes()).as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }
}
