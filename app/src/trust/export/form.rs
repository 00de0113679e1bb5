//! What asking for a copy asks.

use super::Export;
use crate::identity::account::Password;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// The id of the copy to be made, and the password; a guest has none.
pub struct Wanted {
    pub id: Id<Export>,
    pub current: Option<Password>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let current = fields.optional_secret("current", Password::typed);
        Some(Self { id: id?, current: current? })
    }
}
