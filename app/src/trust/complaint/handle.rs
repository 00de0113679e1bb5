//! Asking, reading, asking again.

use super::form::{Again, Wanted};
use super::page::{Complaint as Line, List, Message, Thread};
use super::{Complaint, Kind, store};
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::{At, Context, Ctx, Error, Form, Input, Oneself, Page, Person, Saved, attachment};
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use kit::db;
use kit::id::Id;
use policy::purpose;
use serde_json::json;
use std::collections::BTreeMap;
use vault::Grant;

/// Requests of one person.
static REQUESTS: Limit = Limit { name: "complaint", burst: 10, every: SignedDuration::from_hours(2) };

async fn list(app: &App, context: &Context, person: Person) -> Result<List, Error> {
    let complaints = app.db().read::<_, db::Error>(move |tx| store::list(tx, &person)).await?;
    let id: Id<Complaint> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", id.to_string()), ("kind", Kind::Explanation.code().to_owned())]);
    Ok(List { complaints, form })
}

/// The person's requests. It opens nothing.
pub async fn index(State(app): State<App>, context: Ctx, Oneself(person): Oneself) -> Result<Page, Error> {
    Ok(Page::new("complaint", list(&app, &context, person).await?))
}

/// Takes a request.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("complaint", List { form, ..list(&app, &context, person).await? }));
    let wanted: Wanted = input.parse_on(again).await?;
    let counted = app.limits().of(&REQUESTS, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let text = store::seal(&app, person.subject(), &wanted.text).await?;
    let zone = app.zone();
    let unit = move |tx: &mut db::Tx| store::ask(tx, &person, (wanted.id, wanted.kind), &text, &zone);
    let line = app.db().write(unit).await?;
    Ok(Saved::at(format!("/me/complaints/{}?done=complaint-asked", line.id), line))
}

async fn thread(app: &App, context: &Context, person: Person, id: Id<Complaint>) -> Result<Thread, Error> {
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some(line) = store::own(tx, &person, id)? else { return Ok(None) };
        Ok(Some((line, store::sealed(tx, id)?)))
    });
    let (complaint, lying) = read.await?.ok_or_else(Error::not_found)?;
    let grant = Grant::<purpose::Request, _>::new(&person, context.request);
    let messages = Message::open(app.vault(), &grant, &lying).await?;
    Ok(Thread { complaint, messages, form: Form::default() })
}

/// What was asked and answered. It opens the person's own words, on record.
pub async fn show(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(id): At<Id<Complaint>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("complaint-one", thread(&app, &context, person, id).await?))
}

/// The answer is not enough.
pub async fn reopen(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(id): At<Id<Complaint>>,
    input: Input,
) -> Result<Saved, Error> {
    let own = app.db().read::<_, db::Error>(move |tx| store::own(tx, &person, id)).await?;
    own.ok_or_else(Error::not_found)?;
    // Shown again only where the form is refused: nothing is opened for a form that is taken.
    let again = async |form| Ok(("complaint-one", Thread { form, ..thread(&app, &context, person, id).await? }));
    let Again(text) = input.parse_on(again).await?;
    let text = store::seal(&app, person.subject(), &text).await?;
    let zone = app.zone();
    let line = app.db().write(move |tx| store::reopen(tx, &person, id, &text, &zone)).await?;
    Ok(Saved::at(format!("/me/complaints/{id}?done=complaint-asked"), line))
}

/// What proves that it was received, and by when it is answered: signed, without its text.
pub async fn receipt(
    State(app): State<App>,
    Oneself(person): Oneself,
    At(id): At<Id<Complaint>>,
) -> Result<Response, Error> {
    let line = app.db().read::<_, db::Error>(move |tx| store::own(tx, &person, id)).await?;
    let Line { kind, asked_at, due_at, reopened, .. } = line.ok_or_else(Error::not_found)?;
    let statement = BTreeMap::from([
        ("complaint".to_owned(), json!(id)),
        ("kind".to_owned(), json!(kind)),
        ("asked_at".to_owned(), json!(asked_at)),
        ("due_at".to_owned(), json!(due_at)),
        ("reopened".to_owned(), json!(reopened)),
        ("by".to_owned(), json!(app.operator_name())),
    ]);
    let receipt = app.signer().sign("complaint", statement);
    attachment::json(&format!("request-{id}"), &receipt)
}
