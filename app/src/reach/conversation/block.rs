//! A company wants nothing from another: no request, no message, and what it has shared is not shown. Whoever writes for it
//! lifts the block again.

use super::Block;
use crate::identity::company::Company;
use crate::web::{Correspondent, Error, Instant, Member};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A company has blocked another, or lifted it.
#[derive(Serialize)]
struct Changed {
    blocked: Id<Company>,
    /// set, lifted.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "company-block.changed";
}

/// A block, as its company lists it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CompanyBlock")]
pub struct Line {
    /// Its id.
    pub id: Id<Block>,
    /// Who is blocked.
    pub company: Id<Company>,
    /// Their name.
    pub name: String,
    /// Since when.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// Whether a company has blocked another.
///
/// # Errors
/// [`db::Error`].
pub fn is_set(tx: &mut Tx, by: Id<Company>, of: Id<Company>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM company_block WHERE company = $1 AND blocked = $2";
    Ok(tx.first(sql, values![by, of], |row| row.next::<i64>())?.is_some())
}

/// Whether a company may write to another, as far as blocks go. Who is blocked learns that nobody is reached, and no more.
///
/// # Errors
/// 409 `you-blocked`, `not-reachable`.
pub fn between(tx: &mut Tx, from: Id<Company>, to: Id<Company>) -> Result<(), Error> {
    if is_set(tx, from, to)? {
        return Err(Error::conflict("you-blocked"));
    }
    if is_set(tx, to, from)? { Err(Error::conflict("not-reachable")) } else { Ok(()) }
}

/// Sets a block. Set twice it is one.
///
/// # Errors
/// [`db::Error`].
pub fn set(tx: &mut Tx, member: &Correspondent, other: Id<Company>) -> Result<(), db::Error> {
    let (id, now): (Id<Block>, _) = (tx.id(), tx.now());
    let sql = "INSERT INTO company_block (id, company, blocked, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    if tx.execute(sql, values![id, member.company, other, now])? == 1 {
        event::record(tx, member.scope(), &Changed { blocked: other, act: "set" })?;
    }
    Ok(())
}

/// Lifts it.
///
/// # Errors
/// 404 when it is not the member's company's.
pub fn lift(tx: &mut Tx, member: &Correspondent, id: Id<Block>) -> Result<(), Error> {
    member.still(tx)?;
    let sql = "DELETE FROM company_block WHERE id = $1 AND company = $2 RETURNING blocked";
    let blocked = tx.first(sql, values![id, member.company], |row| row.next())?.ok_or_else(Error::not_found)?;
    event::record(tx, member.scope(), &Changed { blocked, act: "lifted" })?;
    Ok(())
}

/// Whom a company has blocked, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, member: &Member) -> Result<Vec<Line>, db::Error> {
    let sql = "SELECT b.id, b.blocked, c.name, b.at FROM company_block b JOIN company c ON c.id = b.blocked \
         WHERE b.company = $1 ORDER BY b.at DESC, b.id LIMIT 200";
    tx.all(sql, values![member.company], |row| {
        Ok(Line { id: row.next()?, company: row.next()?, name: row.next()?, at: row.next()? })
    })
}
