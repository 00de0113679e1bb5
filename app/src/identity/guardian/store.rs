//! Every query about guardians' consents.

use crate::trust::policy::Shown;
use crate::web::{Error, session};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Standing, Subject};

/// Marks the ids of guardians' consents.
pub struct Guardian;

/// A guardian agreed, or took it back. Ids only.
#[derive(Serialize)]
struct Changed {
    consent: Id<Guardian>,
    withdrawn: bool,
}

impl Fact for Changed {
    const KIND: &'static str = "guardian.changed";
}

/// How a consent stands.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    pub agreed_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

/// One by its id.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Guardian>) -> Result<Option<Consent>, db::Error> {
    let sql = "SELECT agreed_at, used_at, withdrawn_at FROM guardian_consent WHERE id = $1";
    tx.first(sql, values![id], |row| {
        Ok(Consent { agreed_at: row.next()?, used_at: row.next()?, withdrawn_at: row.next()? })
    })
}

/// The guardian agrees to the text as shown. Twice is once; what was taken back is not given again by the same link.
///
/// # Errors
/// 409 `guardian-withdrawn`.
pub fn agree(tx: &mut Tx, id: Id<Guardian>, text: &Shown) -> Result<(), Error> {
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO guardian_consent (id, agreed_at, policy_version, text_hash, language) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
        values![id, now, text.version, &text.text_sha256, text.language],
    )?;
    if inserted == 1 {
        event::record(tx, Scope::default(), &Changed { consent: id, withdrawn: false })?;
        return Ok(());
    }
    match find(tx, id)? {
        Some(consent) if consent.withdrawn_at.is_none() => Ok(()),
        _ => Err(Error::conflict("guardian-withdrawn")),
    }
}

/// The guardian takes it back. From this unit on the account can do nothing, and nothing of it is opened.
///
/// # Errors
/// 404 when nobody has agreed.
pub fn withdraw(tx: &mut Tx, id: Id<Guardian>) -> Result<(), Error> {
    let now = tx.now();
    let sql = "UPDATE guardian_consent SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL";
    if tx.execute(sql, values![now, id])? == 0 {
        return find(tx, id)?.map(drop).ok_or_else(Error::not_found);
    }
    let sql = "SELECT account, subject FROM guardian_consent WHERE id = $1";
    let (account, subject): (Option<Id<()>>, Option<Id<Subject>>) =
        tx.one(sql, values![id], |row| Ok((row.next()?, row.next()?)))?;
    if let (Some(account), Some(subject)) = (account, subject) {
        session::end_others(tx, account.cast(), Id::from_bytes([0; 16]))?;
        if vault::standing(tx, subject)? == Some(Standing::Active) {
            vault::change_standing(tx, subject, Standing::Blocked)?;
        }
    }
    event::record(tx, Scope::default(), &Changed { consent: id, withdrawn: true })?;
    Ok(())
}

/// Whether a permission can be registered with: agreed, not taken back, not used.
///
/// # Errors
/// [`db::Error`].
pub fn is_open(tx: &mut Tx, id: Id<Guardian>) -> Result<bool, db::Error> {
    Ok(find(tx, id)?.is_some_and(|consent| consent.used_at.is_none() && consent.withdrawn_at.is_none()))
}

/// Spends the permission that a registration came with, if it came with one, on the account that it becomes.
///
/// # Errors
/// 409 `guardian-withdrawn` when it has been spent or taken back meanwhile.
pub fn admit<A>(tx: &mut Tx, account: Id<A>, subject: Id<Subject>) -> Result<(), Error> {
    let sql = "SELECT guardian FROM registration WHERE id = $1";
    let Some(id) = tx.one(sql, values![account], |row| row.next::<Option<Id<Guardian>>>())? else { return Ok(()) };
    let now = tx.now();
    let spent = tx.execute(
        "UPDATE guardian_consent SET account = $1, subject = $2, used_at = $3 \
         WHERE id = $4 AND used_at IS NULL AND withdrawn_at IS NULL",
        values![account, subject, now, id],
    )?;
    if spent == 1 { Ok(()) } else { Err(Error::conflict("guardian-withdrawn")) }
}
