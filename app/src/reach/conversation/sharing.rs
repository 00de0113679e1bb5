//! What a member shares of themselves with the other side of one thread: exactly what they previewed, until they take it back.
//! The values are sealed under their own key, and go with the row.

use super::form::{Own, Seen};
use super::thread::{self, Side};
use super::{Sharing, Thread, award_contact, block, member};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Column, Correspondent, Datum, Error, Member, Sealing};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::{Deserialize, Serialize};
use vault::{Sealed, SharedEmail, SharedName, SharedPhone, Slot, Subject};

pub const NAME: Slot<SharedName> = Slot::new("thread_sharing", "name");
pub const PHONE: Slot<SharedPhone> = Slot::new("thread_sharing", "phone");
pub const EMAIL: Slot<SharedEmail> = Slot::new("thread_sharing", "email");

/// A side shares something with the other, or does so no more.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// In which thread.
    pub thread: Id<Thread>,
    /// Who shares.
    pub company: Id<Company>,
    /// With whom.
    pub with: Id<Company>,
    /// person, address.
    pub what: String,
    /// shared, ended.
    pub act: String,
}

impl Fact for Changed {
    const KIND: &'static str = "thread.sharing";
}

/// Notes it.
///
/// # Errors
/// [`db::Error`].
pub fn record(tx: &mut Tx, by: &Correspondent, side: &Side, what: &str, act: &str) -> Result<(), db::Error> {
    let (what, act) = (what.to_owned(), act.to_owned());
    let changed = Changed { thread: side.thread, company: side.company, with: side.other, what, act };
    event::record(tx, by.scope(), &changed).map(drop)
}

/// What is shared, as it lies.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<Sharing>,
    /// The member's number in the thread.
    pub member: i64,
    pub name: Option<Sealed<SharedName>>,
    pub phone: Option<Sealed<SharedPhone>>,
    pub email: Option<Sealed<SharedEmail>>,
    pub shared_at: Timestamp,
}

// Whoever has left the company, or has ended their account, shares nothing for it from that moment.
const COLUMNS: &str = "s.id, s.subject, m.number, s.name, s.phone, s.email, s.shared_at FROM thread_sharing s \
     JOIN thread_member m ON m.thread = s.thread AND m.company = s.company AND m.account = s.account \
     JOIN account a ON a.id = s.account AND a.company = s.company AND a.ended_at IS NULL";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, subject): (Id<Sharing>, Id<Subject>) = (row.next()?, row.next()?);
    let member = row.next()?;
    Ok(Kept {
        id,
        member,
        name: row.next::<Option<Vec<u8>>>()?.map(|bytes| NAME.load(bytes, subject, id)),
        phone: row.next::<Option<Vec<u8>>>()?.map(|bytes| PHONE.load(bytes, subject, id)),
        email: row.next::<Option<Vec<u8>>>()?.map(|bytes| EMAIL.load(bytes, subject, id)),
        shared_at: row.next()?,
    })
}

/// What the people of a company share in a thread, by their numbers.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, thread: Id<Thread>, company: Id<Company>) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE s.thread = $1 AND s.company = $2 ORDER BY m.number");
    tx.all(&sql, values![thread, company], read)
}

/// What the other side lets this one see now: nothing while one of the two blocks the other, or once the thread is closed.
///
/// # Errors
/// [`db::Error`].
pub fn visible(tx: &mut Tx, side: &Side) -> Result<Vec<Kept>, db::Error> {
    let shut = side.closed.is_some()
        || block::is_set(tx, side.other, side.company)?
        || block::is_set(tx, side.company, side.other)?;
    if shut && policy::holds(Control::ContactSharedFirst) {
        return Ok(Vec::new());
    }
    let mut all = of_company(tx, side.thread, side.other)?;
    // What somebody shares in the thread itself stands in the place of what they meant for the award.
    let meant = award_contact::visible(tx, side)?;
    let meant: Vec<_> = meant.into_iter().filter(|one| all.iter().all(|said| said.member != one.member)).collect();
    all.extend(meant);
    Ok(all)
}

/// What a member shares in a thread.
///
/// # Errors
/// [`db::Error`].
pub fn own(tx: &mut Tx, by: &Member, thread: Id<Thread>) -> Result<Option<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE s.thread = $1 AND s.account = $2");
    tx.first(&sql, values![thread, by.account()], read)
}

/// What a preview shows, as a keyed hash: who to whom, which values, after how many sharings before. A form of another preview, or
/// one that was used, shares nothing.
pub fn seen(app: &App, by: &Correspondent, side: &Side, own: &Own, shares: i64) -> Seen {
    let account = by.account();
    let mut parts: Vec<Vec<u8>> = vec![
        side.thread.as_bytes().to_vec(),
        side.other.as_bytes().to_vec(),
        account.as_bytes().to_vec(),
        shares.to_be_bytes().to_vec(),
    ];
    parts.extend(own.values().map(|value| value.map_or(vec![0], |value| [&[1], value.as_bytes()].concat())));
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Seen::new(app.mark("conversation/preview", &parts))
}

/// Values about to be shared, sealed under their person's key.
#[derive(Clone)]
pub struct New {
    pub id: Id<Sharing>,
    pub name: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
}

/// Where values of the three kinds lie.
pub type Slots = (Slot<SharedName>, Slot<SharedPhone>, Slot<SharedEmail>);

impl New {
    /// Seals them.
    ///
    /// # Errors
    /// As [`vault::Vault::seal`].
    pub async fn new(app: &App, subject: Id<Subject>, id: Id<Sharing>, own: &Own) -> Result<Self, vault::Error> {
        Self::under(app, (NAME, PHONE, EMAIL), subject, id, own).await
    }

    /// The same for other columns.
    ///
    /// # Errors
    /// As [`vault::Vault::seal`].
    pub async fn under(
        app: &App,
        (names, phones, emails): Slots,
        subject: Id<Subject>,
        id: Id<Sharing>,
        own: &Own,
    ) -> Result<Self, vault::Error> {
        let vault = app.vault();
        let mut new = Self { id, name: None, phone: None, email: None };
        if let Some(name) = &own.name {
            new.name = Some(vault.seal(names, subject, id, name).await?.bytes().to_vec());
        }
        if let Some(phone) = &own.phone {
            new.phone = Some(vault.seal(phones, subject, id, phone).await?.bytes().to_vec());
        }
        if let Some(email) = &own.email {
            new.email = Some(vault.seal(emails, subject, id, email).await?.bytes().to_vec());
        }
        Ok(new)
    }
}

/// Shares it, in place of what was shared before. The same id again is the same sharing; `is_seen` tells of the preview.
///
/// # Errors
/// 404; 409 `thread-closed`, `not-previewed`, or as [`block::between`].
pub fn share(
    tx: &mut Tx,
    by: &Correspondent,
    thread: Id<Thread>,
    new: &New,
    is_seen: impl Fn(&Side, i64) -> bool,
) -> Result<Kept, Error> {
    by.still(tx)?;
    let side = thread::find(tx, by, thread)?;
    if let Some(same) = own(tx, by, thread)?.filter(|one| one.id == new.id) {
        return Ok(same);
    }
    side.goes_on()?;
    block::between(tx, side.company, side.other)?;
    let seat = member::take(tx, by, thread)?;
    if !is_seen(&side, seat.shares) && policy::holds(Control::SharedAfterPreview) {
        return Err(Error::conflict("not-previewed"));
    }
    let now = tx.now();
    tx.execute("DELETE FROM thread_sharing WHERE thread = $1 AND account = $2", values![thread, by.account()])?;
    let (name, phone, email) = (new.name.clone(), new.phone.clone(), new.email.clone());
    let made = tx.execute(
        "INSERT INTO thread_sharing (id, thread, company, subject, account, name, phone, email, shared_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        values![new.id, thread, side.company, by.subject(), by.account(), name, phone, email, now],
    )?;
    if made == 0 {
        return Err(Error::not_found());
    }
    let sql = "UPDATE thread_member SET shares = shares + 1 WHERE thread = $1 AND company = $2 AND number = $3";
    tx.execute(sql, values![thread, side.company, seat.number])?;
    record(tx, by, &side, "person", "shared")?;
    own(tx, by, thread)?.ok_or_else(Error::not_found)
}

/// Takes it back. Done twice it is done once.
///
/// # Errors
/// 404.
pub fn unshare(tx: &mut Tx, by: &Correspondent, thread: Id<Thread>) -> Result<(), Error> {
    by.still(tx)?;
    let side = thread::find(tx, by, thread)?;
    let sql = "DELETE FROM thread_sharing WHERE thread = $1 AND account = $2";
    if tx.execute(sql, values![thread, by.account()])? > 0 {
        record(tx, by, &side, "person", "ended")?;
    }
    Ok(())
}

/// What is held of a person, for the privacy centre.
///
/// # Errors
/// [`db::Error`].
pub fn held(tx: &mut Tx, subject: Id<Subject>, columns: &'static [Column]) -> Result<Vec<Datum>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE s.subject = $1 ORDER BY s.shared_at DESC, s.id");
    let all = tx.all(&sql, values![subject], read)?;
    Ok(data(all, columns, |_| None))
}

/// Kept values as the privacy centre lists them, in the order name, phone, e-mail; `until` tells when one ends.
pub fn data(all: Vec<Kept>, columns: &'static [Column], until: impl Fn(&Kept) -> Option<Timestamp>) -> Vec<Datum> {
    let data = all.into_iter().flat_map(|one| {
        let until = until(&one);
        let seals: [Option<Sealing>; 3] =
            [one.name.map(Into::into), one.phone.map(Into::into), one.email.map(Into::into)];
        let found = columns.iter().zip(seals).filter_map(|(column, seal)| Some((column, seal?)));
        found.map(|(column, seal)| column.datum(seal, one.shared_at, until)).collect::<Vec<_>>()
    });
    data.collect()
}
