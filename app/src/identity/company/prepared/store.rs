//! Every query of prepared registrations, and of who is not asked again.

use super::{Prepared, letter};
use crate::identity::account;
use crate::identity::company::part::addresses::Addresses;
use crate::identity::company::part::identity::Identity;
use crate::web::{Error, Locale};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::job;
use kit::values;
use policy::{Control, period};
use serde::{Deserialize, Serialize};
use vault::{Email, Sealed, Slot, Subject};

/// Where the address is sealed.
pub const EMAIL: Slot<Email> = Slot::new("prepared_company", "email");

/// What became of one. An id only: not even which company.
#[derive(Serialize)]
struct Changed {
    prepared: Id<Prepared>,
    /// `prepared`, `accepted`, `refused`, `lapsed`, `overtaken`.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "prepared.changed";
}

/// What is prepared: two parts of a company, as its own people would file them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is, its name and code, its industry, its sides.
    pub identity: Identity,
    /// Where it is registered.
    pub addresses: Addresses,
}

/// One about to be stored.
pub struct New {
    /// Its id.
    pub id: Id<Prepared>,
    /// Where the address was published.
    pub source: String,
    /// What is prepared.
    pub entry: Entry,
    /// Who is asked: a subject of their own.
    pub subject: Id<Subject>,
    /// Their address.
    pub email: Sealed<Email>,
    /// Its keyed index.
    pub email_index: Vec<u8>,
    /// In which language they are written to.
    pub locale: Locale,
}

/// One that waits for its person.
pub struct Kept {
    /// Its id.
    pub id: Id<Prepared>,
    /// Where the address was published.
    pub source: String,
    /// What is prepared.
    pub entry: Entry,
    /// Who is asked.
    pub subject: Id<Subject>,
    /// Their address.
    pub email: Sealed<Email>,
    /// Its keyed index.
    pub email_index: Vec<u8>,
    /// In which language they are written to.
    pub locale: Locale,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "SELECT id, source, content, subject, email, email_index, locale, created_at, expires_at \
     FROM prepared_company";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, source, content): (Id<Prepared>, _, String) = (row.next()?, row.next()?, row.next()?);
    let entry = serde_json::from_str(&content).map_err(|e| db::Error::Engine(format!("prepared {id}: {e}")))?;
    let subject = row.next()?;
    Ok(Kept {
        id,
        source,
        entry,
        subject,
        email: EMAIL.load(row.next()?, subject, id),
        email_index: row.next()?,
        locale: Locale::of(&row.next::<String>()?).unwrap_or_default(),
        created_at: row.next()?,
        expires_at: row.next()?,
    })
}

/// One that waits, by its id.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Prepared>) -> Result<Option<Kept>, db::Error> {
    let now = tx.now();
    let found = tx.first(&format!("{COLUMNS} WHERE id = $1"), values![id], read)?;
    Ok(found.filter(|kept| kept.expires_at > now || !policy::holds(Control::PreparedLapses)))
}

/// Those that ask whoever has this address, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_index(tx: &mut Tx, index: &[u8]) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("{COLUMNS} WHERE email_index = $1 ORDER BY created_at DESC, id LIMIT 20");
    tx.all(&sql, values![index], read)
}

/// The one that asks this subject.
///
/// # Errors
/// [`db::Error`].
pub fn of_subject(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Kept>, db::Error> {
    tx.first(&format!("{COLUMNS} WHERE subject = $1"), values![subject], read)
}

/// Some whose time is over.
///
/// # Errors
/// [`db::Error`].
pub fn over(tx: &mut Tx) -> Result<Vec<Kept>, db::Error> {
    let now = tx.now();
    tx.all(&format!("{COLUMNS} WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT 50"), values![now], read)
}

/// Whom the one with this credit code asks, by the index of their address; none when there is none that waits.
///
/// # Errors
/// [`db::Error`].
pub fn index_of(tx: &mut Tx, credit_code: &str) -> Result<Option<Vec<u8>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT email_index FROM prepared_company WHERE credit_code = $1 AND expires_at > $2";
    tx.first(sql, values![credit_code, now], |row| row.next())
}

/// Whether whoever has this address is not to be asked now.
///
/// # Errors
/// [`db::Error`].
pub fn is_asked(tx: &mut Tx, index: &[u8]) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT 1 FROM prepared_asked WHERE email_index = $1 AND ends_at > $2";
    Ok(tx.first(sql, values![index, now], |row| row.next::<i64>())?.is_some())
}

/// Stores one, and leaves its letter to a job. Whoever has the address is not asked again for a while.
///
/// # Errors
/// [`Error`] of the database.
pub fn prepare(tx: &mut Tx, new: &New) -> Result<(), Error> {
    // One whose time is over may still lie there.
    overtaken(tx, &new.entry.identity.credit_code)?;
    let now = tx.now();
    let content = serde_json::to_string(&new.entry).map_err(Error::fault)?;
    tx.execute(
        "INSERT INTO prepared_company (id, source, credit_code, content, subject, email, email_index, locale, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            new.id,
            &new.source,
            &new.entry.identity.credit_code,
            content,
            new.subject,
            new.email.bytes(),
            &new.email_index,
            new.locale.tag(),
            now,
            in_days(now, period::PREPARED.days)
        ],
    )?;
    not_again(tx, &new.email_index, period::PREPARED_AGAIN.days)?;
    record(tx, new.id, "prepared")?;
    job::enqueue(tx, letter::KIND, new.id.as_bytes(), now)?;
    Ok(())
}

/// Its person takes it up, who has the address with this index: it is theirs to register from now on.
///
/// # Errors
/// 409 `prepared-over`, `invitation-other-email`.
pub fn take_up(tx: &mut Tx, id: Id<Prepared>, email_index: &[u8]) -> Result<Entry, Error> {
    let kept = find(tx, id)?.ok_or_else(|| Error::conflict("prepared-over"))?;
    if policy::holds(Control::InvitationToItsAddress) && kept.email_index != email_index {
        return Err(Error::conflict("invitation-other-email"));
    }
    end(tx, &kept, "accepted")?;
    tx.execute("DELETE FROM prepared_asked WHERE email_index = $1", values![&kept.email_index])?;
    Ok(kept.entry)
}

/// Its person does not want it. Nobody asks them again for years.
///
/// # Errors
/// [`Error`] of the database.
pub fn refuse(tx: &mut Tx, kept: &Kept) -> Result<(), Error> {
    if !policy::holds(Control::PreparedRefused) {
        return Ok(());
    }
    not_again(tx, &kept.email_index, period::PREPARED_REFUSED.days)?;
    end(tx, kept, "refused")
}

/// The company with this code is registered without it, or prepared anew.
///
/// # Errors
/// [`Error`] of the database.
pub fn overtaken(tx: &mut Tx, credit_code: &str) -> Result<(), Error> {
    let found = tx.first(&format!("{COLUMNS} WHERE credit_code = $1"), values![credit_code], read)?;
    found.map_or(Ok(()), |kept| end(tx, &kept, "overtaken"))
}

/// Everything of it goes: the row in this unit, the key of the address by a job.
///
/// # Errors
/// [`Error`] of the database.
pub fn end(tx: &mut Tx, kept: &Kept, act: &'static str) -> Result<(), Error> {
    if tx.execute("DELETE FROM prepared_company WHERE id = $1", values![kept.id])? == 1 {
        account::erase(tx, kept.subject)?;
        record(tx, kept.id, act)?;
    }
    Ok(())
}

fn record(tx: &mut Tx, prepared: Id<Prepared>, act: &'static str) -> Result<(), db::Error> {
    event::record(tx, event::Scope::default(), &Changed { prepared, act }).map(drop)
}

fn not_again(tx: &mut Tx, email_index: &[u8], days: u16) -> Result<(), db::Error> {
    let ends = in_days(tx.now(), days);
    let sql = "INSERT INTO prepared_asked (email_index, ends_at) VALUES ($1, $2) \
               ON CONFLICT (email_index) DO UPDATE SET ends_at = $2";
    tx.execute(sql, values![email_index, ends]).map(drop)
}

fn in_days(now: Timestamp, days: u16) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now)
}

/// Forgets who may be asked again. Answers how many there were.
///
/// # Errors
/// [`db::Error`].
pub fn forget_asked(tx: &mut Tx) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM prepared_asked WHERE ends_at <= $1", values![now])
}

/// Whether somebody may be asked again whose mark is still there.
///
/// # Errors
/// [`db::Error`].
pub fn is_any_old(tx: &mut Tx) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT 1 FROM prepared_asked WHERE ends_at <= $1 LIMIT 1";
    Ok(tx.first(sql, values![now], |row| row.next::<i64>())?.is_some())
}
