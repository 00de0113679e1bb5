//! The record of an opening. No record, no plaintext: the append is the point from which an opening counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use kit::{
    db::{Db, Tx, Value},
    values,
};
use policy::{Basis, Field, Purpose, Recipient};

use crate::{
    Error, Grant, Id, Personal, Refusal, Sealed, Subject,
    grant::{Opener, RequestId, Scope},
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

    /// Appends one row, durably, after comparing each subject's standing in the same transaction.
    pub async fn append(self, db: &Db) -> Result<Generations, Error> {
        if self.subjects.is_empty() {
            return Ok(Generations::new());
        }
        let record = self.record();
        let refused = |refusals| record.clone().deny(db, refusals);
        let foreign: Vec<_> =
            self.subjects.iter().filter(|id| !self.scope.covers(**id)).map(|id| Refusal::OutOfScope(*id)).collect();
        if !foreign.is_empty() {
            return Err(refused(foreign).await);
        }
        let opened = record.clone();
        match db.write(move |tx| opened.append(tx)).await {
            Err(Error::Refused(refusals)) => Err(refused(refusals).await),
            answer => answer,
        }
    }

    fn record(&self) -> Record {
        Record {
            subjects: self.subjects.clone(),
            fields: self.fields.keys().copied().collect::<Vec<_>>().join(","),
            bases: self.fields.values().map(|basis| basis.id()).collect::<Vec<_>>().join(","),
            purpose: P::ID,
            recipient: R::ID,
            opener: self.opener.clone(),
            request: self.request,
        }
    }
}

/// One row of the table `opening`, with its types erased.
#[derive(Clone)]
struct Record {
    subjects: BTreeSet<Id<Subject>>,
    fields: String,
    bases: String,
    purpose: &'static str,
    recipient: &'static str,
    opener: Opener,
    request: RequestId,
}

impl Record {
    fn append(&self, tx: &mut Tx) -> Result<Generations, Error> {
        let generations = compare(tx, &self.subjects)?;
        self.write(tx, "opened")?;
        Ok(generations)
    }

    /// A unit of its own: the refused one was rolled back. Answers the refusal, or that not even this could be
    /// recorded.
    async fn deny(mut self, db: &Db, refusals: Vec<Refusal>) -> Error {
        self.subjects = refusals.iter().map(|refusal| refusal.subject()).collect();
        match db.write(move |tx| self.write(tx, "denied")).await {
            Ok(()) => Error::Refused(refusals),
            Err(error) => error,
        }
    }

    fn write(&self, tx: &mut Tx, outcome: &'static str) -> Result<(), Error> {
        let packed: Vec<u8> = self.subjects.iter().flat_map(|id| *id.as_bytes()).collect();
        let (id, now) = (tx.id::<Opening>(), tx.now());
        let Opener { company, role, subject } = self.opener.clone();
        tx.execute(
            "INSERT INTO opening (id, at, outcome, subjects, fields, purpose, bases, recipient, opener_company,
                opener_role, opener_subject, request, policy_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            values![
                id,
                now,
                outcome,
                packed,
                &self.fields,
                self.purpose,
                &self.bases,
                self.recipient,
                company,
                role,
                subject,
                self.request,
                policy::current().id
            ],
        )?;
        Ok(())
    }
}

/// How many subjects one statement asks for; fixed sizes keep statements cached.
const SIZES: [usize; 3] = [64, 8, 1];

/// All must be active, else none is opened.
fn compare(tx: &mut Tx, subjects: &BTreeSet<Id<Subject>>) -> Result<Generations, Error> {
    let ids: Vec<_> = subjects.iter().copied().collect();
    let mut found = BTreeMap::new();
    let mut rest = &ids[..];
    while let Some(size) = SIZES.into_iter().find(|size| *size <= rest.len()) {
        let (now, later) = rest.split_at(size);
        let marks: Vec<_> = (1..=size).map(|n| format!("${n}")).collect();
        let values: Vec<Value> = now.iter().map(|id| Value::from(*id)).collect();
        let sql = format!("SELECT id, standing, generation FROM subject WHERE id IN ({})", marks.join(", "));
        found.extend(
            tx.all(&sql, &values, |row| Ok((row.next::<Id<Subject>>()?, (row.next::<String>()?, row.next::<i64>()?))))?,
        );
        rest = later;
    }
    let refusals: Vec<_> = ids.iter().filter_map(|id| refusal(*id, found.get(id))).collect();
    if refusals.is_empty() {
        Ok(found.into_iter().map(|(id, (_, generation))| (id, generation)).collect())
    } else {
        Err(Error::Refused(refusals))
    }
}

fn refusal(id: Id<Subject>, found: Option<&(String, i64)>) -> Option<Refusal> {
    let Some((code, _)) = found else { return Some(Refusal::NotEnrolled(id)) };
    match Standing::of_code(code) {
        Standing::Active => None,
        Standing::Blocked => Some(Refusal::Blocked(id)),
        Standing::Destroyed => Some(Refusal::Destroyed(id)),
    }
}
