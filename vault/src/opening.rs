//! The record of an opening. No record, no plaintext: the append is the point from which an opening counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use kit::db::{self, Row, Tx, Value};
use policy::{Basis, Control, Field, Purpose, Recipient, Retention, Versions};

use crate::{
    Case, Error, Grant, Id, Personal, Refusal, Sealed, Subject,
    accepted::{Accepted, Permitted},
    consent::{Need, refused},
    exception::{self, Asked, Found},
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
    fields: BTreeMap<&'static str, (Basis, Retention)>,
    opener: Opener,
    scope: Scope,
    case: Option<Id<Case>>,
    request: RequestId,
    purpose: PhantomData<fn() -> (P, R)>,
}

impl<P: Purpose, R: Recipient> Batch<P, R> {
    pub fn new(grant: &Grant<'_, P, R>) -> Batch<P, R> {
        Batch {
            subjects: Vec::new(),
            fields: BTreeMap::new(),
            opener: grant.opener.clone(),
            scope: grant.scope,
            case: grant.case,
            request: grant.request,
            purpose: PhantomData,
        }
    }

    pub fn add<T: Personal>(&mut self, basis: Basis, sealed: &[Sealed<T>]) {
        self.fields.insert(T::Field::ID, (basis, T::Field::RETENTION));
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
            need: self.need(),
            rests_on_case: self.fields.values().any(|(basis, _)| *basis == Basis::Case),
            case: self.case,
            subjects: sorted(self.subjects),
            fields: self.fields.keys().copied().collect::<Vec<_>>().join(","),
            uses: self.fields.iter().map(|(field, (basis, kept))| (*field, *basis, *kept)).collect(),
            purpose: P::ID,
            recipient: R::ID,
            opener: self.opener,
            scope: self.scope,
            request: self.request,
        }
    }

    /// The consent that its fields rest on, if any of them does.
    fn need(&self) -> Option<Need> {
        let rests = self.fields.iter().filter(|(_, (basis, _))| *basis == Basis::Consent);
        let uses: Vec<_> = rests.map(|(field, (_, class))| format!("{field}:{}:{}", R::ID, class.id())).collect();
        (!uses.is_empty()).then_some(Need { purpose: P::ID, company: P::COMPANY_AUTHORISES, uses })
    }
}

/// A page that wants to be on record, with its types erased.
pub struct Record {
    need: Option<Need>,
    rests_on_case: bool,
    case: Option<Id<Case>>,
    /// Each once, in order.
    subjects: Vec<Id<Subject>>,
    fields: String,
    /// Field, basis and retention; in step with `fields`.
    uses: Vec<(&'static str, Basis, Retention)>,
    purpose: &'static str,
    recipient: &'static str,
    opener: Opener,
    scope: Scope,
    request: RequestId,
}

/// What became of a record: the keys that may be used, or why none may.
pub type Outcome = Result<Generations, Vec<Refusal>>;

/// Compares the standing, the accepted version and, where it is the basis, the consent or the case of all subjects, and writes
/// one row for each record, in its order: `opened`, or `denied` with those subjects that were refused. What one is refused for does not touch the
/// others.
pub fn append(tx: &mut Tx, records: &[Record], versions: Versions) -> Result<Vec<Outcome>, db::Error> {
    let standings = standings(tx, records, versions)?;
    let mut outcomes: Vec<_> = records.iter().map(|record| record.judge(&standings, versions)).collect();
    compare_consents(tx, records, &standings, &mut outcomes)?;
    let (mut rows, mut links) = (Vec::with_capacity(records.len()), Vec::new());
    for (record, outcome) in records.iter().zip(&mut outcomes) {
        let found = record.compare_case(tx, outcome)?;
        let id = tx.id::<Opening>();
        links.extend(found.as_ref().and_then(|found| found.case).map(|case| vec![id.into(), case.into()]));
        rows.push(record.row(tx, id, outcome, versions, found.map(|found| found.bases)));
    }
    let head = "INSERT INTO opening (id, at, outcome, subjects, fields, purpose, bases, recipient, opener_company, \
         opener_role, opener_subject, request, policy_version, reason)";
    if policy::holds(Control::RecordBeforeOpening) {
        tx.insert(head, &rows, "")?;
        exception::link(tx, &links)?;
    }
    Ok(outcomes)
}

/// Refuses those that rest on a consent which is not there. Records that are refused already rest on nothing.
fn compare_consents(
    tx: &mut Tx,
    records: &[Record],
    standings: &Standings,
    outcomes: &mut [Outcome],
) -> Result<(), db::Error> {
    if !policy::holds(Control::ConsentCompared) {
        return Ok(());
    }
    let resting = records.iter().zip(outcomes.iter_mut()).filter(|(_, outcome)| outcome.is_ok());
    let (needs, outcomes): (Vec<_>, Vec<_>) = resting
        .filter_map(|(record, outcome)| Some(((record.need.as_ref()?, record.subjects.as_slice()), outcome)))
        .unzip();
    for (outcome, found) in outcomes.into_iter().zip(refused(tx, &needs, standings)?) {
        if !found.is_empty() {
            *outcome = Err(found);
        }
    }
    Ok(())
}

impl Record {
    /// All must be in scope and active, and have accepted a version that permits it, else none is opened.
    fn judge(&self, standings: &Standings, versions: Versions) -> Outcome {
        let foreign: Vec<_> =
            self.subjects.iter().filter(|id| !self.scope.covers(**id)).map(|id| Refusal::OutOfScope(*id)).collect();
        if !foreign.is_empty() {
            return Err(foreign);
        }
        let permitted = self.permitted(versions);
        let (mut generations, mut refused) = (Vec::with_capacity(self.subjects.len()), Vec::new());
        let mut walk = Walk { standings, at: 0 };
        for id in &self.subjects {
            match walk.judge(*id, &permitted) {
                Ok(generation) => generations.push((*id, generation)),
                Err(refusal) => refused.push(refusal),
            }
        }
        if refused.is_empty() { Ok(Generations(generations)) } else { Err(refused) }
    }

    /// Refuses what rests on a case that does not hold for it.
    fn compare_case(&self, tx: &mut Tx, outcome: &mut Outcome) -> Result<Option<Found>, db::Error> {
        if !self.rests_on_case {
            return Ok(None);
        }
        let asked = Asked { case: self.case, subjects: &self.subjects, fields: &self.fields };
        exception::compare(tx, &asked, outcome).map(Some)
    }

    /// Which versions permit all of it.
    fn permitted(&self, versions: Versions) -> Permitted {
        let bases: Vec<_> = self.uses.iter().map(|(_, basis, _)| *basis).collect();
        let permits = |version: &policy::Version| {
            let mut uses = self.uses.iter();
            uses.all(|(field, _, kept)| version.permits(self.purpose, field, self.recipient, kept.id()))
        };
        Permitted::new(versions, &bases, permits)
    }

    /// `bases`: those that an exception case names, in place of the matrix's.
    fn row(
        &self,
        tx: &mut Tx,
        id: Id<Opening>,
        outcome: &Outcome,
        versions: Versions,
        bases: Option<String>,
    ) -> Vec<Value> {
        let (outcome, subjects, reason) = match outcome {
            Ok(opened) => ("opened", packed(opened.0.iter().map(|(id, _)| *id)), None),
            Err(refused) => {
                let codes: BTreeSet<_> = refused.iter().map(|refusal| refusal.code()).collect();
                let subjects = packed(refused.iter().map(|refusal| refusal.subject()));
                ("denied", subjects, Some(codes.into_iter().collect::<Vec<_>>().join(",")))
            }
        };
        let now = tx.now();
        let Opener { company, role, subject } = self.opener.clone();
        let policy = versions.newest().id;
        let of_matrix = || self.uses.iter().map(|(_, basis, _)| basis.id()).collect::<Vec<_>>().join(",");
        let bases = bases.unwrap_or_else(of_matrix);
        vec![
            id.into(),
            now.into(),
            outcome.into(),
            subjects.into(),
            (&self.fields).into(),
            self.purpose.into(),
            bases.into(),
            self.recipient.into(),
            company.into(),
            role.into(),
            subject.into(),
            self.request.into(),
            policy.into(),
            reason.into(),
        ]
    }
}

/// 16 bytes each, one after the other.
fn packed(ids: impl ExactSizeIterator<Item = Id<Subject>>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 * ids.len());
    ids.for_each(|id| bytes.extend_from_slice(id.as_bytes()));
    bytes
}

/// What the comparison reads of a subject.
#[derive(Clone, Copy)]
struct Kept {
    standing: Standing,
    generation: i64,
    company: Option<[u8; 16]>,
    accepted: Accepted,
}

/// Standing, key generation, company and accepted version of each subject that is enrolled, in the order of the ids.
pub struct Standings(Vec<(Id<Subject>, Kept)>);

/// Standings asked for one after the other in the order of the ids: where one was found, the next one mostly follows.
struct Walk<'s> {
    standings: &'s Standings,
    at: usize,
}

impl Walk<'_> {
    /// The generation of a subject's keys, if they may be used.
    fn judge(&mut self, id: Id<Subject>, permitted: &Permitted) -> Result<i64, Refusal> {
        let kept = self.of(id).ok_or(Refusal::NotEnrolled(id))?;
        match kept.standing {
            Standing::Active => {}
            _ if !policy::holds(Control::StandingCompared) => {}
            Standing::Blocked => return Err(Refusal::Blocked(id)),
            Standing::Destroyed => return Err(Refusal::Destroyed(id)),
        }
        if policy::holds(Control::VersionCompared) {
            permitted.admits(id, kept.accepted)?;
        }
        Ok(kept.generation)
    }

    fn of(&mut self, id: Id<Subject>) -> Option<Kept> {
        let is_next = self.standings.0.get(self.at).is_some_and(|(next, _)| *next == id);
        let at = if is_next { self.at } else { self.standings.at(id)? };
        self.at = at + 1;
        Some(self.standings.0[at].1)
    }
}

impl Standings {
    /// The company that a subject acts for.
    pub fn company(&self, id: Id<Subject>) -> Option<[u8; 16]> {
        self.of(id)?.company
    }

    fn of(&self, id: Id<Subject>) -> Option<Kept> {
        self.at(id).map(|at| self.0[at].1)
    }

    fn at(&self, id: Id<Subject>) -> Option<usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id).ok()
    }
}

/// How many ids one statement asks for; fixed sizes keep statements cached.
const SIZES: [usize; 4] = [1, 8, 64, 512];

/// What is asked with marks and values.
type Ask<'a> = &'a mut dyn FnMut(&str, &[Value]) -> Result<(), db::Error>;

/// Hands out marks (`$1, $2, …`) and values for each chunk of ids. The last id again and again fills a chunk up.
pub fn in_chunks<T: Copy + Into<Value>>(ids: &[T], ask: Ask<'_>) -> Result<(), db::Error> {
    for some in ids.chunks(SIZES[SIZES.len() - 1]) {
        let size = SIZES.into_iter().find(|size| some.len() <= *size).unwrap_or(some.len());
        let marks: Vec<_> = (1..=size).map(|n| format!("${n}")).collect();
        let values: Vec<Value> = (0..size).map(|at| some[at.min(some.len() - 1)].into()).collect();
        ask(&marks.join(", "), &values)?;
    }
    Ok(())
}

fn standings(tx: &mut Tx, records: &[Record], versions: Versions) -> Result<Standings, db::Error> {
    // Many who look at the same page name the same subjects.
    let mut lists: Vec<_> = records.iter().map(|record| record.subjects.as_slice()).collect();
    lists.dedup();
    let ids = sorted(lists.concat());
    let mut found = Vec::with_capacity(ids.len());
    in_chunks(&ids, &mut |marks, values| {
        let sql = format!("SELECT id, standing, generation, company, accepted FROM subject WHERE id IN ({marks})");
        found.extend(tx.all(&sql, values, |row| Ok((row.next()?, kept(row, versions)?)))?);
        Ok(())
    })?;
    // An engine may answer in any order.
    found.sort_unstable_by_key(|(id, _)| *id);
    Ok(Standings(found))
}

fn kept(row: &mut Row<'_>, versions: Versions) -> Result<Kept, db::Error> {
    Ok(Kept {
        standing: Standing::of_code(&row.next::<String>()?),
        generation: row.next()?,
        company: row.next()?,
        accepted: Accepted::of(row.next::<Option<String>>()?.as_deref(), versions),
    })
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
