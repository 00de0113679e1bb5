//! What the page shows, and what its JSON says.

use super::Export;
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A person's copies, the newest first, and the form for another.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ExportList")]
#[template(path = "trust/export/export.html")]
pub struct Exports {
    pub copies: Vec<Copy>,
    /// Who has no account has no password to type.
    #[serde(skip)]
    pub is_guest: bool,
    pub form: Form,
}

/// A copy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExportCopy")]
pub struct Copy {
    pub id: Id<Export>,
    /// `asked`, `ready`, `fetched`, `ended`.
    pub state: String,
    /// How many of the steps are done.
    pub step: i64,
    /// How many there are.
    pub steps: i64,
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// Until when it can be fetched.
    #[schemars(with = "Option<Instant>")]
    pub ends_at: Option<Timestamp>,
    /// When it was fetched, or ended.
    #[schemars(with = "Option<Instant>")]
    pub over_at: Option<Timestamp>,
    /// Bytes of the archive.
    pub size: Option<i64>,
    /// SHA-256 of the archive.
    pub sha256: Option<String>,
}

impl Copy {
    fn sign(&self) -> (&'static str, &'static str) {
        match self.state.as_str() {
            "asked" => ("warn", "hourglass"),
            "ready" => ("live", "ok"),
            _ => ("", "check"),
        }
    }
}

impl Exports {
    fn is_under_way(&self) -> bool {
        self.copies.iter().any(|copy| copy.state == "asked")
    }
}
