//! The receipts of a person's agreements: signed statements that verify without the program.

use super::agreement::Receipt;
use crate::app::App;
use crate::web::{At, Error, Page, Person, attachment, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kit::db;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person has agreed to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/policy/agreements.html")]
#[schemars(rename = "AgreementList")]
pub struct Agreements {
    /// The newest first.
    agreements: Vec<Receipt>,
}

/// All of them.
pub async fn list(State(app): State<App>, person: Person) -> Result<Page, Error> {
    let agreements = app.db().read::<_, db::Error>(move |tx| Receipt::all(tx, &person)).await?;
    Ok(Page::new("policy-agreements", Agreements { agreements }))
}

/// One as a file, for keeping and for `ziyun verify`.
pub async fn show(State(app): State<App>, person: Person, At(id): At<Id<super::Agreement>>) -> Result<Response, Error> {
    let all = app.db().read::<_, db::Error>(move |tx| Receipt::all(tx, &person)).await?;
    if !policy::holds(Control::AgreementReceipt) {
        return Err(Error::not_found());
    }
    let one = all.into_iter().find(|one| one.id == id).ok_or_else(Error::not_found)?;
    let receipt = app.signer().sign("agreement", statement(&app, &person, &one));
    attachment::json(&format!("agreement-{id}"), &receipt)
}

/// Who, to which version and text, when, where, with whom.
fn statement(app: &App, person: &Person, one: &Receipt) -> BTreeMap<String, Value> {
    let members = [
        ("agreement", json!(one.id)),
        ("subject", json!(person.subject())),
        ("document", json!("privacy-policy")),
        ("version", json!(one.version)),
        ("language", json!(one.language)),
        ("text_sha256", json!(one.text_sha256)),
        ("channel", json!(one.channel)),
        ("at", json!(one.at)),
        ("with", json!(app.operator_name())),
        ("contact", json!(app.config().privacy_contact)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
