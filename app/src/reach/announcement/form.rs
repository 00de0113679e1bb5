//! What drafting, changing and publishing ask.

use crate::web::{Fields, Parse};
use jiff::Timestamp;
use kit::id::Id;

use super::store::Marker;

/// An announcement in both languages, and until when it stands on top of pages.
#[derive(Clone, Debug)]
pub struct Words {
    /// Its title in Chinese.
    pub title_zh: String,
    /// And in English.
    pub title_en: String,
    /// Its text in Chinese.
    pub body_zh: String,
    /// And in English.
    pub body_en: String,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Words {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (title_zh, title_en) = (fields.name("title_zh", 4..=80), fields.name("title_en", 4..=120));
        let (body_zh, body_en) = (fields.text("body_zh", 5..=2000), fields.text("body_en", 5..=4000));
        let ends_at = fields.like("ends_at", "2027-01-15T03:30:00Z").instant("ends_at");
        let (title_zh, title_en, body_zh, body_en) = (title_zh?, title_en?, body_zh?, body_en?);
        Some(Self { title_zh, title_en, body_zh, body_en, ends_at: ends_at? })
    }
}

/// One about to be drafted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Made with the form: sent twice, it is one.
    pub id: Id<Marker>,
    /// What it says.
    pub words: Words,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, words) = (fields.id("id"), Words::parse(fields));
        Some(Self { id: id?, words: words? })
    }
}

/// A draft that is changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The version that was read.
    pub version: i64,
    /// What it says from now on.
    pub words: Words,
}

impl Parse for Changed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, words) = (fields.version(), Words::parse(fields));
        Some(Self { version: version?, words: words? })
    }
}
