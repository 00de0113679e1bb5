//! What the running program shows for its controls: measured from the databases, kept with the time at which it was.
//!
//! Each measure is an invariant: a promise that is broken shows as a number that should be nought. No figure counts bids,
//! or anything that moves when one is placed.

use super::exceptions;
use crate::app::App;
use crate::web::Error;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Db, Tx};
use kit::values;
use std::collections::BTreeMap;

/// How old a measurement may be before it is taken again.
const EVERY: SignedDuration = SignedDuration::from_mins(10);

/// Columns that hold personal data. Each value must begin with the id of the vault's suite.
const PERSONAL: [(&str, &str); 8] = [
    ("account", "phone"),
    ("account", "email"),
    ("registration", "phone"),
    ("registration", "email"),
    ("login_session", "ip"),
    ("login_session", "user_agent"),
    ("digest", "followed"),
    ("remembered", "content"),
];

/// The suite that every sealed value begins with today.
const SUITE: &[u8] = &[1];

/// How long after its time a record may still be there: background work may have been down.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// One measurement.
#[derive(Clone, Debug)]
pub struct Measured {
    /// When.
    pub at: Timestamp,
    /// Whether what is promised holds.
    pub holds: bool,
    /// The numbers, by name.
    pub figures: BTreeMap<String, i64>,
}

/// Measures anew when the last measurement has become old.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let oldest =
            |tx: &mut Tx| tx.one("SELECT MIN(at) FROM control_evidence", &[], |row| row.next::<Option<Timestamp>>());
        let oldest = app.db().read::<_, db::Error>(oldest).await?;
        let now = app.clock().now();
        if oldest.is_some_and(|at| at <= now && now.duration_since(at) < EVERY) {
            return Ok(0);
        }
        measure(app.db(), app.keys()).await?;
        Ok(1)
    })
}

async fn measure(db: &Db, keys: &Db) -> Result<(), Error> {
    let destroyed = db.read::<_, db::Error>(destroyed).await?;
    let left = keys.read::<_, db::Error>(move |tx| keys_left(tx, &destroyed)).await?;
    db.write::<_, db::Error>(move |tx| {
        let of_all = all(tx, left)?;
        for (id, holds, figures) in of_all {
            let figures: BTreeMap<_, _> = figures.into_iter().collect();
            let figures = serde_json::to_string(&figures).map_err(|e| db::Error::Engine(e.to_string()))?;
            let now = tx.now();
            tx.execute(
                "INSERT INTO control_evidence (id, at, holds, figures) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (id) DO UPDATE SET at = excluded.at, holds = excluded.holds, figures = excluded.figures",
                values![id, now, holds, figures],
            )?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

pub(super) type Figures = Vec<(&'static str, i64)>;

fn all(tx: &mut Tx, left: i64) -> Result<Vec<(&'static str, bool, Figures)>, db::Error> {
    let (accounts, without) = (count(tx, ACCOUNTS)?, count(tx, WITHOUT_AGREEMENT)?);
    let (values, clear) = sealed(tx)?;
    let (opened, denied, undeclared) = openings(tx)?;
    let (founded, exceptions) = exceptions::measure(tx)?;
    let overdue = overdue(tx)?;
    let early = count(tx, OPENED_EARLY)?;
    let erased = count(tx, ERASED)?;
    let uses = [policy::FIELDS.len(), policy::PURPOSES.len(), policy::ROWS.len()].map(|number| number as i64);
    Ok(vec![
        ("agreements", without == 0, vec![("accounts", accounts), ("without", without)]),
        ("matrix", true, vec![("fields", uses[0]), ("purposes", uses[1]), ("uses", uses[2])]),
        ("sealed-columns", clear == 0, vec![("columns", PERSONAL.len() as i64), ("values", values), ("clear", clear)]),
        ("openings", undeclared == 0, vec![("opened", opened), ("denied", denied), ("undeclared", undeclared)]),
        ("exceptions", founded, exceptions),
        ("sign-in-log", overdue == 0, vec![("overdue", overdue)]),
        ("sealed-bids", early == 0, vec![("early", early)]),
        ("destroyed", left == 0, vec![("erased", erased), ("left", left)]),
    ])
}

const ACCOUNTS: &str = "SELECT count(*) FROM account";
const WITHOUT_AGREEMENT: &str =
    "SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM agreement g WHERE g.account = a.id)";
const OPENED_EARLY: &str = "SELECT count(*) FROM tender WHERE opened_at IS NOT NULL AND opened_at < deadline";
const ERASED: &str = "SELECT count(*) FROM subject WHERE standing = 'destroyed'";

fn count(tx: &mut Tx, sql: &'static str) -> Result<i64, db::Error> {
    tx.one(sql, &[], |row| row.next())
}

/// How many values stand in personal columns, and how many of them are not sealed.
fn sealed(tx: &mut Tx) -> Result<(i64, i64), db::Error> {
    let (mut values, mut clear) = (0, 0);
    for (table, column) in PERSONAL {
        let sql = format!(
            "SELECT count(*), CAST(COALESCE(SUM(CASE WHEN substr({column}, 1, 1) = $1 THEN 0 ELSE 1 END), 0) AS BIGINT) \
             FROM {table}"
        );
        let (all, open): (i64, i64) = tx.one(&sql, values![SUITE], |row| Ok((row.next()?, row.next()?)))?;
        (values, clear) = (values + all, clear + open);
    }
    Ok((values, clear))
}

/// Of the last 24 hours: opened, denied, and those for a purpose that the policy does not have.
fn openings(tx: &mut Tx) -> Result<(i64, i64, i64), db::Error> {
    let since = tx.now().checked_sub(SignedDuration::from_hours(24)).unwrap_or(tx.now());
    let (mut opened, mut denied, mut undeclared) = (0, 0, 0);
    let sql = "SELECT outcome, purpose, count(*) FROM opening WHERE at > $1 GROUP BY outcome, purpose";
    let rows =
        tx.all(sql, values![since], |row| Ok((row.next::<String>()?, row.next::<String>()?, row.next::<i64>()?)))?;
    for (outcome, purpose, count) in rows {
        if outcome == "opened" {
            opened += count
        } else {
            denied += count
        }
        if policy::purpose_named(&purpose).is_none() {
            undeclared += count;
        }
    }
    Ok((opened, denied, undeclared))
}

/// Records of sign-ins that should have been cleared.
fn overdue(tx: &mut Tx) -> Result<i64, db::Error> {
    let before = tx.now().checked_sub(crate::web::session::KEPT + GRACE).unwrap_or(tx.now());
    tx.one("SELECT count(*) FROM login_session WHERE expires_at < $1", values![before], |row| row.next())
}

/// The newest that were erased, long enough ago that their keys should be gone.
fn destroyed(tx: &mut Tx) -> Result<Vec<[u8; 16]>, db::Error> {
    let before = tx.now().checked_sub(SignedDuration::from_hours(1)).unwrap_or(tx.now());
    let sql = "SELECT id FROM subject WHERE standing = 'destroyed' AND changed_at < $1 ORDER BY changed_at DESC, id LIMIT 200";
    tx.all(sql, values![before], |row| row.next())
}

/// Keys that are still there of those.
fn keys_left(tx: &mut Tx, subjects: &[[u8; 16]]) -> Result<i64, db::Error> {
    let mut left = 0;
    for subject in subjects {
        let sql = "SELECT count(*) FROM data_key WHERE subject = $1";
        left += tx.one(sql, values![subject], |row| row.next::<i64>())?;
    }
    Ok(left)
}

/// What was measured last, by name.
///
/// # Errors
/// [`db::Error`].
pub fn kept(tx: &mut Tx) -> Result<BTreeMap<String, Measured>, db::Error> {
    let rows = tx.all("SELECT id, at, holds, figures FROM control_evidence ORDER BY id", &[], |row| {
        Ok((row.next::<String>()?, row.next::<Timestamp>()?, row.next::<bool>()?, row.next::<String>()?))
    })?;
    let read = |text: &str| serde_json::from_str(text).map_err(|e| db::Error::Engine(format!("figures: {e}")));
    rows.into_iter()
        .map(|(id, at, holds, figures)| Ok((id, Measured { at, holds, figures: read(&figures)? })))
        .collect()
}
