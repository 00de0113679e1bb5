//! A person's own passkeys: registering one, removing one, and letting one sign in by itself again after a leak.

use super::super::factor;
use super::super::whom::Owner;
use super::challenge::{self, Purpose};
use super::form::New;
use super::page::{Added, Asked, Confirmed, Removed};
use super::proof::hash;
use super::relying::{Handle, Relying, counter};
use super::store::{self, Passkey};
use super::{MOST, NAME};
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::session::{self, Token};
use crate::web::{At, Context, Ctx, Error, Form, Input, Person, Saved};
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::header::SET_COOKIE;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;

/// Challenges of one account.
static ASKED: Limit = Limit { name: "passkey-asked", burst: 20, every: SignedDuration::from_mins(1) };

/// Asks the browser for a new passkey.
pub async fn ask(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let (relying, account, new) = (Relying::of(&app)?, person.account(), Id::<Handle>::v4(app.random()));
    limit_asking(&app, person).await?;
    let unit = move |tx: &mut Tx| {
        let before = store::keys(tx, account, true)?;
        if before.len() >= MOST {
            return Err(Error::conflict("passkeys-enough"));
        }
        Ok((store::handle(tx, account, new)?, before))
    };
    let (handle, before) = app.db().write::<_, Error>(unit).await?;
    let name = context.actor.member().map_or(app.operator_name(), |member| member.company_name.as_str());
    let posed = relying.ask_new(handle, name, &before)?;
    let asked: Asked = challenge::pose(&app, &context, (Purpose::Registration, Some(account)), posed).await?;
    Ok(Saved::at("/me/security", asked))
}

/// Counts a challenge that somebody who is signed in asks for.
pub async fn limit_asking(app: &App, person: Person) -> Result<(), Error> {
    let counted = app.limits().of(&ASKED, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await
}

/// Takes the new passkey.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let page = async |form: Form| Ok(("security", factor::Security::read(&app, &context, person, form).await?));
    let (cookie, added) =
        input.act_on(page, async |new: New, form| register(&app, &context, person, new, form).await).await?;
    let saved = if added.codes.is_empty() {
        Saved::at("/me/security?done=passkey-added", added)
    } else {
        Saved::here("recovery-codes", added)
    };
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), saved))
}

async fn register(
    app: &App,
    context: &Context,
    person: Person,
    new: New,
    form: Form,
) -> Result<(String, Added), Error> {
    let relying = Relying::of(app)?;
    let state = challenge::take(app, context, (Purpose::Registration, Some(person.account())), new.challenge).await?;
    let refused = || form.clone().refuse("credential", "passkey-refused");
    let key = relying.made(&state, &new.credential)?.ok_or_else(refused)?;
    let id: Id<Passkey> = app.random().id();
    let name = app.vault().seal(NAME, person.subject(), id, &new.name).await?;
    let credential = hash(key.cred_id());
    let kept = serde_json::to_vec(&key).map_err(Error::fault)?;
    let new = store::New { id, credential, key: kept, counter: counter(&key), name };
    hold(app, person, new).await?.ok_or_else(refused)
}

/// One unit: it holds, the login session is proved by it, the first brings recovery codes, and the person is told. None when somebody
/// has it already.
async fn hold(app: &App, person: Person, new: store::New) -> Result<Option<(String, Added)>, Error> {
    let (account, id, token) = (person.account(), new.id, Token::new(app.random()));
    let (codes, hashes) = factor::new_codes(app, account);
    let cookie = app.cookies().set(app.cookies().session(), token.expose(), Some(session::LIFE.as_secs()));
    let unit = move |tx: &mut Tx| {
        let is_first = !factor::has(tx, account)?;
        if !store::add(tx, account, &new)? {
            return Ok(None);
        }
        if !session::prove(tx, &person, true, &token)? {
            return Err(Error::unauthenticated());
        }
        if is_first {
            factor::renew_recovery(tx, account, &hashes)?;
        }
        tell(tx, person, ("passkey-added", "letter-passkey-added"))?;
        Ok(Some(is_first))
    };
    let held = app.db().write::<_, Error>(unit).await?;
    Ok(held.map(|is_first| (cookie, Added { added: id, codes: if is_first { codes.codes } else { Vec::new() } })))
}

fn tell(tx: &mut Tx, person: Person, what: (&'static str, &str)) -> Result<(), db::Error> {
    let (account, subject): Owner = (person.account(), person.subject());
    factor::tell(tx, account, subject, what)
}

/// Removes one. With the last second factor the recovery codes go; who must have one keeps it.
pub async fn remove(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Passkey>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let (account, is_required) = (person.account(), factor::is_required(&app, &context.actor));
    let unit = move |tx: &mut Tx| {
        if !store::remove(tx, account, id)? {
            return Err(Error::not_found());
        }
        factor::removed(tx, account, is_required)?;
        Ok(tell(tx, person, ("passkey-removed", "letter-passkey-removed"))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/me/security?done=passkey-removed", Removed { removed: id }))
}

/// Lets one sign in by itself again: its person has looked, and it is theirs.
pub async fn confirm(
    State(app): State<App>,
    person: Person,
    At(id): At<Id<Passkey>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let account = person.account();
    let unit = move |tx: &mut Tx| {
        if !store::resume(tx, account, id)? {
            return Err(Error::not_found());
        }
        Ok(tell(tx, person, ("passkey-confirmed", "letter-passkey-confirmed"))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/me/security?done=passkey-confirmed", Confirmed { confirmed: id }))
}
