//! What a company has accepted, which edition binds it, and the receipts: signed statements that verify without the program.

use super::acceptance::{Acceptance, Accepted};
use super::calendar::Calendar;
use super::force::in_force_for;
use crate::app::App;
use crate::web::{At, Ctx, Error, Member, Page, attachment, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How an agreement stands with the company.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsBinding")]
struct Binding {
    terms: &'static str,
    title: &'static str,
    /// The edition in force on the platform.
    in_force: Option<String>,
    /// The edition that binds the company; none before it has accepted any.
    binding: Option<String>,
}

impl Binding {
    /// Whether the edition in force waits for the company's word.
    fn is_open(&self) -> bool {
        self.binding != self.in_force
    }
}

/// The agreements of the company.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/terms/own.html")]
#[schemars(rename = "CompanyAgreements")]
pub struct Own {
    /// Each agreement.
    agreements: Vec<Binding>,
    /// What was accepted, the newest first.
    acceptances: Vec<Accepted>,
}

/// All of them.
pub async fn list(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    let language = context.locale.tag();
    let own = app.db().read::<_, db::Error>(move |tx| {
        let agreements = policy::TERMS.iter().map(|terms| {
            let now = tx.now();
            let in_force = Calendar::read(tx, terms.id)?.in_force(now).map(|line| line.edition.clone());
            let binding = in_force_for(tx, member.company, terms.id, now)?;
            Ok(Binding { terms: terms.id, title: terms.newest().text(language).title, in_force, binding })
        });
        let agreements = agreements.collect::<Result<_, db::Error>>()?;
        Ok(Own { agreements, acceptances: Accepted::all(tx, &member)? })
    });
    Ok(Page::new("terms-own", own.await?))
}

/// One as a file, for keeping and for `ziyun verify`.
pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<Acceptance>>) -> Result<Response, Error> {
    let company = member.company;
    let all = app.db().read::<_, db::Error>(move |tx: &mut Tx| Accepted::all(tx, &member)).await?;
    let one = all.into_iter().find(|one| one.id == id).ok_or_else(Error::not_found)?;
    let members = [
        ("acceptance", json!(one.id)),
        ("company", json!(company)),
        ("document", json!(one.terms)),
        ("edition", json!(one.edition)),
        ("language", json!(one.language)),
        ("text_sha256", json!(one.text_sha256)),
        ("channel", json!(one.channel)),
        ("at", json!(one.at)),
        ("with", json!(app.operator_name())),
        ("contact", json!(app.config().privacy_contact)),
    ];
    let statement: BTreeMap<String, Value> =
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let receipt = app.signer().sign("acceptance", statement);
    attachment::json(&format!("acceptance-{id}"), &receipt)
}
