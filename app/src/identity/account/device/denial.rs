//! “This was not me” (不是我): a person says of a sign-in that somebody else made it. All login sessions end, the browser is no
//! longer known, and the password is void: a new one is set by the codes to phone and mailbox. Passkeys stay as second factors, and
//! sign nobody in by themselves until their person has said of each that it is theirs.
//!
//! The codes are also the way back for who was made to say so by a stranger with their mail: they set a password, the old one
//! if they like, and nothing is lost but the sessions.

use super::super::Account;
use super::super::ending;
use super::super::letter::{self, Letter};
use super::super::link as links;
use super::super::passkey;
use super::super::password::void;
use super::super::session::step;
use super::super::store::{self, own};
use super::link;
use crate::app::App;
use crate::web::{At, Error, Input, Instant, Page, Saved, filters, session};
use askama::Template;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use session::LoginSession;
use vault::Subject;

/// How long after a sign-in it may be denied; as long as its session is under way in any case.
const OPEN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A sign-in that somebody is asked about.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SignInAsked")]
#[template(path = "identity/account/device/denial.html")]
pub struct Asked {
    #[schemars(with = "Instant")]
    at: Timestamp,
    /// When its person said that it was not them.
    #[schemars(with = "Option<Instant>")]
    denied_at: Option<Timestamp>,
    #[serde(skip)]
    path: String,
}

/// It was denied.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignInDenied")]
pub struct Denied {
    denied: bool,
}

/// A person said that a sign-in was not theirs.
#[derive(Serialize)]
struct SignInDenied {
    account: Id<Account>,
    session: Id<LoginSession>,
}

impl Fact for SignInDenied {
    const KIND: &'static str = "account.sign-in-denied";
}

#[derive(Clone, Copy)]
struct Found {
    account: Id<Account>,
    subject: Id<Subject>,
    at: Timestamp,
    denied_at: Option<Timestamp>,
}

fn find(tx: &mut Tx, id: Id<LoginSession>) -> Result<Option<Found>, db::Error> {
    let now = tx.now();
    let since = now.checked_sub(OPEN).unwrap_or(now);
    let sql = "SELECT a.id, a.subject, s.created_at, s.denied_at FROM login_session s JOIN account a ON a.id = s.account \
         WHERE s.id = $1 AND (s.created_at > $2 OR (s.ended_at IS NULL AND s.expires_at > $3)) AND a.ended_at IS NULL";
    tx.first(sql, values![id, since, now], |row| {
        Ok(Found { account: row.next()?, subject: row.next()?, at: row.next()?, denied_at: row.next()? })
    })
}

/// Asks whether it was them. Reading changes nothing: mail programs open links, too.
pub async fn show(State(app): State<App>, At(key): At<String>) -> Result<Page, Error> {
    let id = link::read(&app, &key).ok_or_else(Error::not_found)?;
    let found = app.db().read::<_, db::Error>(move |tx| find(tx, id)).await?.ok_or_else(Error::not_found)?;
    let path = link::path(&app, id);
    Ok(Page::new("sign-in-asked", Asked { at: found.at, denied_at: found.denied_at, path }))
}

/// It was not them. Twice is once.
pub async fn create(State(app): State<App>, At(key): At<String>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let id = link::read(&app, &key).ok_or_else(Error::not_found)?;
    let password = void();
    app.db().write::<_, Error>(move |tx| deny(tx, id, &password)).await?;
    Ok(Saved::at("/password-reset?done=sign-in-denied", Denied { denied: true }))
}

fn deny(tx: &mut Tx, id: Id<LoginSession>, password: &str) -> Result<(), Error> {
    let Found { account, subject, denied_at, .. } = find(tx, id)?.ok_or_else(Error::not_found)?;
    if denied_at.is_some() {
        return Ok(());
    }
    let now = tx.now();
    tx.execute("UPDATE login_session SET denied_at = $1 WHERE id = $2", values![now, id])?;
    tx.execute("DELETE FROM device WHERE id = (SELECT device FROM login_session WHERE id = $1)", values![id])?;
    shut(tx, account, password)?;
    event::record(tx, own(subject), &SignInDenied { account, session: id })?;
    Ok(letter::to_account(tx, account, &Letter::new("letter-sign-in-denied"))?)
}

/// Shuts an account until its person comes back by the codes to phone and mailbox: what [`shut`] does, and no browser is known any
/// more. Answers whether there is such an account.
///
/// # Errors
/// [`db::Error`].
pub fn protect(tx: &mut Tx, account: Id<Account>, password: &str) -> Result<bool, db::Error> {
    if ending::alive(tx, account)?.is_none() {
        return Ok(false);
    }
    tx.execute("DELETE FROM device WHERE account = $1", values![account])?;
    shut(tx, account, password)?;
    Ok(true)
}

/// Ends all login sessions of an account and those that wait for a second factor, and pauses its passkeys and links; `password`, a void one, takes the place of its own.
fn shut(tx: &mut Tx, account: Id<Account>, password: &str) -> Result<(), db::Error> {
    step::forget(tx, account)?;
    passkey::pause(tx, account)?;
    links::pause(tx, account)?;
    session::end_others(tx, account, Id::from_bytes([0; 16]))?;
    store::set_password(tx, account, password)
}
