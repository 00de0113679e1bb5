//! Applying, approving, revoking, opening.

use super::carrying;
use super::form::Application;
use super::page::{FormPage, List, Opened, Show};
use super::store::{self, PAGE};
use crate::app::App;
use crate::identity::account::Whom;
use crate::web::text::Words;
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, PrivacyOfficer, Saved};
use axum::extract::State;
use kit::db;
use kit::id::Id;
use vault::Case;

/// What cursors of the list are bound to.
const LIST: &str = "exceptions";

pub async fn index(State(app): State<App>, operator: PrivacyOfficer, context: Ctx) -> Result<Page, Error> {
    let before = match context.parameter("after").filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => app.cursors().open(&cursor, LIST)?,
        None => (i64::MAX, [0xFF; 16]),
    };
    let mut cases = app.db().read::<_, db::Error>(move |tx| store::list(tx, &operator, before)).await?;
    let more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let next = cases.last().filter(|_| more).map(|last| {
        let cursor = app.cursors().seal(last.applied_at.as_microsecond(), last.id.as_bytes(), LIST);
        format!("/desk/exceptions?after={cursor}")
    });
    Ok(Page::new("exceptions", List { cases, next }))
}

pub async fn new(State(app): State<App>, context: Ctx, _: PrivacyOfficer) -> Page {
    let id: Id<Case> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", id.to_string()), ("days", "14".to_owned())]);
    Page::new("exception-new", page(&app, &context, form))
}

pub async fn create(
    State(app): State<App>,
    context: Ctx,
    operator: PrivacyOfficer,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("exception-new", page(&app, &context, form)));
    let applied = input.act_on(again, async |wanted: Application, form: Form| {
        let whom = Whom::read(app.accounts(), &wanted.person);
        let found = app.db().read::<_, db::Error>(move |tx| whom.find(tx)).await?;
        let found = found.ok_or_else(|| form.refuse("person", "exception-nobody"))?;
        app.db().write(move |tx| store::apply(tx, &operator, &wanted, found)).await
    });
    let case = applied.await?;
    Ok(Saved::at(format!("/desk/exceptions/{}?done=exception-applied", case.id), case))
}

fn page(app: &App, context: &Context, form: Form) -> FormPage {
    let words = Words::new(app.catalogue(), context.locale);
    FormPage::new(form, |key| words.text(key, &[]))
}

pub async fn show(State(app): State<App>, operator: PrivacyOfficer, At(id): At<Id<Case>>) -> Result<Page, Error> {
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, &operator, id)).await?;
    Ok(Page::new("exception", Show { case: found.ok_or_else(Error::not_found)? }))
}

pub async fn approve(
    State(app): State<App>,
    operator: PrivacyOfficer,
    At(id): At<Id<Case>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let case = app.db().write(move |tx| store::approve(tx, &operator, id)).await?;
    Ok(Saved::at(format!("/desk/exceptions/{id}?done=exception-approved"), case))
}

pub async fn revoke(
    State(app): State<App>,
    operator: PrivacyOfficer,
    At(id): At<Id<Case>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let case = app.db().write(move |tx| store::revoke(tx, &operator, id)).await?;
    Ok(Saved::at(format!("/desk/exceptions/{id}?done=exception-revoked"), case))
}

/// Shown at once: no second request shows it without being on record again.
pub async fn open(
    State(app): State<App>,
    context: Ctx,
    operator: PrivacyOfficer,
    At(id): At<Id<Case>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let reader = operator.clone();
    let sealed = app.db().read(move |tx| store::sealed(tx, &reader, id)).await?;
    let opened: Opened = carrying::open(&app, &operator, context.request, sealed).await?;
    Ok(Saved::here("exception-opened", opened))
}
