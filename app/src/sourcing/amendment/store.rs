//! Every query about amendments.

use super::event::Amended as Happened;
use super::form::Amended;
use super::rule::{self, Change, Class};
use super::{approve, file};
use crate::discard::discard;
use crate::identity::account::Account;
use crate::sourcing::tender::document::{self, Kept};
use crate::sourcing::tender::{self, Lot, State, Tender};
use crate::web::{Error, Form, Instant, Purchaser};
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An amendment (变更), which is public.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Amendment {
    /// Its id.
    pub id: Id<Amendment>,
    /// Its number in the tender, from 1.
    pub number: i64,
    /// What it is to those who have bid.
    pub class: Class,
    /// Why.
    pub reason: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// The numbers of the lots it touches.
    pub lots: Vec<i64>,
    /// When it was published.
    #[schemars(with = "Instant")]
    pub decided_at: Timestamp,
}

impl Amendment {
    /// As others than the buyer read it.
    fn shown(self) -> Self {
        Self { changes: self.changes.into_iter().map(Change::shown).collect(), ..self }
    }
}

/// A tender of the buyer's own that can be amended now.
///
/// # Errors
/// 404, 409 `amendment-ended`.
pub fn amendable(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = tender::store::own(tx, buyer, id)?;
    if tender.state == State::Draft {
        return Err(Error::not_found());
    }
    let now = tx.now();
    if tender.state != State::Published || now >= tender.deadline {
        return Err(Error::conflict("amendment-ended").with("deadline", tender.deadline));
    }
    Ok(tender)
}

/// Amends a tender. `files`: the form's documents, which lie in the blob store. The same form again changes nothing.
///
/// # Errors
/// 403 where approval is asked for and not given; 404, 409 `amendment-ended` or `too-many-documents`, 412; 422 with the rule that is
/// broken. That the buyer still may is compared
/// before, in this unit.
pub fn publish(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Tender>,
    given: &Amended,
    files: &[Kept],
    form: &Form,
) -> Result<(), Error> {
    if is_there(tx, buyer, id, given.id)? {
        return Ok(files.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?);
    }
    // Documents that were shown to who approved it, unless the form brings its own.
    let waiting = if files.is_empty() { file::of(tx, id, given.id)? } else { Vec::new() };
    let names = waiting.iter().map(|one| &one.kept).chain(files).map(|file| file.name.clone()).collect::<Vec<_>>();
    let (tender, changes) = sound(tx, buyer, id, given, &names, form)?;
    let touched = lots(tx, id, given, form)?;
    approve::may(tx, buyer, &tender, given, &changes, (&touched, &waiting))?;
    let number = next_number(tx, id)?;
    let mut numbers = Vec::new();
    for lot in &touched {
        tender::store::touch_lot(tx, lot.id, number)?;
        numbers.push(lot.position);
    }
    match waiting.is_empty() {
        true => document::attach_amended(tx, id, number, files)?,
        false => {
            let kept: Vec<_> = waiting.into_iter().map(|one| one.kept).collect();
            document::attach_amended(tx, id, number, &kept)?;
            file::taken(tx, given.id)?;
        }
    }
    if let Some((_, after)) = changed_lot(tx, id, given, form)? {
        tender::store::amend_lot(tx, &after)?;
    }
    insert(tx, buyer.account(), id, number, given, (&changes, &numbers))?;
    let scope = tender.scope();
    tender::store::amend(tx, &rule::amended(tender, given.content.clone()))?;
    event::record(tx, scope, &Happened { tender: id, amendment: given.id, number })?;
    Ok(())
}

/// The tender that an amendment is of, as it stands, and what it changes, if nothing stands against it now.
///
/// # Errors
/// 404, 409 `amendment-ended`, 412; 422 with the rule that is broken.
pub fn sound(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Tender>,
    given: &Amended,
    documents: &[String],
    form: &Form,
) -> Result<(Tender, Vec<Change>), Error> {
    let (tender, now) = (amendable(tx, buyer, id)?, tx.now());
    if tender.version != given.version {
        return Err(Error::stale());
    }
    let mut changes = rule::changes(&tender, &given.content, documents);
    let mut broken = Vec::new();
    if let Some((lot, after)) = changed_lot(tx, id, given, form)? {
        let of_lot = rule::lot_changes(&tender, &lot, &after);
        broken = rule::lot_refused(given.class, &given.lots, &after, &of_lot);
        changes.extend(of_lot);
    }
    broken.extend(rule::refused(&tender, &given.content, given.class, &changes, now));
    if broken.is_empty() { Ok((tender, changes)) } else { Err(form.clone().refuse_all(broken)) }
}

/// The lot that an amendment changes, as it stands and as it is to stand.
///
/// # Errors
/// 422 with `choice` for a number that no lot has which goes on.
pub(super) fn changed_lot(
    tx: &mut Tx,
    id: Id<Tender>,
    given: &Amended,
    form: &Form,
) -> Result<Option<(Lot, Lot)>, Error> {
    let Some(content) = &given.lot else { return Ok(None) };
    let found = going_on(tx, id)?.into_iter().find(|lot| lot.position == content.position);
    let lot = found.ok_or_else(|| form.clone().refuse("lot_number", "choice"))?;
    let after = content.of(&lot);
    Ok(Some((lot, after)))
}

/// Whether this form has been here. Its id as another tender's is not found.
///
/// # Errors
/// 404.
pub fn is_there(tx: &mut Tx, buyer: &Purchaser, tender: Id<Tender>, id: Id<Amendment>) -> Result<bool, Error> {
    let of = tx.first("SELECT tender FROM amendment WHERE id = $1", values![id], |row| row.next::<Id<Tender>>())?;
    match of {
        None => Ok(false),
        Some(of) if of == tender => tender::store::own(tx, buyer, tender).map(|_| true),
        Some(_) => Err(Error::not_found()),
    }
}

/// The lots that can be amended: those that go on.
///
/// # Errors
/// [`db::Error`].
pub fn going_on(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Lot>, db::Error> {
    let mut lots = tender::store::lots(tx, tender)?;
    lots.retain(|lot| !lot.state.is_over());
    Ok(lots)
}

/// The lots that a material amendment touches.
///
/// # Errors
/// 422 with `choice` for a number that no lot has which goes on.
pub fn lots(tx: &mut Tx, tender: Id<Tender>, given: &Amended, form: &Form) -> Result<Vec<Lot>, Error> {
    if given.class != Class::Material {
        return Ok(Vec::new());
    }
    let mut lots = going_on(tx, tender)?;
    if given.lots.iter().any(|wanted| lots.iter().all(|lot| lot.position != *wanted)) {
        return Err(form.clone().refuse("lots", "choice"));
    }
    lots.retain(|lot| given.lots.contains(&lot.position));
    Ok(lots)
}

/// The number of a tender's next amendment.
///
/// # Errors
/// [`db::Error`].
pub(super) fn next_number(tx: &mut Tx, tender: Id<Tender>) -> Result<i64, db::Error> {
    let last = "SELECT COALESCE(MAX(number), 0) FROM amendment WHERE tender = $1";
    Ok(tx.one(last, values![tender], |row| row.next::<i64>())? + 1)
}

pub(super) fn insert(
    tx: &mut Tx,
    by: Id<Account>,
    tender: Id<Tender>,
    number: i64,
    given: &Amended,
    (changes, lots): (&[Change], &[i64]),
) -> Result<(), Error> {
    let now = tx.now();
    let (changes, lots) = (json(&changes)?, json(&lots)?);
    tx.execute(
        "INSERT INTO amendment (id, tender, number, class, reason, changes, lots, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![given.id, tender, number, given.class.code(), &given.reason, changes, lots, by, now],
    )?;
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::fault)
}

const COLUMNS: &str = "id, number, class, reason, changes, lots, decided_at FROM amendment";

/// The amendments of a tender as everybody reads them, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Amendment>, db::Error> {
    Ok(list_whole(tx, tender)?.into_iter().map(Amendment::shown).collect())
}

/// The same as the buyer reads them: with budgets and ceilings that others do not see.
///
/// # Errors
/// [`db::Error`].
pub fn list_whole(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Amendment>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE tender = $1 ORDER BY number DESC"), values![tender], read)
}

/// One of them, as everybody reads it.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Amendment>) -> Result<Option<Amendment>, db::Error> {
    Ok(tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?.map(Amendment::shown))
}

fn read(row: &mut Row<'_>) -> Result<Amendment, db::Error> {
    Ok(Amendment {
        id: row.next()?,
        number: row.next()?,
        class: coded(&row.next::<String>()?, Class::from_code)?,
        reason: row.next()?,
        changes: stored(&row.next::<String>()?)?,
        lots: stored(&row.next::<String>()?)?,
        decided_at: row.next()?,
    })
}

fn stored<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, db::Error> {
    serde_json::from_str(text).map_err(|e| db::Error::Engine(e.to_string()))
}
