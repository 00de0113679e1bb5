//! The person's own page, and the security duty's.

use super::entry::Entry;
use super::store::{Before, Kept, day_of, list, of_day};
use crate::app::App;
use crate::web::{Ctx, Error, Operator, Page, Person, filters};
use askama::Template;
use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kit::db;
use policy::{purpose, recipient};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Grant, Id, Opener, Proof, Scope, Subject};

/// Rows of a page.
const PAGE: usize = 20;

/// What a person used.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OwnUse")]
#[template(path = "trust/usage/own.html")]
pub struct Own {
    /// The newest first.
    entries: Vec<Entry>,
    /// Where the next page is.
    next: Option<String>,
}

/// What visitors used on a day.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "VisitorUse")]
#[template(path = "trust/usage/desk.html")]
pub struct Desk {
    /// The day that was asked for; empty when none was.
    day: String,
    /// The newest hour first.
    entries: Vec<Entry>,
    /// Where the next page is.
    next: Option<String>,
}

/// The operator's security duty, for the visitors of one day.
struct SecurityDuty {
    operator: Id<Subject>,
    day: Id<Subject>,
}

impl Proof for SecurityDuty {
    type Recipient = recipient::SecurityDuty;

    fn opener(&self) -> Opener {
        Opener::person(self.operator, "security-duty")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.day)
    }
}

/// Shows a person their own.
pub async fn own(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let subject = person.subject();
    let (rows, next) = read(&app, &context, subject).await?;
    let sealed: Vec<_> = rows.into_iter().map(|(.., sealed)| sealed).collect();
    let grant = Grant::<purpose::Security, _>::new(&person, context.request);
    let entries = Entry::read(&app.vault().open_many(&grant, &sealed).await?);
    Ok(Page::new("usage", Own { entries, next: next.map(|cursor| format!("/me/use?after={cursor}")) }))
}

/// Shows the security duty a day, on record.
pub async fn desk(State(app): State<App>, context: Ctx, operator: Operator) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let day = context.parameter("day").and_then(|day| day.parse::<Date>().ok());
    let shown = day.map(|day| day.to_string()).unwrap_or_default();
    let begins = day.and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    let found = match begins.map(day_of) {
        Some(number) => app.db().read::<_, db::Error>(move |tx| of_day(tx, number)).await?,
        None => None,
    };
    let Some(subject) = found else {
        return Ok(Page::new("usage-desk", Desk { day: shown, entries: Vec::new(), next: None }));
    };
    let (rows, next) = read(&app, &context, subject).await?;
    let sealed: Vec<_> = rows.into_iter().map(|(.., sealed)| sealed).collect();
    let duty = SecurityDuty { operator: operator.subject(), day: subject };
    let grant = Grant::<purpose::Security, _>::new(&duty, context.request);
    let entries = match app.vault().open_many(&grant, &sealed).await {
        Ok(documents) => Entry::read(&documents),
        // The day's time is over.
        Err(vault::Error::Refused(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let next = next.map(|cursor| format!("/desk/uses?day={shown}&after={cursor}"));
    Ok(Page::new("usage-desk", Desk { day: shown, entries, next }))
}

async fn read(app: &App, context: &Ctx, subject: Id<Subject>) -> Result<(Vec<Kept>, Option<String>), Error> {
    let bound = format!("use {subject}");
    let after = context.parameter("after").filter(|cursor| !cursor.is_empty());
    let after: Option<Before> = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let mut rows = app.db().read::<_, db::Error>(move |tx| list(tx, subject, after, PAGE as i64 + 1)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more);
    let next = last.map(|(id, hour, _)| app.cursors().seal(*hour, id.as_bytes(), &bound));
    Ok((rows, next))
}
