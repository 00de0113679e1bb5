//! The rows of substitutions. Whoever is away, stands in, or answers for the company may see one; to others it is not there.

use super::super::duty::{Duties, Duty};
use super::form::New;
use super::rule::{Span, passed};
use super::{Substitution, Told};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::{Broken, Erased, Error, Form, Gone, Member};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, Value};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// How far ahead an absence may begin.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// How many a page lists, the newest.
const MOST: i64 = 100;

/// One, as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<Substitution>,
    pub company: Id<Company>,
    pub absent: Id<Account>,
    pub substitute: Id<Account>,
    pub span: Span,
    pub asked_at: Timestamp,
    pub ended_how: Option<String>,
}

const COLUMNS: &str = "id, company, absent, substitute, begins_at, ends_at, accepted_at, ended_at, asked_at, ended_how \
     FROM substitution";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, company) = (row.next()?, row.next()?);
    let (absent, substitute) = (row.next()?, row.next()?);
    let (begins_at, ends_at) = (row.next()?, row.next()?);
    let span = Span { begins_at, ends_at, accepted_at: row.next()?, ended_at: row.next()? };
    Ok(Kept { id, company, absent, substitute, span, asked_at: row.next()?, ended_how: row.next()? })
}

/// An absence about to be asked for: whole days of the installation's zone.
#[derive(Clone, Copy)]
pub struct Away {
    id: Id<Substitution>,
    begins_at: Timestamp,
    ends_at: Timestamp,
}

impl Away {
    /// From the beginning of the first day until the end of the last.
    ///
    /// # Errors
    /// 422 on a day that no calendar has.
    pub fn of(new: &New, zone: &TimeZone) -> Result<Self, Error> {
        let begins = |day: jiff::civil::Date| zone.to_timestamp(day.at(0, 0, 0, 0));
        let next = new.ends_on.tomorrow();
        let (begins_at, ends_at) = (begins(new.begins_on), next.and_then(begins));
        match (begins_at, ends_at) {
            (Ok(begins_at), Ok(ends_at)) => Ok(Self { id: new.id, begins_at, ends_at }),
            _ => Err(Form::default().refuse("ends_on", Broken::rule("day"))),
        }
    }
}

/// Asks the colleague who is reached by the e-mail of this index. The same id again is the same row.
///
/// # Errors
/// 401; 403 `duties-changed`; 404 when the id is another's; 409 `substitution-nothing`, `substitution-overlaps`; 422.
pub fn ask(tx: &mut Tx, member: &Member, away: &Away, email_index: &[u8; 32], form: &Form) -> Result<(), Error> {
    member.still(tx)?;
    if let Some(known) = find(tx, away.id)? {
        let is_own = (known.company, known.absent) == (member.company, member.account());
        return if is_own { Ok(()) } else { Err(Error::not_found()) };
    }
    let refuse = |field, rule| Err(form.clone().refuse(field, Broken::rule(rule)));
    let now = tx.now();
    // A day that has begun counts from its acceptance on.
    match () {
        () if away.ends_at <= now => return refuse("ends_on", "substitution-past"),
        () if away.begins_at > now.checked_add(AHEAD).unwrap_or(now) => return refuse("begins_on", "substitution-far"),
        () => {}
    }
    let Some(substitute) = colleague(tx, member.company, email_index)? else {
        return refuse("email", "substitute-unknown");
    };
    if substitute == member.account() {
        return refuse("email", "substitute-self");
    }
    if is_away(tx, substitute, away.begins_at, away.ends_at)? {
        return refuse("email", "substitute-is-away");
    }
    if passed(member.own_duties).is_empty() {
        return Err(Error::conflict("substitution-nothing"));
    }
    let own = of_account(tx, "absent", member.account())?;
    if own.iter().any(|one| one.span.meets(away.begins_at, away.ends_at)) {
        return Err(Error::conflict("substitution-overlaps"));
    }
    tx.execute(
        "INSERT INTO substitution (id, company, absent, substitute, begins_at, ends_at, asked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![away.id, member.company, member.account(), substitute, away.begins_at, away.ends_at, now],
    )?;
    let kept = find(tx, away.id)?.ok_or_else(Error::not_found)?;
    Ok(tell(tx, member.scope(), &kept, "asked", Some(member.account()))?)
}

/// The active colleague with this e-mail.
fn colleague(tx: &mut Tx, company: Id<Company>, email_index: &[u8; 32]) -> Result<Option<Id<Account>>, db::Error> {
    let sql = "SELECT a.id FROM account a JOIN subject s ON s.id = a.subject \
         WHERE a.company = $1 AND a.email_index = $2 AND a.ended_at IS NULL AND s.standing = 'active'";
    tx.first(sql, values![company, email_index], |row| row.next())
}

/// Whether somebody has a substitute of their own for some of this time: who is away stands in for nobody, so that no two stand
/// in for each other and nobody is left to act.
fn is_away(tx: &mut Tx, account: Id<Account>, begins_at: Timestamp, ends_at: Timestamp) -> Result<bool, db::Error> {
    let own = of_account(tx, "absent", account)?;
    Ok(own.iter().any(|one| one.span.accepted_at.is_some() && one.span.meets(begins_at, ends_at)))
}

/// Those of an account, as one side, of which something can become still.
fn of_account(tx: &mut Tx, side: &'static str, account: Id<Account>) -> Result<Vec<Kept>, db::Error> {
    let now = tx.now();
    let sql =
        format!("SELECT {COLUMNS} WHERE {side} = $1 AND ends_at > $2 AND ended_at IS NULL ORDER BY begins_at, id");
    tx.all(&sql, values![account, now], read)
}

/// Accepts. Twice is once.
///
/// # Errors
/// 401; 403 `duties-changed`; 404 to all but who is asked; 409 `substitution-over`, `substitute-away`.
pub fn accept(tx: &mut Tx, member: &Member, id: Id<Substitution>) -> Result<(), Error> {
    let (kept, now) = (asked(tx, member, id)?, tx.now());
    if kept.span.accepted_at.is_some() {
        return Ok(());
    }
    if is_away(tx, member.account(), kept.span.begins_at, kept.span.ends_at)? {
        return Err(Error::conflict("substitute-away"));
    }
    let sql = "UPDATE substitution SET accepted_at = $1 WHERE id = $2 AND accepted_at IS NULL AND ended_at IS NULL";
    if tx.execute(sql, values![now, id])? == 0 {
        return Err(Error::conflict("substitution-over"));
    }
    Ok(tell(tx, member.scope(), &kept, "accepted", Some(member.account()))?)
}

/// Declines. Twice is once.
///
/// # Errors
/// As [`accept`]; 409 `substitution-over` also once it was accepted: then it is ended.
pub fn decline(tx: &mut Tx, member: &Member, id: Id<Substitution>) -> Result<(), Error> {
    member.still(tx)?;
    if find(tx, id)?
        .is_some_and(|kept| kept.substitute == member.account() && kept.ended_how.as_deref() == Some("declined"))
    {
        return Ok(());
    }
    let kept = asked(tx, member, id)?;
    if kept.span.accepted_at.is_some() {
        return Err(Error::conflict("substitution-over"));
    }
    finish(tx, &kept, "declined", member.scope(), Some(member.account()))
}

/// One that this member is asked to accept, or has accepted.
fn asked(tx: &mut Tx, member: &Member, id: Id<Substitution>) -> Result<Kept, Error> {
    member.still(tx)?;
    let now = tx.now();
    let kept = find(tx, id)?.filter(|kept| (kept.company, kept.substitute) == (member.company, member.account()));
    let kept = kept.ok_or_else(Error::not_found)?;
    if kept.span.is_open(now) { Ok(kept) } else { Err(Error::conflict("substitution-over")) }
}

/// Ends one, at once: whoever may see it. What is over stays as it is.
///
/// # Errors
/// 401; 403 `duties-changed`; 404.
pub fn end(tx: &mut Tx, member: &Member, id: Id<Substitution>) -> Result<(), Error> {
    member.still(tx)?;
    let (kept, now) = (seen(tx, member, id)?, tx.now());
    if !kept.span.is_open(now) {
        return Ok(());
    }
    let how = match member.account() {
        account if account == kept.absent && kept.span.accepted_at.is_none() => "withdrawn",
        account if account == kept.absent => "returned",
        account if account == kept.substitute && kept.span.accepted_at.is_none() => "declined",
        account if account == kept.substitute => "laid-down",
        _ => "recalled",
    };
    finish(tx, &kept, how, member.scope(), Some(member.account()))
}

fn finish(tx: &mut Tx, kept: &Kept, how: &'static str, scope: Scope, by: Option<Id<Account>>) -> Result<(), Error> {
    let now = tx.now();
    let sql = "UPDATE substitution SET ended_at = $1, ended_how = $2 WHERE id = $3 AND ended_at IS NULL";
    if tx.execute(sql, values![now, how, kept.id])? == 1 {
        let act = if matches!(how, "declined" | "withdrawn") { how } else { "ended" };
        tell(tx, scope, kept, act, by)?;
    }
    Ok(())
}

/// Ends all of somebody whose place in the company ends, on either side.
///
/// # Errors
/// [`Error`] of the database.
pub fn end_of(tx: &mut Tx, account: Id<Account>) -> Result<(), Error> {
    for side in ["absent", "substitute"] {
        for kept in of_account(tx, side, account)? {
            let scope = Scope { company: Some(*kept.company.as_bytes()), ..Scope::default() };
            finish(tx, &kept, "gone", scope, None)?;
        }
    }
    Ok(())
}

/// All of somebody who is erased end; what is left holds ids.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    end_of(tx, gone.account)?;
    Ok(Vec::new())
}

/// They go with the company.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    let done = "DELETE FROM stood_in WHERE substitution IN (SELECT id FROM substitution WHERE company = $1)";
    for sql in [done, "DELETE FROM substitution WHERE company = $1"] {
        tx.execute(sql, values![company])?;
    }
    Ok(false)
}

fn tell(tx: &mut Tx, scope: Scope, kept: &Kept, act: &'static str, by: Option<Id<Account>>) -> Result<(), db::Error> {
    let told = Told { substitution: kept.id, absent: kept.absent, substitute: kept.substitute, act, by };
    event::record(tx, scope, &told).map(drop)
}

fn find(tx: &mut Tx, id: Id<Substitution>) -> Result<Option<Kept>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

/// One that a member may see: of their own, or as an owner of their company.
///
/// # Errors
/// 404.
pub fn seen(tx: &mut Tx, member: &Member, id: Id<Substitution>) -> Result<Kept, Error> {
    let (account, is_owner) = (member.account(), member.duties.has(Duty::Owner));
    let is_seen = |kept: &Kept| {
        kept.company == member.company && (is_owner || kept.absent == account || kept.substitute == account)
    };
    find(tx, id)?.filter(is_seen).ok_or_else(Error::not_found)
}

/// All that a member may see, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, member: &Member) -> Result<Vec<Kept>, db::Error> {
    let mut values: Vec<Value> = values![member.company, MOST].to_vec();
    let own = if member.duties.has(Duty::Owner) {
        ""
    } else {
        values.push(member.account().into());
        "AND (absent = $3 OR substitute = $3)"
    };
    let sql = format!("SELECT {COLUMNS} WHERE company = $1 {own} ORDER BY asked_at DESC, id DESC LIMIT $2");
    tx.all(&sql, &values, read)
}

/// What passes from somebody of a company now; nothing from who has left it.
///
/// # Errors
/// [`db::Error`].
pub fn passing(tx: &mut Tx, company: Id<Company>, absent: Id<Account>) -> Result<Duties, db::Error> {
    let found = super::super::store::standing(tx, absent)?.filter(|(acts_for, _)| *acts_for == company);
    Ok(found.map_or_else(Duties::default, |(_, duties)| passed(duties)))
}

/// Something that was done in it.
pub struct Done {
    pub at: Timestamp,
    pub operation: String,
    pub path: String,
}

/// What was done in one, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn done(tx: &mut Tx, id: Id<Substitution>) -> Result<Vec<Done>, db::Error> {
    let sql = "SELECT at, operation, path FROM stood_in WHERE substitution = $1 ORDER BY at DESC, request LIMIT 500";
    tx.all(sql, values![id], |row| Ok(Done { at: row.next()?, operation: row.next()?, path: row.next()? }))
}
