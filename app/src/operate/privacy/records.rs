//! The records of processing (PIPL 54 to 56): every use that the matrix permits, as it is compiled into this program. Nobody
//! writes them by hand, so that they cannot say anything else than what is done.

use super::assessments;
use crate::app::App;
use crate::trust::processor::{self, Processor};
use crate::web::attachment::file;
use crate::web::table::csv;
use crate::web::{Ctx, Error, Locale, Page, PrivacyOfficer, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use policy::Mark;
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
    /// Why PIPL 55 asks for an impact assessment, if it does.
    marks: &'static [Mark],
}

impl Use {
    fn all(locale: Locale) -> Vec<Self> {
        let uses = policy::ROWS.iter().filter_map(|row| {
            let (field, purpose) = (policy::field_named(row.field)?, policy::purpose_named(row.purpose)?);
            let (recipient, retention) = (policy::recipient_named(row.recipient)?, field.retention.entry());
            Some(Self {
                field: locale.pick(field.zh, field.en),
                purpose: locale.pick(purpose.zh, purpose.en),
                recipient: locale.pick(recipient.zh, recipient.en),
                basis_item: row.basis.item(),
                source: row.source,
                retention: locale.pick(retention.zh, retention.en),
                marks: purpose.marks,
            })
        });
        uses.collect()
    }

    fn cells(self) -> Vec<String> {
        let marks: Vec<_> = self.marks.iter().map(|mark| mark.id()).collect();
        vec![
            self.field.to_owned(),
            self.purpose.to_owned(),
            self.recipient.to_owned(),
            self.basis_item.map_or_else(|| "2-7".to_owned(), |item| item.to_string()),
            self.source.to_owned(),
            self.retention.to_owned(),
            marks.join(" "),
        ]
    }
}

/// The page, or JSON to be kept.
pub async fn show(context: Ctx, _: PrivacyOfficer) -> Page {
    Page::new("privacy-records", Records { version: policy::current().id, uses: Use::all(context.locale) })
}

/// The uses as a table.
pub async fn table(context: Ctx, _: PrivacyOfficer) -> Result<Response, Error> {
    const HEAD: [&str; 7] = ["field", "purpose", "recipient", "pipl_13_item", "source", "retention", "pipl_55_marks"];
    let rows: Vec<_> = Use::all(context.locale).into_iter().map(Use::cells).collect();
    csv("processing-records", &HEAD, &rows)
}

/// Everything that the law has an operator keep about its processing, in one file.
#[derive(Serialize)]
struct Processing {
    operator: String,
    privacy_contact: String,
    policy_version: &'static str,
    generated_at: Timestamp,
    uses: Vec<Use>,
    assessments: Vec<assessments::Line>,
    processors: Vec<Processor>,
}

/// The file.
pub async fn data(State(app): State<App>, context: Ctx, _: PrivacyOfficer) -> Result<Response, Error> {
    let all = Processing {
        operator: app.operator_name().to_owned(),
        privacy_contact: app.config().privacy_contact.clone(),
        policy_version: policy::current().id,
        generated_at: context.now,
        uses: Use::all(context.locale),
        assessments: assessments::Line::all(context.locale),
        processors: processor::all(&app, context.locale, context.now),
    };
    let content = serde_json::to_vec_pretty(&all).map_err(Error::fault)?;
    Ok(file("application/json", "processing-records.json", content))
}
