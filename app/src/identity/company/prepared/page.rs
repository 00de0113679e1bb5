//! The page behind the letter's link, and refusing there.

use super::store::{self, Kept};
use super::{LINK, Prepared};
use crate::app::App;
use crate::identity::company::part::{Content, Line, Value};
use crate::web::{At, Error, Form, Input, Instant, Page, Saved, filters, link};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What was prepared, for who has the link.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "PreparedPage")]
#[template(path = "identity/company/prepared/show.html")]
pub struct Show {
    /// None once it is over: then nothing of it is kept.
    prepared: Option<Waiting>,
    #[serde(skip)]
    key: String,
}

/// One that waits for its person.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PreparedRegistration")]
struct Waiting {
    /// The company's name.
    company: String,
    /// What would be filed for the company.
    facts: Vec<Line>,
    /// Where the address was published that the letter went to.
    source: String,
    /// When everything of it is gone.
    #[schemars(with = "Instant")]
    expires_at: Timestamp,
}

impl Waiting {
    fn of(kept: Kept) -> Self {
        let facts = [kept.entry.identity.lines(), kept.entry.addresses.lines()].concat();
        Self { company: kept.entry.identity.name, facts, source: kept.source, expires_at: kept.expires_at }
    }
}

/// The answer to refusing.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PreparedGone")]
pub struct Gone {
    /// Whether nothing of it is kept any more.
    gone: bool,
}

/// The page. Reading it changes nothing.
pub(super) async fn show(State(app): State<App>, At(key): At<String>) -> Result<Page, Error> {
    let id = link::read(&app, LINK, &key).ok_or_else(Error::not_found)?;
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    Ok(Page::new("prepared", Show { prepared: found.map(Waiting::of), key }))
}

/// All of it is deleted now. Twice is once.
pub(super) async fn refuse(State(app): State<App>, At(key): At<String>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let id = link::read(&app, LINK, &key).ok_or_else(Error::not_found)?;
    let unit = move |tx: &mut Tx| {
        store::find(tx, id)?.map_or(Ok(()), |kept| store::refuse(tx, &kept))?;
        Ok(store::find(tx, id)?.is_none())
    };
    let gone = app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("/prepared/{key}?done=prepared-refused"), Gone { gone }))
}

/// The one that the key of a link names.
///
/// # Errors
/// 404 for a key that is none of ours; 409 `prepared-over`.
pub async fn open(app: &App, key: &str) -> Result<Kept, Error> {
    let id: Id<Prepared> = link::read(app, LINK, key).ok_or_else(Error::not_found)?;
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    found.ok_or_else(|| Error::conflict("prepared-over"))
}

/// A form of registration that begins with what was prepared.
pub struct Prefilled;

impl Prefilled {
    /// The form, with what its sender typed before what was prepared.
    pub fn form(kept: &Kept, typed: Form) -> Form {
        let known = kept.entry.identity.form();
        ["company", "credit_code", "buyer", "provider"].into_iter().fold(typed, |form, field| {
            if form.is_typed(field) {
                form
            } else {
                let value = known.value(field).to_owned();
                form.with(field, value)
            }
        })
    }
}
