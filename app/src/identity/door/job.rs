//! The job that sends the code. Its payload holds code and address sealed: the address as it was typed, for the moment that
//! the job waits, so that nothing of anybody is opened for it. Whether anything is kept there is looked up when it runs, after the
//! answer has gone out: neither answer nor its time tell.

use super::entry;
use crate::app::App;
use crate::identity::account::code::{self, Codes};
use crate::identity::account::{Name, named};
use crate::web::text::{Arg, Words};
use crate::web::visit::Visit;
use crate::web::{Error, Locale};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use kit::mail::{Mail, ShortMessage};
use serde::{Deserialize, Serialize};

/// The kind of this job.
pub const KIND: &str = "door.code";

/// Name of the secret that payloads are sealed under.
const SECRET: &str = "door/code-payload";

#[derive(Serialize, Deserialize)]
struct Payload {
    visit: Id<Visit>,
    locale: String,
    sealed: String,
}

/// What is inside the seal.
#[derive(Serialize, Deserialize)]
struct Secret {
    by_mail: bool,
    to: String,
    code: String,
}

/// A job's payload, sealed before the unit that enqueues it.
///
/// # Errors
/// 503 when the key database cannot be asked.
pub async fn payload(
    app: &App,
    visit: Id<Visit>,
    name: &Name,
    codes: &Codes,
    locale: Locale,
) -> Result<Vec<u8>, Error> {
    let (by_mail, to) = match name {
        Name::Phone(phone) => (false, phone.expose().to_owned()),
        Name::Email(email) => (true, email.expose().to_owned()),
        Name::Neither => (false, String::new()),
    };
    let secret = Secret { by_mail, to, code: codes.phone.expose().to_owned() };
    let secret = serde_json::to_vec(&secret).map_err(Error::fault)?;
    let sealed = app.vault().secrets().seal(SECRET, &visit.to_string(), &secret).await?;
    let payload = Payload { visit, locale: locale.tag().to_owned(), sealed: STANDARD_NO_PAD.encode(sealed) };
    serde_json::to_vec(&payload).map_err(Error::fault)
}

/// What there is under an index.
enum Found {
    /// Something is kept of somebody without an account.
    Entry,
    /// An account, whose person signs in.
    Account,
    /// Nothing, or the code is too old to be of use.
    Nothing,
}

fn look(tx: &mut Tx, app: &App, visit: Id<Visit>) -> Result<Found, db::Error> {
    if !code::find(tx, visit.cast())?.is_some_and(|kept| kept.is_alive(tx.now())) {
        return Ok(Found::Nothing);
    }
    let sql = "SELECT named FROM door_visit WHERE id = $1 AND ended_at IS NULL";
    let index: Option<[u8; 32]> = tx.first(sql, kit::values![visit], |row| row.next())?;
    let Some(index) = index else { return Ok(Found::Nothing) };
    if !entry::known(tx, app, &index)?.is_empty() {
        return Ok(Found::Entry);
    }
    Ok(if named(tx, &index)?.is_some() { Found::Account } else { Found::Nothing })
}

/// Sends the code to whom something is kept of; tells who has an account to sign in.
pub fn run(app: App, id: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let payload: Payload = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let (program, visit) = (app.clone(), payload.visit);
        let found = app.db().read::<_, db::Error>(move |tx| look(tx, &program, visit)).await?;
        let sealed = STANDARD_NO_PAD.decode(&payload.sealed).map_err(Error::fault)?;
        let secret = app.vault().secrets().open(SECRET, &visit.to_string(), &sealed).await?;
        let secret: Secret = serde_json::from_slice(&secret).map_err(Error::fault)?;
        let locale = Locale::of(&payload.locale).unwrap_or_default();
        match found {
            Found::Entry => send(&app, id, "door-message", &secret, locale).await,
            Found::Account => send(&app, id, "door-message-account", &secret, locale).await,
            Found::Nothing => Ok(()),
        }
    }
    .boxed()
}

async fn send(app: &App, id: Id<Job>, key: &str, secret: &Secret, locale: Locale) -> Result<(), Error> {
    let words = Words::new(app.catalogue(), locale);
    let args = [("code", Arg::from(secret.code.as_str())), ("minutes", Arg::from(code::LIFE.as_mins()))];
    let (text, to, at) = (words.text(key, &args), secret.to.clone(), app.clock().now());
    if !secret.by_mail {
        return app.sms().send(&ShortMessage { id: id.cast(), at, to, text }).await.map_err(Error::fault);
    }
    let subject = words.text("door-message-subject", &[]);
    let mail = Mail { id: id.cast(), at, to, subject, text, html: None, one_click: None };
    app.mailer().send(&mail).await.map_err(Error::fault)
}
