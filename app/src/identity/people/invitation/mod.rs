//! An invitation (邀请): an e-mail, sealed under a key of its own, the duties that are offered, seven days.
//!
//! Its link shows what is offered and changes nothing. Who has no account registers by it: the code goes to the e-mail that
//! they type, which must be the invited one, so that a link handed on is of no use. Who has an account with that e-mail, and
//! acts for nobody, joins by one click. It is used once; when it is over its address is forgotten.

pub(super) mod held;
pub(super) mod key;
pub(super) mod letter;
pub(super) mod store;
pub(super) mod sweep;

pub use store::{EMAIL, Kept, New, State, put, take_up, waiting};

use super::page::Place;
use super::{Duties, join};
use crate::app::App;
use crate::web::{Actor, At, Error, Input, Instant, Page, Person, Saved, filters};
use askama::Template;
use axum::extract::State as Of;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An invitation.
pub struct Invitation;

/// Why one cannot be accepted.
pub const REFUSALS: [&str; 5] =
    ["invitation-used", "invitation-revoked", "invitation-expired", "invitation-other-email", "member-elsewhere"];

/// The answer to inviting and revoking.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
pub struct Sent {
    pub id: Id<Invitation>,
    pub state: State,
    /// Until when it can be accepted.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
}

/// What stands between its reader and joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "InvitationReader")]
enum Reader {
    /// Nobody is signed in: they register, or sign in.
    Visitor,
    /// It is theirs: they join by one click.
    Invited,
    /// It was sent to another e-mail than this account's.
    Other,
    /// They act for a company already.
    Elsewhere,
    /// They are a person of the operator.
    Operator,
}

/// What is offered, by the link.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "InvitationPage")]
#[template(path = "identity/people/invitation/show.html")]
pub struct Show {
    company: String,
    duties: Duties,
    state: State,
    /// Until when it can be accepted.
    #[schemars(with = "Instant")]
    expires_at: Timestamp,
    reader: Reader,
    #[serde(skip)]
    key: String,
}

/// The invitation that a text stands for, if it can be registered by.
///
/// # Errors
/// The code of the refusal: `invitation-unknown`, or as [`State::refusal`].
pub async fn open(app: &App, text: &str) -> Result<Result<Kept, &'static str>, Error> {
    let Some(id) = key::read(app, text) else { return Ok(Err("invitation-unknown")) };
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    Ok(match found {
        None => Err("invitation-unknown"),
        Some(kept) => kept.state.refusal().map_or(Ok(kept), Err),
    })
}

/// The error for a refusal of [`open`].
pub fn refused(code: &'static str) -> Error {
    if code == "invitation-unknown" { Error::not_found() } else { Error::conflict(code) }
}

/// The page behind the link. Reading it changes nothing.
pub(super) async fn show(Of(app): Of<App>, actor: Actor, At(key): At<String>) -> Result<Page, Error> {
    let id = key::read(&app, &key).ok_or_else(Error::not_found)?;
    let read = app.db().read::<_, Error>(move |tx| {
        let kept = store::find(tx, id)?.ok_or_else(Error::not_found)?;
        let reader = reader(tx, &actor, &kept)?;
        Ok((kept, reader))
    });
    let (kept, reader) = read.await?;
    let (state, expires_at, duties) = (kept.state, kept.expires_at, kept.duties);
    let page = Show { company: kept.company_name.clone(), duties, state, expires_at, reader, key };
    Ok(Page::new("invitation", page))
}

fn reader(tx: &mut Tx, actor: &Actor, kept: &Kept) -> Result<Reader, db::Error> {
    Ok(match actor {
        Actor::Visitor | Actor::Guest(_) => Reader::Visitor,
        Actor::Operator(_) => Reader::Operator,
        Actor::Member(_) => Reader::Elsewhere,
        Actor::Person(person) if index_of(tx, person)? == kept.email_index => Reader::Invited,
        Actor::Person(_) => Reader::Other,
    })
}

/// The index of a person's e-mail, which a code has verified.
fn index_of(tx: &mut Tx, person: &Person) -> Result<Vec<u8>, db::Error> {
    tx.one("SELECT email_index FROM account WHERE id = $1", values![person.account()], |row| row.next())
}

/// Joins with the account that is signed in. Sent twice, it is one.
pub(super) async fn accept(
    Of(app): Of<App>,
    actor: Actor,
    person: Person,
    At(key): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let id = key::read(&app, &key).ok_or_else(Error::not_found)?;
    if matches!(actor, Actor::Operator(_)) {
        return Err(Error::conflict("member-elsewhere"));
    }
    let unit = move |tx: &mut Tx| {
        let index = index_of(tx, &person)?;
        join::by_account(tx, &person, id, &index)
    };
    let place: Place = app.db().write(unit).await?;
    Ok(Saved::at("/?done=invitation-accepted", place))
}
