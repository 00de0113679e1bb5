//! Why somebody of the risk duty reads the signals of a lot: one lot, eight hours, each reading noted before anything is shown.

use super::PURPOSE;
use super::form::Wanted;
use crate::app::App;
use crate::sourcing::tender::Lot;
use crate::web::limit::{Counted, Limit};
use crate::web::{Error, Instant, Risk};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// What the id of a grant is of.
pub struct RiskGrant;

/// For how long it holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(8);

/// How many of a list are shown.
const MOST: i64 = 50;

/// Thirty at once, then one in ten minutes.
static PACE: Limit = Limit { name: "risk-grant", burst: 30, every: SignedDuration::from_mins(10) };

/// A grant as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskGranted")]
pub struct Granted {
    /// Its id.
    pub id: Id<RiskGrant>,
    /// The lot.
    pub lot: Id<Lot>,
    /// The post of who reads; empty where it has no name.
    pub title: String,
    /// Why.
    pub reason: String,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// Until when it is read on.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// How often something was read on it.
    pub readings: i64,
}

/// Somebody began to read, or read. Ids only.
#[derive(Serialize)]
struct Read {
    grant: Id<RiskGrant>,
    /// begun, read.
    act: &'static str,
}

impl Fact for Read {
    const KIND: &'static str = "risk.read";
}

/// What a grant of this person counts for.
pub fn pace(app: &App, risk: &Risk) -> Counted {
    app.limits().of(&PACE, &[risk.account().as_bytes()])
}

const COLUMNS: &str = "SELECT g.id, g.lot, a.post, g.reason, g.made_at, g.ends_at, \
     (SELECT count(*) FROM risk_reading r WHERE r.risk_grant = g.id) \
     FROM risk_grant g JOIN account a ON a.id = g.account";

fn row(row: &mut Row<'_>) -> Result<Granted, db::Error> {
    Ok(Granted {
        id: row.next()?,
        lot: row.next()?,
        title: row.next()?,
        reason: row.next()?,
        made_at: row.next()?,
        ends_at: row.next()?,
        readings: row.next()?,
    })
}

/// Of an act of the risk duty. No company and no tender stand in it: neither's people read it.
pub(super) fn by(risk: &Risk) -> Scope {
    Scope { actor: Some(*risk.subject().as_bytes()), ..Scope::default() }
}

/// Makes one; the same id again is the same one.
///
/// # Errors
/// 404 when there are no signals of the lot, or the id is another's.
pub fn begin(tx: &mut Tx, risk: &Risk, lot: Id<Lot>, wanted: &Wanted) -> Result<Granted, Error> {
    risk.still(tx)?;
    super::store::line(tx, risk, lot)?;
    let now = tx.now();
    let ends = now.checked_add(HOLDS).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO risk_grant (id, lot, account, purpose, reason, made_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (id) DO NOTHING",
        values![wanted.id, lot, risk.account(), PURPOSE, &wanted.reason, now, ends],
    )?;
    if made == 1 {
        event::record(tx, by(risk), &Read { grant: wanted.id, act: "begun" })?;
    }
    own(tx, risk, wanted.id)?.filter(|grant| grant.lot == lot).ok_or_else(Error::not_found)
}

fn own(tx: &mut Tx, risk: &Risk, id: Id<RiskGrant>) -> Result<Option<Granted>, db::Error> {
    tx.first(&format!("{COLUMNS} WHERE g.id = $1 AND g.account = $2"), values![id, risk.account()], row)
}

/// Notes that something is read on a grant, before anything is shown.
///
/// # Errors
/// 404 for another's grant; 409 `risk-over` when its time is over.
pub fn read(tx: &mut Tx, risk: &Risk, id: Id<RiskGrant>) -> Result<Granted, Error> {
    risk.still(tx)?;
    let mut grant = own(tx, risk, id)?.ok_or_else(Error::not_found)?;
    if grant.ends_at <= tx.now() && policy::holds(Control::RiskByGrant) {
        return Err(Error::conflict("risk-over"));
    }
    note(tx, risk, id)?;
    grant.readings += 1;
    Ok(grant)
}

fn note(tx: &mut Tx, risk: &Risk, id: Id<RiskGrant>) -> Result<(), db::Error> {
    let (reading, now) = (tx.id::<Read>(), tx.now());
    tx.execute("INSERT INTO risk_reading (id, risk_grant, at) VALUES ($1, $2, $3)", values![reading, id, now])?;
    event::record(tx, by(risk), &Read { grant: id, act: "read" }).map(drop)
}

/// The grant on which this person reads a lot now, the newest.
///
/// # Errors
/// 409 `risk-ungranted` when there is none.
pub fn live(tx: &mut Tx, risk: &Risk, lot: Id<Lot>) -> Result<Option<Id<RiskGrant>>, Error> {
    let now = tx.now();
    let sql = "SELECT id FROM risk_grant WHERE lot = $1 AND account = $2 AND ends_at > $3 \
         ORDER BY made_at DESC, id DESC LIMIT 1";
    let found = tx.first(sql, values![lot, risk.account(), now], |row| row.next())?;
    if found.is_none() && policy::holds(Control::RiskByGrant) {
        return Err(Error::conflict("risk-ungranted"));
    }
    Ok(found)
}

/// The same, noted as a reading.
///
/// # Errors
/// 409 `risk-ungranted`.
pub fn read_lot(tx: &mut Tx, risk: &Risk, lot: Id<Lot>) -> Result<Option<Id<RiskGrant>>, Error> {
    risk.still(tx)?;
    let grant = live(tx, risk, lot)?;
    if let Some(id) = grant {
        note(tx, risk, id)?;
    }
    Ok(grant)
}

/// Who has read a lot, the newest first: for who reads it too.
///
/// # Errors
/// [`db::Error`].
pub fn of_lot(tx: &mut Tx, _: &Risk, lot: Id<Lot>) -> Result<Vec<Granted>, db::Error> {
    tx.all(&format!("{COLUMNS} WHERE g.lot = $1 ORDER BY g.made_at DESC, g.id DESC LIMIT {MOST}"), values![lot], row)
}
