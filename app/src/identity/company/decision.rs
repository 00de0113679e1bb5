//! What follows for a company from a decision: its state and the event, by which its people learn of it: a notification that
//! is needed.

use super::store;
use super::{Company, State, part};
use crate::web::{Error, Operator};
use kit::db::Tx;
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use serde::Serialize;

/// A company was approved.
#[derive(Serialize)]
struct Approved {
    company: Id<Company>,
}

impl Fact for Approved {
    const KIND: &'static str = "company.approved";
}

/// A company was refused; the reason is the company's own affair and stays in its row.
#[derive(Serialize)]
struct Refused {
    company: Id<Company>,
}

impl Fact for Refused {
    const KIND: &'static str = "company.refused";
}

/// Decides on a company that waits. Part of the unit that decides on its verification.
///
/// # Errors
/// 404; 409 `company-decided`.
pub fn decide(
    tx: &mut Tx,
    operator: &Operator,
    id: Id<Company>,
    state: State,
    reason: Option<&String>,
) -> Result<(), Error> {
    store::find(tx, operator, id)?.ok_or_else(Error::not_found)?;
    if !store::decide(tx, operator, id, state, reason)? {
        return Err(Error::conflict("company-decided"));
    }
    let scope =
        Scope { company: Some(*id.as_bytes()), actor: Some(*operator.subject().as_bytes()), ..Scope::default() };
    match state {
        State::Refused => event::record(tx, scope, &Refused { company: id })?,
        _ => event::record(tx, scope, &Approved { company: id })?,
    };
    if state == State::Approved {
        part::review_all(tx, id)?;
    }
    Ok(())
}
