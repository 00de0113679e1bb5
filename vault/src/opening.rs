//! The record of an opening. No record, no plaintext: the append is the point from which an opening counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use kit::{
    db::{self, Tx, Value},
    values,
};
use policy::{Basis, Control, Field, Purpose, Recipient};

use crate::{
    Error, Grant, Id, Personal, Refusal, Sealed, Subject,
    grant::{Opener, RequestId, Scope},
    ledger::Ledger,
    standing::Standing,
};

/// Marks the ids of openings.
pub struct Opening;

/// Of each subject's keys, as read in the transaction that recorded the opening.
pub type Generations = BTreeMap<Id<Subject>, i64>;

/// What one page is about to open.
pub struct Batch<P, R> {
    subjects: BTreeSet<Id<Subject>>,
    fields: BTreeMap<&'static str, Basis>,
    opener: Opener,
    scope: Scope,
    request: RequestId,
    purpose: PhantomData<fn() -> (P, R)>,
}

impl<P: Purpose, R: Recipient> Batch<P, R> {
    pub fn new(grant: &Grant<P, R>) -> Batch<P, R> {
        Batch {
            subjects: BTreeSet::new(),
            fields: BTreeMap::new(),
            opener: grant.opener.clone(),
            scope: grant.scope,
            request: grant.request,
            purpose: PhantomData,
        }
    }

    pub fn add<T: Personal>(&mut self, basis: Basis, sealed: &[Sealed<T>]) {
        self.fields.insert(T::Field::ID, basis);
        self.subjects.extend(sealed.iter().map(Sealed::subject));
    }

    /// Appends one row, durably, after each subject's standing was compared in the same transaction.
    pub async fn append(self, ledger: &Ledger) -> Result<Generations, Error> {
        if self.subjects.is_empty() {
            return Ok(Generations::new());
        }
        ledger.append(self.record()).await
    }

    fn record(self) -> Record {
        Record {
            subjects: self.subjects,
            fields: self.fields.keys().copied().collect::<Vec<_>>().join(","),
            bases: self.fields.values().map(|basis| basis.id()).collect::<Vec<_>>().join(","),
            purpose: P::ID,
            recipient: R::ID,
            opener: self.opener,
            scope: self.scope,
            request: self.request,
        }
    }
}

/// A page that wants to be on record, with its types erased.
pub struct Record {
    subjects: BTreeSet<Id<Subject>>,
    fields: String,
    bases: String,
    purpose: &'static str,
    recipient: &'static str,
    opener: Opener,
    scope: Scope,
    request: RequestId,
}

/// What became of a record: the keys that may be used, or why none may.
pub type Outcome = Result<Generations, Vec<Refusal>>;

/// Compares the standing of all subjects and writes one row for each record, in its order: `opened`, or `denied` with
/// those subjects that were refused. What one is refused for does not touch the others.
pub fn append(tx: &mut Tx, records: &[Record]) -> Result<Vec<Outcome>, db::Error> {
    let standings = standings(tx, records)?;
    let outcomes: Vec<_> = records.iter().map(|record| record.judge(&standings)).collect();
    let rows: Vec<_> = records.iter().zip(&outcomes).map(|(record, outcome)| record.row(tx, outcome)).collect();
    let head = "INSERT INTO opening (id, at, outcome, subjects, fields, purpose, bases, recipient, opener_company, \
         opener_role, opener_subject, request, policy_version)";
    if policy::holds(Control::RecordBeforeOpening) {
        tx.insert(head, &rows, "")?;
    }
    Ok(outcomes)
}

impl Record {
    /// All must be in scope and active, else none is opened.
    fn judge(&self, standings: &Standings) -> Outcome {
        let foreign: Vec<_> =
            self.subjects.iter().filter(|id| !self.scope.covers(**id)).map(|id| Refusal::OutOfScope(*id)).collect();
        if !foreign.is_empty() {
            return Err(foreign);
        }
        let found = self.subjects.iter().map(|id| (*id, standings.get(id)));
        let refused: Vec<_> = found.clone().filter_map(|(id, standing)| refusal(id, standing)).collect();
        if !refused.is_empty() {
            return Err(refused);
        }
        Ok(found.filter_map(|(id, standing)| Some((id, standing?.1))).collect())
    }

    fn row(&self, tx: &mut Tx, outcome: &Outcome) -> Vec<Value> {
        let (outcome, subjects): (_, Vec<u8>) = match outcome {
            Ok(opened) => ("opened", opened.keys().flat_map(|id| *id.as_bytes()).collect()),
            Err(refused) => ("denied", refused.iter().flat_map(|refusal| *refusal.subject().as_bytes()).collect()),
        };
        let (id, now) = (tx.id::<Opening>(), tx.now());
        let Opener { company, role, subject } = self.opener.clone();
        let policy = policy::current().id;
        values![
            id,
            now,
            outcome,
            subjects,
            &self.fields,
            self.purpose,
            &self.bases,
            self.recipient,
            company,
            role,
            subject,
            self.request,
            policy
        ]
        .to_vec()
    }
}

/// Standing and generation of each subject that is enrolled.
type Standings = BTreeMap<Id<Subject>, (Standing, i64)>;

/// How many subjects one statement asks for; fixed sizes keep statements cached.
const SIZES: [usize; 4] = [1, 8, 64, 512];

fn standings(tx: &mut Tx, records: &[Record]) -> Result<Standings, db::Error> {
    let ids: BTreeSet<_> = records.iter().flat_map(|record| &record.subjects).copied().collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let mut found = Standings::new();
    for some in ids.chunks(SIZES[SIZES.len() - 1]) {
        let size = SIZES.into_iter().find(|size| some.len() <= *size).unwrap_or(some.len());
        let marks: Vec<_> = (1..=size).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT id, standing, generation FROM subject WHERE id IN ({})", marks.join(", "));
        // The last one again and again fills the list up.
        let values: Vec<Value> = (0..size).map(|at| Value::from(some[at.min(some.len() - 1)])).collect();
        found.extend(
            tx.all(&sql, &values, |row| Ok((row.next()?, (Standing::of_code(&row.next::<String>()?), row.next()?))))?,
        );
    }
    Ok(found)
}

fn refusal(id: Id<Subject>, found: Option<&(Standing, i64)>) -> Option<Refusal> {
    match found {
        None => Some(Refusal::NotEnrolled(id)),
        Some((Standing::Active, _)) => None,
        Some(_) if !policy::holds(Control::StandingCompared) => None,
        Some((Standing::Blocked, _)) => Some(Refusal::Blocked(id)),
        Some((Standing::Destroyed, _)) => Some(Refusal::Destroyed(id)),
    }
}
