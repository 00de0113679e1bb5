//! The key under which a consortium's agreement lies, in the key database.

use super::{Agreement, Consortium, signed};
use crate::app::{App, REGION};
use crate::web::Error;
use kit::id::Id;
use vault::Keyed;

/// The key of one consortium.
pub struct Key(Keyed, Id<Consortium>);

impl Key {
    /// Made on first use.
    ///
    /// # Errors
    /// 503 while the key database cannot be asked.
    pub async fn of(app: &App, consortium: Id<Consortium>) -> Result<Self, Error> {
        let key = app.vault().secrets().keyed(&format!("business/{REGION}/consortium/{consortium}")).await?;
        Ok(Self(key, consortium))
    }

    /// Seals an agreement.
    pub fn seal(&self, agreement: &Agreement) -> Vec<u8> {
        self.0.seal(&self.place(), agreement.text().as_bytes())
    }

    /// The same again.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open(&self, sealed: &[u8]) -> Result<Agreement, Error> {
        serde_json::from_slice(&self.0.open(&self.place(), sealed)?).map_err(Error::fault)
    }

    /// Seals the file of the agreement.
    pub fn seal_signed(&self, content: &[u8]) -> Vec<u8> {
        self.0.seal(&signed::place(self.1), content)
    }

    /// The same again.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open_signed(&self, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.open(&signed::place(self.1), sealed)?.to_vec())
    }

    fn place(&self) -> String {
        format!("consortium.agreement/{}", self.1)
    }
}
