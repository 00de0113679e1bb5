//! A person's keys: shown, enrolled, proved, ended.

use super::form::{New, Proof, Wrapped};
use super::page::{Keys, Line, expected};
use super::store::{self, Key};
use crate::app::App;
use crate::web::{At, Ctx, Error, Form, Input, Page, Person, Saved, attachment};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use kit::id::Id;
use subtle::ConstantTimeEq;

pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    Ok(Page::new("officer-key", Keys::read(&app, &context, person, None).await?))
}

pub async fn enrol(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("officer-key", Keys::read(&app, &context, person, Some(form)).await?));
    let new: New = input.parse_on(page).await?;
    let key = app.db().write(move |tx| store::enrol(tx, &person, &new)).await?;
    Ok(Saved::at("/me/opening-key?done=officer-enrolled#proof", Line::of(&app, key)?))
}

pub async fn prove(State(app): State<App>, person: Person, At(id): At<Id<Key>>, input: Input) -> Result<Saved, Error> {
    let Proof(answer) = input.parse()?;
    let key = app.db().read(move |tx| store::own(tx, &person, id)).await?;
    if !bool::from(answer.as_slice().ct_eq(expected(&app, &key).as_slice())) {
        return Err(Error::conflict("officer-proof-wrong"));
    }
    let key = app.db().write(move |tx| store::prove(tx, &person, id, key.version)).await?;
    Ok(Saved::at("/me/opening-key?done=officer-proved", Line::of(&app, key)?))
}

pub async fn revoke(State(app): State<App>, person: Person, At(id): At<Id<Key>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let key = app.db().write(move |tx| store::revoke(tx, &person, id)).await?;
    Ok(Saved::at("/me/opening-key?done=officer-ended", Line::of(&app, key)?))
}

/// `POST /me/opening-key/{id}/passkey`: the secret half once more, as the person's browser has made it for their passkey.
pub async fn wrap(State(app): State<App>, person: Person, At(id): At<Id<Key>>, input: Input) -> Result<Saved, Error> {
    let Wrapped(passkey) = input.parse()?;
    let key = app.db().write(move |tx| store::wrap(tx, &person, id, Some(&passkey))).await?;
    Ok(Saved::at("/me/opening-key?done=officer-wrapped", Line::of(&app, key)?))
}

/// `POST /me/opening-key/{id}/passkey-removal`.
pub async fn unwrap(State(app): State<App>, person: Person, At(id): At<Id<Key>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let key = app.db().write(move |tx| store::wrap(tx, &person, id, None)).await?;
    Ok(Saved::at("/me/opening-key?done=officer-unwrapped", Line::of(&app, key)?))
}

/// The back-up: the secret half under its passphrase, as it lies here.
pub async fn file(State(app): State<App>, person: Person, At(id): At<Id<Key>>) -> Result<Response, Error> {
    let key = app.db().read(move |tx| store::own(tx, &person, id)).await?;
    Ok(attachment(&format!("opening-key-{id}.age"), Bytes::from(key.kept)))
}
