//! Who has bid, before and after the opening: for the program that tells them, and for nobody else.
//!
//! A row does not say whose it is. Each provider's keyed hash is tried instead; what is found is kept nowhere.

use super::joint;
use super::store::bidder;
use crate::app::App;
use crate::identity::company::{self, Company};
use crate::sourcing::tender::auction::NAMES_TOLD;
use crate::sourcing::tender::{Lot, Tender};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::collections::HashMap;

/// A lot, and a company that has bid for it.
pub type Bidder = (Id<Lot>, Id<Company>);

/// The lots of a tender with the companies whose bids for them stand.
///
/// # Errors
/// [`db::Error`].
pub fn bidders(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state NOT IN ('withdrawn', 'lapsed', 'retired', 'terminated', 'incomplete')")
}

/// The same with those whose lots were terminated, whether their envelopes have been destroyed yet or not.
///
/// # Errors
/// [`db::Error`].
pub fn all_bidders(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state NOT IN ('withdrawn', 'lapsed', 'incomplete')")
}

/// The lots of a tender with the companies that remain in their negotiation, or bid in what is evaluated.
///
/// # Errors
/// [`db::Error`].
pub fn remaining(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state = 'opened' AND b.void IS NULL")
}

/// The lots of a tender with the companies whose offers were opened, whether they have left its negotiation since or not.
///
/// # Errors
/// [`db::Error`].
pub fn responding(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state IN ('opened', 'unreadable', 'retired')")
}

/// The lots of a tender with the companies whose bids have lapsed: after an amendment they were not confirmed.
///
/// # Errors
/// [`db::Error`].
pub fn lapsed(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state = 'lapsed'")
}

/// The lots of a tender with the companies whose bids were committed to, and whose ciphertexts had not come when bids were counted.
///
/// # Errors
/// [`db::Error`].
pub fn incomplete(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Bidder>, db::Error> {
    of(tx, app, tender, "b.state = 'incomplete'")
}

/// The same under a condition on bids `b`. Who has left a consortium is told nothing of its bid any more.
fn of(tx: &mut Tx, app: &App, tender: Id<Tender>, which: &str) -> Result<Vec<Bidder>, db::Error> {
    let sql = format!("SELECT b.bidder, b.lot FROM bid b WHERE b.tender = $1 AND {which} ORDER BY b.lot, b.id");
    let lots = by_hash(tx, &sql, tender)?;
    let sql = format!(
        "SELECT m.member, b.lot FROM bid b JOIN consortium_member m ON m.consortium = b.consortium \
         WHERE b.tender = $1 AND m.position > 0 AND m.standing = 'accepted' AND {which} ORDER BY b.lot, b.id, m.position"
    );
    let joint = by_hash(tx, &sql, tender)?;
    let mut found = Vec::new();
    for company in company::providers(tx)? {
        let own = lots.get(&bidder(app, tender, company)).into_iter().flatten();
        found.extend(own.map(|lot| (*lot, company)));
        if !joint.is_empty() {
            let partner = joint.get(&joint::mark(app, tender, company)).into_iter().flatten();
            found.extend(partner.map(|lot| (*lot, company)));
        }
    }
    Ok(found)
}

/// The lots by the hashes that stand for companies.
fn by_hash(tx: &mut Tx, sql: &str, tender: Id<Tender>) -> Result<HashMap<[u8; 32], Vec<Id<Lot>>>, db::Error> {
    let rows = tx.all(sql, values![tender], |row| Ok((row.next::<[u8; 32]>()?, row.next::<Id<Lot>>()?)))?;
    let mut lots: HashMap<_, Vec<_>> = HashMap::new();
    for (hash, lot) in rows {
        lots.entry(hash).or_default().push(lot);
    }
    Ok(lots)
}

/// The companies whose bids for a tender were opened and could be read: each by its name. Where an auction has closed the names
/// they are not told here either; nor what was void at its opening. Of a consortium it is the lead, who acts for it.
///
/// # Errors
/// [`db::Error`].
pub fn opened(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<(Id<Company>, String)>, db::Error> {
    let sql = format!(
        "SELECT DISTINCT b.company, c.name FROM bid b JOIN company c ON c.id = b.company JOIN lot l ON l.id = b.lot \
         WHERE b.tender = $1 AND b.state = 'opened' AND (b.void IS NULL OR b.void = 'declined') AND {NAMES_TOLD} ORDER BY b.company"
    );
    tx.all(&sql, values![tender], |row| Ok((row.next()?, row.next()?)))
}

/// Whether one of two companies judges a bid of the other's now: between the opening, which names who has bid, and the award. Where an auction
/// has closed the names nothing is told by this either; of a lot whose auction is over, or had none, the buyer knows them.
///
/// # Errors
/// [`db::Error`].
pub fn is_judging(tx: &mut Tx, one: Id<Company>, other: Id<Company>) -> Result<bool, db::Error> {
    let sql = format!(
        "SELECT 1 FROM bid b JOIN tender t ON t.id = b.tender JOIN lot l ON l.id = b.lot \
         WHERE t.state IN ('auction', 'evaluation') AND {NAMES_TOLD} \
         AND ((t.company = $1 AND b.company = $2) OR (t.company = $2 AND b.company = $1) OR (b.consortium IS NOT NULL AND EXISTS \
         (SELECT 1 FROM consortium_member m WHERE m.consortium = b.consortium AND ((t.company = $1 AND m.company = $2) \
         OR (t.company = $2 AND m.company = $1))))) LIMIT 1"
    );
    Ok(tx.first(&sql, values![one, other], |row| row.next::<i64>())?.is_some())
}
