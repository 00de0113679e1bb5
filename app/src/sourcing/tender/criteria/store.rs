//! The rows of how a tender is evaluated.

use super::super::store::{own_draft, touch};
use super::super::tender::Tender;
use super::{Criteria, Criterion, Given};
use crate::web::{Broken, Error, Form, Preparer};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Says how a draft is evaluated.
///
/// # Errors
/// 404, 409 `tender-not-draft`, 412; 422 for a committee smaller than the method asks for, or a price that weighs less.
pub fn save(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, given: &Given, form: &Form) -> Result<(), Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    let known = find(tx, id)?;
    if tender.version == given.version + 1 && known == given.criteria {
        return Ok(());
    }
    if tender.version != given.version {
        return Err(Error::stale());
    }
    let profile = tender.method.profile();
    if let Some(criteria) = &given.criteria {
        if criteria.seats < profile.committee_least {
            let rule = Broken::rule("committee-too-small").with("least", profile.committee_least);
            return Err(form.clone().refuse("seats", rule));
        }
        if criteria.price_weight < profile.price_weight_least {
            let rule = Broken::rule("price-weighs-little").with("least", profile.price_weight_least);
            return Err(form.clone().refuse("price_weight", rule));
        }
    }
    forget(tx, id)?;
    if let Some(criteria) = &given.criteria {
        insert(tx, id, criteria)?;
    }
    touch(tx, buyer, id)
}

fn insert(tx: &mut Tx, tender: Id<Tender>, criteria: &Criteria) -> Result<(), db::Error> {
    tx.execute(
        "INSERT INTO evaluation_method (tender, seats, price_weight, blind) VALUES ($1, $2, $3, $4)",
        values![tender, criteria.seats, criteria.price_weight, criteria.blind],
    )?;
    for (position, one) in (1i64..).zip(&criteria.criteria) {
        tx.execute(
            "INSERT INTO criterion (tender, position, title, weight) VALUES ($1, $2, $3, $4)",
            values![tender, position, &one.title, one.weight],
        )?;
    }
    Ok(())
}

/// How a tender is evaluated by a committee; none where its buyer decides.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Criteria>, db::Error> {
    let sql = "SELECT seats, price_weight, blind FROM evaluation_method WHERE tender = $1";
    let found = tx.first(sql, values![tender], |row| {
        Ok(Criteria { seats: row.next()?, price_weight: row.next()?, blind: row.next()?, criteria: Vec::new() })
    })?;
    let Some(mut found) = found else { return Ok(None) };
    let sql = "SELECT title, weight FROM criterion WHERE tender = $1 ORDER BY position";
    found.criteria = tx.all(sql, values![tender], |row| Ok(Criterion { title: row.next()?, weight: row.next()? }))?;
    Ok(Some(found))
}

/// The draft of a tender that is tendered again is evaluated as it was.
///
/// # Errors
/// [`db::Error`].
pub fn copy(tx: &mut Tx, from: Id<Tender>, to: Id<Tender>) -> Result<(), db::Error> {
    find(tx, from)?.map_or(Ok(()), |criteria| insert(tx, to, &criteria))
}

/// A draft that is given another method keeps its committee, in the size that the method asks for at least.
///
/// # Errors
/// [`db::Error`].
pub fn keep_least(tx: &mut Tx, tender: Id<Tender>, least: i64) -> Result<(), db::Error> {
    let sql = "UPDATE evaluation_method SET seats = $1 WHERE tender = $2 AND seats < $1";
    tx.execute(sql, values![least, tender]).map(drop)
}

/// Deletes what a draft has of it.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    for sql in ["DELETE FROM criterion WHERE tender = $1", "DELETE FROM evaluation_method WHERE tender = $1"] {
        tx.execute(sql, values![tender])?;
    }
    Ok(())
}
