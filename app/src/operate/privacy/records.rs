//! The records of processing (PIPL 54 to 56): every use that the matrix permits, as it is compiled into this program. Nobody
//! writes them by hand, so that they cannot say anything else than what is done.

use crate::web::{Ctx, Error, Operator, Page, filters};
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// All uses.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ProcessingRecords")]
#[template(path = "operate/privacy/records.html")]
pub struct Records {
    /// The version of the policy that they belong to.
    version: &'static str,
    /// In the order of the matrix.
    uses: Vec<Use>,
}

/// A use.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProcessingRecord")]
struct Use {
    field: &'static str,
    purpose: &'static str,
    recipient: &'static str,
    /// The item of PIPL art. 13(1); none where an exception case names it.
    basis_item: Option<u8>,
    /// The law or agreement that gives the ground.
    source: &'static str,
    retention: &'static str,
    /// Where the impact assessment (PIPL 55) is recorded, if one is required.
    assessment: Option<&'static str>,
}

/// The page, or JSON to be kept.
pub async fn show(context: Ctx, _: Operator) -> Result<Page, Error> {
    let locale = context.locale;
    let uses = policy::ROWS.iter().filter_map(|row| {
        let (field, purpose) = (policy::field_named(row.field)?, policy::purpose_named(row.purpose)?);
        let (recipient, retention) = (policy::recipient_named(row.recipient)?, field.retention.entry());
        Some(Use {
            field: locale.pick(field.zh, field.en),
            purpose: locale.pick(purpose.zh, purpose.en),
            recipient: locale.pick(recipient.zh, recipient.en),
            basis_item: row.basis.item(),
            source: row.source,
            retention: locale.pick(retention.zh, retention.en),
            assessment: purpose.assessment,
        })
    });
    Ok(Page::new("privacy-records", Records { version: policy::current().id, uses: uses.collect() }))
}
