//! What the running program shows for its controls: measured from the databases, kept with the time at which it was.
//!
//! Each measure is an invariant: a promise that is broken shows as a number that should be nought. No figure counts bids,
//! or anything that moves when one is placed.

use super::exceptions;
use crate::app::App;
use crate::drill::{Outcome, Report, newest};
use crate::trust::{log::audit, usage};
use crate::web::{Column, Error};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeMap;
use vault::{Opening, Subject};

/// How old a measurement may be before it is taken again.
const EVERY: SignedDuration = SignedDuration::from_mins(10);

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
        let oldest = |tx: &mut Tx| tx.one(OLDEST, &[], |row| row.next::<Option<Timestamp>>());
        let oldest = app.db().read::<_, db::Error>(oldest).await?;
        let now = app.clock().now();
        if oldest.is_some_and(|at| at <= now && now.duration_since(at) < EVERY) {
            return Ok(0);
        }
        measure(&app).await?;
        Ok(1)
    })
}

async fn measure(app: &App) -> Result<(), Error> {
    let (db, keys) = (app.db(), app.keys());
    // Every column that a room says it holds personal values in; but for the use log, which grows with every request, so
    // also with a bid's, and has a measure of its own.
    let columns = app.rooms().iter().filter_map(|room| room.held).flat_map(|held| held.columns);
    let columns: Vec<_> = columns.filter(|column| column.table != "use_log").collect();
    let destroyed = db.read::<_, db::Error>(destroyed).await?;
    let left = keys.read::<_, db::Error>(move |tx| keys_left(tx, &destroyed)).await?;
    db.write::<_, db::Error>(move |tx| {
        let of_all = all(tx, &columns, left)?;
        let now = tx.now();
        let drilled = newest(tx, 1)?.into_iter().next();
        let drilled =
            drilled.map(|drill| (drill.ended_at, ("drill", drill.outcome == Outcome::Held, drill_figures(&drill))));
        let audited = audit::last(tx)?;
        let audited = audited.map(|(at, sound)| (at, ("log-audit", sound, vec![("differences", i64::from(!sound))])));
        for (at, (id, holds, figures)) in of_all.into_iter().map(|one| (now, one)).chain(drilled).chain(audited) {
            let figures: BTreeMap<_, _> = figures.into_iter().collect();
            let figures = serde_json::to_string(&figures).map_err(|e| db::Error::Engine(e.to_string()))?;
            tx.execute(
                "INSERT INTO control_evidence (id, at, holds, figures) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (id) DO UPDATE SET at = excluded.at, holds = excluded.holds, figures = excluded.figures",
                values![id, at, holds, figures],
            )?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// What is measured every time; a drill and an audit are as old as they are.
const OLDEST: &str = "SELECT MIN(at) FROM control_evidence WHERE id NOT IN ('drill', 'log-audit')";

fn drill_figures(drill: &Report) -> Figures {
    vec![("seconds", drill.seconds()), ("rows", i64::try_from(drill.rows).unwrap_or(i64::MAX))]
}

pub(super) type Figures = Vec<(&'static str, i64)>;

fn all(tx: &mut Tx, columns: &[&Column], left: i64) -> Result<Vec<(&'static str, bool, Figures)>, db::Error> {
    let (accounts, without) = (count(tx, ACCOUNTS)?, count(tx, WITHOUT_AGREEMENT)?);
    let (values, clear) = sealed(tx, columns)?;
    let (opened, denied, undeclared) = openings(tx)?;
    let (founded, exceptions) = exceptions::measure(tx)?;
    let overdue = overdue(tx)?;
    let (kept, open, ended) = (usage::overdue(tx)?, clear_uses(tx)?, count(tx, usage::ENDED)?);
    let early = count(tx, OPENED_EARLY)?;
    let (ownerless, strayed) = (count(tx, OWNERLESS)?, count(tx, STRAYED)?);
    let (mixed, own, unfounded) = (count(tx, MIXED)?, count(tx, OWN_GRANTS)?, count(tx, UNFOUNDED)?);
    let (erased, unmarked) = (count(tx, ERASED)?, count(tx, UNMARKED)?);
    let (waiting, late, found) = cancellations(tx)?;
    let stuck = stuck(tx)?;
    let uses = [policy::FIELDS.len(), policy::PURPOSES.len(), policy::ROWS.len()].map(|number| number as i64);
    Ok(vec![
        ("agreements", without == 0, vec![("accounts", accounts), ("without", without)]),
        ("matrix", true, vec![("fields", uses[0]), ("purposes", uses[1]), ("uses", uses[2])]),
        ("sealed-columns", clear == 0, vec![("columns", columns.len() as i64), ("values", values), ("clear", clear)]),
        ("openings", undeclared == 0, vec![("opened", opened), ("denied", denied), ("undeclared", undeclared)]),
        ("exceptions", founded, exceptions),
        ("sign-in-log", overdue == 0, vec![("overdue", overdue)]),
        ("use-log", kept + open == 0, vec![("overdue", kept), ("clear", open), ("ended", ended)]),
        ("sealed-bids", early == 0, vec![("early", early)]),
        (
            "operator-duties",
            mixed + own + unfounded == 0,
            vec![("mixed", mixed), ("own", own), ("unfounded", unfounded)],
        ),
        ("people", ownerless + strayed == 0, vec![("ownerless", ownerless), ("strayed", strayed)]),
        ("cancellations", late + found == 0, vec![("waiting", waiting), ("late", late), ("found", found)]),
        ("notifications", stuck == 0, vec![("stuck", stuck)]),
        ("destroyed", left + unmarked == 0, vec![("erased", erased), ("left", left), ("unmarked", unmarked)]),
    ])
}

const ACCOUNTS: &str = "SELECT count(*) FROM account";
const WITHOUT_AGREEMENT: &str = "SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM agreement g WHERE g.account = a.id) \
     AND NOT EXISTS (SELECT 1 FROM subject s WHERE s.id = a.subject AND s.standing = 'destroyed')";
const OPENED_EARLY: &str = "SELECT count(*) FROM tender WHERE opened_at IS NOT NULL AND opened_at < deadline";
/// Companies that people act for and nobody answers for.
const OWNERLESS: &str = "SELECT count(*) FROM company c \
     WHERE EXISTS (SELECT 1 FROM account a WHERE a.company = c.id AND a.ended_at IS NULL) \
     AND NOT EXISTS (SELECT 1 FROM account a WHERE a.company = c.id AND a.ended_at IS NULL \
     AND a.duties LIKE '%owner%')";
/// Tokens that can be used, made by who acts for that company no more.
const STRAYED: &str = "SELECT count(*) FROM api_token t JOIN account a ON a.id = t.account \
     WHERE t.revoked_at IS NULL AND a.ended_at IS NULL AND (a.company IS NULL OR a.company <> t.company)";
/// Auditors who hold another duty, or have no end.
const MIXED: &str = "SELECT count(*) FROM account WHERE operator = 1 AND ended_at IS NULL \
     AND operator_duties LIKE '%auditor%' AND (operator_duties <> 'auditor' OR operator_until IS NULL)";
/// Duties that somebody granted to themselves.
const OWN_GRANTS: &str = "SELECT count(*) FROM operator_duty_change WHERE granted = 1 AND by_account = account";
/// Readings of companies' histories, and of risk signals, after their grant's end.
const UNFOUNDED: &str = "SELECT (SELECT count(*) FROM history_reading r JOIN history_grant g ON g.id = r.history_grant \
     WHERE r.at >= g.ends_at) + (SELECT count(*) FROM risk_reading r JOIN risk_grant g ON g.id = r.risk_grant \
     WHERE r.at >= g.ends_at)";
/// Persons: a day of visitors has a subject, too, but is none.
const ERASED: &str = "SELECT count(*) FROM subject s WHERE s.standing = 'destroyed' \
                      AND NOT EXISTS (SELECT 1 FROM use_day d WHERE d.subject = s.id)";
const UNMARKED: &str = "SELECT count(*) FROM subject s WHERE s.standing = 'destroyed' \
                        AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.subject = s.id)";

fn count(tx: &mut Tx, sql: &'static str) -> Result<i64, db::Error> {
    tx.one(sql, &[], |row| row.next())
}

/// How many values stand in personal columns, and how many of them are not sealed.
fn sealed(tx: &mut Tx, columns: &[&Column]) -> Result<(i64, i64), db::Error> {
    let (mut values, mut clear) = (0, 0);
    for Column { table, column, .. } in columns {
        let sql = format!(
            "SELECT count(*), CAST(COALESCE(SUM(CASE WHEN substr({column}, 1, 1) = $1 THEN 0 ELSE 1 END), 0) AS BIGINT) \
             FROM {table} WHERE length({column}) > 0"
        );
        let (all, open): (i64, i64) = tx.one(&sql, values![SUITE], |row| Ok((row.next()?, row.next()?)))?;
        (values, clear) = (values + all, clear + open);
    }
    Ok((values, clear))
}

/// Mails of notices that are needed, and have not gone out for a day.
fn stuck(tx: &mut Tx) -> Result<i64, db::Error> {
    let before = tx.now().checked_sub(GRACE).unwrap_or(tx.now());
    let sql = "SELECT count(*) FROM notification_delivery WHERE state = 'waiting' AND account IS NOT NULL \
               AND changed_at < $1";
    tx.one(sql, values![before], |row| row.next())
}

/// Of the last 24 hours: opened, denied, and those for a purpose that the policy does not have.
fn openings(tx: &mut Tx) -> Result<(i64, i64, i64), db::Error> {
    let since = tx.now().checked_sub(SignedDuration::from_hours(24)).unwrap_or(tx.now());
    let (mut opened, mut denied, mut undeclared) = (0, 0, 0);
    let sql = "SELECT outcome, purpose, count(*) FROM opening WHERE id >= $1 AND at > $2 GROUP BY outcome, purpose";
    let rows = tx.all(sql, values![Id::<Opening>::v7_from(since), since], |row| {
        Ok((row.next::<String>()?, row.next::<String>()?, row.next::<i64>()?))
    })?;
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

/// Entries of the use log that are not sealed. How many there are is told nobody: a bid leaves one, too.
fn clear_uses(tx: &mut Tx) -> Result<i64, db::Error> {
    let sql = "SELECT count(*) FROM use_log WHERE substr(entries, 1, 1) <> $1";
    tx.one(sql, values![SUITE], |row| row.next())
}

/// Records of sign-ins that should have been cleared.
fn overdue(tx: &mut Tx) -> Result<i64, db::Error> {
    let before = tx.now().checked_sub(crate::web::session::KEPT + GRACE).unwrap_or(tx.now());
    tx.one("SELECT count(*) FROM login_session WHERE expires_at < $1", values![before], |row| row.next())
}

/// Cancellations whose time to think runs; those that should have been carried out or stopped; accounts of who was erased
/// in which a phone, an e-mail or an index still stands.
fn cancellations(tx: &mut Tx) -> Result<(i64, i64, i64), db::Error> {
    let before = tx.now().checked_sub(SignedDuration::from_hours(1)).unwrap_or(tx.now());
    let late = "SELECT count(*) FROM cancellation WHERE state = 'waiting' AND due_at < $1";
    let found = "SELECT count(*) FROM account a JOIN subject s ON s.id = a.subject WHERE s.standing = 'destroyed' AND \
                 (length(a.phone) > 0 OR length(a.email) > 0 OR length(a.phone_index) > 16 OR length(a.email_index) > 16)";
    Ok((
        count(tx, "SELECT count(*) FROM cancellation WHERE state = 'waiting'")?,
        tx.one(late, values![before], |row| row.next())?,
        count(tx, found)?,
    ))
}

/// Somebody who was erased, and the classes of their keys that the law still has kept.
type Erased = (Id<Subject>, Vec<&'static str>);

/// The newest that were erased, long enough ago that their keys should be gone.
fn destroyed(tx: &mut Tx) -> Result<Vec<Erased>, db::Error> {
    let before = tx.now().checked_sub(SignedDuration::from_hours(1)).unwrap_or(tx.now());
    let sql = "SELECT id FROM subject WHERE standing = 'destroyed' AND changed_at < $1 ORDER BY changed_at DESC, id LIMIT 200";
    let erased: Vec<Id<Subject>> = tx.all(sql, values![before], |row| row.next())?;
    let held = |tx: &mut Tx, subject| {
        let held = vault::held(tx, subject)?.into_iter().filter(|one| one.until > before);
        Ok((subject, held.map(|one| one.class.id()).collect()))
    };
    erased.into_iter().map(|subject| held(tx, subject)).collect()
}

/// Keys that are still there of those.
fn keys_left(tx: &mut Tx, erased: &[Erased]) -> Result<i64, db::Error> {
    let mut left = 0;
    for (subject, held) in erased {
        let sql = "SELECT class FROM data_key WHERE subject = $1";
        let classes: Vec<String> = tx.all(sql, values![*subject], |row| row.next())?;
        left += classes.iter().filter(|class| !held.contains(&class.as_str())).count() as i64;
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
