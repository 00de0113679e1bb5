//! What an opening has disclosed of a lot: read for the comparison, and nothing else is. An envelope that was withdrawn, that lapsed or
//! could not be read has no price here; a lot that failed was never opened.

use crate::identity::company::Company;
use crate::identity::verification::numbers_of;
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::auction::NAMES_TOLD;
use crate::sourcing::tender::{Lot, Tender};
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use screens::file::File;
use screens::group::Round;
use std::collections::{BTreeMap, BTreeSet};

/// The most bids of a lot that are compared; who came first stays in.
const MOST: i64 = 1000;

/// How many bidders of a lot are followed back over other lots, how far, and over how many lots each.
const FOLLOWED: usize = 100;
const YEARS: i32 = 3;
const LOTS: i64 = 200;

/// A lot after its opening.
#[derive(Clone, Debug)]
pub struct Disclosed {
    pub lot: Id<Lot>,
    pub tender: Id<Tender>,
    /// What the buyer has written: who quotes it copies from nobody.
    pub common: String,
    pub bids: Vec<Priced>,
    /// Envelopes that could not be read.
    pub left_out: i64,
    /// Files of the bids, by the place of the bid.
    pub files: Vec<File>,
    /// Keyed hashes of who acts for the bidders as a verified person, by the place of the bid.
    pub persons: Vec<(usize, [u8; 32])>,
    /// Hashes of the buyer's own documents.
    pub given: BTreeSet<[u8; 32]>,
    /// The lots that these companies have bid for, in the order of their openings.
    pub rounds: Vec<Round<Id<Company>>>,
}

/// A bid that was read out.
#[derive(Clone, Debug)]
pub struct Priced {
    pub id: Id<Bid>,
    pub company: Id<Company>,
    /// Fen.
    pub price: i64,
    pub note: String,
}

/// The lots of a tender that were opened and have not been compared.
///
/// # Errors
/// [`db::Error`].
pub fn lots(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Disclosed>, db::Error> {
    let sql = "SELECT l.id, t.summary, l.description FROM lot l JOIN tender t ON t.id = l.tender WHERE t.id = $1 \
         AND t.opened_at IS NOT NULL AND l.state IN ('evaluation', 'candidates', 'awarded') \
         AND NOT EXISTS (SELECT 1 FROM risk_assessment r WHERE r.lot = l.id) ORDER BY l.position, l.id";
    let lots = tx.all(sql, values![tender], |row| {
        Ok((row.next::<Id<Lot>>()?, format!("{}\n{}", row.next::<String>()?, row.next::<String>()?)))
    })?;
    let given = tx.all("SELECT sha256 FROM tender_document WHERE tender = $1", values![tender], |row| row.next())?;
    let given: BTreeSet<[u8; 32]> = given.into_iter().collect();
    lots.into_iter().map(|(lot, common)| one(tx, (lot, tender), common, given.clone())).collect()
}

fn one(
    tx: &mut Tx,
    (lot, tender): (Id<Lot>, Id<Tender>),
    common: String,
    given: BTreeSet<[u8; 32]>,
) -> Result<Disclosed, db::Error> {
    // What the sealed envelopes said, whatever an auction has made of it.
    let sql = "SELECT id, company, COALESCE(opened_price, price), note FROM bid WHERE lot = $1 AND state = 'opened' AND company IS NOT NULL \
         AND price IS NOT NULL ORDER BY received_at, id LIMIT $2";
    let bids = tx.all(sql, values![lot, MOST], |row| {
        let (id, company, price) = (row.next()?, row.next()?, row.next()?);
        Ok(Priced { id, company, price, note: row.next::<Option<String>>()?.unwrap_or_default() })
    })?;
    let unread = "SELECT count(*) FROM bid WHERE lot = $1 AND state = 'unreadable'";
    let left_out = tx.one(unread, values![lot], |row| row.next())?;
    let (files, rounds) = (files(tx, lot, &bids)?, rounds(tx, &bids)?);
    let mut persons = Vec::new();
    for (place, bid) in bids.iter().enumerate() {
        // Who stands behind two members of one consortium stands behind one bid.
        for company in behind(tx, bid)? {
            persons.extend(numbers_of(tx, company)?.into_iter().map(|person| (place, person)));
        }
    }
    Ok(Disclosed { lot, tender, common, bids, left_out, files, persons, given, rounds })
}

/// The companies behind a bid: its bidder, and the other members of its consortium.
fn behind(tx: &mut Tx, bid: &Priced) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT m.company FROM bid b JOIN consortium_member m ON m.consortium = b.consortium \
         WHERE b.id = $1 AND m.company IS NOT NULL AND m.position > 0 ORDER BY m.position";
    let others: Vec<Id<Company>> = tx.all(sql, values![bid.id], |row| row.next())?;
    Ok(std::iter::once(bid.company).chain(others).collect())
}

fn files(tx: &mut Tx, lot: Id<Lot>, bids: &[Priced]) -> Result<Vec<File>, db::Error> {
    let places: BTreeMap<_, _> = bids.iter().enumerate().map(|(place, bid)| (bid.id, place)).collect();
    let sql = "SELECT f.bid, f.sha256, f.size FROM bid b JOIN bid_file f ON f.bid = b.id \
         WHERE b.lot = $1 AND b.state = 'opened' ORDER BY f.bid, f.id";
    let rows = tx.all(sql, values![lot], |row| {
        let (bid, sha256, size) = (row.next::<Id<Bid>>()?, row.next()?, row.next::<i64>()?);
        let file = |bid| File { bid, sha256, size: size.unsigned_abs(), data: BTreeMap::new() };
        Ok(places.get(&bid).copied().map(file))
    })?;
    Ok(rows.into_iter().flatten().collect())
}

/// What these companies have bid in the lots of three years. Who has bid with none of them is in none of these, nor is a lot whose auction has
/// closed their names for good or still does, nor one whose bidders were negotiated with apart and whose final offers are not open.
fn rounds(tx: &mut Tx, bids: &[Priced]) -> Result<Vec<Round<Id<Company>>>, db::Error> {
    let back = tx.now().to_zoned_datetime(TimeZone::UTC).checked_sub(Span::new().years(YEARS));
    let since = back.map_or(Timestamp::MIN, |at| at.timestamp());
    let sql = format!(
        "SELECT b.lot, COALESCE(b.opened_price, b.price), t.opened_at, a.company FROM bid b JOIN tender t ON t.id = b.tender \
         JOIN lot l ON l.id = b.lot LEFT JOIN award a ON a.lot = b.lot \
         WHERE b.company = $1 AND b.state = 'opened' AND b.price IS NOT NULL AND {NAMES_TOLD} \
         AND NOT EXISTS (SELECT 1 FROM negotiation n WHERE n.lot = l.id AND n.state <> 'opened') \
         AND t.opened_at >= $2 ORDER BY b.received_at DESC, b.id DESC LIMIT $3"
    );
    let companies: BTreeSet<_> = bids.iter().map(|bid| bid.company).take(FOLLOWED).collect();
    let mut found: BTreeMap<(Timestamp, Id<Lot>), Round<Id<Company>>> = BTreeMap::new();
    for company in companies {
        let rows = tx.all(&sql, values![company, since, LOTS], |row| {
            let (lot, price) = (row.next()?, row.next::<i64>()?);
            Ok((row.next::<Timestamp>()?, lot, price, row.next::<Option<Id<Company>>>()?))
        })?;
        for (at, lot, price, winner) in rows {
            let round = found.entry((at, lot)).or_insert_with(|| Round { bids: Vec::new(), winner });
            round.bids.push((company, price as f64));
        }
    }
    Ok(found.into_values().collect())
}
