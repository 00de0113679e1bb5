//! Every query about archives.

use super::page::Bundle;
use super::rule::steps;
use super::{Archive, job};
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::{Company, data_region, providers};
use crate::sourcing::bid::{self, joint};
use crate::sourcing::tender::{self, Lot, Tender};
use crate::web::{Error, Member};
use evidence::{Hash, Receipt};
use jiff::SignedDuration;
use kit::db::{self, Row, Tx, Value};
use kit::event::{self, Event, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::period;
use serde::Serialize;

/// An archive was asked for, or its time is over. It names no company, and no tender: together they would tell who has bid.
#[derive(Serialize)]
struct Changed {
    archive: Id<Archive>,
    /// `asked` or `ended`.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "archive.changed";
}

/// The list of an archive's files is made and signed: the log's commitment to this event is one to the list. It names no company.
#[derive(Serialize)]
struct Listed {
    archive: Id<Archive>,
    tender: Id<Tender>,
    receipt_sha256: Hash,
}

impl Fact for Listed {
    const KIND: &'static str = "archive.listed";
}

/// A tender that has ended, of whose buyer or bidders the company is one.
///
/// # Errors
/// 404 to all others; 409 `archive-not-yet` while it goes on.
pub fn ended(tx: &mut Tx, app: &App, company: Id<Company>, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = tender::store::load(tx, id)?;
    if tender.company != company && !has_bid(tx, app, id, company)? {
        return Err(Error::not_found());
    }
    if tender.state.is_over() { Ok(tender) } else { Err(Error::conflict("archive-not-yet")) }
}

/// The condition on a bid `b` that a company, by its two keyed hashes in the second and the third place, has made it or is a member of the
/// consortium that has.
const OWN: &str = "(b.bidder = $2 OR EXISTS (SELECT 1 FROM consortium_member m WHERE m.consortium = b.consortium \
     AND m.member = $3 AND m.standing = 'accepted'))";

/// Whether a company has ever bid for a lot of it, alone or in a consortium. A row does not say whose it is: its keyed hashes are looked for.
fn has_bid(tx: &mut Tx, app: &App, tender: Id<Tender>, company: Id<Company>) -> Result<bool, db::Error> {
    let own = bid::store::bidder(app, tender, company);
    let sql = format!("SELECT 1 FROM bid b WHERE b.tender = $1 AND {OWN} LIMIT 1");
    let found = tx.first(&sql, values![tender, own, joint::mark(app, tender, company)], |row| row.next::<i64>())?;
    Ok(found.is_some())
}

const COLUMNS: &str = "id, state, step, steps, asked_at, ends_at, size, sha256 FROM tender_archive";

fn read(row: &mut Row<'_>) -> Result<Bundle, db::Error> {
    Ok(Bundle {
        id: row.next()?,
        state: row.next()?,
        step: row.next()?,
        steps: row.next()?,
        asked_at: row.next()?,
        ends_at: row.next()?,
        size: row.next()?,
        sha256: row.next::<Option<[u8; 32]>>()?.map(hex::encode),
    })
}

/// What stands in a row instead of the company.
fn mark(app: &App, tender: Id<Tender>, company: Id<Company>) -> [u8; 32] {
    app.mark("archive/asker", &[tender.as_bytes(), company.as_bytes()])
}

/// A company's archives of a tender, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, app: &App, tender: Id<Tender>, company: Id<Company>) -> Result<Vec<Bundle>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE tender = $1 AND asker = $2 ORDER BY asked_at DESC, id DESC LIMIT 20");
    tx.all(&sql, values![tender, mark(app, tender, company)], read)
}

/// Asks for one. The same form again is the same archive; what was made before goes.
///
/// # Errors
/// 401, 403; 404; 409 `archive-not-yet`, or `archive-under-way` while another is being made.
pub fn ask(tx: &mut Tx, app: &App, member: &Member, tender: Id<Tender>, id: Id<Archive>) -> Result<Bundle, Error> {
    member.still(tx)?;
    let of = ended(tx, app, member.company, tender)?;
    let known = list(tx, app, tender, member.company)?;
    if let Some(same) = known.iter().find(|one| one.id == id) {
        return Ok(same.clone());
    }
    if known.iter().any(|one| one.state == "asked") {
        return Err(Error::conflict("archive-under-way"));
    }
    for before in &known {
        end(tx, before.id)?;
    }
    let (now, lots) = (tx.now(), tender::store::lots(tx, tender)?.len());
    // Where its asker keeps its own files would tell who it is.
    let region = data_region(tx, of.company)?;
    let inserted = tx.execute(
        "INSERT INTO tender_archive (id, tender, asker, state, step, steps, asked_at, region) \
         VALUES ($1, $2, $3, 'asked', 0, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        values![id, tender, mark(app, tender, member.company), steps(lots), now, region],
    )?;
    if inserted == 0 {
        return Err(Error::not_found());
    }
    event::record(tx, Scope::default(), &Changed { archive: id, act: "asked" })?;
    kit::job::enqueue(tx, job::KIND, id.as_bytes(), now)?;
    Ok(tx.one(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?)
}

/// One that is being made.
pub struct Making {
    /// Which.
    pub archive: Id<Archive>,
    /// For whom.
    pub company: Id<Company>,
    /// How many steps are done.
    pub step: i64,
    /// The data centre of its file.
    pub region: String,
    /// Of which tender.
    pub tender: Tender,
    /// Its lots, as the buyer sees them.
    pub lots: Vec<Lot>,
}

impl Making {
    /// Whether it is for the buyer, who gets the whole.
    pub fn is_whole(&self) -> bool {
        self.company == self.tender.company
    }

    /// The condition on bids `b` of the tender, which stands in the first place, whose receipts and files its reader may have: the buyer those that
    /// came to light, whether their bidders have left the negotiation since or not; a bidder its own. With its values.
    pub fn readable(&self, app: &App) -> (&'static str, Vec<Value>) {
        let tender = self.tender.id;
        if self.is_whole() {
            return ("b.state IN ('opened', 'unreadable', 'retired')", values![tender].to_vec());
        }
        let own = bid::store::bidder(app, tender, self.company);
        (OWN, values![tender, own, joint::mark(app, tender, self.company)].to_vec())
    }
}

/// How far one is that is still to be made. For whom, is found by trying the keyed hash of its buyer and of each provider, and kept nowhere.
///
/// # Errors
/// [`Error`] of the database.
pub fn making(tx: &mut Tx, app: &App, archive: Id<Archive>) -> Result<Option<Making>, Error> {
    let sql = "SELECT tender, asker, step, region FROM tender_archive WHERE id = $1 AND state = 'asked'";
    let found = tx.first(sql, values![archive], |row| {
        let (tender, asker) = (row.next::<Id<Tender>>()?, row.next::<[u8; 32]>()?);
        Ok((tender, asker, row.next::<i64>()?, row.next::<String>()?))
    })?;
    let Some((id, asker, step, region)) = found else { return Ok(None) };
    let (tender, lots) = (tender::store::load(tx, id)?, tender::store::lots(tx, id)?);
    let is_asker = |company: &Id<Company>| mark(app, id, *company) == asker;
    let company = match is_asker(&tender.company) {
        true => Some(tender.company),
        false => providers(tx)?.into_iter().find(is_asker),
    };
    Ok(company.map(|company| Making { archive, company, step, region, tender, lots }))
}

/// Whether it is still to be made.
///
/// # Errors
/// [`db::Error`].
pub fn is_wanted(tx: &mut Tx, archive: Id<Archive>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM tender_archive WHERE id = $1 AND state = 'asked'";
    Ok(tx.first(sql, values![archive], |row| row.next::<i64>())?.is_some())
}

/// A file of an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in it.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub sha256: [u8; 32],
    /// What was made for the archive.
    pub content: Option<Vec<u8>>,
    /// Region and name of a file that lies there already.
    pub place: Option<(String, String)>,
}

/// Adds what a step has made, and notes that it is done. Done by another meanwhile, nothing happens.
///
/// # Errors
/// [`db::Error`].
pub fn add(tx: &mut Tx, archive: Id<Archive>, step: i64, entries: &[Entry]) -> Result<(), db::Error> {
    if !steps_on(tx, archive, step)? {
        return Ok(());
    }
    let last = "SELECT COALESCE(MAX(number), 0) FROM tender_archive_entry WHERE archive = $1";
    let last: i64 = tx.one(last, values![archive], |row| row.next())?;
    for (number, entry) in (last + 1..).zip(entries) {
        let (region, blob) = entry.place.clone().unzip();
        tx.execute(
            "INSERT INTO tender_archive_entry (archive, number, name, size, sha256, content, file_region, file_blob) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![archive, number, &entry.name, entry.size, entry.sha256, entry.content.clone(), region, blob],
        )?;
    }
    Ok(())
}

/// Goes on from a step. Answers whether it was there.
fn steps_on(tx: &mut Tx, archive: Id<Archive>, step: i64) -> Result<bool, db::Error> {
    let sql = "UPDATE tender_archive SET step = $1 WHERE id = $2 AND state = 'asked' AND step = $3";
    Ok(tx.execute(sql, values![step + 1, archive, step])? == 1)
}

/// What is to go into one, in order; without what was made for it.
///
/// # Errors
/// [`db::Error`].
pub fn entries(tx: &mut Tx, archive: Id<Archive>) -> Result<Vec<(i64, Entry)>, db::Error> {
    let sql = "SELECT number, name, size, sha256, file_region, file_blob FROM tender_archive_entry \
               WHERE archive = $1 ORDER BY number";
    tx.all(sql, values![archive], |row| {
        let (number, name, size, sha256) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (region, blob): (Option<String>, Option<String>) = (row.next()?, row.next()?);
        Ok((number, Entry { name, size, sha256, content: None, place: region.zip(blob) }))
    })
}

/// What was made for one, under this number.
///
/// # Errors
/// [`db::Error`].
pub fn content(tx: &mut Tx, archive: Id<Archive>, number: i64) -> Result<Option<Vec<u8>>, db::Error> {
    let sql = "SELECT content FROM tender_archive_entry WHERE archive = $1 AND number = $2";
    Ok(tx.first(sql, values![archive, number], |row| row.next::<Option<Vec<u8>>>())?.flatten())
}

/// Keeps the signed list, with the event that names it.
///
/// # Errors
/// [`Error`] of the database.
pub fn keep_list(tx: &mut Tx, making: &Making, list: &Receipt) -> Result<(), Error> {
    if !steps_on(tx, making.archive, making.step)? {
        return Ok(());
    }
    let (archive, tender) = (making.archive, making.tender.id);
    let receipt_sha256 = list.sha256().map_err(Error::fault)?;
    let event = event::record(tx, Scope::default(), &Listed { archive, tender, receipt_sha256 })?;
    let text = serde_json::to_string(list).map_err(Error::fault)?;
    let sql = "UPDATE tender_archive SET receipt = $1, event = $2 WHERE id = $3";
    tx.execute(sql, values![text, event, archive])?;
    Ok(())
}

/// The signed list, and the event that names it.
///
/// # Errors
/// [`Error`] of the database.
pub fn listed(tx: &mut Tx, archive: Id<Archive>) -> Result<Option<(Receipt, Id<Event>)>, Error> {
    let sql = "SELECT receipt, event FROM tender_archive WHERE id = $1 AND receipt IS NOT NULL AND event IS NOT NULL";
    let found = tx.first(sql, values![archive], |row| Ok((row.next::<String>()?, row.next()?)))?;
    let read = |(text, event): (String, Id<Event>)| serde_json::from_str(&text).map(|list| (list, event));
    found.map(read).transpose().map_err(Error::fault)
}

/// A file that is made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its name in the store.
    pub blob: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub sha256: [u8; 32],
}

/// It can be downloaded from now on. Answers whether it was still wanted.
///
/// # Errors
/// [`db::Error`].
pub fn ready(tx: &mut Tx, archive: Id<Archive>, made: &Made) -> Result<bool, db::Error> {
    let now = tx.now();
    let ends = now.checked_add(SignedDuration::from_hours(period::TENDER_ARCHIVE.hours())).unwrap_or(now);
    let moved = tx.execute(
        "UPDATE tender_archive SET state = 'ready', step = steps, ready_at = $1, ends_at = $2, blob = $3, size = $4, \
         sha256 = $5 WHERE id = $6 AND state = 'asked'",
        values![now, ends, &made.blob, made.size, made.sha256, archive],
    )?;
    if moved == 1 {
        tx.execute("DELETE FROM tender_archive_entry WHERE archive = $1", values![archive])?;
    }
    Ok(moved == 1)
}

/// One as it lies.
pub struct Kept {
    /// The tender's number.
    pub number: String,
    /// Its data centre.
    pub region: String,
    /// Its name there.
    pub blob: String,
}

/// One of a company's own that can be downloaded now.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, app: &App, company: Id<Company>, id: Id<Archive>) -> Result<Kept, Error> {
    let now = tx.now();
    let sql = "SELECT a.tender, a.asker, t.number, a.region, a.blob FROM tender_archive a \
               JOIN tender t ON t.id = a.tender WHERE a.id = $1 AND a.state = 'ready' AND a.ends_at > $2";
    let found = tx.first(sql, values![id, now], |row| {
        let (tender, asker) = (row.next::<Id<Tender>>()?, row.next::<[u8; 32]>()?);
        Ok((tender, asker, Kept { number: row.next()?, region: row.next()?, blob: row.next()? }))
    })?;
    let own = found.filter(|(tender, asker, _)| mark(app, *tender, company) == *asker);
    own.map(|(_, _, kept)| kept).ok_or_else(Error::not_found)
}

/// Its time is over: file and rows go.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, id: Id<Archive>) -> Result<(), db::Error> {
    let sql = "SELECT region, blob FROM tender_archive WHERE id = $1";
    let found = tx.first(sql, values![id], |row| Ok((row.next::<String>()?, row.next::<Option<String>>()?)))?;
    let Some((region, blob)) = found else { return Ok(()) };
    blob.map_or(Ok(()), |blob| discard(tx, &region, &blob))?;
    tx.execute("DELETE FROM tender_archive_entry WHERE archive = $1", values![id])?;
    tx.execute("DELETE FROM tender_archive WHERE id = $1", values![id])?;
    event::record(tx, Scope::default(), &Changed { archive: id, act: "ended" }).map(drop)
}

/// Those of a company that closes go with it.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, app: &App, company: Id<Company>) -> Result<bool, Error> {
    let sql = "SELECT id, tender, asker FROM tender_archive ORDER BY asked_at, id";
    let all =
        tx.all(sql, &[], |row| Ok((row.next::<Id<Archive>>()?, row.next::<Id<Tender>>()?, row.next::<[u8; 32]>()?)))?;
    for (id, _, _) in all.into_iter().filter(|(_, tender, asker)| mark(app, *tender, company) == *asker) {
        end(tx, id)?;
    }
    Ok(false)
}

/// How long one may be under way. What takes longer was given up, and can be asked for anew.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Those whose time has run out, and those that were never made; at most 100.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<Archive>>, db::Error> {
    let now = tx.now();
    let given_up = now.checked_sub(PATIENCE).unwrap_or(now);
    let sql = "SELECT id FROM tender_archive WHERE (state = 'ready' AND ends_at <= $1) \
               OR (state = 'asked' AND asked_at <= $2) ORDER BY asked_at, id LIMIT 100";
    tx.all(sql, values![now, given_up], |row| row.next())
}
