//! Queries of contacts.

use super::form::Words;
use super::{Contact, DEPARTMENT, EMAIL, NAME, OTHER, PHONE, PURPOSE, TITLE};
use crate::identity::company::Company;
use crate::trust::consent::Works;
use crate::web::{Error, Member};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::Serialize;
use vault::{
    ContactDepartment, ContactEmail, ContactName, ContactOther, ContactPhone, ContactTitle, Sealed, Subject, Vault,
};

/// How many contacts a company has at most.
const MOST: i64 = 20;

/// How long the person may take to answer: a month.
const ASKED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Something happened to a contact. Ids only.
#[derive(Serialize)]
pub struct Changed {
    pub contact: Id<Contact>,
    /// entered, corrected, denied, removed, ended.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "contact.changed";
}

/// Notes it, for the company.
pub fn record(tx: &mut Tx, company: Id<Company>, contact: Id<Contact>, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Changed { contact, act }).map(drop)
}

/// What a person may correct, sealed.
#[derive(Clone)]
pub struct SealedWords {
    name: Vec<u8>,
    department: Option<Vec<u8>>,
    title: Option<Vec<u8>>,
    other: Option<Vec<u8>>,
}

impl SealedWords {
    /// Seals them under the contact's key.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub async fn new(
        vault: &Vault,
        subject: Id<Subject>,
        id: Id<Contact>,
        words: &Words,
    ) -> Result<Self, vault::Error> {
        let mut sealed = Self {
            name: vault.seal(NAME, subject, id, &words.name).await?.bytes().to_vec(),
            department: None,
            title: None,
            other: None,
        };
        if let Some(department) = &words.department {
            sealed.department = Some(vault.seal(DEPARTMENT, subject, id, department).await?.bytes().to_vec());
        }
        if let Some(title) = &words.title {
            sealed.title = Some(vault.seal(TITLE, subject, id, title).await?.bytes().to_vec());
        }
        if let Some(other) = &words.other {
            sealed.other = Some(vault.seal(OTHER, subject, id, other).await?.bytes().to_vec());
        }
        Ok(sealed)
    }
}

/// A contact about to be stored.
#[derive(Clone)]
pub struct New {
    pub id: Id<Contact>,
    pub subject: Id<Subject>,
    pub label: String,
    pub words: SealedWords,
    /// Sealed, and what finds it.
    pub phone: Option<(Vec<u8>, [u8; 32])>,
    pub email: Option<(Vec<u8>, [u8; 32])>,
    /// The language that the person is written to in.
    pub locale: &'static str,
}

/// Stores it. The same id again is the same contact: `false`.
///
/// # Errors
/// 409 `contacts-many`; 404 when the id is another company's.
pub fn enter(tx: &mut Tx, member: &Member, new: &New) -> Result<bool, Error> {
    member.still(tx)?;
    let own = "SELECT company FROM contact WHERE id = $1";
    if let Some(company) = tx.first(own, values![new.id], |row| row.next::<Id<Company>>())? {
        return if company == member.company { Ok(false) } else { Err(Error::not_found()) };
    }
    let count: i64 =
        tx.one("SELECT count(*) FROM contact WHERE company = $1", values![member.company], |row| row.next())?;
    if count >= MOST {
        return Err(Error::conflict("contacts-many"));
    }
    vault::enrol(tx, new.subject)?;
    vault::consent::belong(tx, new.subject, Some(member.company))?;
    let now = tx.now();
    let until = now.checked_add(ASKED).unwrap_or(now);
    let (phone, email) = (new.phone.clone().unzip(), new.email.clone().unzip());
    tx.execute(
        "INSERT INTO contact (id, subject, company, label, name, phone, phone_index, email, email_index, department, \
         title, other, entered_by, locale, entered_at, asked_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        values![
            new.id,
            new.subject,
            member.company,
            &new.label,
            new.words.name.clone(),
            phone.0,
            phone.1,
            email.0,
            email.1,
            new.words.department.clone(),
            new.words.title.clone(),
            new.words.other.clone(),
            member.account(),
            new.locale,
            now,
            until
        ],
    )?;
    record(tx, member.company, new.id, "entered")?;
    Ok(true)
}

/// A contact as it lies.
#[derive(Clone)]
pub struct Lying {
    pub id: Id<Contact>,
    pub subject: Id<Subject>,
    pub company: Id<Company>,
    pub label: String,
    pub entered_at: Timestamp,
    pub asked_until: Timestamp,
    pub locale: String,
    pub name: Sealed<ContactName>,
    pub phone: Option<Sealed<ContactPhone>>,
    pub email: Option<Sealed<ContactEmail>>,
    pub department: Option<Sealed<ContactDepartment>>,
    pub title: Option<Sealed<ContactTitle>>,
    pub other: Option<Sealed<ContactOther>>,
}

const COLUMNS: &str = "id, subject, company, label, entered_at, asked_until, locale, name, phone, email, department, \
     title, other FROM contact";

fn read(row: &mut Row<'_>) -> Result<Lying, db::Error> {
    let (id, subject): (Id<Contact>, Id<Subject>) = (row.next()?, row.next()?);
    Ok(Lying {
        id,
        subject,
        company: row.next()?,
        label: row.next()?,
        entered_at: row.next()?,
        asked_until: row.next()?,
        locale: row.next()?,
        name: NAME.load(row.next()?, subject, id),
        phone: row.next::<Option<Vec<u8>>>()?.map(|bytes| PHONE.load(bytes, subject, id)),
        email: row.next::<Option<Vec<u8>>>()?.map(|bytes| EMAIL.load(bytes, subject, id)),
        department: row.next::<Option<Vec<u8>>>()?.map(|bytes| DEPARTMENT.load(bytes, subject, id)),
        title: row.next::<Option<Vec<u8>>>()?.map(|bytes| TITLE.load(bytes, subject, id)),
        other: row.next::<Option<Vec<u8>>>()?.map(|bytes| OTHER.load(bytes, subject, id)),
    })
}

/// A company's contacts, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Lying>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE company = $1 ORDER BY entered_at DESC, id"), values![company], read)
}

/// Those of a company that its company and they themselves let be shown, now.
///
/// # Errors
/// [`db::Error`].
pub fn visible(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Lying>, db::Error> {
    let mut visible = Vec::new();
    for one in of_company(tx, company)? {
        let works = Works::read(tx, PURPOSE, one.subject, Some(company))?;
        if works == Works::On || !policy::holds(Control::ContactsAgreedFirst) {
            visible.push(one);
        }
    }
    Ok(visible)
}

/// One, whosever.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Contact>) -> Result<Option<Lying>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

/// What is kept of a person as a contact.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<Lying>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE subject = $1"), values![subject], read)
}

/// The person has corrected it. Answers the entry as it was, for the company to be told.
///
/// # Errors
/// 404 when it is gone.
pub fn correct(tx: &mut Tx, subject: Id<Subject>, words: &SealedWords) -> Result<Lying, Error> {
    let found = of(tx, subject)?.ok_or_else(Error::not_found)?;
    tx.execute(
        "UPDATE contact SET name = $1, department = $2, title = $3, other = $4 WHERE id = $5",
        values![words.name.clone(), words.department.clone(), words.title.clone(), words.other.clone(), found.id],
    )?;
    record(tx, found.company, found.id, "corrected")?;
    Ok(found)
}

/// Takes it out of the table. What was sealed goes with its key.
///
/// # Errors
/// [`db::Error`].
pub fn remove(tx: &mut Tx, one: &Lying, act: &'static str) -> Result<(), db::Error> {
    tx.execute("DELETE FROM contact WHERE id = $1", values![one.id])?;
    record(tx, one.company, one.id, act)
}
