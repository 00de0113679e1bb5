//! What many forms give, and nothing beside it.

use super::fields::{Fields, Parse};
use kit::id::Id;

/// The version that somebody has seen of what the path names.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// That version.
    pub version: i64,
}

impl Parse for Seen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { version: fields.version()? })
    }
}

/// An act on what the path names that says why.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The version that was seen.
    pub version: i64,
    /// Why; whoever may read what is acted on reads it.
    pub reason: String,
}

impl Parse for Explained {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, reason) = (fields.version(), fields.passage("reason", 5..=2000));
        Some(Self { version: version?, reason: reason? })
    }
}

/// A row that is made of what the path names: its id, so that a form sent twice makes it once.
#[derive(Debug)]
pub struct NewRow<T> {
    /// The id of the row to be made.
    pub id: Id<T>,
}

impl<T> Parse for NewRow<T> {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { id: fields.id("id")? })
    }
}
