//! Asking for a copy, and taking it.

use super::form::Wanted;
use super::page::{Copy, Exports};
use super::store::{self, Kept};
use super::{Export, IDENTITY};
use crate::app::{App, REGION};
use crate::identity::account::knows_password;
use crate::web::limit::{self, Limit};
use crate::web::{At, Context, Ctx, Error, Form, Input, Oneself, Page, Person, Saved};
use age::x25519::Identity;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::SignedDuration;
use kit::db;
use kit::id::Id;
use policy::{Control, purpose};
use vault::Grant;

/// Copies that one person asks for.
static COPIES: Limit = Limit { name: "data-export", burst: 3, every: SignedDuration::from_hours(8) };

async fn page(app: &App, context: &Context, person: Person, form: Option<Form>) -> Result<Exports, Error> {
    let copies = app.db().read::<_, db::Error>(move |tx| store::list(tx, person.subject())).await?;
    let id: Id<Export> = Id::v7(context.now, app.random());
    let form = form.unwrap_or_else(|| Form::filled([("id", id.to_string())]));
    Ok(Exports { copies, is_guest: person.is_guest(), form })
}

/// The copies and how far they are. It opens nothing.
pub async fn show(State(app): State<App>, context: Ctx, Oneself(person): Oneself) -> Result<Page, Error> {
    Ok(Page::new("export", page(&app, &context, person, None).await?))
}

/// Leaves the copy to a job.
pub async fn ask(State(app): State<App>, context: Ctx, Oneself(person): Oneself, input: Input) -> Result<Saved, Error> {
    let again = async |form| Ok(("export", Exports { form, ..page(&app, &context, person, None).await? }));
    let begin = async |wanted: Wanted, form: Form| begin(&app, person, wanted, form).await;
    let copy = input.act_on(again, begin).await?;
    Ok(Saved::at("/me/export?done=export-asked", copy))
}

async fn begin(app: &App, person: Person, Wanted { id, current }: Wanted, form: Form) -> Result<Copy, Error> {
    let knows = match current {
        // Who has no account has typed a code half an hour ago at most.
        _ if person.is_guest() => true,
        Some(current) => knows_password(app, person, &current).await?,
        None => return Err(form.refuse("current", "required")),
    };
    if !knows && policy::holds(Control::CopyNeedsPassword) {
        return Err(form.refuse("current", "current-password"));
    }
    let copies = app.limits().of(&COPIES, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&copies)).await?;
    app.db().write(move |tx| store::ask(tx, &person, id)).await
}

/// Hands the copy over: the key is opened for its own person only, on record; another's attempt is recorded as denied.
pub async fn download(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(id): At<Id<Export>>,
    input: Input,
) -> Result<Response, Error> {
    input.empty()?;
    let kept = match app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await? {
        Some(kept) => kept,
        None => {
            app.db().write::<_, db::Error>(move |tx| store::deny(tx, &person, id)).await?;
            return Err(Error::not_found());
        }
    };
    let archive = open(&app, &context, person, id, kept).await?;
    // Whoever is second, though both were first, has nothing in hand.
    if !app.db().write::<_, db::Error>(move |tx| store::fetched(tx, &person, id)).await? {
        return Err(Error::not_found());
    }
    let name = format!("attachment; filename=\"ziyun-export-{id}.zip\"");
    let head = [("content-type", "application/zip".to_owned()), ("content-disposition", name)];
    Ok((StatusCode::CREATED, head, archive).into_response())
}

async fn open(app: &App, context: &Context, person: Person, id: Id<Export>, kept: Kept) -> Result<Vec<u8>, Error> {
    let grant = Grant::<purpose::Export, _>::new(&person, context.request);
    let sealed = IDENTITY.load(kept.identity, kept.subject, id);
    let key = match app.vault().open(&grant, &sealed).await {
        Err(vault::Error::Refused(_)) => return Err(Error::not_found()),
        opened => opened?,
    };
    let identity: Identity = key.expose().parse().map_err(|_| Error::fault("the copy's key is none"))?;
    let sealed = app.fetch(REGION, &kept.blob).await?;
    age::decrypt(&identity, &sealed).map_err(Error::fault)
}
