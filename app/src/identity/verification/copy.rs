//! The same picture in another company's case: a paper that is shown for two companies belongs to one of them at most. It is
//! told and decides nothing. What is compared is a keyed hash of the page as it was drawn, so that it finds the same file, not
//! another photo of the same paper.

use super::Verification;
use super::kind::Kind;
use super::record::Record;
use super::step::Step;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many are told at most.
const MOST: i64 = 5;

/// Another case with the same picture.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationCopy")]
pub struct Copy {
    /// The other case.
    pub verification: Id<Verification>,
    /// What it verifies.
    pub kind: Kind,
    /// Whose company's.
    pub company_name: String,
    /// In which step of this case the picture stands.
    pub step: Step,
}

/// Those of a case, by cases of other companies.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, record: &Record) -> Result<Vec<Copy>, db::Error> {
    let sql = "SELECT DISTINCT v.id, v.kind, c.name, own.step FROM verification_page own \
         JOIN verification_page p ON p.mark = own.mark AND p.id <> own.id \
         JOIN verification_case v ON v.id = p.verification JOIN company c ON c.id = v.company \
         WHERE own.verification = $1 AND own.mark IS NOT NULL AND p.mark IS NOT NULL AND v.company <> $2 \
         ORDER BY v.id, own.step LIMIT $3";
    let found = tx.all(sql, values![record.id, record.company, MOST], |row| {
        let (verification, kind): (_, String) = (row.next()?, row.next()?);
        let (company_name, step) = (row.next()?, row.next::<String>()?);
        Ok(Kind::of(&kind).zip(Step::of(&step)).map(|(kind, step)| Copy { verification, kind, company_name, step }))
    })?;
    Ok(found.into_iter().flatten().collect())
}
