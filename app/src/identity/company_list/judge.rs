//! What becomes of a row, by what is true at this instant. The preview and the job ask the same rule.

use crate::identity::company::{self, prepared};
use kit::db::{self, Tx};
use kit::identifier::Uscc;
use schemars::JsonSchema;
use serde::Serialize;

/// What is to be done for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "plan")]
#[schemars(rename = "CompanyListVerdict")]
pub enum Verdict {
    /// A registration is prepared, and its person written to.
    Invite,
    /// One is prepared already, for the same person.
    Same,
    /// It cannot be done.
    Refuse {
        /// Why: a code.
        why: &'static str,
    },
}

/// Judges a row: the company's code, and whom it asks. Whether an address has an account is nothing that a list learns, nor
/// whether its person has refused or was just written to.
///
/// # Errors
/// [`db::Error`].
pub fn judge(tx: &mut Tx, credit_code: &str, index: &[u8]) -> Result<Verdict, db::Error> {
    let refuse = |why| Ok(Verdict::Refuse { why });
    let Ok(code) = Uscc::parse(credit_code) else { return refuse("credit-code-taken") };
    if company::is_known(tx, &code)? {
        return refuse("credit-code-taken");
    }
    match prepared::index_of(tx, credit_code)? {
        Some(asked) if asked == index => return Ok(Verdict::Same),
        Some(_) => return refuse("prepared-already"),
        None => {}
    }
    if prepared::is_asked(tx, index)? { refuse("not-asked-again") } else { Ok(Verdict::Invite) }
}
