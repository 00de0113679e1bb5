//! What others may learn of a case: ids and codes.

use super::Verification;
use super::record::Record;
use crate::web::{Member, Reviewer};
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use serde::Serialize;

/// Something happened to a case.
#[derive(Serialize)]
pub struct Changed {
    verification: Id<Verification>,
    kind: &'static str,
    /// given, handed-in, taken-back, claimed, released, accepted, returned, refused, tied, gone, renewed, ends-soon, ended,
    /// confirmed, reopened, attestation-asked, attestation-withdrawn, attested,
    /// unchanged, changed, rechecked.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "verification.changed";
}

/// Notes what a member did.
///
/// # Errors
/// [`db::Error`].
pub fn by_member(tx: &mut Tx, member: &Member, record: &Record, act: &'static str) -> Result<(), db::Error> {
    note(tx, member.scope(), record, act)
}

/// Notes what a reviewer did.
///
/// # Errors
/// [`db::Error`].
pub fn by_reviewer(tx: &mut Tx, operator: &Reviewer, record: &Record, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope {
        company: Some(*record.company.as_bytes()),
        actor: Some(*operator.subject().as_bytes()),
        ..Scope::default()
    };
    note(tx, scope, record, act)
}

/// Notes what happened by itself.
///
/// # Errors
/// [`db::Error`].
pub fn by_time(tx: &mut Tx, record: &Record, act: &'static str) -> Result<(), db::Error> {
    note(tx, Scope { company: Some(*record.company.as_bytes()), ..Scope::default() }, record, act)
}

fn note(tx: &mut Tx, scope: Scope, record: &Record, act: &'static str) -> Result<(), db::Error> {
    event::record(tx, scope, &Changed { verification: record.id, kind: record.case.kind.code(), act }).map(drop)
}
