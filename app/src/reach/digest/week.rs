//! When digests go out, and to whom: each reader gets one job a week, in steps of a hundred, each in the unit that moves
//! the cursor. So nobody is thought of twice in a week, wherever the program stops. After weeks without the program there
//! is one digest about all of them.

use super::mailing::{self, Payload};
use super::store::{self, Week};
use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kit::db::{self, Tx};
use kit::job;

/// The day and the hour of the installation's zone; the policy's matrix says the day.
const WHEN: (Weekday, i8) = (Weekday::Monday, 8);

/// How many readers one step thinks of.
const STEP: usize = 100;

/// One step.
pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let week = app.db().read::<_, db::Error>(store::week).await?;
        if app.clock().now() < week.due_at {
            return Ok(0);
        }
        let zone = app.zone();
        app.db().write::<_, Error>(move |tx| advance(tx, &zone)).await
    }
    .boxed()
}

fn advance(tx: &mut Tx, zone: &TimeZone) -> Result<usize, Error> {
    let (now, week) = (tx.now(), store::week(tx)?);
    if now < week.due_at {
        return Ok(0);
    }
    let start = week.due_at == Timestamp::UNIX_EPOCH;
    let some = if start { Vec::new() } else { store::readers(tx, week.after, STEP as i64)? };
    for (_, subject) in &some {
        if store::is_erased(tx, *subject)? {
            store::forget(tx, *subject)?;
            continue;
        }
        let payload = Payload { reader: *subject, since: week.since, until: week.due_at };
        job::enqueue(tx, mailing::KIND, &payload.to_bytes()?, now)?;
    }
    let next = match some.last() {
        Some((last, _)) if some.len() == STEP => Week { after: Some(*last), ..week },
        _ => Week { due_at: after(now, zone), since: if start { now } else { week.due_at }, after: None },
    };
    store::set_week(tx, next)?;
    Ok(some.len() + 1)
}

/// The next day and hour of that name after an instant.
pub(super) fn after(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let (weekday, hour) = WHEN;
    let today = now.to_zoned_datetime(zone.clone()).date();
    let days = (0..=7).filter_map(|days| today.checked_add(days.days()).ok()).filter(|day| day.weekday() == weekday);
    let mut instants = days.filter_map(|day| zone.to_timestamp(day.at(hour, 0, 0, 0)).ok());
    // Beyond the calendar's end there is no next week.
    instants.find(|at| *at > now).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_monday_morning_is_after_now() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for (now, next) in [
            ("2026-11-23T01:00:00Z", "2026-11-30T00:00:00Z"),
            ("2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z"),
            ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
            ("2026-11-29T15:59:59Z", "2026-11-30T00:00:00Z"),
        ] {
            assert_eq!(after(now.parse().unwrap(), &zone), next.parse().unwrap(), "{now}");
        }
    }
}
