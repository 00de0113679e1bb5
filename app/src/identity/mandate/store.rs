//! Queries of letters, and of the rule whether they are asked for.

use super::Mandate;
use super::act::Act;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::{Error, Owner};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How long before its end the holder is told.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How many letters of a company may be in force or to come.
const MOST: i64 = 500;

/// Something happened to a letter. Ids and codes only; not what it is for.
#[derive(Serialize)]
pub struct Changed {
    pub mandate: Id<Mandate>,
    /// The holder.
    pub account: Id<Account>,
    /// issued, revoked, ends-soon.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "mandate.changed";
}

/// A company asks for letters.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Whether holders have to be verified as persons, too.
    pub persons: bool,
}

/// Whether a company asks for letters or no more.
#[derive(Serialize)]
pub struct Ruled {
    pub company: Id<Company>,
    /// none, letters, persons.
    pub rule: &'static str,
}

impl Fact for Ruled {
    const KIND: &'static str = "mandate.ruled";
}

/// How a letter stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MandateState")]
pub enum State {
    /// Its time has not come.
    Coming,
    /// It may be relied on.
    InForce,
    /// Its time is over.
    Over,
    /// It was taken back, or its holder has left since.
    Revoked,
}

/// A letter as it lies.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: Id<Mandate>,
    pub company: Id<Company>,
    /// The holder.
    pub account: Id<Account>,
    pub acts: Vec<Act>,
    /// As [`super::target::mark`]; none for everything.
    pub target: Option<[u8; 32]>,
    pub target_sealed: Option<Vec<u8>>,
    pub valid_from: Timestamp,
    pub valid_until: Timestamp,
    pub issued_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// Whether the holder has been in the company since it was issued.
    pub is_member: bool,
}

impl Letter {
    /// How it stands.
    pub fn state(&self, now: Timestamp) -> State {
        match () {
            () if self.revoked_at.is_some() || !self.is_member => State::Revoked,
            () if now < self.valid_from => State::Coming,
            () if now < self.valid_until => State::InForce,
            () => State::Over,
        }
    }
}

// Who has left and come back begins anew: what was issued before is not theirs any more.
const COLUMNS: &str = "m.id, m.company, m.account, m.acts, m.target, m.target_sealed, m.valid_from, m.valid_until, \
     m.issued_at, m.revoked_at, CASE WHEN a.company = m.company AND a.ended_at IS NULL \
     AND (a.joined_at IS NULL OR a.joined_at <= m.issued_at) THEN 1 ELSE 0 END \
     FROM mandate m JOIN account a ON a.id = m.account";

fn read(row: &mut Row<'_>) -> Result<Letter, db::Error> {
    Ok(Letter {
        id: row.next()?,
        company: row.next()?,
        account: row.next()?,
        acts: Act::of_codes(&row.next::<String>()?),
        target: row.next()?,
        target_sealed: row.next()?,
        valid_from: row.next()?,
        valid_until: row.next()?,
        issued_at: row.next()?,
        revoked_at: row.next()?,
        is_member: row.next()?,
    })
}

/// The rule of a company; none when it asks for no letters.
///
/// # Errors
/// [`db::Error`].
pub fn rule(tx: &mut Tx, company: Id<Company>) -> Result<Option<Rule>, db::Error> {
    let sql = "SELECT persons FROM mandate_rule WHERE company = $1";
    tx.first(sql, values![company], |row| Ok(Rule { persons: row.next()? }))
}

/// Sets it.
///
/// # Errors
/// 401; 403 `duties-changed`.
pub fn set_rule(tx: &mut Tx, owner: &Owner, rule: Option<Rule>) -> Result<(), Error> {
    owner.still(tx)?;
    let now = tx.now();
    tx.execute("DELETE FROM mandate_rule WHERE company = $1", values![owner.company])?;
    if let Some(rule) = rule {
        let sql = "INSERT INTO mandate_rule (company, persons, set_by, set_at) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, values![owner.company, rule.persons, owner.account(), now])?;
    }
    let code = rule.map_or("none", |rule| if rule.persons { "persons" } else { "letters" });
    event::record(tx, owner.scope(), &Ruled { company: owner.company, rule: code })?;
    Ok(())
}

/// A letter about to be stored.
#[derive(Clone)]
pub struct New {
    pub id: Id<Mandate>,
    pub account: Id<Account>,
    pub acts: Vec<Act>,
    /// As [`Letter::target`], and sealed.
    pub target: Option<([u8; 32], Vec<u8>)>,
    pub valid_from: Timestamp,
    pub valid_until: Timestamp,
}

/// Issues it to a member of the owner's company. The same id again is the same letter.
///
/// # Errors
/// 401; 403 `duties-changed`; 404 when the holder is not of the company, or the id is another's; 409 `mandate-many`.
pub fn issue(tx: &mut Tx, owner: &Owner, new: &New) -> Result<(), Error> {
    owner.still(tx)?;
    if let Some(known) = find(tx, new.id)? {
        return if known.company == owner.company { Ok(()) } else { Err(Error::not_found()) };
    }
    let holder = "SELECT 1 FROM account WHERE id = $1 AND company = $2 AND ended_at IS NULL";
    let is_colleague = tx.first(holder, values![new.account, owner.company], |row| row.next::<i64>())?;
    is_colleague.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let count = "SELECT count(*) FROM mandate WHERE company = $1 AND revoked_at IS NULL AND valid_until > $2";
    if tx.one(count, values![owner.company, now], |row| row.next::<i64>())? >= MOST {
        return Err(Error::conflict("mandate-many").with("most", MOST));
    }
    let codes: Vec<_> = new.acts.iter().map(|act| act.code()).collect();
    let (target, sealed) = new.target.clone().unzip();
    let remind_at = new.valid_until.checked_sub(AHEAD).ok().filter(|at| now < *at);
    tx.execute(
        "INSERT INTO mandate (id, company, account, acts, target, target_sealed, valid_from, valid_until, issued_by, \
         issued_at, remind_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            new.id,
            owner.company,
            new.account,
            codes.join(" "),
            target,
            sealed,
            new.valid_from,
            new.valid_until,
            owner.account(),
            now,
            remind_at
        ],
    )?;
    event::record(tx, owner.scope(), &Changed { mandate: new.id, account: new.account, act: "issued" })?;
    Ok(())
}

/// Takes one of the owner's company back, at once. Twice is once.
///
/// # Errors
/// 401; 403 `duties-changed`; 404.
pub fn revoke(tx: &mut Tx, owner: &Owner, id: Id<Mandate>) -> Result<(), Error> {
    owner.still(tx)?;
    let letter = find(tx, id)?.filter(|letter| letter.company == owner.company).ok_or_else(Error::not_found)?;
    let now = tx.now();
    let sql =
        "UPDATE mandate SET revoked_at = $1, revoked_by = $2, remind_at = NULL WHERE id = $3 AND revoked_at IS NULL";
    if tx.execute(sql, values![now, owner.account(), id])? == 1 {
        event::record(tx, owner.scope(), &Changed { mandate: id, account: letter.account, act: "revoked" })?;
    }
    Ok(())
}

/// One, whosever.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Mandate>) -> Result<Option<Letter>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE m.id = $1"), values![id], read)
}

/// Those of a company, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Letter>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE m.company = $1 ORDER BY m.issued_at DESC, m.id LIMIT $2");
    tx.all(&sql, values![company, MOST * 2], read)
}

/// Those that a company has issued to an account, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_holder(tx: &mut Tx, company: Id<Company>, holder: Id<Account>) -> Result<Vec<Letter>, db::Error> {
    let sql =
        format!("SELECT {COLUMNS} WHERE m.account = $1 AND m.company = $2 ORDER BY m.issued_at DESC, m.id LIMIT $3");
    tx.all(&sql, values![holder, company, MOST * 2], read)
}
