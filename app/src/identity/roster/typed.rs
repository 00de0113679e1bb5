//! Cells as they were typed, of rows that could not be read: sealed under the key that the region keeps for the company
//! (clause 6.3), each bound to its row, until the list is forgotten.

use super::Import;
use crate::app::{App, REGION};
use crate::identity::company::Company;
use crate::web::Error;
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::Keyed;

/// The cells of a row, as they were typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RosterCells")]
pub struct Typed {
    pub email: String,
    pub duties: String,
}

/// The key of a company's cells.
pub struct Key(Keyed);

impl Key {
    /// Made on first use.
    ///
    /// # Errors
    /// 503 while the key database cannot be asked.
    pub async fn of(app: &App, company: Id<Company>) -> Result<Self, Error> {
        Ok(Self(app.vault().secrets().keyed(&format!("business/{REGION}/{company}")).await?))
    }

    /// Seals both cells of a row.
    ///
    /// # Errors
    /// 500.
    pub fn seal(&self, import: Id<Import>, number: i64, typed: &Typed) -> Result<Vec<u8>, Error> {
        let plain = serde_json::to_vec(typed).map_err(Error::fault)?;
        Ok(self.0.seal(&context(import, number), &plain))
    }

    /// Both cells again.
    ///
    /// # Errors
    /// 500 when they were changed, or belong elsewhere.
    pub fn open(&self, import: Id<Import>, number: i64, sealed: &[u8]) -> Result<Typed, Error> {
        serde_json::from_slice(&self.0.open(&context(import, number), sealed)?).map_err(Error::fault)
    }
}

fn context(import: Id<Import>, number: i64) -> String {
    format!("member_import_row.typed/{import}/{number}")
}
