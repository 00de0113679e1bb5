//! The clock: deadlines are decided by it.

use super::{Finding, Visit};
use crate::workday;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Db, about};

/// No program of this version ran before this instant: 2026-01-01.
const FIRST: i64 = 1_767_225_600;

/// How far two clocks may differ before somebody should look, and before nothing may rest on them.
const APART: SignedDuration = SignedDuration::from_secs(1);
const WRONG: SignedDuration = SignedDuration::from_secs(5);

/// The machine's clock by itself, against the server's, and against what was recorded last.
pub(super) async fn clock(visit: &mut Visit<'_>, main: Option<&Db>) {
    let now = visit.clock.now();
    let synchronise = "let the machine keep its time by NTP (chrony, systemd-timesyncd)";
    if now.as_second() < FIRST {
        visit.note(Finding::fail("clock", format!("it shows {now}, before this program was written"), synchronise));
        return;
    }
    let before = visit.found.len();
    if let Some(main) = main {
        if let Ok(recorded) = main.read(newest_event).await
            && let Some(recorded) = recorded.filter(|at| at.duration_since(now) > WRONG)
        {
            let what = format!(
                "it shows {now}, but something was recorded at {recorded}: it went back, or another process is ahead"
            );
            visit.note(Finding::fail("clock", what, synchronise));
        }
        against_server(visit, main).await;
    }
    if visit.found.len() == before {
        let shown = now.to_zoned_datetime(visit.config.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        visit.note(Finding::ok("clock", shown));
    }
}

/// Whether the holidays of the days that periods reach into are known: those of this year, and from November on of the next.
pub(super) fn calendar(visit: &mut Visit<'_>) {
    let today = visit.clock.now().to_zoned_datetime(visit.config.zone.clone()).date();
    let until = if today.month() >= 11 { today.year() + 1 } else { today.year() };
    let known: Vec<_> = workday::known().map(|(year, _)| year).collect();
    let missing: Vec<_> = (today.year()..=until).filter(|year| !known.contains(year)).map(|y| y.to_string()).collect();
    if missing.is_empty() {
        visit.note(Finding::ok("calendar", format!("public holidays are known until the end of {until}")));
    } else {
        let what = format!(
            "the public holidays of {} are not known: of working days only weekends are taken off",
            missing.join(", ")
        );
        let todo = "install a version with the State Council's notice for that year (app/src/workday.toml)";
        visit.note(Finding::warn("calendar", what, todo));
    }
}

async fn against_server(visit: &mut Visit<'_>, main: &Db) {
    let before = visit.clock.now();
    let Ok(Some(server)) = main.read::<_, db::Error>(|tx| Ok(about(tx)?.clock)).await else { return };
    let after = visit.clock.now();
    // What the question itself took is nobody's fault.
    let apart = match (server < before, server > after) {
        (true, _) => before.duration_since(server),
        (_, true) => server.duration_since(after),
        _ => return,
    };
    let what = format!("this machine and the database server differ by {:.1} s", apart.as_secs_f64());
    let todo = "let both keep their time by NTP";
    if apart > WRONG {
        visit.note(Finding::fail("clock", what, todo));
    } else if apart > APART {
        visit.note(Finding::warn("clock", what, todo));
    }
}

fn newest_event(tx: &mut db::Tx) -> Result<Option<Timestamp>, db::Error> {
    tx.first("SELECT at FROM event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1", &[], |row| row.next())
}
