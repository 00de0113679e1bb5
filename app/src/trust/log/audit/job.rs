//! Every night the log is audited, and what was found is kept.

use super::{Report, audit};
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::values;
use policy::Control;

/// The kind of the job. It has no payload.
pub const KIND: &str = "log.audit";

/// Three in the morning, in the installation's zone.
const HOUR: i8 = 3;

/// Leaves the next night's audit to a job, as part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn enqueue(tx: &mut Tx, zone: &TimeZone) -> Result<(), db::Error> {
    let at = next(tx.now(), zone);
    job::enqueue(tx, KIND, &[], at).map(drop)
}

/// The first such hour after an instant.
fn next(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let of_day = |days: i64| {
        let day = today.checked_add(days.days()).ok()?;
        day.at(HOUR, 0, 0, 0).to_zoned_datetime(zone.clone()).ok().map(|at| at.timestamp())
    };
    let coming = (0..2).filter_map(of_day).find(|at| *at > now);
    coming.unwrap_or_else(|| now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now))
}

/// Runs the job: audits, keeps what was found, and leaves the next to the next night.
pub fn run(app: App, job: Id<Job>, _: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let report = audit(&app, None).await?;
        if let Some(difference) = &report.difference {
            let (entry, what) = (difference.entry, &difference.what);
            tracing::error!(entry, what, "the transparency log is not what it was");
        }
        let zone = app.zone();
        app.db().write::<_, db::Error>(move |tx| keep(tx, job, &report, &zone)).await?;
        Ok(())
    }
    .boxed()
}

/// A job that is run again after this finds that it has been here.
fn keep(tx: &mut Tx, job: Id<Job>, report: &Report, zone: &TimeZone) -> Result<(), db::Error> {
    if !policy::holds(Control::LogAudited) {
        return enqueue(tx, zone);
    }
    let difference = report.difference.as_ref().map(|one| format!("entry {}: {}", one.entry, one.what));
    let (now, size, slots) = (tx.now(), super::store::int(report.size), super::store::int(report.slots));
    let inserted = tx.execute(
        "INSERT INTO log_audit (id, at, size, slots, difference) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
        values![job, now, size, slots, difference],
    )?;
    if inserted == 1 { enqueue(tx, zone) } else { Ok(()) }
}

/// When the log was audited last, and whether it was as it should be.
///
/// # Errors
/// [`db::Error`].
pub fn last(tx: &mut Tx) -> Result<Option<(Timestamp, bool)>, db::Error> {
    tx.first("SELECT at, difference FROM log_audit ORDER BY at DESC, id DESC LIMIT 1", &[], |row| {
        Ok((row.next()?, row.next::<Option<String>>()?.is_none()))
    })
}
