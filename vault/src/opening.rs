//! The record of an opening. No record, no plaintext: the append is the point from which an opening counts.

use std::{collections::BTreeMap, marker::PhantomData};

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

/// Of each subject's keys, as read in the transaction that recorded the opening; in the order of the ids. A page asks for
/// dozens and its record is made for all of them at once: sorted lists take a fraction of the time that trees would.
#[derive(Clone, Debug, Default)]
pub struct Generations(Vec<(Id<Subject>, i64)>);

impl Generations {
    /// That of a subject which the record names.
    pub fn of(&self, subject: Id<Subject>) -> Option<i64> {
        let at = self.0.binary_search_by_key(&subject, |(id, _)| *id).ok()?;
        Some(self.0[at].1)
    }
}

/// What one page is about to open.
pub struct Batch<P, R> {
    subjects: Vec<Id<Subject>>,
    fields: BTreeMap<&'static str, Basis>,
    opener: Opener,
    scope: Scope,
    request: RequestId,
    purpose: PhantomData<fn() -> (P, R)>,
}

impl<P: Purpose, R: Recipient> Batch<P, R> {
    pub fn new(grant: &Grant<P, R>) -> Batch<P, R> {
        Batch {
            subjects: Vec::new(),
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
            return Ok(Generations::default());
        }
        ledger.append(self.record()).await
    }

    fn record(self) -> Record {
        Record {
            subjects: sorted(self.subjects),
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
    /// Each once, in order.
    subjects: Vec<Id<Subject>>,
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
        let (mut generations, mut refused) = (Vec::with_capacity(self.subjects.len()), Vec::new());
        for id in &self.subjects {
            match standings.judge(*id) {
                Ok(generation) => generations.push((*id, generation)),
                Err(refusal) => refused.push(refusal),
            }
        }
        if refused.is_empty() { Ok(Generations(generations)) } else { Err(refused) }
    }

    fn row(&self, tx: &mut Tx, outcome: &Outcome) -> Vec<Value> {
        let (outcome, subjects): (_, Vec<u8>) = match outcome {
            Ok(opened) => ("opened", opened.0.iter().flat_map(|(id, _)| *id.as_bytes()).collect()),
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

/// Standing and generation of each subject that is enrolled, in the order of the ids.
struct Standings(Vec<(Id<Subject>, (Standing, i64))>);

impl Standings {
    /// The generation of a subject's keys, if they may be used.
    fn judge(&self, id: Id<Subject>) -> Result<i64, Refusal> {
        let at = self.0.binary_search_by_key(&id, |(id, _)| *id).map_err(|_| Refusal::NotEnrolled(id))?;
        match self.0[at].1 {
            (Standing::Active, generation) => Ok(generation),
            (_, generation) if !policy::holds(Control::StandingCompared) => Ok(generation),
            (Standing::Blocked, _) => Err(Refusal::Blocked(id)),
            (Standing::Destroyed, _) => Err(Refusal::Destroyed(id)),
        }
    }
}

/// How many subjects one statement asks for; fixed sizes keep statements cached.
const SIZES: [usize; 4] = [1, 8, 64, 512];

fn standings(tx: &mut Tx, records: &[Record]) -> Result<Standings, db::Error> {
    let ids = sorted(records.iter().flat_map(|record| &record.subjects).copied().collect());
    let mut found: Vec<(Id<Subject>, (Standing, i64))> = Vec::with_capacity(ids.len());
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
    // An engine may answer in any order.
    found.sort_unstable_by_key(|(id, _)| *id);
    Ok(Standings(found))
}

/// Each once, in order. Many sorted lists one after the other, as those of many records, are merged rather than sorted.
fn sorted(mut ids: Vec<Id<Subject>>) -> Vec<Id<Subject>> {
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_subject_of_a_record_has_its_generation_and_no_other_has_one(drawn: Vec<u8>, asked: u8) {
            let id = |number: u8| Id::<Subject>::from_bytes([number; 16]);
            let known: BTreeMap<u8, i64> = drawn.iter().map(|number| (*number, i64::from(*number) * 7)).collect();
            let ids = sorted(drawn.into_iter().map(id).collect());
            prop_assert_eq!(ids.len(), known.len());
            let generation = |id: Id<Subject>| (id, i64::from(id.as_bytes()[0]) * 7);
            let generations = Generations(ids.into_iter().map(generation).collect());
            prop_assert_eq!(generations.of(id(asked)), known.get(&asked).copied());
        }
    }
}
