//! For how long a verification holds: from its acceptance to its end, past a re-check that was begun before; and what its
//! people are told of that.

use super::Verification;
use super::case::State;
use super::event::by_time;
use super::kind::{AHEAD, Kind};
use super::record::Record;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::period;

/// How many cases a step tells of.
const STEP: i64 = 50;

impl Record {
    /// It was accepted at this instant: it holds from now on.
    pub fn begin(&mut self, now: Timestamp) {
        self.accepted_at = Some(now);
        self.valid_until = now.checked_add(self.case.kind.lasts()).ok();
        self.remind_at = self.valid_until.and_then(|until| until.checked_sub(AHEAD).ok());
    }

    /// It holds no more.
    pub fn end(&mut self) {
        (self.accepted_at, self.valid_until, self.remind_at) = (None, None, None);
    }

    /// Whether what was accepted holds at this instant: without a day, as long as it stands accepted.
    pub fn holds(&self, now: Timestamp) -> bool {
        match self.valid_until {
            Some(until) => now < until,
            None => self.case.kind == Kind::Company && self.case.state == State::Accepted,
        }
    }

    /// Whether what was accepted ends so soon, or has ended, that it may be shown anew.
    pub fn is_near_its_end(&self, now: Timestamp) -> bool {
        is_near(self.valid_until, now)
    }
}

/// The same, of an end.
pub fn is_near(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_none_or(|until| until.duration_since(now) <= AHEAD)
}

/// Whether a company is verified as demand side (需求方) at this instant.
///
/// # Errors
/// [`db::Error`].
pub fn is_demand_side(tx: &mut Tx, company: Id<Company>) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT 1 FROM verification_case WHERE company = $1 AND kind = $2 AND holder = $1 AND valid_until > $3";
    let found = tx.first(sql, values![company, Kind::DemandSide.code(), now], |row| row.next::<i64>())?;
    Ok(found.is_some())
}

/// Whether an account is verified as a company's legal representative (法定代表人) at this instant.
///
/// # Errors
/// [`db::Error`].
pub fn is_representative(tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<bool, db::Error> {
    is_person(tx, company, account, Kind::LegalRepresentative)
}

/// Whether an account is verified as somebody who bids for a company (授权投标人) at this instant.
///
/// # Errors
/// [`db::Error`].
pub fn is_bidder(tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<bool, db::Error> {
    is_person(tx, company, account, Kind::AuthorisedBidder)
}

/// Who has left the company since and come back is not who was verified for it.
fn is_person(tx: &mut Tx, company: Id<Company>, account: Id<Account>, kind: Kind) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT 1 FROM verification_case v JOIN account a ON a.id = v.holder AND a.company = v.company \
         WHERE v.company = $1 AND v.kind = $2 AND v.holder = $3 AND v.valid_until > $4 AND a.ended_at IS NULL \
         AND (a.joined_at IS NULL OR a.joined_at <= v.accepted_at)";
    let found = tx.first(sql, values![company, kind.code(), account, now], |row| row.next::<i64>())?;
    Ok(found.is_some())
}

/// One step of the routine: companies that were approved before there were re-checks get their day: a year after they were
/// approved, and time to prepare at least.
pub fn give_day(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if app.db().read::<_, db::Error>(without_day).await?.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let (found, now) = (without_day(tx)?, tx.now());
            for id in &found {
                let Some(mut record) = Record::find(tx, *id)? else { continue };
                record.begin(record.accepted_at.or(record.decided_at).unwrap_or(now));
                let notice = SignedDuration::from_hours(period::VERIFICATION_NOTICE.hours());
                let least = now.checked_add(notice).unwrap_or(now);
                record.valid_until = record.valid_until.max(Some(least));
                record.remind_at = record.valid_until.and_then(|until| until.checked_sub(AHEAD).ok());
                record.save(tx)?;
            }
            Ok::<_, Error>(found.len())
        };
        app.db().write(unit).await
    }
    .boxed()
}

fn without_day(tx: &mut Tx) -> Result<Vec<Id<Verification>>, db::Error> {
    let sql = "SELECT id FROM verification_case WHERE kind = 'company' AND state = 'accepted' AND valid_until IS NULL \
         ORDER BY id LIMIT $1";
    tx.all(sql, values![STEP], |row| row.next())
}

/// One step of the routine: those whose end comes near, or has come, are told of.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, due, tell)
}

fn due(tx: &mut Tx) -> Result<Vec<Id<Verification>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM verification_case WHERE remind_at IS NOT NULL AND remind_at <= $1 \
         ORDER BY remind_at, id LIMIT $2";
    tx.all(sql, values![now, STEP], |row| row.next())
}

fn tell(tx: &mut Tx) -> Result<usize, Error> {
    let (due, now) = (due(tx)?, tx.now());
    for id in &due {
        let Some(mut record) = Record::find(tx, *id)? else { continue };
        let until = record.valid_until.filter(|until| now < *until);
        record.remind_at = until;
        record.save(tx)?;
        by_time(tx, &record, if until.is_some() { "ends-soon" } else { "ended" })?;
    }
    Ok(due.len())
}
