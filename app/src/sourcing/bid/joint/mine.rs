//! What a company finds by its own marks: its consortia, and the bids of those that it is a member of.

use super::{Consortium, Standing, mark};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::store::{Bid, COLUMNS, bidder, own_of_lot, read};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeSet;

/// A consortium of a company's own.
#[derive(Clone, Copy, Debug)]
pub struct Mine {
    /// Which.
    pub id: Id<Consortium>,
    /// Whether the company leads it.
    pub is_lead: bool,
    /// Where the company stands in it.
    pub standing: Standing,
}

/// The published tenders that take consortia, the latest deadline first.
///
/// # Errors
/// [`db::Error`].
pub fn taking(tx: &mut Tx) -> Result<Vec<Id<Tender>>, db::Error> {
    let sql = "SELECT id FROM tender WHERE consortium_most > 0 AND published_at IS NOT NULL \
         ORDER BY deadline DESC, id DESC LIMIT 1000";
    tx.all(sql, &[], |row| row.next())
}

/// The consortia that a company makes or is invited to, of these tenders. Each tender has a mark of its own.
///
/// # Errors
/// [`db::Error`].
pub fn consortia(tx: &mut Tx, app: &App, company: Id<Company>, tenders: &[Id<Tender>]) -> Result<Vec<Mine>, db::Error> {
    let marks: Vec<_> = tenders.iter().map(|tender| mark(app, *tender, company)).collect();
    let sql = |places: &str| {
        format!(
            "SELECT consortium, position, standing FROM consortium_member WHERE member IN ({places}) ORDER BY consortium"
        )
    };
    tx.among(&marks, sql, |row| {
        let (id, position) = (row.next()?, row.next::<i64>()?);
        Ok(Mine { id, is_lead: position == 0, standing: Standing::from_code(&row.next::<String>()?)? })
    })
}

/// The bids, on these tenders, of consortia that a company is a member of without leading them.
///
/// # Errors
/// [`db::Error`].
pub fn partnered(tx: &mut Tx, app: &App, company: Id<Company>, tenders: &[Id<Tender>]) -> Result<Vec<Bid>, db::Error> {
    let taking: BTreeSet<_> = taking(tx)?.into_iter().collect();
    let tenders: Vec<_> = tenders.iter().copied().filter(|tender| taking.contains(tender)).collect();
    let mut bids = Vec::new();
    for mine in consortia(tx, app, company, &tenders)? {
        if !mine.is_lead && mine.standing == Standing::Accepted {
            bids.extend(tx.all(
                &format!("SELECT {COLUMNS} WHERE consortium = $1 ORDER BY lot, id"),
                values![mine.id],
                read,
            )?);
        }
    }
    Ok(bids)
}

/// Whether a company, by its mark, is a member of a consortium.
///
/// # Errors
/// [`db::Error`].
pub fn is_member(tx: &mut Tx, id: Id<Consortium>, mark: [u8; 32]) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM consortium_member WHERE consortium = $1 AND member = $2 AND standing = 'accepted'";
    Ok(tx.first(sql, values![id, mark], |row| row.next::<i64>())?.is_some())
}

/// A bid of the company's own, or of a consortium that it is a member of.
///
/// # Errors
/// 404.
pub fn seen(tx: &mut Tx, app: &App, company: Id<Company>, id: Id<Bid>) -> Result<Bid, Error> {
    let bid = tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)?.ok_or_else(Error::not_found)?;
    if bid.is_led(app, company) {
        return Ok(bid);
    }
    let may = match bid.consortium {
        Some(consortium) => is_member(tx, consortium, mark(app, bid.tender, company))?,
        None => false,
    };
    if may { Ok(bid) } else { Err(Error::not_found()) }
}

/// The bid of a company for a lot: that of a consortium that it is a member of, or its own.
///
/// # Errors
/// [`db::Error`].
pub fn bid_of_lot(
    tx: &mut Tx,
    app: &App,
    (tender, lot): (Id<Tender>, Id<Lot>),
    company: Id<Company>,
) -> Result<Option<Bid>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE lot = $1 AND state <> 'withdrawn' AND consortium IN (SELECT m.consortium FROM consortium_member m \
         WHERE m.member = $2 AND m.lot = $1 AND m.position > 0 AND m.standing = 'accepted') ORDER BY id LIMIT 1"
    );
    match tx.first(&sql, values![lot, mark(app, tender, company)], read)? {
        None => own_of_lot(tx, lot, bidder(app, tender, company)),
        joint => Ok(joint),
    }
}
