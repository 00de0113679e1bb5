//! Restore drills (恢复演练), as the operator's officer reads them: when, how each ended, and what to do. They are run by
//! `ziyun drill`; everybody sees the last one's outcome on the trust page.

use crate::app::App;
use crate::drill::{Outcome, Report, newest};
use crate::web::{Ctx, Error, Instant, Op, OperatorDuty, Page, PrivacyOfficer, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room =
    Room::new("drill", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

/// How many are listed.
const LISTED: i64 = 50;

fn routes() -> Routes {
    let list = Op::page::<Drills>("drill.list", "恢复演练 · Restore drills");
    Routes::new().get("/desk/privacy/drills", Who::Duty(OperatorDuty::PrivacyOfficer), list, show)
}

/// The newest drills.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/drill/list.html")]
struct Drills {
    /// The newest first.
    drills: Vec<Line>,
    /// Whether the last is older than the register takes for evidence.
    is_overdue: bool,
    /// How many days a back-up of keys may be kept.
    key_backup_days: u16,
}

/// One drill.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Drill")]
struct Line {
    id: Id<Report>,
    #[schemars(with = "Instant")]
    at: Timestamp,
    outcome: Outcome,
    /// How long it took.
    seconds: i64,
    /// Rows restored.
    rows: u64,
    /// Their bytes.
    bytes: u64,
    /// What went wrong; empty when nothing did.
    told: String,
}

impl Line {
    fn of(report: Report) -> Self {
        let seconds = report.seconds();
        let Report { id, at, outcome, rows, bytes, told, .. } = report;
        Self { id, at, outcome, seconds, rows, bytes, told }
    }

    fn word(&self) -> String {
        format!("drill-{}", self.outcome.code())
    }

    fn held(&self) -> bool {
        self.outcome == Outcome::Held
    }
}

async fn show(State(app): State<App>, context: Ctx, _: PrivacyOfficer) -> Result<Page, Error> {
    let drills = app.db().read::<_, db::Error>(|tx| newest(tx, LISTED)).await?;
    let drills: Vec<_> = drills.into_iter().map(Line::of).collect();
    let fresh = policy::CONTROLS.iter().find(|entry| entry.control == Control::DrillRecorded);
    let fresh = fresh.map_or(0, |entry| i64::from(entry.max_age_hours));
    let is_overdue = drills.first().is_some_and(|last| context.now.duration_since(last.at).as_hours() > fresh);
    Ok(Page::new("drill", Drills { drills, is_overdue, key_backup_days: policy::period::KEY_BACKUP.days }))
}
