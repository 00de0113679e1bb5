//! Whether an additional function works for somebody, for the rooms that offer one.

use super::page::holds;
use crate::identity::company::Company;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;
use vault::consent::{self, Holder};

/// How a function stands for its person. It decides what a page shows; what is opened is compared by the vault itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "FunctionStanding")]
pub enum Works {
    /// The person has not agreed, or not any more.
    Off,
    /// The person has agreed, the company has not authorised it.
    WaitsForCompany,
    /// It works.
    On,
}

impl Works {
    /// Reads how it stands. `company`: the one that the person acts for.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(
        tx: &mut Tx,
        purpose: &str,
        subject: Id<Subject>,
        company: Option<Id<Company>>,
    ) -> Result<Self, db::Error> {
        let now = tx.now();
        let Some(entry) = policy::purpose_named(purpose) else { return Ok(Self::Off) };
        let mut agrees = |holder| alive(tx, holder, entry, now);
        if !policy::holds(Control::FunctionNeedsConsent) {
            return Ok(Self::On);
        }
        if !agrees(Holder::Subject(subject))? {
            return Ok(Self::Off);
        }
        let authorised = match company {
            _ if !entry.company_authorises => true,
            Some(company) => agrees(Holder::company(company))?,
            None => false,
        };
        Ok(if authorised { Self::On } else { Self::WaitsForCompany })
    }
}

fn alive(tx: &mut Tx, holder: Holder, purpose: &policy::PurposeEntry, now: Timestamp) -> Result<bool, db::Error> {
    Ok(holds(consent::at_present(tx, holder)?.get(purpose.id), purpose, now))
}
