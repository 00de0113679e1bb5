//! Reading and answering requests.

use super::officer::Officer;
use super::page::{Case, Queue};
use crate::app::App;
use crate::trust::complaint::{self, Answer, Complaint, Message};
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, PrivacyOfficer, Saved};
use axum::extract::State;
use kit::db;
use kit::id::Id;
use policy::purpose;
use vault::Grant;

/// The queue. It opens nothing.
pub async fn index(State(app): State<App>, operator: PrivacyOfficer) -> Result<Page, Error> {
    let read = app
        .db()
        .read::<_, db::Error>(move |tx| Ok((complaint::queue(tx, &operator)?, complaint::counts(tx, &operator)?)));
    let (requests, (open, overdue)) = read.await?;
    Ok(Page::new("privacy-desk", Queue { open, overdue, requests }))
}

async fn case(app: &App, context: &Context, operator: &PrivacyOfficer, id: Id<Complaint>) -> Result<Case, Error> {
    let asker = operator.clone();
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some((line, subject)) = complaint::find(tx, &asker, id)? else { return Ok(None) };
        Ok(Some((line, subject, complaint::sealed(tx, id)?)))
    });
    let (request, subject, lying) = read.await?.ok_or_else(Error::not_found)?;
    let officer = Officer::of(operator, subject);
    let grant = Grant::<purpose::Request, _>::new(&officer, context.request);
    let messages = Message::open(app.vault(), &grant, &lying).await?;
    Ok(Case { request, messages, form: Form::default() })
}

/// A request with its texts, opened on record: its person reads who looked.
pub async fn show(
    State(app): State<App>,
    context: Ctx,
    operator: PrivacyOfficer,
    At(id): At<Id<Complaint>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("privacy-request", case(&app, &context, &operator, id).await?))
}

/// Takes it up.
pub async fn claim(
    State(app): State<App>,
    operator: PrivacyOfficer,
    At(id): At<Id<Complaint>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let line = app.db().write(move |tx| complaint::claim(tx, &operator, id)).await?;
    Ok(Saved::at(format!("/desk/privacy/requests/{id}"), line))
}

/// Answers it. The answer is sealed under the key of the person who asked.
pub async fn answer(
    State(app): State<App>,
    context: Ctx,
    operator: PrivacyOfficer,
    At(id): At<Id<Complaint>>,
    input: Input,
) -> Result<Saved, Error> {
    let asker = operator.clone();
    let found = app.db().read::<_, db::Error>(move |tx| complaint::find(tx, &asker, id)).await?;
    let (_, subject) = found.ok_or_else(Error::not_found)?;
    let again = async |form| Ok(("privacy-request", Case { form, ..case(&app, &context, &operator, id).await? }));
    let Answer(text) = input.parse_on(again).await?;
    let text = complaint::seal(&app, subject, &text).await?;
    let line = app.db().write(move |tx| complaint::answer(tx, &operator, id, &text)).await?;
    Ok(Saved::at("/desk/privacy?done=privacy-answered", line))
}
