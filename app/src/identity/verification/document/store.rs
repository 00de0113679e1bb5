//! Every query about identity documents: one of a case, in its row. Name and number are sealed under the person's key; the index
//! beside them finds an equal number without opening any, and goes with the row.

use super::check::Checked;
use super::kind::IdKind;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::verification::case::StepState;
use crate::identity::verification::kind::Step;
use crate::identity::verification::record::Record;
use crate::identity::verification::{COLUMNS, Verification};
use crate::web::{Datum, Error};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{Control, period};
use vault::{IdName, IdNumber, Sealed, Slot, Subject};

/// Where they are sealed.
const NAME: Slot<IdName> = Slot::new("verification_document", "name");
const NUMBER: Slot<IdNumber> = Slot::new("verification_document", "number");

/// A document in its row.
pub struct Document {
    pub id: Id<Self>,
    /// Whose it is.
    pub subject: Id<Subject>,
    pub kind: IdKind,
    pub name: Sealed<IdName>,
    pub number: Sealed<IdNumber>,
    /// The row on the company's record whose name it was compared with.
    pub filed: Option<Id<()>>,
}

/// A document that is sealed and has no row yet.
#[derive(Clone)]
pub struct Written {
    id: Id<Document>,
    kind: IdKind,
    name: Vec<u8>,
    number: Vec<u8>,
    index: [u8; 32],
    filed: Option<Id<()>>,
}

/// Seals a document for its row.
///
/// # Errors
/// As [`vault::Vault::seal`].
pub async fn seal(app: &App, subject: Id<Subject>, checked: &Checked) -> Result<Written, Error> {
    let id = app.random().id();
    let name = app.vault().seal(NAME, subject, id, &checked.name).await?.bytes().to_vec();
    let number = app.vault().seal(NUMBER, subject, id, &checked.number).await?.bytes().to_vec();
    let index = app.accounts().id_number_index(&checked.number);
    Ok(Written { id, kind: checked.kind, name, number, index, filed: checked.filed })
}

/// Gives it its row, in place of the one that the case had before.
///
/// # Errors
/// [`db::Error`].
pub fn put(tx: &mut Tx, case: Id<Verification>, subject: Id<Subject>, one: &Written) -> Result<(), db::Error> {
    remove(tx, case)?;
    let now = tx.now();
    let (kind, name, number) = (one.kind.code(), one.name.clone(), one.number.clone());
    tx.execute(
        "INSERT INTO verification_document (id, verification, subject, kind, name, number, number_index, representative, \
         given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![one.id, case, subject, kind, name, number, one.index, one.filed, now],
    )
    .map(drop)
}

/// That of a case, if it is there.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, case: Id<Verification>) -> Result<Option<Document>, db::Error> {
    let sql =
        "SELECT id, subject, kind, name, number, representative FROM verification_document WHERE verification = $1";
    tx.first(sql, values![case], |row| {
        let (id, subject): (Id<Document>, Id<Subject>) = (row.next()?, row.next()?);
        Ok(Document {
            id,
            subject,
            kind: IdKind::of(&row.next::<String>()?).ok_or(db::Error::Missing)?,
            name: NAME.load(row.next()?, subject, id),
            number: NUMBER.load(row.next()?, subject, id),
            filed: row.next()?,
        })
    })
}

/// The row of a case's document, if a service can be asked about it: a resident identity card.
///
/// # Errors
/// [`db::Error`].
pub fn attestable(tx: &mut Tx, record: &Record) -> Result<Option<Id<()>>, db::Error> {
    if record.case.steps.get(&Step::Identity).is_none_or(|state| *state == StepState::Missing) {
        return Ok(None);
    }
    let found = of(tx, record.id)?.filter(|document| document.kind == IdKind::ResidentId);
    Ok(found.map(|document| document.id.cast()))
}

/// What stands here of one person.
///
/// # Errors
/// [`db::Error`].
pub fn held(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT d.id, d.given_at, d.name, d.number, v.valid_until FROM verification_document d \
         JOIN verification_case v ON v.id = d.verification WHERE d.subject = $1 ORDER BY d.given_at DESC, d.id DESC";
    let rows = tx.all(sql, values![subject], |row| {
        let (id, since): (Id<Document>, Timestamp) = (row.next()?, row.next()?);
        let (name, number) = (NAME.load(row.next()?, subject, id), NUMBER.load(row.next()?, subject, id));
        let until: Option<Timestamp> = row.next()?;
        let until = until.filter(|until| since < *until);
        Ok([COLUMNS[1].datum(name, since, until), COLUMNS[2].datum(number, since, until)])
    })?;
    Ok(rows.into_iter().flatten().collect())
}

/// The cases whose document has to go: what it verified holds no more, or never will, or its person is not in the company any
/// more. Of what waits for a decision it stays. After a refusal, and where nothing was handed in, it is kept as long as the
/// pages are, so that an appeal can be decided on. At most 100.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<Verification>>, db::Error> {
    if !policy::holds(Control::IdNumberEnds) {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let before = now.checked_sub(SignedDuration::from_hours(period::VERIFICATION_PAPER.hours())).unwrap_or(now);
    let sql = "SELECT v.id FROM verification_document d JOIN verification_case v ON v.id = d.verification \
         LEFT JOIN account a ON a.id = v.holder \
         WHERE a.id IS NULL OR a.company IS NULL OR a.company <> v.company OR a.ended_at IS NOT NULL OR a.joined_at > d.given_at \
         OR (v.state = 'accepted' AND v.valid_until <= $1) \
         OR (v.state <> 'handed-in' AND (v.valid_until IS NULL OR v.valid_until <= $1) AND d.given_at <= $2 \
         AND (v.decided_at IS NULL OR v.decided_at <= $2)) ORDER BY d.given_at, d.id LIMIT 100";
    tx.all(sql, values![now, before], |row| row.next())
}

/// That of a case goes.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, case: Id<Verification>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM verification_document WHERE verification = $1", values![case]).map(drop)
}

/// All of a person go. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn remove_of_subject(tx: &mut Tx, subject: Id<Subject>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM verification_document WHERE subject = $1", values![subject])
}

/// All that were given for a company go.
///
/// # Errors
/// [`db::Error`].
pub fn remove_of_company(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let sql =
        "DELETE FROM verification_document WHERE verification IN (SELECT id FROM verification_case WHERE company = $1)";
    tx.execute(sql, values![company]).map(drop)
}
