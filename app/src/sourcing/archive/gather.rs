//! What each step puts into an archive: read as a member of the company that asked would read it now.

use super::proofs;
use super::rule::{self, Step, file_name};
use super::store::{Entry, Making};
use super::{lot, paper};
use crate::app::App;
use crate::paper::Unset;
use crate::reach::{notice, ocds};
use crate::sourcing::bid::Bid;
use crate::sourcing::opening::record;
use crate::sourcing::tender::document::{self, sha256};
use crate::sourcing::tender::{Lot, criteria};
use crate::sourcing::{amendment, award, clarification, extension, termination};
use crate::trust::policy::differences;
use crate::web::text::Words;
use crate::web::{Error, Locale};
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use serde_json::json;

/// What anybody who has the file reads first.
const README: &str = include_str!("readme.txt");

/// A sheet that is still to be set.
type Paper = Box<dyn FnOnce() -> Result<Vec<u8>, Unset> + Send>;

/// A file of an archive, as its step found it.
pub struct Part {
    name: String,
    content: Content,
}

enum Content {
    Bytes(Vec<u8>),
    Paper(Paper),
    Lying { size: i64, sha256: [u8; 32], place: (String, String) },
}

impl Part {
    /// Bytes that are there.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), content: Content::Bytes(bytes.into()) }
    }

    /// JSON, as it is read by people, too.
    ///
    /// # Errors
    /// 500 for what is no JSON.
    pub fn json(name: impl Into<String>, content: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::bytes(name, serde_json::to_vec_pretty(content).map_err(Error::fault)?))
    }

    /// A sheet of paper.
    pub fn paper(name: impl Into<String>, set: impl FnOnce() -> Result<Vec<u8>, Unset> + Send + 'static) -> Self {
        Self { name: name.into(), content: Content::Paper(Box::new(set)) }
    }

    /// A file that another row owns, by its region and its name there.
    pub fn lying(name: String, size: i64, sha256: [u8; 32], place: (String, String)) -> Self {
        Self { name, content: Content::Lying { size, sha256, place } }
    }

    /// As its row has it.
    ///
    /// # Errors
    /// 500 where a sheet cannot be set.
    pub fn made(self) -> Result<Entry, Error> {
        let bytes = match self.content {
            Content::Lying { size, sha256, place } => {
                return Ok(Entry { name: self.name, size, sha256, content: None, place: Some(place) });
            }
            Content::Bytes(bytes) => bytes,
            Content::Paper(set) => set().map_err(Error::fault)?,
        };
        let size = i64::try_from(bytes.len()).map_err(Error::fault)?;
        Ok(Entry { name: self.name, size, sha256: sha256(&bytes), content: Some(bytes), place: None })
    }
}

/// What sets sheets: the words of both languages, and the zone of instants.
#[derive(Clone)]
pub struct Press {
    words: [Words; 2],
    zone: TimeZone,
}

impl Press {
    fn of(app: &App) -> Self {
        Self { words: Locale::ALL.map(|locale| Words::new(app.catalogue(), locale)), zone: app.zone() }
    }

    /// The words.
    pub fn words(&self) -> &[Words; 2] {
        &self.words
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// What the step puts in that is next; none while the log does not show yet what is to be proved.
///
/// # Errors
/// [`Error`] of the database; 500 for rows that cannot be read.
pub fn step(tx: &mut Tx, app: &App, making: &Making) -> Result<Option<Vec<Part>>, Error> {
    match rule::step(making.step, making.lots.len()) {
        Step::Tender => of_tender(tx, app, making).map(Some),
        Step::Opening => opening(tx, app, making).map(Some),
        Step::Lot(index) => match making.lots.get(index) {
            Some(one) => lot::parts(tx, app, making, one, &Press::of(app)).map(Some),
            None => Ok(Some(Vec::new())),
        },
        Step::Receipts => proofs::receipts(tx, app, making),
        Step::Public => public(tx, app, making),
        // What follows reads nothing more.
        Step::List | Step::Pack => Ok(Some(Vec::new())),
    }
}

fn of_tender(tx: &mut Tx, app: &App, making: &Making) -> Result<Vec<Part>, Error> {
    let (tender, id) = (&making.tender, making.tender.id);
    let lots: Vec<Lot> = making.lots.iter().map(|lot| lot.clone().shown_to(tender, making.is_whole())).collect();
    let documents = document::list(tx, id)?;
    let amendments = match making.is_whole() {
        true => amendment::store::list_whole(tx, id)?,
        false => amendment::store::list(tx, id)?,
    };
    let mut parts = vec![
        Part::json("tender/tender.json", tender)?,
        Part::json("tender/lots.json", &lots)?,
        Part::json("tender/criteria.json", &criteria::find(tx, id)?)?,
        Part::json("tender/documents.json", &documents)?,
        Part::json("questions.json", &clarification::list_for(tx, app, Some(making.company), tender)?)?,
        Part::json("terminations.json", &termination::store::list(tx, id)?)?,
        Part::json("awards.json", &award::list(tx, id)?)?,
        Part::json("extensions.json", &extension::kept(tx, tender, making.company)?)?,
    ];
    for version in rule::versions(tender, &lots, &documents, &amendments) {
        parts.push(Part::json(format!("tender/versions/{}.json", version.number), &version)?);
    }
    for one in &amendments {
        let texts = one.changes.iter().filter_map(|change| Some((change.before.as_ref()?, &change.after)));
        let words: Vec<_> = texts.flat_map(|(before, after)| differences(before, after)).collect();
        let told = json!({ "amendment": one, "differences": words });
        parts.push(Part::json(format!("tender/amendments/{}.json", one.number), &told)?);
    }
    for (number, one) in (1..).zip(documents) {
        let name = format!("tender/documents/{number:03}-{}", file_name(&one.name));
        let hash = <[u8; 32]>::try_from(hex::decode(&one.sha256).map_err(Error::fault)?);
        let hash = hash.map_err(|_| Error::fault("a row has no hash"))?;
        parts.push(Part::lying(name, one.size, hash, one.place()));
    }
    Ok(parts)
}

/// The record, and the files of those bids whose files its reader may have.
fn opening(tx: &mut Tx, app: &App, making: &Making) -> Result<Vec<Part>, Error> {
    let mut parts = of_retired(tx, app, making)?;
    let Some(lots) = record::read_for(tx, Some(making.company), &making.tender)? else { return Ok(parts) };
    parts.push(Part::json("opening/record.json", &lots)?);
    for opened in &lots {
        for bid in opened.bids.iter().filter(|bid| !bid.files.is_empty()) {
            parts.extend(bid_files(tx, bid.id, &opened.lot)?);
        }
    }
    let (press, tender) = (Press::of(app), making.tender.clone());
    parts.push(Part::paper("opening/record.pdf", move || paper::set(&tender, &lots, press.words(), press.zone())));
    Ok(parts)
}

/// The files of bids whose bidders have left the negotiation of their lot: no record has them any more.
fn of_retired(tx: &mut Tx, app: &App, making: &Making) -> Result<Vec<Part>, Error> {
    let (which, values) = making.readable(app);
    let sql =
        format!("SELECT b.id, b.lot FROM bid b WHERE b.tender = $1 AND b.state = 'retired' AND {which} ORDER BY b.id");
    let bids: Vec<(Id<Bid>, Id<Lot>)> = tx.all(&sql, &values, |row| Ok((row.next()?, row.next()?)))?;
    let mut parts = Vec::new();
    for (bid, lot) in bids {
        if let Some(lot) = making.lots.iter().find(|one| one.id == lot) {
            parts.extend(bid_files(tx, bid, lot)?);
        }
    }
    Ok(parts)
}

fn bid_files(tx: &mut Tx, bid: Id<Bid>, lot: &Lot) -> Result<Vec<Part>, db::Error> {
    let sql = "SELECT name, size, sha256, region, blob FROM bid_file WHERE bid = $1 ORDER BY id";
    let files = tx.all(sql, values![bid], |row| {
        let (name, size, hash) = (row.next::<String>()?, row.next::<i64>()?, row.next::<[u8; 32]>()?);
        Ok((name, size, hash, (row.next::<String>()?, row.next::<String>()?)))
    })?;
    let part = |(number, (name, size, hash, place)): (usize, (String, _, _, _))| {
        let name = format!("bids/lot-{}/{bid}/{number:03}-{}", lot.position, file_name(&name));
        Part::lying(name, size, hash, place)
    };
    Ok((1..).zip(files).map(part).collect())
}

/// What everybody can have, what the log has, and how all of it is checked.
fn public(tx: &mut Tx, app: &App, making: &Making) -> Result<Option<Vec<Part>>, Error> {
    let Some(mut parts) = proofs::events(tx, app, making)? else { return Ok(None) };
    parts.push(Part::json("notices.json", &notice::told_of(tx, making.tender.id)?)?);
    if let Some(record) = ocds::record_of(tx, app, making.tender.id)? {
        parts.push(Part::bytes("ocds/record.json", record));
    }
    parts.push(Part::bytes("README.txt", README));
    Ok(Some(parts))
}
