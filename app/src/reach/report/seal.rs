//! Texts of a report, under a key of its own: what the reporter hands over, and what is said about it.

use super::Report;
use crate::app::{App, REGION};
use crate::web::Error;
use kit::id::Id;
use vault::Keyed;

/// The key of one report.
pub struct Key(Keyed, Id<Report>);

impl Key {
    /// Made on first use.
    ///
    /// # Errors
    /// 503 while the key database cannot be asked.
    pub async fn of(app: &App, report: Id<Report>) -> Result<Self, Error> {
        let key = app.vault().secrets().keyed(&format!("business/{REGION}/report/{report}")).await?;
        Ok(Self(key, report))
    }

    /// Seals a text for its place within the report.
    pub fn seal(&self, place: &str, text: &str) -> Vec<u8> {
        self.seal_bytes(place, text.as_bytes())
    }

    /// The same of a file.
    pub fn seal_bytes(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        self.0.seal(&format!("{}/{place}", self.1), plain)
    }

    /// The text again.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.open_bytes(place, sealed)?).map_err(Error::fault)
    }

    /// The file again.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.open(&format!("{}/{place}", self.1), sealed)?.to_vec())
    }

    /// The same of a text that may not be there yet.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub fn open_some(&self, place: &str, sealed: Option<&Vec<u8>>) -> Result<Option<String>, Error> {
        sealed.map(|sealed| self.open(place, sealed)).transpose()
    }
}
