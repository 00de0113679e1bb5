//! What the page shows, and what its JSON says.

use super::Archive;
use crate::sourcing::tender::Tender;
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A company's archives of a tender, the newest first, and the form for another.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "TenderArchives")]
#[template(path = "sourcing/archive/show.html")]
pub struct Archives {
    pub tender: Id<Tender>,
    /// The number that people quote.
    pub number: String,
    pub title: String,
    /// Whether its reader gets the whole; else the public part and what is their company's own.
    pub is_whole: bool,
    pub archives: Vec<Bundle>,
    pub form: Form,
}

/// An archive.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenderArchive")]
pub struct Bundle {
    pub id: Id<Archive>,
    /// `asked` or `ready`.
    pub state: String,
    /// How many of the steps are done.
    pub step: i64,
    /// How many there are.
    pub steps: i64,
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// Until when it can be downloaded.
    #[schemars(with = "Option<Instant>")]
    pub ends_at: Option<Timestamp>,
    /// Bytes.
    pub size: Option<i64>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
}

impl Bundle {
    fn is_ready(&self) -> bool {
        self.state == "ready"
    }

    fn sign(&self) -> (&'static str, &'static str) {
        if self.is_ready() { ("live", "ok") } else { ("warn", "hourglass") }
    }
}

impl Archives {
    fn is_under_way(&self) -> bool {
        self.archives.iter().any(|one| !one.is_ready())
    }
}
