//! The desk: what is in force, what is announced, what could be.

use super::store::NOTICE;
use crate::app::App;
use crate::trust::policy::{Change, Standing};
use crate::web::{Context, Ctx, Form, Instant, Page, Publisher, filters};
use askama::Template;
use axum::extract::State;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::Serialize;

/// The schedule, and the versions that could be announced.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/schedule/desk.html")]
#[schemars(rename = "PolicyDesk")]
pub struct Desk {
    /// The newest announcement first.
    lines: Vec<Line>,
    /// Versions of this program that are newer than what is in force, each with what it would change.
    candidates: Vec<Change>,
    /// The number of the last line: what an announcement follows.
    after: i64,
    form: Form,
}

/// A line of the schedule.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyScheduleLine")]
struct Line {
    number: i64,
    version: String,
    /// None for what was withdrawn.
    standing: Option<Standing>,
    is_material: bool,
    #[schemars(with = "Instant")]
    announced_at: Timestamp,
    #[schemars(with = "Instant")]
    effective_at: Timestamp,
}

impl Desk {
    /// As it stands, with a day filled in that keeps the notice.
    pub fn new(app: &App, context: &Context) -> Self {
        let (calendar, now) = (&context.calendar, context.now);
        let told = |line: &crate::web::Scheduled| Line {
            number: line.number,
            version: line.version.clone(),
            standing: Standing::of(context, &line.version).filter(|_| line.withdrawn_at.is_none()),
            is_material: line.is_material,
            announced_at: line.announced_at,
            effective_at: line.effective_at,
        };
        let versions = app.policies().versions();
        let in_force = calendar.in_force(now).and_then(|line| versions.named(&line.version));
        let newer = versions.all().iter().filter(|one| in_force.is_some_and(|before| one.id > before.id));
        let free = calendar.coming(now).is_none();
        let change = |one| in_force.map(|before| Change::new(app, context, before, one));
        Self {
            lines: calendar.lines().iter().rev().map(told).collect(),
            candidates: newer.filter(|_| free).filter_map(change).collect(),
            after: calendar.lines().last().map_or(0, |line| line.number),
            form: Form::filled([("effective_at", midnight(app, now))]),
        }
    }

    /// The same with a form that was refused.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}

/// The first midnight of the installation's zone that keeps the notice, as a field for it takes it.
fn midnight(app: &App, now: Timestamp) -> String {
    let soonest = now.to_zoned_datetime(app.zone()).saturating_add(NOTICE);
    soonest.saturating_add(1.day()).strftime("%Y-%m-%dT00:00").to_string()
}

/// The desk.
pub async fn show(State(app): State<App>, context: Ctx, _: Publisher) -> Page {
    Page::new("schedule", Desk::new(&app, &context))
}
