//! Asking, proving, recognising; what a guest sees and does.

use super::form::{Entry as Said, Proof, Wanted};
use super::page::{Asked, Denied, Ended, Entry, Proven, Recognised, Stage, Start, Visit, Waiting};
use super::{ask, entry};
use crate::app::App;
use crate::identity::account::{centre, code};
use crate::web::session::Token;
use crate::web::text::Words;
use crate::web::visit::{self, LIFE, Visit as Of};
use crate::web::{Actor, At, Context, Ctx, Error, Form, Guest, Input, Page, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::db;
use kit::id::Id;

/// The cards of the privacy centre that are a guest's too.
const CENTRE: [&str; 5] = ["/me/data", "/me/accesses", "/me/consents", "/me/export", "/me/complaints"];

fn door(context: &Context, form: Form) -> Start {
    let is_guest = matches!(context.actor, Actor::Guest(_));
    Start { form, is_signed_in: context.actor.person().is_some(), is_guest }
}

fn cookie(app: &App, token: &Token) -> [(http::HeaderName, String); 1] {
    let cookies = app.cookies();
    [(SET_COOKIE, cookies.set(cookies.visit(), token.expose(), Some(LIFE.as_secs())))]
}

pub async fn start(context: Ctx) -> Page {
    Page::new("door", door(&context, Form::default()))
}

pub async fn ask(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    if context.actor.person().is_some() {
        return Err(Error::conflict("door-signed-in"));
    }
    let Wanted(name) = input.parse().map_err(|refused: Error| refused.on("door", |form| door(&context, form)))?;
    let (id, token) = ask::ask(&app, &context, &name).await?;
    Ok((cookie(&app, &token), Saved::at(format!("/privacy/door/visits/{id}"), Asked { id })))
}

async fn waiting(app: &App, context: &Context, id: Id<Of>, form: Form) -> Result<Waiting, Error> {
    let (row, _) = ask::own(app, context, id).await?;
    let program = app.clone();
    let read = app.db().read::<_, db::Error>(move |tx| {
        let known = if row.is_proven { entry::known(tx, &program, &row.named)? } else { Vec::new() };
        Ok((code::find(tx, id.cast())?, known))
    });
    let (kept, known) = read.await?;
    let is_alive = kept.as_ref().is_some_and(|kept| kept.is_alive(context.now));
    let (stage, expires_at) = match kept {
        _ if row.is_proven => (Stage::Proven, row.expires_at),
        Some(kept) if is_alive => (Stage::Asked, kept.expires_at),
        _ => (Stage::Spent, row.expires_at),
    };
    let words = Words::new(app.catalogue(), context.locale);
    let entries = known.into_iter().map(|one| Entry::new(one, &words)).collect();
    Ok(Waiting { id, stage, by_mail: row.by_mail, expires_at, entries, form })
}

pub async fn show(State(app): State<App>, context: Ctx, At(id): At<Id<Of>>) -> Result<Page, Error> {
    Ok(Page::new("door", waiting(&app, &context, id, Form::default()).await?))
}

pub async fn prove(
    State(app): State<App>,
    context: Ctx,
    At(id): At<Id<Of>>,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let tried = match input.parse_with_form() {
        Ok((Proof(codes), form)) => ask::prove(&app, &context, id, &codes, form).await,
        Err(refused) => Err(refused),
    };
    match tried {
        Ok(token) => Ok((cookie(&app, &token), Saved::at(format!("/privacy/door/visits/{id}"), Proven { id }))),
        Err(refused) if refused.form.is_some() => {
            let page = waiting(&app, &context, id, Form::default()).await?;
            Err(refused.on("door", |form| Waiting { form, ..page }))
        }
        Err(refused) => Err(refused),
    }
}

pub async fn recognise(State(app): State<App>, context: Ctx, At(id): At<Id<Of>>, input: Input) -> Result<Saved, Error> {
    let Said(entry) = input.parse()?;
    let (program, token) = (app.clone(), context.visit.clone().ok_or_else(Error::not_found)?);
    app.db().write(move |tx| entry::recognise(tx, &program, (id, &token), entry)).await?;
    Ok(Saved::at("/privacy/door/visit", Recognised { entry }))
}

pub async fn deny(State(app): State<App>, context: Ctx, At(id): At<Id<Of>>, input: Input) -> Result<Saved, Error> {
    let Said(denied) = input.parse()?;
    let (program, token) = (app.clone(), context.visit.clone().ok_or_else(Error::not_found)?);
    app.db().write(move |tx| entry::deny(tx, &program, (id, &token), denied)).await?;
    Ok(Saved::at(format!("/privacy/door/visits/{id}?done=door-denied"), Denied { denied }))
}

/// The guest's own page. It opens nothing.
pub async fn visit(State(app): State<App>, context: Ctx, guest: Guest) -> Result<Page, Error> {
    let (program, id) = (app.clone(), guest.visit());
    let token = context.visit.clone().ok_or_else(Error::not_found)?;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some(row) = visit::find(tx, id, &token)? else { return Ok(None) };
        let known = entry::known(tx, &program, &row.named)?.into_iter().find(|one| one.subject == guest.subject());
        let stands = centre::ask(tx, &program, &guest, |card| CENTRE.contains(&card.path))?;
        Ok(Some((row.expires_at, known, stands)))
    });
    let (expires_at, known, stands) = read.await?.ok_or_else(Error::not_found)?;
    let words = Words::new(app.catalogue(), context.locale);
    let entry = known.map(|one| Entry::new(one, &words));
    Ok(Page::new("door-visit", Visit { id, expires_at, entry, centre: centre::told(stands, &words) }))
}

pub async fn erase(State(app): State<App>, guest: Guest, input: Input) -> Result<impl IntoResponse, Error> {
    input.empty()?;
    let program = app.clone();
    app.db().write(move |tx| entry::erase(tx, &program, guest.visit(), guest.subject())).await?;
    Ok(over(&app, "door-erased", true))
}

pub async fn end(State(app): State<App>, guest: Guest, input: Input) -> Result<impl IntoResponse, Error> {
    input.empty()?;
    app.db().write::<_, db::Error>(move |tx| entry::end(tx, guest.visit(), guest.subject())).await?;
    Ok(over(&app, "door-ended", false))
}

fn over(app: &App, done: &str, erased: bool) -> impl IntoResponse + use<> {
    let cookie = app.cookies().clear(app.cookies().visit());
    ([(SET_COOKIE, cookie)], Saved::at(format!("/privacy/door?done={done}"), Ended { erased }))
}
