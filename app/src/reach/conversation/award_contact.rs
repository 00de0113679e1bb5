//! What somebody means to show the other side of an award (定标后互示): typed and previewed while the bids are open, when it is known
//! who the other side may be, and shown from the award on in the thread that it opens. To nobody else, and until a stated day.
//!
//! Before the opening nothing of it exists: a row would tell who has bid.

use super::form::Own;
use super::page::Named;
use super::sharing::{Kept, New, Slots};
use super::thread::Side;
use super::{Sharing, Thread, member};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::sourcing::tender::{self, Tender};
use crate::sourcing::{award, bid};
use crate::web::{Actor, Column, Correspondent, Datum, Error, Member};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::{Control, period};
use serde::Serialize;
use vault::{SharedEmail, SharedName, SharedPhone, Slot, Subject};

/// The routine that deletes what nobody will see any more.
pub const ROUTINE: &str = "award-contact.sweep";

const NAME: Slot<SharedName> = Slot::new("award_contact", "name");
const PHONE: Slot<SharedPhone> = Slot::new("award_contact", "phone");
const EMAIL: Slot<SharedEmail> = Slot::new("award_contact", "email");

/// Where it lies.
pub const SLOTS: Slots = (NAME, PHONE, EMAIL);

/// Somebody set it, or took it back.
#[derive(Serialize)]
pub struct Changed {
    /// For the award of which tender.
    pub tender: Id<Tender>,
    /// Who.
    pub company: Id<Company>,
    /// set, ended.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "award-contact.changed";
}

/// Where a company stands towards a tender whose bids are open.
#[derive(Clone, Debug)]
pub struct Stand {
    pub tender: Id<Tender>,
    pub title: String,
    /// Who may come to see it: the buyer, or every company whose bid was opened.
    pub others: Vec<Named>,
    is_over: bool,
    /// How often it was set or taken back before.
    changes: i64,
}

impl Stand {
    /// Refuses what comes when everything is awarded.
    ///
    /// # Errors
    /// 409 `award-contact-late`.
    pub fn goes_on(&self) -> Result<(), Error> {
        if self.is_over { Err(Error::conflict("award-contact-late")) } else { Ok(()) }
    }
}

/// Where the member's company stands.
///
/// # Errors
/// 404 for who neither tenders nor has bid, and for every bidder before the opening; 409 `award-contact-early` for the buyer.
pub fn stand(tx: &mut Tx, by: &Member, id: Id<Tender>) -> Result<Stand, Error> {
    let tender = tender::store::find(tx, &Actor::Member(by.clone()), id)?;
    let is_buyer = tender.company == by.company;
    if tender.opened_at.is_none() {
        return Err(if is_buyer { Error::conflict("award-contact-early") } else { Error::not_found() });
    }
    let bidders = bid::opened(tx, tender.id)?;
    if !is_buyer && bidders.iter().all(|(company, _)| *company != by.company) {
        return Err(Error::not_found());
    }
    let others = if is_buyer { bidders } else { vec![(tender.company, tender.company_name.clone())] };
    let others = others.into_iter().map(|(id, name)| Named { id, name }).collect();
    let sql = "SELECT changes FROM award_contact WHERE tender = $1 AND account = $2";
    let changes = tx.first(sql, values![id, by.account()], |row| row.next())?.unwrap_or(0);
    Ok(Stand { tender: id, title: tender.title, others, is_over: tender.state.is_over(), changes })
}

// As in a thread: whoever has left the company, or has ended their account, shows nothing for it from that moment.
const COLUMNS: &str = "c.id, c.subject, c.name, c.phone, c.email, c.set_at";
const ALIVE: &str = "JOIN account a ON a.id = c.account AND a.company = c.company AND a.ended_at IS NULL";
const SAYS: &str = "(c.name IS NOT NULL OR c.phone IS NOT NULL OR c.email IS NOT NULL)";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, subject): (Id<Sharing>, Id<Subject>) = (row.next()?, row.next()?);
    Ok(Kept {
        id,
        member: 0,
        name: row.next::<Option<Vec<u8>>>()?.map(|bytes| NAME.load(bytes, subject, id)),
        phone: row.next::<Option<Vec<u8>>>()?.map(|bytes| PHONE.load(bytes, subject, id)),
        email: row.next::<Option<Vec<u8>>>()?.map(|bytes| EMAIL.load(bytes, subject, id)),
        shared_at: row.next()?,
    })
}

/// What the member means to show.
///
/// # Errors
/// [`db::Error`].
pub fn own(tx: &mut Tx, by: &Member, tender: Id<Tender>) -> Result<Option<Kept>, db::Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM award_contact c {ALIVE} WHERE c.tender = $1 AND c.account = $2 AND {SAYS}");
    tx.first(&sql, values![tender, by.account()], read)
}

/// What the other side of a thread meant for the award that opened it: nothing unless one of the two has awarded to the other.
///
/// # Errors
/// [`db::Error`].
pub fn visible(tx: &mut Tx, side: &Side) -> Result<Vec<Kept>, db::Error> {
    let Some(tender) = side.matter.tender() else { return Ok(Vec::new()) };
    if !is_awarded(tx, tender, side)? && policy::holds(Control::ContactAfterAward) {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS}, m.number FROM award_contact c {ALIVE} \
         JOIN thread_member m ON m.thread = $1 AND m.company = c.company AND m.account = c.account \
         WHERE c.tender = $2 AND c.company = $3 AND c.ends_at > $4 AND {SAYS} ORDER BY m.number"
    );
    tx.all(&sql, values![side.thread, tender, side.other, now], |row| {
        let kept = read(row)?;
        Ok(Kept { member: row.next()?, ..kept })
    })
}

/// Whether one side of a thread has awarded a lot of the tender to the other.
fn is_awarded(tx: &mut Tx, tender: Id<Tender>, side: &Side) -> Result<bool, db::Error> {
    let Some(buyer) = tender::store::buyer(tx, tender)? else { return Ok(false) };
    let winner = if buyer == side.company { side.other } else { side.company };
    let is_theirs = [side.company, side.other].contains(&buyer);
    Ok(is_theirs && award::list(tx, tender)?.iter().any(|award| award.company == winner))
}

/// What a preview shows, as a keyed hash: who to whom, which values, after how many changes.
pub fn mark(app: &App, by: &Correspondent, stand: &Stand, own: &Own) -> [u8; 32] {
    let account = by.account();
    let mut parts: Vec<Vec<u8>> =
        vec![stand.tender.as_bytes().to_vec(), account.as_bytes().to_vec(), stand.changes.to_be_bytes().to_vec()];
    parts.extend(own.values().map(|value| value.map_or(vec![0], |value| [&[1], value.as_bytes()].concat())));
    parts.extend(stand.others.iter().map(|other| other.id.as_bytes().to_vec()));
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    app.mark("conversation/award-contact", &parts)
}

/// Sets it, in place of what was set before. The same id again is the same; `is_seen` tells of the preview.
///
/// # Errors
/// As [`stand`]; 409 `award-contact-late`, `not-previewed`.
pub fn set(
    tx: &mut Tx,
    by: &Correspondent,
    tender: Id<Tender>,
    new: &New,
    is_seen: impl Fn(&Stand) -> bool,
) -> Result<Kept, Error> {
    by.still(tx)?;
    let stand = stand(tx, by, tender)?;
    if let Some(same) = own(tx, by, tender)?.filter(|one| one.id == new.id) {
        return Ok(same);
    }
    stand.goes_on()?;
    if !is_seen(&stand) && policy::holds(Control::SharedAfterPreview) {
        return Err(Error::conflict("not-previewed"));
    }
    let now = tx.now();
    let until = ends(now).unwrap_or(now);
    let (name, phone, email) = (new.name.clone(), new.phone.clone(), new.email.clone());
    let sql = "DELETE FROM award_contact WHERE tender = $1 AND account = $2";
    tx.execute(sql, values![tender, by.account()])?;
    let changes = stand.changes + 1;
    tx.execute(
        "INSERT INTO award_contact (id, tender, company, subject, account, name, phone, email, changes, set_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![new.id, tender, by.company, by.subject(), by.account(), name, phone, email, changes, now, until],
    )?;
    event::record(tx, by.scope(), &Changed { tender, company: by.company, act: "set" })?;
    let sql = "SELECT t.id FROM thread t JOIN thread_side s ON s.thread = t.id WHERE t.tender = $1 AND s.company = $2";
    for thread in tx.all(sql, values![tender, by.company], |row| row.next::<Id<Thread>>())? {
        member::take(tx, by, thread)?;
    }
    own(tx, by, tender)?.ok_or_else(Error::not_found)
}

/// Takes it back; nobody sees it from that moment. Done twice it is done once.
///
/// # Errors
/// As [`stand`].
pub fn end(tx: &mut Tx, by: &Correspondent, tender: Id<Tender>) -> Result<(), Error> {
    by.still(tx)?;
    stand(tx, by, tender)?;
    if own(tx, by, tender)?.is_none() {
        return Ok(());
    }
    let sql = "UPDATE award_contact SET name = NULL, phone = NULL, email = NULL, changes = changes + 1 \
         WHERE tender = $1 AND account = $2";
    if tx.execute(sql, values![tender, by.account()])? > 0 {
        event::record(tx, by.scope(), &Changed { tender, company: by.company, act: "ended" })?;
    }
    Ok(())
}

/// At an award: whoever of a company meant to show something has a place in the thread that it opened.
///
/// # Errors
/// [`db::Error`].
pub fn awarded(tx: &mut Tx, thread: Id<Thread>, tender: Id<Tender>, company: Id<Company>) -> Result<(), db::Error> {
    let sql = format!(
        "SELECT c.account FROM award_contact c {ALIVE} WHERE c.tender = $1 AND c.company = $2 AND {SAYS} \
         ORDER BY c.set_at, c.id"
    );
    for account in tx.all(&sql, values![tender, company], |row| row.next::<Id<Account>>())? {
        member::place(tx, thread, company, account)?;
    }
    Ok(())
}

/// What nobody will see any more: its day has come, or the tender is over and its company has neither awarded nor won.
const OVER: &str = "ends_at <= $1 OR (tender IN (SELECT id FROM tender WHERE state IN ('awarded', 'failed', 'terminated')) \
     AND NOT EXISTS (SELECT 1 FROM award w JOIN tender t ON t.id = w.tender WHERE w.tender = award_contact.tender \
     AND (w.company = award_contact.company OR t.company = award_contact.company)))";

/// Deletes it.
pub fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let is_there = |tx: &mut Tx| {
            let now = tx.now();
            tx.first(&format!("SELECT 1 FROM award_contact WHERE {OVER} LIMIT 1"), values![now], |row| {
                row.next::<i64>()
            })
        };
        if app.db().read::<_, db::Error>(is_there).await?.is_none() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let now = tx.now();
            tx.execute(&format!("DELETE FROM award_contact WHERE {OVER}"), values![now])
        };
        app.db().write::<_, db::Error>(unit).await?;
        Ok(1)
    }
    .boxed()
}

/// What is held of a person, for the privacy centre, with the day on which it ends.
///
/// # Errors
/// [`db::Error`].
pub fn held(tx: &mut Tx, subject: Id<Subject>, columns: &'static [Column]) -> Result<Vec<Datum>, db::Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM award_contact c WHERE c.subject = $1 AND {SAYS} ORDER BY c.set_at DESC, c.id");
    let all = tx.all(&sql, values![subject], read)?;
    Ok(super::sharing::data(all, columns, |one| ends(one.shared_at)))
}

/// When it ends that was set then.
pub fn ends(set_at: Timestamp) -> Option<Timestamp> {
    set_at.checked_add(SignedDuration::from_hours(period::AWARD_CONTACT.hours())).ok()
}
