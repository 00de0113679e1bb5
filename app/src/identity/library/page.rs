//! What the pages show, and what their JSON says.

use super::kind::Kind;
use super::{Document, Edition};
use crate::identity::company::part::permits::Valid;
use crate::web::{Day, Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A document in one of its editions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LibraryDocument")]
pub struct Line {
    /// Its id.
    pub id: Id<Document>,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its last day; none where it has no end.
    #[schemars(with = "Option<Day>")]
    pub ends_on: Option<Date>,
    /// How it stands today.
    pub standing: Valid,
    /// The edition, from 1; for forms: which was seen.
    pub edition: i64,
    /// The edition's id, by which its file is had and is put into a bid.
    pub file: Id<Edition>,
    /// The file's name.
    pub file_name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// When it was kept.
    #[schemars(with = "Instant")]
    pub filed_at: Timestamp,
}

impl Line {
    /// Whether its last day is over.
    pub fn is_over(&self) -> bool {
        self.standing == Valid::Ended
    }
}

/// The library, and the form of a new document.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "Library")]
#[template(path = "identity/library/list.html")]
pub struct List {
    /// The newest first, each in its newest edition.
    pub documents: Vec<Line>,
    /// Of a new one, with its id.
    pub form: Form,
}

/// A document, its editions, and the form of another.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "LibraryShown")]
#[template(path = "identity/library/show.html")]
pub struct Shown {
    /// As it is.
    pub document: Line,
    /// As it was before, the newest first.
    pub earlier: Vec<Line>,
    /// Of another edition, with its id.
    pub form: Form,
}

/// A document that was taken out.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LibraryRemoved")]
pub struct Removed {
    /// Which.
    pub id: Id<Document>,
}
