//! Judging a signal: a person says what comes of it, and why. Nothing else follows.

use super::form::Judged;
use super::grant::{by, live};
use super::kept;
use super::signal::{Signal, State};
use crate::web::{Error, Instant, Risk};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What somebody has said of a signal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskJudgement")]
pub struct Judgement {
    /// Its id.
    pub id: Id<Judgement>,
    /// What it came to.
    pub outcome: State,
    /// Why.
    pub reason: String,
    /// The post of who said so; empty where it has no name.
    pub title: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// A signal was judged. Ids and a code.
#[derive(Serialize)]
struct Said {
    signal: Id<Signal>,
    outcome: &'static str,
}

impl Fact for Said {
    const KIND: &'static str = "risk.judged";
}

/// What was said of a signal, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, signal: Id<Signal>) -> Result<Vec<Judgement>, db::Error> {
    let sql = "SELECT j.id, j.outcome, j.reason, a.post, j.at FROM risk_judgement j JOIN account a ON a.id = j.account \
         WHERE j.signal = $1 ORDER BY j.at DESC, j.id DESC LIMIT 100";
    tx.all(sql, values![signal], |row| {
        let (id, outcome) = (row.next()?, State::of(&row.next::<String>()?).ok_or(db::Error::Missing)?);
        Ok(Judgement { id, outcome, reason: row.next()?, title: row.next()?, at: row.next()? })
    })
}

/// Judges, on what was read. The same id again is the same judgement; of two who judge at once, the second has to read again.
///
/// # Errors
/// 404; 409 `risk-ungranted`; 412 `stale`.
pub fn judge(tx: &mut Tx, risk: &Risk, id: Id<Signal>, judged: &Judged) -> Result<Signal, Error> {
    risk.still(tx)?;
    let signal = kept::find(tx, id)?;
    live(tx, risk, signal.lot)?;
    let same = "SELECT CASE WHEN signal = $2 AND account = $3 THEN 1 ELSE 0 END FROM risk_judgement WHERE id = $1";
    match tx.first(same, values![judged.id, id, risk.account()], |row| row.next::<i64>())? {
        Some(1) => return Ok(signal),
        Some(_) => return Err(Error::not_found()),
        None => {}
    }
    let now = tx.now();
    let sql = "UPDATE risk_signal SET state = $1, version = version + 1 WHERE id = $2 AND version = $3";
    if tx.execute(sql, values![judged.outcome.code(), id, judged.version])? == 0 {
        return Err(Error::stale());
    }
    tx.execute(
        "INSERT INTO risk_judgement (id, signal, outcome, reason, account, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![judged.id, id, judged.outcome.code(), &judged.reason, risk.account(), now],
    )?;
    tx.execute(
        "UPDATE risk_assessment SET waiting = CASE WHEN EXISTS (SELECT 1 FROM risk_signal s WHERE s.lot = $1 \
         AND s.state = 'open') THEN 1 ELSE 0 END WHERE lot = $1",
        values![signal.lot],
    )?;
    event::record(tx, by(risk), &Said { signal: id, outcome: judged.outcome.code() })?;
    kept::find(tx, id)
}
