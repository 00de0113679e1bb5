//! Business texts and files of companies at rest (clauses 6.1 and 6.3): sealed under the key that the region keeps for the company that
//! wrote them, each bound to its place.

use crate::app::{App, REGION};
use crate::identity::company::Company;
use crate::web::Error;
use kit::id::Id;
use std::collections::BTreeMap;
use vault::Keyed;

/// The keys of the companies whose texts are written or read.
pub struct Keys(BTreeMap<[u8; 16], Keyed>);

impl Keys {
    /// Those of these companies, made on first use.
    ///
    /// # Errors
    /// 503 while the key database cannot be asked.
    pub async fn of(app: &App, companies: impl IntoIterator<Item = Id<Company>>) -> Result<Self, Error> {
        let mut keys = BTreeMap::new();
        for company in companies {
            if !keys.contains_key(company.as_bytes()) {
                let key = app.vault().secrets().keyed(&format!("business/{REGION}/{company}")).await?;
                keys.insert(*company.as_bytes(), key);
            }
        }
        Ok(Self(keys))
    }

    fn key(&self, company: Id<Company>) -> Result<&Keyed, Error> {
        self.0.get(company.as_bytes()).ok_or_else(|| Error::fault("a text of a company whose key was not asked for"))
    }

    /// Seals what a company wrote for its place.
    ///
    /// # Errors
    /// 500 when the company's key was not asked for.
    pub fn seal(&self, company: Id<Company>, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.key(company)?.seal(place, plain))
    }

    /// The same again.
    ///
    /// # Errors
    /// 500 when it was changed, or belongs elsewhere.
    pub fn open(&self, company: Id<Company>, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.key(company)?.open(place, sealed)?.to_vec())
    }
}
