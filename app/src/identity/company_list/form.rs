//! The form that hands a list in.

use crate::identity::listing::Import;
use crate::web::{Fields, Parse, Upload};
use kit::id::Id;

/// A file, where its addresses were published, and the id that makes two sendings one list.
pub struct New {
    pub id: Id<Import>,
    pub source: String,
    pub file: Upload,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, source, files) = (fields.id("id"), fields.name("source", 4..=100), fields.some_files("sheet", 1));
        // PIPL 27: what was published may be used within reason, unless its person has refused.
        let published = fields.ticked("published");
        let published = if published { Some(()) } else { fields.wrong("published", "addresses-not-published") };
        published?;
        Some(Self { id: id?, source: source?, file: files?.pop()? })
    }
}
