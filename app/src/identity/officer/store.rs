//! Every query about the keys of opening officers.

use super::form::New;
use crate::app::App;
use crate::identity::account::{Account, Owner, alive};
use crate::identity::company::Company;
use crate::identity::people::{self, Duties, Duty};
use crate::web::{Erased, Error, Gone, Instant, Person, Said};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key of a person's, as it was enrolled.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id.
    pub id: Id<Key>,
    /// The public half.
    pub recipient: String,
    /// The secret half under its person's passphrase.
    pub kept: Vec<u8>,
    /// When it was enrolled.
    pub made_at: Timestamp,
    /// When its person last proved that they can use it.
    pub proved_at: Option<Timestamp>,
    /// Since when no tender is sealed to it any more.
    pub ended_at: Option<Timestamp>,
    /// Counts the proofs: each is of a challenge of its own.
    pub version: i64,
    /// The secret half once more, for a passkey of its person's, and which one that is.
    pub passkey: Option<(Vec<u8>, String)>,
}

/// Something happened to a key.
#[derive(Serialize)]
struct Changed {
    key: Id<Key>,
    /// enrolled, proved, wrapped, unwrapped, ended.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "officer.key-changed";
}

/// Somebody who held keys was erased, of whom nothing is told but for which company they acted.
#[derive(Serialize, Deserialize)]
pub struct HolderGone {
    /// The company; none where they acted for none, as people of the operator do.
    pub company: Option<Id<Company>>,
}

impl Fact for HolderGone {
    const KIND: &'static str = "officer.holder-gone";
}

const COLUMNS: &str = "id, recipient, kept, made_at, proved_at, ended_at, version, wrapped, hint FROM officer_key";

fn read(row: &mut Row<'_>) -> Result<Key, db::Error> {
    Ok(Key {
        id: row.next()?,
        recipient: row.next()?,
        kept: row.next()?,
        made_at: row.next()?,
        proved_at: row.next()?,
        ended_at: row.next()?,
        version: row.next()?,
        passkey: row.next::<Option<Vec<u8>>>()?.zip(row.next::<Option<String>>()?),
    })
}

/// A person's keys, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, account: Id<Account>) -> Result<Vec<Key>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE account = $1 ORDER BY made_at DESC, id DESC LIMIT 20");
    tx.all(&sql, values![account], read)
}

/// A key of the person's own.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, person: &Person, id: Id<Key>) -> Result<Key, Error> {
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND account = $2");
    tx.first(&sql, values![id, person.account()], read)?.ok_or_else(Error::not_found)
}

/// Enrols a key in the place of the one before. The same form again is the same key.
///
/// # Errors
/// 409 `officer-key-known` when it, or its id, is enrolled already by whomever.
pub fn enrol(tx: &mut Tx, person: &Person, new: &New) -> Result<Key, Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO officer_key (id, account, recipient, kept, made_at, version) VALUES ($1, $2, $3, $4, $5, 1) \
         ON CONFLICT DO NOTHING",
        values![new.id, person.account(), &new.recipient, new.kept.clone(), now],
    )?;
    if inserted == 0 {
        let same = own(tx, person, new.id).ok().filter(|key| key.recipient == new.recipient);
        return same.ok_or_else(|| Error::conflict("officer-key-known"));
    }
    let sql = "UPDATE officer_key SET ended_at = $1 WHERE account = $2 AND id <> $3 AND ended_at IS NULL";
    tx.execute(sql, values![now, person.account(), new.id])?;
    record(tx, person, new.id, "enrolled")?;
    own(tx, person, new.id)
}

/// Notes that its person has decrypted the challenge of this version.
///
/// # Errors
/// 404; 409 `officer-key-over`.
pub fn prove(tx: &mut Tx, person: &Person, id: Id<Key>, version: i64) -> Result<Key, Error> {
    let key = own(tx, person, id)?;
    if key.ended_at.is_some() {
        return Err(Error::conflict("officer-key-over"));
    }
    let now = tx.now();
    let sql = "UPDATE officer_key SET proved_at = $1, version = version + 1 WHERE id = $2 AND version = $3";
    if tx.execute(sql, values![now, id, version])? == 1 {
        record(tx, person, id, "proved")?;
    }
    own(tx, person, id)
}

/// Keeps the secret half for a passkey, too, or no more; the file under the passphrase stays. The same again changes nothing.
///
/// # Errors
/// 404; 409 `officer-key-over` for a key that has ended.
pub fn wrap(tx: &mut Tx, person: &Person, id: Id<Key>, passkey: Option<&(Vec<u8>, String)>) -> Result<Key, Error> {
    let key = own(tx, person, id)?;
    if key.ended_at.is_some() && passkey.is_some() {
        return Err(Error::conflict("officer-key-over"));
    }
    if key.passkey.as_ref() != passkey {
        let (wrapped, hint) = passkey.cloned().unzip();
        let sql = "UPDATE officer_key SET wrapped = $1, hint = $2 WHERE id = $3";
        tx.execute(sql, values![wrapped, hint, id])?;
        record(tx, person, id, if passkey.is_some() { "wrapped" } else { "unwrapped" })?;
    }
    own(tx, person, id)
}

/// Ends a key: no tender is sealed to it any more; those that are can be opened with it still.
///
/// # Errors
/// 404.
pub fn revoke(tx: &mut Tx, person: &Person, id: Id<Key>) -> Result<Key, Error> {
    own(tx, person, id)?;
    let now = tx.now();
    let sql = "UPDATE officer_key SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
    if tx.execute(sql, values![now, id])? == 1 {
        record(tx, person, id, "ended")?;
    }
    own(tx, person, id)
}

fn record(tx: &mut Tx, person: &Person, key: Id<Key>, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope { actor: Some(*person.subject().as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Changed { key, act }).map(drop)
}

/// Somebody of a company whose key holds. They are told by what they may do and by their key, which they can read out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OpeningOfficer")]
pub struct Enrolled {
    /// The public half of their key.
    pub recipient: String,
    /// What they may do for the company.
    pub duties: Vec<Duty>,
    /// Since when they have the key.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
}

/// The members of a company whose keys are proved and hold.
///
/// # Errors
/// [`db::Error`].
pub fn enrolled(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Enrolled>, db::Error> {
    let sql = "SELECT k.recipient, a.duties, k.made_at FROM officer_key k JOIN account a ON a.id = k.account \
               WHERE a.company = $1 AND a.ended_at IS NULL AND k.proved_at IS NOT NULL AND k.ended_at IS NULL \
               ORDER BY k.made_at, k.id";
    tx.all(sql, values![company], |row| {
        let (recipient, duties) = (row.next()?, Duties::of_codes(&row.next::<String>()?).list());
        Ok(Enrolled { recipient, duties, made_at: row.next()? })
    })
}

/// The key among these that is this person's, if they act for the company.
///
/// # Errors
/// [`db::Error`].
pub fn held_by(
    tx: &mut Tx,
    account: Id<Account>,
    company: Id<Company>,
    recipients: &[String],
) -> Result<Option<Key>, db::Error> {
    let standing = people::standing(tx, account)?;
    if standing.is_none_or(|(of, _)| of != company) {
        return Ok(None);
    }
    own_among(tx, account, recipients)
}

/// The public half of the key of an account that is proved and holds.
///
/// # Errors
/// [`db::Error`].
pub fn holding(tx: &mut Tx, account: Id<Account>) -> Result<Option<String>, db::Error> {
    let sql = "SELECT recipient FROM officer_key WHERE account = $1 AND proved_at IS NOT NULL AND ended_at IS NULL \
               ORDER BY made_at DESC, id DESC LIMIT 1";
    tx.first(sql, values![account], |row| row.next())
}

/// The key among these that is this account's, for whomever they act.
///
/// # Errors
/// [`db::Error`].
pub fn own_among(tx: &mut Tx, account: Id<Account>, recipients: &[String]) -> Result<Option<Key>, db::Error> {
    // However many keys they have had since.
    let sql = format!("SELECT {COLUMNS} WHERE account = $1 AND recipient = $2");
    for recipient in recipients {
        if let Some(key) = tx.first(&sql, values![account, recipient], read)? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// Whose key this is, if it is proved and holds.
///
/// # Errors
/// [`db::Error`].
pub fn keeper(tx: &mut Tx, recipient: &str) -> Result<Option<Owner>, db::Error> {
    let sql = "SELECT 1 FROM officer_key WHERE recipient = $1 AND proved_at IS NOT NULL AND ended_at IS NULL";
    let holds = tx.first(sql, values![recipient], |row| row.next::<i64>())?.is_some();
    if holds { owner(tx, recipient) } else { Ok(None) }
}

/// Whose key this is, whether it has ended or not; none once they have gone.
///
/// # Errors
/// [`db::Error`].
pub fn owner(tx: &mut Tx, recipient: &str) -> Result<Option<Owner>, db::Error> {
    let sql = "SELECT account FROM officer_key WHERE recipient = $1";
    let account: Option<Id<Account>> = tx.first(sql, values![recipient], |row| row.next())?;
    let Some(account) = account else { return Ok(None) };
    Ok(alive(tx, account)?.map(|subject| (account, subject)))
}

/// Who holds these keys and acts for the company.
///
/// # Errors
/// [`db::Error`].
pub fn holders(tx: &mut Tx, company: Id<Company>, recipients: &[String]) -> Result<Vec<Owner>, db::Error> {
    let mut holders = Vec::new();
    for recipient in recipients {
        let Some((account, subject)) = owner(tx, recipient)? else { continue };
        if people::standing(tx, account)?.is_some_and(|(of, _)| of == company) {
            holders.push((account, subject));
        }
    }
    Ok(holders)
}

/// The public halves of all keys that an account has, whether they have ended or not.
///
/// # Errors
/// [`db::Error`].
pub fn recipients(tx: &mut Tx, account: Id<Account>) -> Result<Vec<String>, db::Error> {
    let sql = "SELECT recipient FROM officer_key WHERE account = $1 ORDER BY recipient";
    tx.all(sql, values![account], |row| row.next())
}

/// A key's file, in base64, for who gives a share with it.
pub fn kept(key: &Key) -> String {
    STANDARD.encode(&key.kept)
}

/// A key's file for a passkey, in base64, and which passkey.
pub fn wrapped(key: &Key) -> Option<(String, String)> {
    key.passkey.as_ref().map(|(file, hint)| (STANDARD.encode(file), hint.clone()))
}

/// How it stands, for the privacy centre.
///
/// # Errors
/// [`db::Error`].
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let holds = list(tx, person.account())?.into_iter().find(|key| key.ended_at.is_none());
    Ok(Said::new(match holds.map(|key| key.proved_at.is_some()) {
        None => "officer-state-none",
        Some(false) => "officer-state-unproved",
        Some(true) => "officer-state-holds",
    }))
}

/// A key goes with its person: what is sealed to it opens with the others', and who counts on it is told.
///
/// # Errors
/// [`Error`] of the database.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let sql = "SELECT company FROM account WHERE id = $1";
    let company = tx.first(sql, values![gone.account], |row| row.next::<Option<Id<Company>>>())?.flatten();
    let count = tx.execute("DELETE FROM officer_key WHERE account = $1", values![gone.account])?;
    if count > 0 {
        event::record(tx, Scope::default(), &HolderGone { company })?;
    }
    Ok(vec![Erased::new("erased-officer-keys", count)])
}
