//! The person's own page, and the security duty's.

use super::entry::Entry;
use super::inquiry::{self, Inquiry, PAGE as INQUIRIES, Wanted};
use super::store::{Before, Kept, list};
use crate::app::App;
use crate::web::{
    At, Context, Ctx, Error, Form, Input, Operator, Page, Person, Saved, SecurityOfficer, filters, limit,
};
use askama::Template;
use axum::extract::State;
use kit::db;
use policy::{purpose, recipient};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Grant, Id, Opener, Proof, Scope, Sealed, Subject, Use};

/// Rows of a page.
const PAGE: usize = 20;

/// What cursors of the list of inquiries are bound to.
const LIST: &str = "use-inquiries";

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

/// What the security duty has asked, and the form that asks.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "UseInquiries")]
#[template(path = "trust/usage/desk.html")]
pub struct Desk {
    /// As typed.
    form: Form,
    /// The newest first.
    inquiries: Vec<Inquiry>,
    /// Where the next page is.
    next: Option<String>,
}

/// What one person, or a day's visitors, used.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "UseReading")]
#[template(path = "trust/usage/reading.html")]
pub struct Reading {
    /// What was asked.
    inquiry: Inquiry,
    /// The newest hour first.
    entries: Vec<Entry>,
    /// Where the next page is.
    next: Option<String>,
}

/// The operator's security duty, for the one person, or the one day of visitors, of an inquiry.
struct SecurityDuty {
    operator: Id<Subject>,
    about: Id<Subject>,
}

impl Proof for SecurityDuty {
    type Recipient = recipient::SecurityDuty;

    fn opener(&self) -> Opener {
        Opener::person(self.operator, "security-duty")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.about)
    }
}

/// Shows a person their own.
pub async fn own(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let subject = person.subject();
    let (sealed, next) = read(&app, &context, subject).await?;
    let grant = Grant::<purpose::Security, _>::new(&person, context.request);
    let entries = Entry::read(&app.vault().open_many(&grant, &sealed).await?);
    Ok(Page::new("usage", Own { entries, next: next.map(|cursor| format!("/me/use?after={cursor}")) }))
}

/// What was asked so far. It opens nothing.
pub async fn desk(State(app): State<App>, context: Ctx, operator: SecurityOfficer) -> Result<Page, Error> {
    Ok(Page::new("usage-desk", inquiries(&app, &context, &operator, Form::default()).await?))
}

async fn inquiries(app: &App, context: &Context, operator: &Operator, form: Form) -> Result<Desk, Error> {
    let before = match context.parameter("after").filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => app.cursors().open(&cursor, LIST)?,
        None => (i64::MAX, [0xFF; 16]),
    };
    let asker = operator.clone();
    let mut inquiries = app.db().read::<_, db::Error>(move |tx| inquiry::list(tx, &asker, before)).await?;
    let more = inquiries.len() > INQUIRIES;
    inquiries.truncate(INQUIRIES);
    let next = inquiries.last().filter(|_| more).map(|last| {
        let cursor = app.cursors().seal(last.asked_at.as_microsecond(), last.id.as_bytes(), LIST);
        format!("/desk/uses?after={cursor}")
    });
    let is_new = form.value("id").is_empty();
    let form = if is_new { form.with("id", Id::<Inquiry>::v7(context.now, app.random()).to_string()) } else { form };
    Ok(Desk { form, inquiries, next })
}

/// Asks to read one person's, or one day's.
pub async fn inquire(
    State(app): State<App>,
    context: Ctx,
    operator: SecurityOfficer,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("usage-desk", inquiries(&app, &context, &operator, form).await?));
    let inquiry = input.act_on(again, async |wanted: Wanted, form: Form| {
        limit::take(app.db(), &[inquiry::pace(&app, &operator)]).await?;
        let (about, theirs) = (wanted.about.clone(), app.clone());
        let found = app.db().read::<_, db::Error>(move |tx| about.find(tx, &theirs)).await?;
        let (field, rule) = wanted.about.missing();
        let found = found.ok_or_else(|| form.refuse(field, rule))?;
        let asker = operator.clone();
        app.db().write(move |tx| inquiry::make(tx, &asker, &wanted, &found)).await
    });
    let inquiry = inquiry.await?;
    Ok(Saved::at(format!("/desk/uses/{}", inquiry.id), inquiry))
}

/// Shows the security duty what was asked for, on record.
pub async fn reading(
    State(app): State<App>,
    context: Ctx,
    operator: SecurityOfficer,
    At(id): At<Id<Inquiry>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let (asker, request) = (operator.clone(), context.request);
    let inquiry = app.db().write(move |tx| inquiry::begin(tx, &asker, id, request)).await?;
    let (sealed, next) = read(&app, &context, inquiry.subject).await?;
    let duty = SecurityDuty { operator: operator.subject(), about: inquiry.subject };
    let grant = Grant::<purpose::Security, _>::new(&duty, context.request);
    let entries = match app.vault().open_many(&grant, &sealed).await {
        Ok(documents) => Entry::read(&documents),
        // The day's time is over, or the person is blocked or erased: the attempt is on record.
        Err(vault::Error::Refused(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let next = next.map(|cursor| format!("/desk/uses/{id}?after={cursor}"));
    Ok(Page::new("usage-reading", Reading { inquiry, entries, next }))
}

async fn read(app: &App, context: &Ctx, subject: Id<Subject>) -> Result<(Vec<Sealed<Use>>, Option<String>), Error> {
    let bound = format!("use {subject}");
    let after = context.parameter("after").filter(|cursor| !cursor.is_empty());
    let after: Option<Before> = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let mut rows: Vec<Kept> =
        app.db().read::<_, db::Error>(move |tx| list(tx, subject, after, PAGE as i64 + 1)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more);
    let next = last.map(|(id, hour, _)| app.cursors().seal(*hour, id.as_bytes(), &bound));
    Ok((rows.into_iter().map(|(.., sealed)| sealed).collect(), next))
}
