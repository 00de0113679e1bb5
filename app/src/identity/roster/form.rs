//! The form that hands a list in.

use super::Import;
use crate::web::{Fields, Parse, Upload};
use kit::id::Id;

/// A file, and the id that makes two sendings one list.
pub struct New {
    pub id: Id<Import>,
    pub file: Upload,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, files) = (fields.id("id"), fields.some_files("sheet", 1));
        Some(Self { id: id?, file: files?.pop()? })
    }
}
