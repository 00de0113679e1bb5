//! Openings as their subjects read them: who looked, when, at what, for what, on which ground, and who was refused.
//!
//! A record packs all persons of a page. [`spread`] writes a row for each of them, so that a person's own are found by an
//! index; what it has not reached yet is read from the records themselves, so that nothing is missing for a moment.

use jiff::Timestamp;
use kit::{
    db::{self, Row, Tx, Value},
    values,
};

use policy::Control;

use crate::{Id, Opening, RequestId, Subject};

/// How many records one step spreads, and how many waiting ones a reader looks through at most.
const STEP: i64 = 500;

/// One opening, or attempt, that concerned a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The record.
    pub id: Id<Opening>,
    /// When.
    pub at: Timestamp,
    /// Whether the data were opened; else the attempt was denied.
    pub opened: bool,
    /// Ids of the fields, as in the policy's matrix.
    pub fields: Vec<String>,
    /// Id of the purpose.
    pub purpose: String,
    /// Ids of the grounds, in step with the fields.
    pub bases: Vec<String>,
    /// Id of the recipient.
    pub recipient: String,
    /// For which company the opener acted.
    pub company: Option<[u8; 16]>,
    /// In which role, or which job of the program.
    pub role: String,
    /// What caused it.
    pub request: RequestId,
    /// Why it was denied: codes.
    pub reason: Option<String>,
    /// The exception case behind it.
    pub case: Option<Named>,
}

/// An exception case, as its person is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who asked for the data.
    pub authority: String,
    /// The number of its document.
    pub document: String,
    /// The law that it rests on.
    pub law: String,
}

/// Whose openings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person's own pages.
    Themselves,
    /// Everybody and everything else.
    Others,
}

/// Where a page of the list begins: after the record with this instant (µs) and id, going back.
pub type Before = (i64, [u8; 16]);

/// Writes the rows of the next records. Answers how many records.
///
/// # Errors
/// [`db::Error`].
pub fn spread(tx: &mut Tx) -> Result<usize, db::Error> {
    let waiting = tx.all(
        "SELECT id, at, subjects, opener_subject FROM opening WHERE fanned = 0 ORDER BY at, id LIMIT $1",
        values![STEP],
        |row| {
            Ok((
                row.next::<Id<Opening>>()?,
                row.next::<Timestamp>()?,
                row.next::<Vec<u8>>()?,
                row.next::<Option<[u8; 16]>>()?,
            ))
        },
    )?;
    let mut rows = Vec::new();
    for (id, at, subjects, opener) in &waiting {
        for subject in packed(subjects) {
            let own = i64::from(*opener == Some(subject));
            rows.push(vec![Value::from(subject), own.into(), (*at).into(), (*id).into()]);
        }
        tx.execute("UPDATE opening SET fanned = 1 WHERE id = $1", values![*id])?;
    }
    tx.insert("INSERT INTO opening_subject (subject, own, at, opening)", &rows, "ON CONFLICT DO NOTHING")?;
    Ok(waiting.len())
}

/// Whether any record waits to be spread.
///
/// # Errors
/// [`db::Error`].
pub fn any_unspread(tx: &mut Tx) -> Result<bool, db::Error> {
    Ok(tx.first("SELECT 1 FROM opening WHERE fanned = 0 LIMIT 1", &[], |row| row.next::<i64>())?.is_some())
}

/// The accesses to a person's data, the newest first, at most `most`.
///
/// # Errors
/// [`db::Error`].
pub fn accesses(
    tx: &mut Tx,
    subject: Id<Subject>,
    by: By,
    before: Option<Before>,
    most: usize,
) -> Result<Vec<Access>, db::Error> {
    let own = by == By::Themselves;
    let (at, id) = before.unwrap_or((i64::MAX, [0xFF; 16]));
    let sql = format!(
        "SELECT {COLUMNS} FROM opening_subject s JOIN opening o ON o.id = s.opening {CASE} \
         WHERE s.subject = $1 AND s.own = $2 AND (s.at, s.opening) < ($3, $4) AND {TOLD} $6) \
         ORDER BY s.at DESC, s.opening DESC LIMIT $5"
    );
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let silence = silence(tx);
    let mut found = tx.all(&sql, values![subject, i64::from(own), at, id, limit, silence], read)?;
    found.extend(
        tail(tx, subject, own)?.into_iter().filter(|one| (one.at.as_microsecond(), *one.id.as_bytes()) < (at, id)),
    );
    found.sort_by_key(|one| std::cmp::Reverse((one.at, one.id)));
    found.truncate(most);
    Ok(found)
}

/// What is not spread yet.
fn tail(tx: &mut Tx, subject: Id<Subject>, own: bool) -> Result<Vec<Access>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS}, o.subjects, o.opener_subject FROM opening o {CASE} WHERE o.fanned = 0 AND {TOLD} $2) \
         ORDER BY o.at, o.id LIMIT $1"
    );
    let silence = silence(tx);
    let waiting = tx.all(&sql, values![STEP, silence], |row| {
        Ok((read(row)?, row.next::<Vec<u8>>()?, row.next::<Option<[u8; 16]>>()?))
    })?;
    let me = *subject.as_bytes();
    let mine = waiting
        .into_iter()
        .filter(|(_, subjects, opener)| packed(subjects).any(|one| one == me) && (*opener == Some(me)) == own);
    Ok(mine.map(|(access, ..)| access).collect())
}

fn packed(subjects: &[u8]) -> impl Iterator<Item = [u8; 16]> + '_ {
    subjects.as_chunks::<16>().0.iter().copied()
}

const COLUMNS: &str = "o.id, o.at, o.outcome, o.fields, o.purpose, o.bases, o.recipient, o.opener_company, \
     o.opener_role, o.request, o.reason, c.authority, c.document, c.law";

const CASE: &str =
    "LEFT JOIN exception_opening e ON e.opening = o.id LEFT JOIN exception_case c ON c.id = e.exception_case";

/// Followed by the instant up to which a silence that the law orders must have ended, and a bracket.
const TOLD: &str = "(c.id IS NULL OR COALESCE(c.silent_until, 0) <=";

/// Now; what was opened by exception shows as soon as no law forbids to tell of it.
fn silence(tx: &mut Tx) -> i64 {
    if policy::holds(Control::ShownAfterwards) { tx.now().as_microsecond() } else { -1 }
}

fn read(row: &mut Row<'_>) -> Result<Access, db::Error> {
    let words = |text: String| text.split(',').map(str::to_owned).collect();
    Ok(Access {
        id: row.next()?,
        at: row.next()?,
        opened: row.next::<String>()? == "opened",
        fields: words(row.next()?),
        purpose: row.next()?,
        bases: words(row.next()?),
        recipient: row.next()?,
        company: row.next()?,
        role: row.next()?,
        request: row.next()?,
        reason: row.next()?,
        case: named([row.next()?, row.next()?, row.next()?]),
    })
}

fn named([authority, document, law]: [Option<String>; 3]) -> Option<Named> {
    Some(Named { authority: authority?, document: document?, law: law? })
}
