//! Background work: jobs, followers, the search index.

use super::{Finding, Visit};
use crate::sourcing::tender::overdue_since;
use kit::db::{Db, Error};
use kit::{follower, job, search};
use std::path::Path;

/// After this many seconds a due job should have been run.
const LATE: f64 = 300.0;

/// After this many seconds a deadline should have had its consequence.
const PASSED: f64 = 60.0;

/// More events than this behind, somebody should look.
const BEHIND: i64 = 1000;

/// Events of tenders whose time has come.
pub(super) async fn deadlines(visit: &mut Visit<'_>, main: &Db) {
    let since = match main.read::<_, Error>(overdue_since).await {
        Ok(since) => since,
        Err(error) => return visit.note(unread("deadlines", &error)),
    };
    let late = since.map(|due| visit.clock.now().duration_since(due).as_secs_f64()).filter(|late| *late > PASSED);
    visit.note(match late {
        None => Finding::ok("deadlines", "none has passed without its consequence"),
        Some(late) => {
            let what = format!("one passed {:.0} minutes ago, and nobody acted on it", late / 60.0);
            Finding::fail("deadlines", what, "see that a `ziyun serve` or `ziyun work` runs, and what its log says")
        }
    });
}

/// Jobs that lie dead, and jobs that nobody runs.
pub(super) async fn jobs(visit: &mut Visit<'_>, main: &Db) {
    let read = main.read::<_, Error>(|tx| Ok((job::standings(tx)?, job::dead(tx)?, job::troubled(tx)?))).await;
    let (standings, dead, troubled) = match read {
        Ok(read) => read,
        Err(error) => return visit.note(unread("jobs", &error)),
    };
    let now = visit.clock.now();
    if !dead.is_empty() {
        let names: Vec<_> = dead.iter().take(5).map(|job| format!("{} {}", job.kind, job.id)).collect();
        let count = if dead.len() < 100 { dead.len().to_string() } else { "100 or more".into() };
        let what = format!("{count} were given up after {} tries: {}", job::ATTEMPTS, names.join(", "));
        visit.note(Finding::warn(
            "jobs",
            what,
            "the log says for each why; mend the cause, then have them tried again",
        ));
    }
    if !troubled.is_empty() {
        let tell = |job: &job::Troubled| {
            format!("{} {} ({} tries failed, {} processes in a row ended)", job.kind, job.id, job.failures, job.deaths)
        };
        let names: Vec<_> = troubled.iter().take(5).map(tell).collect();
        let what = format!("{} do not succeed and go on being tried: {}", troubled.len(), names.join(", "));
        visit.note(Finding::warn("jobs", what, "the log says for each why; mend the cause"));
    }
    let late = |job: &&job::Standing| job.oldest_due.is_some_and(|due| now.duration_since(due).as_secs_f64() > LATE);
    let stuck: Vec<_> = standings.iter().filter(late).map(|job| format!("{} {}", job.due, job.kind)).collect();
    if stuck.is_empty() {
        let due: i64 = standings.iter().map(|job| job.due).sum();
        visit.note(Finding::ok("jobs", format!("{due} due now")));
    } else {
        let what = format!("due for more than five minutes: {}", stuck.join(", "));
        visit.note(Finding::fail("jobs", what, "see that a `ziyun serve` or `ziyun work` runs, and what its log says"));
    }
}

/// Followers behind the events.
pub(super) async fn followers(visit: &mut Visit<'_>, main: &Db) {
    let lags = match main.read::<_, Error>(follower::lags).await {
        Ok(lags) => lags,
        Err(error) => return visit.note(unread("followers", &error)),
    };
    let behind: Vec<_> = lags.iter().filter(|(_, lag)| *lag > BEHIND).collect();
    if behind.is_empty() {
        return visit.note(Finding::ok("followers", format!("{} follow", lags.len())));
    }
    let names: Vec<_> = behind.iter().map(|(name, lag)| format!("{name} is {lag} events behind")).collect();
    visit.note(Finding::warn(
        "followers",
        names.join(", "),
        "see that background work runs; a fault in one event stops its follower, and the log names it",
    ));
}

/// The indexes of this node, of notices, providers and demands, as their last commits left them.
pub(super) async fn search(visit: &mut Visit<'_>, main: &Db) {
    let last = main.read::<i64, Error>(follower::last).await.unwrap_or(0);
    for name in ["search", "directory", crate::sourcing::demand::FOLDER] {
        index(visit, &visit.config.node_dir.join(name), last);
    }
}

fn index(visit: &mut Visit<'_>, folder: &Path, last: i64) {
    visit.note(match search::committed(folder) {
        Ok(None) => Finding::ok("search", format!("{} is made and filled at the next start", folder.display())),
        Ok(Some(cursor)) if cursor > last => {
            let what =
                format!("{} has seen more events than the database has: it is another database's", folder.display());
            Finding::warn("search", what, "nothing: the next start empties it and fills it anew")
        }
        Ok(Some(_)) => Finding::ok("search", folder.display().to_string()),
        Err(error) => {
            let what = format!("{}: {error}", folder.display());
            Finding::warn("search", what, "remove the folder while nothing runs: the next start fills it anew")
        }
    });
}

fn unread(check: &'static str, error: &Error) -> Finding {
    Finding::fail(check, format!("they cannot be read: {error}"), "see what is said of the database")
}
