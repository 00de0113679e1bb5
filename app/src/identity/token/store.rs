//! Every query about tokens, but the one that finds who acts by one ([`crate::web::Bearer`]).

use super::form::New;
use super::page::Token;
use crate::app::App;
use crate::web::{Agent, ApiToken, Erased, Error, Gone, Level, Member, Person, Secret, codes, scopes};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;

/// No company may have more that can be used.
const MOST: i64 = 20;

/// A token was made.
#[derive(Serialize)]
struct Made {
    token: Id<ApiToken>,
}

impl Fact for Made {
    const KIND: &'static str = "token.made";
}

/// A token was revoked.
#[derive(Serialize)]
struct Revoked {
    token: Id<ApiToken>,
}

impl Fact for Revoked {
    const KIND: &'static str = "token.revoked";
}

/// Makes a token.
///
/// # Errors
/// 403 while the company is not approved; 409 `token-exists` when the form is sent twice (the secret cannot be shown
/// again), `too-many-tokens`.
pub fn make(tx: &mut Tx, member: &Agent, new: &New, secret: &Secret) -> Result<Token, Error> {
    member.reaches(Level::Company)?;
    member.still(tx)?;
    let now = tx.now();
    let alive: i64 = tx.one(
        "SELECT COUNT(*) FROM api_token WHERE company = $1 AND revoked_at IS NULL AND expires_at > $2",
        values![member.company, now],
        |row| row.next(),
    )?;
    if alive >= MOST {
        return Err(Error::conflict("too-many-tokens").with("most", MOST));
    }
    let expires_at = now.checked_add(SignedDuration::from_hours(24 * new.days)).unwrap_or(now);
    let inserted = tx.execute(
        "INSERT INTO api_token (id, company, account, name, token_hash, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        values![
            new.id,
            member.company,
            member.account(),
            &new.name,
            secret.hash(),
            codes(&new.scopes),
            now,
            expires_at
        ],
    )?;
    if inserted == 0 {
        return Err(Error::conflict("token-exists"));
    }
    event::record(tx, member.scope(), &Made { token: new.id })?;
    find(tx, member, new.id)
}

/// Revokes a token of the member's company, at once and for ever. Twice is once.
///
/// # Errors
/// 404.
pub fn revoke(tx: &mut Tx, member: &Agent, id: Id<ApiToken>) -> Result<Token, Error> {
    let now = tx.now();
    let revoked = tx.execute(
        "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND company = $3 AND revoked_at IS NULL",
        values![now, id, member.company],
    )?;
    if revoked == 1 {
        event::record(tx, member.scope(), &Revoked { token: id })?;
    }
    find(tx, member, id)
}

/// Revokes all that a person made, whatever company it is for. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn revoke_made_by(tx: &mut Tx, person: &Person) -> Result<usize, db::Error> {
    let now = tx.now();
    let sql = "UPDATE api_token SET revoked_at = $1 WHERE account = $2 AND revoked_at IS NULL RETURNING id";
    let revoked = tx.all(sql, values![now, person.account()], |row| row.next::<Id<ApiToken>>())?;
    for token in &revoked {
        let scope = Scope { actor: Some(*person.subject().as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Revoked { token: *token })?;
    }
    Ok(revoked.len())
}

/// The tokens of the member's company, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, member: &Member) -> Result<Vec<Token>, db::Error> {
    let now = tx.now();
    tx.all(
        "SELECT id, name, scopes, created_at, expires_at, used_on, revoked_at FROM api_token WHERE company = $1 \
         ORDER BY created_at DESC, id DESC LIMIT 200",
        values![member.company],
        |row| read(row, now),
    )
}

fn find(tx: &mut Tx, member: &Member, id: Id<ApiToken>) -> Result<Token, Error> {
    let now = tx.now();
    let found = tx.first(
        "SELECT id, name, scopes, created_at, expires_at, used_on, revoked_at FROM api_token \
         WHERE id = $1 AND company = $2",
        values![id, member.company],
        |row| read(row, now),
    )?;
    found.ok_or_else(Error::not_found)
}

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Token, db::Error> {
    let (id, name, kept): (Id<ApiToken>, String, String) = (row.next()?, row.next()?, row.next()?);
    let (created_at, expires_at): (Timestamp, Timestamp) = (row.next()?, row.next()?);
    let used: Option<i64> = row.next()?;
    let revoked_at: Option<Timestamp> = row.next()?;
    let alive = revoked_at.is_none() && now < expires_at;
    Ok(Token {
        id,
        name,
        scopes: scopes(&kept),
        created_at,
        expires_at,
        used_on: used.and_then(day),
        revoked_at,
        alive,
    })
}

/// The day that is so many days after 1970-01-01.
fn day(days: i64) -> Option<String> {
    let at = Timestamp::from_second(days.checked_mul(86_400)?).ok()?;
    Some(at.strftime("%Y-%m-%d").to_string())
}

/// The tokens that a person has made go with the person: programs act by them in that person's name.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let deleted = tx.execute("DELETE FROM api_token WHERE account = $1", values![gone.account])?;
    Ok(vec![Erased::new("erased-tokens", deleted)])
}
