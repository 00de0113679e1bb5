//! A personal value at rest, and the place it belongs to.
//!
//! Stored form: suite (1 byte), key id (16), then the cipher's commitment (32), nonce (12), ciphertext and tag (16).

use std::{fmt, marker::PhantomData};

use policy::Field;
use zeroize::Zeroizing;

use crate::{
    Error, Id, Personal, Subject,
    keys::DataKey,
    personal,
    suite::{Context, SUITE},
};

/// A column that holds values of one personal type. A constant of the room that owns the table.
pub struct Slot<T> {
    table: &'static str,
    column: &'static str,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T: Personal> Slot<T> {
    /// Table and column as in the migrations. They are part of what a seal is bound to: renaming a column means sealing
    /// anew.
    pub const fn new(table: &'static str, column: &'static str) -> Slot<T> {
        Slot { table, column, holds: PhantomData }
    }

    /// What was read from this column: bytes, whose it is, and the row's id.
    pub fn load<W>(self, bytes: Vec<u8>, subject: Id<Subject>, row: Id<W>) -> Sealed<T> {
        Sealed { bytes, place: self.place(subject, row), holds: PhantomData }
    }

    pub(crate) fn place<W>(self, subject: Id<Subject>, row: Id<W>) -> Place {
        Place { table: self.table, column: self.column, subject, row: *row.as_bytes() }
    }
}

/// Where a seal belongs, but for the region.
#[derive(Clone, Copy)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub subject: Id<Subject>,
    pub row: [u8; 16],
}

/// A sealed `T`. It has no `Display`, no `Serialize`, and a `Debug` without content; only [`crate::Vault::open`] gets
/// at the value.
pub struct Sealed<T> {
    bytes: Vec<u8>,
    place: Place,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Sealed { bytes: self.bytes.clone(), place: self.place, holds: PhantomData }
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({}.{})", self.place.table, self.place.column)
    }
}

impl<T: Personal> Sealed<T> {
    /// For storing: the ciphertext with its header.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whose datum it is.
    pub fn subject(&self) -> Id<Subject> {
        self.place.subject
    }

    pub(crate) fn key_id(&self) -> Result<Id<DataKey>, Error> {
        Ok(self.header()?.0)
    }

    /// `context` lends its memory.
    pub(crate) fn decrypt(&self, region: &str, key: &DataKey, context: &mut Context) -> Result<T, Error> {
        let (id, content) = self.header()?;
        debug_assert_eq!(<T::Field as Field>::RETENTION, key.class);
        context.become_field(region, self.place, id);
        let text = String::from_utf8(key.cipher.open_exposed(context, content)?).map_err(|broken| {
            // Cleared as all that comes out of a seal is.
            drop(Zeroizing::new(broken.into_bytes()));
            Error::Unreadable
        })?;
        Ok(T::restore(personal::Unsealed(Zeroizing::new(text))))
    }

    fn header(&self) -> Result<(Id<DataKey>, &[u8]), Error> {
        match self.bytes.split_first_chunk::<17>() {
            Some(([SUITE, id @ ..], content)) => Ok((Id::from_bytes(*id), content)),
            _ => Err(Error::Unreadable),
        }
    }
}

/// The stored form.
pub fn envelope(key: Id<DataKey>, content: &[u8]) -> Vec<u8> {
    [&[SUITE], &key.as_bytes()[..], content].concat()
}
