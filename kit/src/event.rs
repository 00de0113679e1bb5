//! The spine: every unit that changes something records what happened, in the same transaction.
//!
//! An event holds ids and codes, never personal values. It gets its `seq` later, from the sequencer: dense and in one
//! order, so that followers can read by it and skip nothing. `seq` never leaves the program: it would count what must
//! not be counted.

use crate::db::{Error, Row, Tx, Value};
use crate::id::Id;
use crate::values;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// How many events one step numbers or reads at most.
pub const BATCH: i64 = 500;

/// Something that can happen, as its room declares it.
pub trait Fact: Serialize {
    /// Stable name, `room.verb` in the past tense: `tender.published`.
    const KIND: &'static str;
    /// Version of the body's form. Bodies are never rewritten; readers understand all versions.
    const V: i64 = 1;
}

/// Whom an event concerns: the company and the tender it would be distributed by, and who acted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// The company's id.
    pub company: Option<[u8; 16]>,
    /// The tender's id.
    pub tender: Option<[u8; 16]>,
    /// The subject who acted; `None` for the system or where naming would tell too much.
    pub actor: Option<[u8; 16]>,
}

/// An event as it is read back.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: Id<Event>,
    /// Its number; 0 while it has none.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What, as [`Fact::KIND`].
    pub kind: String,
    /// Form of the body.
    pub v: i64,
    /// Whom it concerns.
    pub scope: Scope,
    /// Canonical JSON: keys sorted, no white space.
    pub body: String,
    /// Random bytes of its own, under which the log commits to it.
    pub salt: [u8; 16],
}

/// An event as it is committed to: everything but its number, which is nobody's business, and its salt.
#[derive(Serialize)]
struct Canonical<'a> {
    actor: Option<Id<()>>,
    at: Timestamp,
    body: serde_json::Value,
    company: Option<Id<()>>,
    id: Id<Event>,
    kind: &'a str,
    tender: Option<Id<()>>,
    v: i64,
}

impl Event {
    /// The whole event as canonical JSON: keys sorted, no white space.
    ///
    /// # Errors
    /// [`Error::Engine`] when the body is no JSON.
    pub fn canonical(&self) -> Result<String, Error> {
        let id = |bytes: Option<[u8; 16]>| bytes.map(Id::from_bytes);
        let Scope { company, tender, actor } = self.scope;
        let (actor, company, tender) = (id(actor), id(company), id(tender));
        let body = self.read()?;
        let whole = Canonical { actor, at: self.at, body, company, id: self.id, kind: &self.kind, tender, v: self.v };
        serde_json::to_string(&whole).map_err(|e| Error::Engine(format!("event {}: {e}", self.id)))
    }

    /// The body as a type.
    ///
    /// # Errors
    /// [`Error::Engine`] when it has another form.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.body).map_err(|e| Error::Engine(format!("body of event {}: {e}", self.id)))
    }
}

/// Records what happened, as part of this unit.
///
/// # Errors
/// [`Error`] of the database.
pub fn record<F: Fact>(tx: &mut Tx, scope: Scope, fact: &F) -> Result<Id<Event>, Error> {
    let id = tx.id();
    record_many(tx, &[(id, scope, fact)])?;
    Ok(id)
}

/// Records several of one kind with few statements.
///
/// # Errors
/// [`Error`] of the database.
pub fn record_many<F: Fact>(tx: &mut Tx, facts: &[(Id<Event>, Scope, &F)]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(facts.len());
    for (id, scope, fact) in facts {
        rows.push(vec![
            (*id).into(),
            tx.now().into(),
            F::KIND.into(),
            F::V.into(),
            scope.company.into(),
            scope.tender.into(),
            scope.actor.into(),
            canonical(*fact)?.into(),
            Value::from(tx.random::<16>()),
        ]);
    }
    tx.insert("INSERT INTO event (id, at, kind, v, company, tender, actor, body, salt)", &rows, "")?;
    Ok(())
}

fn canonical<F: Fact>(fact: &F) -> Result<String, Error> {
    let unfit = |e: serde_json::Error| Error::Engine(format!("body of {}: {e}", F::KIND));
    let text = serde_json::to_string(fact).map_err(unfit)?;
    let sorted: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).map_err(unfit)?;
    serde_json::to_string(&sorted).map_err(unfit)
}

/// Gives numbers to events that have none, oldest id first. Answers how many.
///
/// # Errors
/// [`Error`] of the database.
pub fn sequence(tx: &mut Tx) -> Result<usize, Error> {
    tx.execute("UPDATE sequencer SET last = last WHERE id = 1", &[])?;
    let last: i64 = tx.one("SELECT last FROM sequencer WHERE id = 1", &[], |row| row.next())?;
    let ids = tx.all("SELECT id FROM event WHERE seq IS NULL ORDER BY id LIMIT $1", values![BATCH], |row| {
        row.next::<Id<Event>>()
    })?;
    let mut seq = last;
    for id in &ids {
        seq += 1;
        tx.execute("UPDATE event SET seq = $1 WHERE id = $2", values![seq, *id])?;
    }
    tx.execute("UPDATE sequencer SET last = $1 WHERE id = 1", values![seq])?;
    Ok(ids.len())
}

/// Whether any event waits for its number.
///
/// # Errors
/// [`Error`] of the database.
pub fn any_unsequenced(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.first("SELECT 1 FROM event WHERE seq IS NULL LIMIT 1", &[], |row| row.next::<i64>())?.is_some())
}

/// The events after a number, at most [`BATCH`], in order.
///
/// # Errors
/// [`Error`] of the database.
pub fn after(tx: &mut Tx, seq: i64) -> Result<Vec<Event>, Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE seq > $1 ORDER BY seq LIMIT $2"), values![seq, BATCH], read)
}

/// The event of this id, if it is there.
///
/// # Errors
/// [`Error`] of the database.
pub fn find(tx: &mut Tx, id: Id<Event>) -> Result<Option<Event>, Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

const COLUMNS: &str = "id, seq, at, kind, v, company, tender, actor, body, salt FROM event";

fn read(row: &mut Row<'_>) -> Result<Event, Error> {
    Ok(Event {
        id: row.next()?,
        seq: row.next::<Option<i64>>()?.unwrap_or(0),
        at: row.next()?,
        kind: row.next()?,
        v: row.next()?,
        scope: Scope { company: row.next()?, tender: row.next()?, actor: row.next()? },
        body: row.next()?,
        salt: row.next()?,
    })
}
