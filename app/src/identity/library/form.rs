//! What the forms say.

use super::kind::Kind;
use super::{Document, Edition};
use crate::identity::company::part::permits::last_day;
use crate::web::{Fields, Parse, Upload};
use jiff::civil::Date;
use kit::id::Id;

/// What is said of a document beside its file.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its name: 质量管理体系认证证书.
    pub name: String,
    /// Its number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its last day; none where it has no end.
    pub ends_on: Option<Date>,
}

impl Facts {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (name, number) = (fields.name("name", 2..=100), fields.optional_text("number", 80));
        let (issuer, ends_on) = (fields.optional_text("issuer", 100), last_day(fields));
        Some(Self { name: name?, number: number?, issuer: issuer?, ends_on: ends_on? })
    }
}

/// A document that comes into the library.
pub struct New {
    /// The row to be made.
    pub id: Id<Document>,
    /// What it is.
    pub kind: Kind,
    /// What is said of it.
    pub facts: Facts,
    /// The file.
    pub file: Upload,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, kind, facts) = (fields.id("id"), Kind::take(fields, "kind"), Facts::parse(fields));
        let file = fields.some_files("file", 1).and_then(|mut files| files.pop());
        Some(Self { id: id?, kind: kind?, facts: facts?, file: file? })
    }
}

/// Another edition of one.
pub struct Replacement {
    /// The edition to be made.
    pub id: Id<Edition>,
    /// The number of the edition that was seen.
    pub version: i64,
    /// What is said of it.
    pub facts: Facts,
    /// The file; none where it stays.
    pub file: Option<Upload>,
}

impl Parse for Replacement {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version, facts) = (fields.id("id"), fields.version(), Facts::parse(fields));
        let file = fields.files("file", 1).map(|mut files| files.pop());
        Some(Self { id: id?, version: version?, facts: facts?, file: file? })
    }
}
