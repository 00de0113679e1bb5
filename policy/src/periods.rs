//! How long somebody may think, and how long copies outlive what they were made of.

use serde::Serialize;

/// A period of `periods.toml`; see [`crate::period`].
#[derive(Debug, Serialize)]
pub struct Period {
    /// As in `periods.toml`.
    pub id: &'static str,
    /// So many days of 24 hours.
    pub days: u16,
    /// In plain Chinese.
    pub zh: &'static str,
    /// In plain English.
    pub en: &'static str,
    /// Where the number comes from.
    pub source: &'static str,
}

impl Period {
    /// How long it is, in hours.
    pub fn hours(&self) -> i64 {
        24 * i64::from(self.days)
    }
}
