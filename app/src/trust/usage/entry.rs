//! One request, as it is kept: a line of JSON inside a seal.

use super::told;
use crate::web::{Context, Instant};
use http::StatusCode;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::Use;

/// How much of a page's address and of a query is kept, in characters.
const PAGE: usize = 200;
const QUERY: usize = 1_000;

/// What was used, when, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "UseEntry")]
pub struct Entry {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// `GET`, `POST` or `HEAD`.
    pub method: String,
    /// The page's path.
    pub page: String,
    /// What was searched or filtered for: the query, undecoded.
    pub query: String,
    /// From which address.
    pub ip: String,
    /// The answer's status.
    pub status: u16,
}

impl Entry {
    /// Of a request that was answered.
    pub fn of(context: &Context, status: StatusCode) -> Self {
        let cut = |text: &str, most| text.chars().take(most).collect();
        Self {
            at: context.now,
            method: told(&context.method).to_owned(),
            page: cut(&without_keys(&context.path), PAGE),
            query: cut(&context.query, QUERY),
            ip: context.ip.to_string(),
            status: status.as_u16(),
        }
    }

    /// As it stands in a seal, without its end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }

    /// The entries of documents, the newest first.
    pub fn read(documents: &[Use]) -> Vec<Self> {
        let lines = documents.iter().flat_map(|document| document.expose().lines());
        let mut entries: Vec<Self> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        entries
    }

    /// The query as somebody typed it.
    pub fn searched(&self) -> String {
        let pairs = url::form_urlencoded::parse(self.query.as_bytes()).filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }
}

/// A path without the keys that stand in it: whoever reads what visitors used could act by them. Ids are shorter than keys.
fn without_keys(path: &str) -> String {
    const SHORTEST: usize = 40;
    let is_key = |part: &str| {
        part.len() >= SHORTEST && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    path.split('/').map(|part| if is_key(part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}
