//! What a reader follows: parsed, sealed, read back.

use crate::reach::category;
use crate::reach::region;
use crate::web::{Error, Fields, Parse};
use serde::{Deserialize, Serialize};

/// Categories and regions by their codes. A side without codes means all of it; one side has some.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Of categories, or of groups of them.
    pub categories: Vec<String>,
    /// Of provinces.
    pub regions: Vec<String>,
}

impl Followed {
    /// Ready to be sealed.
    ///
    /// # Errors
    /// 500: codes that were checked always fit.
    pub fn to_seal(&self) -> Result<vault::Followed, Error> {
        serde_json::to_string(self).map_err(Error::fault)?.parse().map_err(Error::fault)
    }

    /// As it was sealed. A code that the lists no longer have is left out.
    ///
    /// # Errors
    /// 500 when the seal held something else.
    pub fn of(opened: &vault::Followed) -> Result<Self, Error> {
        let followed: Self = serde_json::from_str(opened.expose()).map_err(Error::fault)?;
        Ok(followed.known())
    }

    /// Without the codes that the lists no longer have.
    pub fn known(mut self) -> Self {
        self.categories.retain(|code| category::is_code(code));
        self.regions.retain(|code| is_province(code));
        self
    }

    /// Whether nothing is left of it: then nothing matches, and not everything.
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.regions.is_empty()
    }
}

impl Parse for Followed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (mut categories, mut regions) = (fields.several("categories", &["it"]), fields.several("regions", &["36"]));
        for codes in [&mut categories, &mut regions] {
            codes.sort_unstable();
            codes.dedup();
        }
        if !categories.iter().all(|code| category::is_code(code)) {
            fields.wrong::<()>("categories", "choice")?;
        }
        if !regions.iter().all(|code| is_province(code)) {
            fields.wrong::<()>("regions", "choice")?;
        }
        if categories.is_empty() && regions.is_empty() {
            fields.wrong::<()>("categories", "nothing-followed")?;
        }
        Some(Self { categories, regions })
    }
}

fn is_province(code: &str) -> bool {
    region::provinces().any(|province| province.code == code)
}
