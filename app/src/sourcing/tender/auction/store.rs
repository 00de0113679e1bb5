//! The rows of what was chosen. When the session begins stands with the tender itself, since time acts on it.

use super::super::store::{own_draft, touch};
use super::super::tender::Tender;
use super::form::Given;
use super::{Course, Terms, earliest};
use crate::sourcing::profile::Profile;
use crate::web::{Broken, Error, Form, Preparer};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Says whether a draft has an auction, and how it goes.
///
/// # Errors
/// 404, 409 `tender-not-draft`, 412; 422 with what is out of the method's bounds, or an hour too soon after the opening.
pub fn save(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, given: &Given, form: &Form) -> Result<(), Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    let (at, terms) = match given.wanted {
        None => (None, None),
        Some(wanted) => {
            let bounds = tender.method.profile().auction.as_ref();
            let bounds = bounds.ok_or_else(|| form.clone().refuse("mode", "auction-not-here"))?;
            let terms = wanted.within(bounds).map_err(|broken| form.clone().refuse_all(broken))?;
            let earliest = earliest(bounds, tender.closes_at());
            if wanted.at < earliest {
                return Err(form
                    .clone()
                    .refuse("auction_at", Broken::rule("auction-too-soon").with("earliest", earliest)));
            }
            (Some(wanted.at), Some(terms))
        }
    };
    if tender.version == given.version + 1 && tender.auction_at == at && find(tx, id)? == terms {
        return Ok(());
    }
    if tender.version != given.version {
        return Err(Error::stale());
    }
    forget(tx, id)?;
    if let (Some(at), Some(terms)) = (at, terms) {
        insert(tx, id, at, &terms)?;
    }
    touch(tx, buyer, id)
}

fn insert(tx: &mut Tx, tender: Id<Tender>, at: Timestamp, terms: &Terms) -> Result<(), db::Error> {
    let (rounds, turn, length, extension, hard) = match terms.course {
        Course::Turns { rounds, turn_minutes } => (Some(rounds), Some(turn_minutes), None, None, None),
        Course::Open { minutes, extension_minutes, hard_minutes } => {
            (None, None, Some(minutes), Some(extension_minutes), Some(hard_minutes))
        }
    };
    tx.execute(
        "INSERT INTO auction_terms (tender, mode, step, rounds, turn_minutes, minutes, extension_minutes, hard_minutes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![tender, terms.course.code(), terms.step, rounds, turn, length, extension, hard],
    )?;
    tx.execute("UPDATE tender SET auction_at = $1 WHERE id = $2", values![at, tender]).map(drop)
}

/// What was chosen for a tender; none where there is no auction.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Terms>, db::Error> {
    let sql = "SELECT mode, step, rounds, turn_minutes, minutes, extension_minutes, hard_minutes FROM auction_terms \
               WHERE tender = $1";
    tx.first(sql, values![tender], |row| {
        let (mode, step) = (row.next::<String>()?, row.next()?);
        let mut number = || Ok::<i64, db::Error>(row.next::<Option<i64>>()?.unwrap_or_default());
        let (rounds, turn_minutes) = (number()?, number()?);
        let (minutes, extension_minutes, hard_minutes) = (number()?, number()?, number()?);
        let course = match mode.as_str() {
            "turns" => Course::Turns { rounds, turn_minutes },
            "open" => Course::Open { minutes, extension_minutes, hard_minutes },
            other => return Err(db::Error::Engine(format!("unknown code {other}"))),
        };
        Ok(Terms { step, course })
    })
}

/// The draft of a tender that is tendered again has an auction as it had, at the earliest hour that its deadline allows.
///
/// # Errors
/// [`db::Error`].
pub fn copy(tx: &mut Tx, from: &Tender, to: Id<Tender>, deadline: Timestamp) -> Result<(), db::Error> {
    let bounds = from.method.profile().auction.as_ref();
    let (Some(terms), Some(bounds)) = (find(tx, from.id)?, bounds) else { return Ok(()) };
    insert(tx, to, earliest(bounds, deadline), &terms)
}

/// A draft that is given a method without auctions has none.
///
/// # Errors
/// [`db::Error`].
pub fn keep_allowed(tx: &mut Tx, tender: Id<Tender>, profile: &Profile) -> Result<(), db::Error> {
    if profile.auction.is_none() { forget(tx, tender) } else { Ok(()) }
}

/// Deletes what a draft has of it.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    for sql in ["DELETE FROM auction_terms WHERE tender = $1", "UPDATE tender SET auction_at = NULL WHERE id = $1"] {
        tx.execute(sql, values![tender])?;
    }
    Ok(())
}
