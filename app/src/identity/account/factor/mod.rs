//! The second factor (第二因素): what a person proves who they are with beside the password, of another kind than what is sent
//! to phone and mailbox (clause 7.2).
//!
//! An authenticator app or passkeys ([`passkey`](super::passkey)), and recovery codes for when they are lost. Codes by short message
//! and mail set a new password; they never stand in for the second factor. The password always stays, so that nobody ends up
//! without anything.

mod authenticator;
mod check;
mod lost;
mod operation;
mod page;
mod qr;
pub mod recovery;
mod totp;

use super::Account;
use super::letter::{self, Letter};
use super::passkey;
use super::store::own;
use super::whom::Owner;
use crate::app::App;
use crate::web::session::{self, Token};
use crate::web::{At, Broken, Ctx, Error, Fields, Form, Input, Page, Parse, Person, Said, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use serde::Serialize;
use totp::Secret;
use vault::{AuthenticatorSecret, Slot, Subject};

pub use authenticator::{Authenticator, sweep};
pub use check::{Claim, Typed};
pub use lost::forget_operators_factor;
pub use operation::routes;
pub use page::{Security, is_required};
pub use recovery::replace as renew_recovery;

/// Where the secret of an authenticator app is sealed.
pub const AUTHENTICATOR: Slot<AuthenticatorSecret> = Slot::new("authenticator", "secret");

/// Something happened to what a person proves who they are with.
#[derive(Serialize)]
pub struct Changed {
    pub account: Id<Account>,
    /// added, removed, recovery-made, recovery-used, passkey-added, -removed, -doubted, -confirmed.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "account.factor-changed";
}

/// The first code of a new authenticator.
pub struct First(Typed);

impl Parse for First {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("code", "012345");
        let code = fields.secret("code", |text| match Typed::parse(&text)? {
            Typed::Code(code) => Ok::<_, Broken>(Typed::Code(code)),
            Typed::Recovery(_) => Err("code-form".into()),
        });
        Some(Self(code?))
    }
}

/// With what the person proves who they are.
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("security", Security::read(&app, &context, person, Form::default()).await?))
}

/// Makes a secret and shows it this once.
pub async fn begin(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let (id, secret): (Id<Authenticator>, _) = (app.random().id(), Secret::new(app.random()));
    let text: AuthenticatorSecret = secret.text().parse().map_err(Error::fault)?;
    let sealed = app.vault().seal(AUTHENTICATOR, person.subject(), id, &text).await?;
    app.db().write::<_, db::Error>(move |tx| authenticator::begin(tx, person.account(), id, &sealed)).await?;
    let name = context.actor.member().map_or("operator", |member| member.company_name.as_str());
    let address = qr::address(app.operator_name(), name, &secret);
    let code = qr::path(&address);
    let secret = secret.text().to_string();
    Ok(Saved::here("authenticator-begun", page::Begun { id, secret, address, code, form: Form::default() }))
}

/// The first code came back: the authenticator holds, and a set of recovery codes is shown.
pub async fn confirm(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Authenticator>>,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let owner: Owner = (person.account(), person.subject());
    let confirmed = match input.parse_with_form() {
        Ok((First(Typed::Code(code)), form)) => match check::first(&app, &context, owner, id, &code).await? {
            Some(period) => hold(&app, person, id, period).await,
            None => Err(form.refuse("code", "factor-wrong")),
        },
        Ok((_, form)) => Err(form.refuse("code", "code-form")),
        Err(refused) => Err(refused),
    };
    let (cookie, codes) =
        confirmed.map_err(|refused| refused.on("authenticator-begun", |form| page::Waiting { id, form }))?;
    Ok(([(SET_COOKIE, cookie)], Saved::here("recovery-codes", codes)))
}

/// One unit: it holds, the login session is proved by it, the recovery codes are new, and the person is told.
async fn hold(app: &App, person: Person, id: Id<Authenticator>, period: i64) -> Result<(String, page::Codes), Error> {
    let (account, token) = (person.account(), Token::new(app.random()));
    let (codes, hashes) = new_codes(app, account);
    let cookie = app.cookies().set(app.cookies().session(), token.expose(), Some(session::LIFE.as_secs()));
    let unit = move |tx: &mut Tx| {
        if !authenticator::confirm(tx, account, id, period)? {
            return Err(Error::not_found());
        }
        if !session::prove(tx, &person, true, &token)? {
            return Err(Error::unauthenticated());
        }
        recovery::replace(tx, account, &hashes)?;
        Ok(tell(tx, account, person.subject(), ("added", "letter-factor-added"))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok((cookie, codes))
}

/// A set, and what is kept of it.
pub fn new_codes(app: &App, account: Id<Account>) -> (page::Codes, Vec<Vec<u8>>) {
    let set = recovery::Code::set(app.random());
    let hashes = set.iter().map(|code| code.hash(app, account)).collect();
    (page::Codes { codes: set.iter().map(recovery::Code::shown).collect() }, hashes)
}

/// Records what happened and writes to the person.
///
/// # Errors
/// [`db::Error`].
pub fn tell(
    tx: &mut Tx,
    account: Id<Account>,
    subject: Id<Subject>,
    (act, key): (&'static str, &str),
) -> Result<(), db::Error> {
    event::record(tx, own(subject), &Changed { account, act })?;
    letter::to_account(tx, account, &Letter::new(key))
}

/// Removes the authenticator; with the last second factor the recovery codes go. Who must have one registers another first.
pub async fn remove(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Authenticator>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let (account, is_required) = (person.account(), is_required(&app, &context.actor));
    let unit = move |tx: &mut Tx| {
        if !authenticator::remove(tx, account, id)? {
            return Err(Error::not_found());
        }
        removed(tx, account, is_required)?;
        Ok(tell(tx, account, person.subject(), ("removed", "letter-factor-removed"))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/me/security?done=factor-removed", page::Removed { removed: id }))
}

/// What follows when one was removed, in the same unit. `is_required`: its person must have a second factor that holds.
///
/// # Errors
/// 409 `second-factor-required`.
pub fn removed(tx: &mut Tx, account: Id<Account>, is_required: bool) -> Result<(), Error> {
    let holds = authenticator::own(tx, account)?.is_some() || passkey::is_one_sound(tx, account)?;
    if is_required && !holds {
        return Err(Error::conflict("second-factor-required"));
    }
    if !has(tx, account)? {
        recovery::forget(tx, account)?;
    }
    Ok(())
}

/// A new set of recovery codes in the place of the one before, shown this once.
pub async fn renew_codes(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let account = person.account();
    let (codes, hashes) = new_codes(&app, account);
    let unit = move |tx: &mut Tx| {
        if !has(tx, account)? {
            return Err(Error::conflict("second-factor-none"));
        }
        recovery::replace(tx, account, &hashes)?;
        Ok(tell(tx, account, person.subject(), ("recovery-made", "letter-recovery-made"))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::here("recovery-codes", codes))
}

/// Whether an account has a second factor. A passkey that is doubted counts: who copied it must not take the protection away.
///
/// # Errors
/// [`db::Error`].
pub fn has(tx: &mut Tx, account: Id<Account>) -> Result<bool, db::Error> {
    Ok(authenticator::own(tx, account)?.is_some() || passkey::count(tx, account)? > 0)
}

/// Forgets all of an account that ends, and answers how many there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    Ok(authenticator::forget(tx, account)? + recovery::forget(tx, account)? + passkey::forget(tx, account)?)
}

/// How it stands, for the privacy centre.
///
/// # Errors
/// [`db::Error`].
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    if !has(tx, person.account())? {
        return Ok(Said::new("security-state-off"));
    }
    let left = recovery::left(tx, person.account())?.map_or(0, |(left, _)| left);
    let passkeys = passkey::count(tx, person.account())?;
    if passkeys == 0 {
        return Ok(Said::new("security-state-on").with("n", left));
    }
    let is_app = authenticator::own(tx, person.account())?.is_some();
    let key = if is_app { "security-state-both" } else { "security-state-passkeys" };
    Ok(Said::new(key).with("n", left).with("passkeys", passkeys))
}
