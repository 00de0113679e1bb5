//! Every query about the operator's people. Each act asks in its own unit whether who acts still is an administrator ([`crate::web::Operator::still`]): of two
//! who take each other's duty at the same moment one comes first.

use super::form::Wanted;
use super::page::{Change, Invitation as Shown, Operator};
use crate::identity::account::Account;
use crate::identity::account::operator::{Post, held_by, keep, note};
use crate::web::{Administrator, Error, OperatorDuties, OperatorDuty, Unfit};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::Serialize;

/// An invitation.
pub struct Invitation;

/// For how long a link can be taken up.
const TIME: SignedDuration = SignedDuration::from_hours(72);

/// How many are listed.
const MOST: i64 = 200;

/// The operator's people, the oldest first; `$1` is the reader.
const COLUMNS: &str = "id, post, operator_duties, operator_until, created_at, CASE WHEN id = $1 THEN 1 ELSE 0 END";

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Operator, db::Error> {
    let (id, title) = (row.next()?, row.next()?);
    let (duties, until) = (OperatorDuties::kept(&row.next::<String>()?), row.next::<Option<Timestamp>>()?);
    let is_over = until.is_some_and(|until| until <= now);
    Ok(Operator { id, title, duties: duties.each().collect(), until, is_over, since: row.next()?, is_own: row.next()? })
}

/// All whose account has not ended.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, reader: &Administrator) -> Result<Vec<Operator>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} FROM account WHERE operator = 1 AND ended_at IS NULL ORDER BY created_at, id LIMIT {MOST}"
    );
    tx.all(&sql, values![reader.account()], |row| read(row, now))
}

/// One of them.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, reader: &Administrator, id: Id<Account>) -> Result<Operator, Error> {
    let now = tx.now();
    let sql = format!("SELECT {COLUMNS} FROM account WHERE id = $2 AND operator = 1 AND ended_at IS NULL");
    let found = tx.first(&sql, values![reader.account(), id], |row| read(row, now))?;
    found.ok_or_else(Error::not_found)
}

/// What was granted to one and taken, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn changes(tx: &mut Tx, id: Id<Account>) -> Result<Vec<Change>, db::Error> {
    let sql = "SELECT c.duty, c.granted, c.at, b.post, CASE WHEN c.by_account IS NULL THEN 1 ELSE 0 END \
               FROM operator_duty_change c LEFT JOIN account b ON b.id = c.by_account \
               WHERE c.account = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2";
    tx.all(sql, values![id, MOST], |row| {
        Ok(Change {
            duty: row.next()?,
            granted: row.next()?,
            at: row.next()?,
            by: row.next::<Option<String>>()?.unwrap_or_default(),
            is_by_command: row.next()?,
        })
    })
}

/// Grants a duty. One that is held already stays.
///
/// # Errors
/// 404; 409 `operators-self`, `operators-apart`, `operators-endless`.
pub fn grant(tx: &mut Tx, by: &Administrator, id: Id<Account>, duty: OperatorDuty) -> Result<Operator, Error> {
    by.still(tx)?;
    let held = held_by(tx, id)?.ok_or_else(Error::not_found)?;
    if id == by.account() && policy::holds(Control::OperatorDutyFromAnother) {
        return Err(Error::conflict("operators-self"));
    }
    let duties = held.duties.with(duty).fit(held.until).map_err(|unfit| match unfit {
        Unfit::Endless => Error::conflict("operators-endless"),
        _ => Error::conflict("operators-apart"),
    })?;
    if duties != held.duties {
        note(tx, id, duty, true, Some(by.account()))?;
        keep(tx, id, duties, held.until)?;
    }
    find(tx, by, id)
}

/// Takes a duty. One that is not held is as good.
///
/// # Errors
/// 404; 409 `operators-last`: nobody could appoint anybody any more.
pub fn take(tx: &mut Tx, by: &Administrator, id: Id<Account>, duty: OperatorDuty) -> Result<Operator, Error> {
    by.still(tx)?;
    let held = held_by(tx, id)?.ok_or_else(Error::not_found)?;
    if held.duties.has(duty) {
        if duty == OperatorDuty::Administrator && !has_another_administrator(tx, by, id)? {
            return Err(Error::conflict("operators-last"));
        }
        note(tx, id, duty, false, Some(by.account()))?;
        keep(tx, id, held.duties.without(duty), held.until)?;
    }
    find(tx, by, id)
}

fn has_another_administrator(tx: &mut Tx, by: &Administrator, but: Id<Account>) -> Result<bool, db::Error> {
    let all = list(tx, by)?;
    Ok(all
        .iter()
        .any(|one| one.id != but && !one.is_over && one.until.is_none() && one.has(OperatorDuty::Administrator)))
}

/// Somebody was invited, or an invitation was withdrawn.
#[derive(Serialize)]
struct Invited {
    invitation: Id<Invitation>,
    withdrawn: bool,
}

impl Fact for Invited {
    const KIND: &'static str = "operator.invited";
}

fn by(administrator: &Administrator) -> Scope {
    Scope { actor: Some(*administrator.subject().as_bytes()), ..Scope::default() }
}

/// Makes an invitation; the same id again is the same one.
///
/// # Errors
/// 404 when the id is another administrator's.
pub fn invite(
    tx: &mut Tx,
    administrator: &Administrator,
    wanted: &Wanted,
    until: Option<Timestamp>,
) -> Result<Shown, Error> {
    administrator.still(tx)?;
    let now = tx.now();
    let ends = now.checked_add(TIME).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO operator_invitation (id, title, duties, duties_until, invited_by, made_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
        values![wanted.id, &wanted.title, wanted.duties.codes(), until, administrator.account(), now, ends],
    )?;
    if made == 1 {
        event::record(tx, by(administrator), &Invited { invitation: wanted.id, withdrawn: false })?;
    }
    let sql = "SELECT 1 FROM operator_invitation WHERE id = $1 AND invited_by = $2";
    let is_own = tx.first(sql, values![wanted.id, administrator.account()], |row| row.next::<i64>())?.is_some();
    if is_own { invitation(tx, wanted.id)?.ok_or_else(Error::not_found) } else { Err(Error::not_found()) }
}

const INVITATION: &str = "id, title, duties, duties_until, made_at, ends_at, withdrawn_at, taken_at";

fn read_invitation(row: &mut Row<'_>, now: Timestamp) -> Result<Shown, db::Error> {
    let (id, title) = (row.next()?, row.next()?);
    let duties = OperatorDuties::kept(&row.next::<String>()?).each().collect();
    let (until, made_at, ends_at) = (row.next()?, row.next()?, row.next::<Timestamp>()?);
    let (withdrawn, taken): (Option<Timestamp>, Option<Timestamp>) = (row.next()?, row.next()?);
    let is_open = withdrawn.is_none() && taken.is_none() && now < ends_at;
    Ok(Shown {
        id,
        title,
        duties,
        until,
        made_at,
        ends_at,
        taken_at: taken,
        is_withdrawn: withdrawn.is_some(),
        is_open,
    })
}

/// One by its id.
///
/// # Errors
/// [`db::Error`].
pub fn invitation(tx: &mut Tx, id: Id<Invitation>) -> Result<Option<Shown>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {INVITATION} FROM operator_invitation WHERE id = $1");
    tx.first(&sql, values![id], |row| read_invitation(row, now))
}

/// The newest first.
///
/// # Errors
/// [`db::Error`].
pub fn invitations(tx: &mut Tx) -> Result<Vec<Shown>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {INVITATION} FROM operator_invitation ORDER BY made_at DESC, id DESC LIMIT 20");
    tx.all(&sql, &[], |row| read_invitation(row, now))
}

/// Withdraws one that nobody has taken up.
///
/// # Errors
/// 404; 409 `operators-invitation-over`.
pub fn withdraw(tx: &mut Tx, administrator: &Administrator, id: Id<Invitation>) -> Result<Shown, Error> {
    administrator.still(tx)?;
    let found = invitation(tx, id)?.ok_or_else(Error::not_found)?;
    if !found.is_open {
        return Err(Error::conflict("operators-invitation-over"));
    }
    let now = tx.now();
    tx.execute("UPDATE operator_invitation SET withdrawn_at = $1 WHERE id = $2", values![now, id])?;
    event::record(tx, by(administrator), &Invited { invitation: id, withdrawn: true })?;
    invitation(tx, id)?.ok_or_else(Error::not_found)
}

/// Takes one up for an account: the post that it is for, and who appoints. Once.
///
/// # Errors
/// 404; 409 `operators-invitation-over`, also when who invited is no administrator any more.
pub fn take_up(tx: &mut Tx, id: Id<Invitation>, account: Id<Account>) -> Result<(Post, Id<Account>), Error> {
    let found = invitation(tx, id)?.ok_or_else(Error::not_found)?;
    let inviter = "SELECT invited_by FROM operator_invitation WHERE id = $1";
    let inviter: Id<Account> = tx.one(inviter, values![id], |row| row.next())?;
    let now = tx.now();
    let holds = held_by(tx, inviter)?.is_some_and(|held| held.has(OperatorDuty::Administrator, now));
    if !(found.is_open && holds) {
        return Err(Error::conflict("operators-invitation-over"));
    }
    let sql = "UPDATE operator_invitation SET account = $1, taken_at = $2 WHERE id = $3 AND taken_at IS NULL";
    tx.execute(sql, values![account, now, id])?;
    let duties = found.duties.iter().copied().fold(OperatorDuties::NONE, OperatorDuties::with);
    Ok((Post { title: found.title, duties, until: found.until }, inviter))
}
