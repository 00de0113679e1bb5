//! What asking for an archive asks.

use super::Archive;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// The id of the archive to be made.
pub struct Wanted {
    pub id: Id<Archive>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        Some(Self { id: id? })
    }
}
