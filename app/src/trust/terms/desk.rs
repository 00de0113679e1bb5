//! The operator's desk: of each agreement what is in force, what is announced with its comments, what could be announced.

use super::calendar::Calendar;
use super::comment::{Said, Standing};
use super::store::{COMMENTS, NOTICE};
use crate::app::App;
use crate::web::{Context, Ctx, Error, Form, Instant, Operator, Page, Publisher, filters};
use askama::Template;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kit::db::{self, Tx};
use policy::Terms;
use schemars::JsonSchema;
use serde::Serialize;

/// The schedules.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/terms/desk.html")]
#[schemars(rename = "TermsDesk")]
pub struct Desk {
    agreements: Vec<Schedule>,
    form: Form,
}

/// One agreement.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsSchedule")]
struct Schedule {
    terms: &'static str,
    title: &'static str,
    /// The newest announcement first.
    lines: Vec<Told>,
    /// Editions of this program that are newer than what is in force.
    candidates: Vec<&'static str>,
    /// The number of the last line: what an announcement follows.
    after: i64,
    /// On the change that is announced; the oldest first.
    comments: Vec<Said>,
}

/// A line of a schedule.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsScheduleLine")]
struct Told {
    number: i64,
    edition: String,
    /// Withdrawn, or announced and not yet in force, or neither.
    is_withdrawn: bool,
    is_coming: bool,
    #[schemars(with = "Instant")]
    announced_at: Timestamp,
    #[schemars(with = "Option<Instant>")]
    comments_until: Option<Timestamp>,
    #[schemars(with = "Instant")]
    effective_at: Timestamp,
}

impl Desk {
    /// As it stands, with days filled in that keep the periods.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub async fn read(app: &App, context: &Context, operator: Publisher) -> Result<Self, Error> {
        let language = context.locale.tag();
        let read = app.db().read::<_, db::Error>(move |tx| {
            let all = policy::TERMS.iter().map(|terms| schedule(tx, &operator, terms, language));
            all.collect::<Result<Vec<_>, _>>()
        });
        let agreements = read.await?;
        let midnight = |ahead: SignedDuration| {
            let soonest = context.now.to_zoned_datetime(app.zone()).saturating_add(ahead);
            soonest.saturating_add(1.day()).strftime("%Y-%m-%dT00:00").to_string()
        };
        let comments = COMMENTS + NOTICE;
        let days = [("comments_until", midnight(comments)), ("effective_at", midnight(comments + NOTICE))];
        Ok(Self { agreements, form: Form::filled(days) })
    }

    /// The same with a form that was refused.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}

fn schedule(tx: &mut Tx, operator: &Operator, terms: &'static Terms, language: &str) -> Result<Schedule, db::Error> {
    let (calendar, now) = (Calendar::read(tx, terms.id)?, tx.now());
    let coming = calendar.coming(now).map(|line| line.number);
    let in_force = calendar.in_force(now).map_or("", |line| line.edition.as_str());
    let newer = terms.editions.iter().filter(|edition| coming.is_none() && edition.id > in_force);
    let told = calendar.lines().iter().rev().map(|line| Told {
        number: line.number,
        edition: line.edition.clone(),
        is_withdrawn: line.withdrawn_at.is_some(),
        is_coming: coming == Some(line.number),
        announced_at: line.announced_at,
        comments_until: line.comments_until,
        effective_at: line.effective_at,
    });
    Ok(Schedule {
        terms: terms.id,
        title: terms.newest().text(language).title,
        lines: told.collect(),
        candidates: newer.map(|edition| edition.id).collect(),
        after: calendar.lines().last().map_or(0, |line| line.number),
        comments: coming.map_or_else(|| Ok(Vec::new()), |number| Said::all(tx, operator, terms.id, number))?,
    })
}

/// The desk.
pub async fn show(State(app): State<App>, context: Ctx, operator: Publisher) -> Result<Page, Error> {
    Ok(Page::new("terms-desk", Desk::read(&app, &context, operator).await?))
}
