//! The report, and the same as a table.

use super::store::{self, Change, Opened, Post, Span, Sum};
use crate::app::App;
use crate::operate::history::{Granted, granted};
use crate::web::table::csv;
use crate::web::text::Words;
use crate::web::{Auditor, Context, Ctx, Day, Error, Locale, Page, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Openings of a page, and of a table.
const PAGE: usize = 50;
const TABLE: i64 = 10_000;

/// How many days are shown when nobody says which, and how many at most.
const DAYS: i64 = 30;
const MOST_DAYS: i64 = 366;

/// Who could open what, and who did.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AuditReport")]
#[template(path = "operate/audit/report.html")]
pub struct Report {
    /// The first day.
    #[schemars(with = "Day")]
    from: Date,
    /// The last day.
    #[schemars(with = "Day")]
    until: Date,
    /// Who may do what now.
    posts: Vec<Post>,
    /// What was granted and taken in that time.
    changes: Vec<Change>,
    /// What people opened of others in that time.
    sums: Vec<Sum>,
    /// Which companies' histories were read in that time, what for; the auditor's own readings among them.
    histories: Vec<Granted>,
    /// The same as `sums`, one by one, the newest first.
    openings: Vec<Opened>,
    /// Where the next page is.
    next: Option<String>,
    #[serde(skip)]
    locale: Locale,
    /// What each role is called.
    #[serde(skip)]
    roles: BTreeMap<String, String>,
}

impl Report {
    fn purpose<'t>(&self, id: &'t str) -> &'t str {
        policy::purpose_named(id).map_or(id, |entry| self.locale.pick(entry.zh, entry.en))
    }

    fn field<'t>(&self, id: &'t str) -> &'t str {
        policy::field_named(id).map_or(id, |entry| self.locale.pick(entry.zh, entry.en))
    }

    fn role<'t>(&'t self, role: &'t str) -> &'t str {
        self.roles.get(role).map_or(role, String::as_str)
    }
}

/// First and last day, and the span that they are in the installation's zone.
fn days(app: &App, context: &Context) -> (Date, Date, Span) {
    let today = context.now.to_zoned_datetime(app.zone()).date();
    let day = |name: &str| context.parameter(name).and_then(|text| text.parse::<Date>().ok());
    let until = day("until").unwrap_or(today).min(today);
    let earliest = until.saturating_sub(MOST_DAYS.days());
    let from = day("from").unwrap_or_else(|| until.saturating_sub(DAYS.days())).clamp(earliest, until);
    let start = |day: Date| app.zone().to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(context.now);
    (from, until, Span { from: start(from), until: start(until.saturating_add(1.days())) })
}

/// The report. It opens nothing.
pub async fn show(State(app): State<App>, context: Ctx, auditor: Auditor) -> Result<Page, Error> {
    let (from, until, span) = days(&app, &context);
    let bound = format!("audit {from} {until}");
    let before = match context.parameter("after").filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => app.cursors().open(&cursor, &bound)?,
        None => (i64::MAX, [0xFF; 16]),
    };
    let read = app.db().read::<_, db::Error>(move |tx| {
        let (posts, changes) = (store::posts(tx, &auditor)?, store::changes(tx, &auditor, span)?);
        let openings = store::openings(tx, &auditor, span, before, PAGE as i64 + 1)?;
        Ok((posts, changes, store::sums(tx, &auditor, span)?, granted(tx, span.from, span.until)?, openings))
    });
    let (posts, changes, sums, histories, mut openings) = read.await?;
    let more = openings.len() > PAGE;
    openings.truncate(PAGE);
    let next = openings.last().filter(|_| more).map(|last| {
        let cursor = app.cursors().seal(last.at.as_microsecond(), last.id.as_bytes(), &bound);
        format!("/desk/audit?from={from}&until={until}&after={cursor}")
    });
    let words = Words::new(app.catalogue(), context.locale);
    let told = |role: &String| {
        let known = words.find(&format!("opener-{}", role.replace('.', "-")), &[]);
        (role.clone(), known.unwrap_or_else(|| words.text("opener-other", &[])))
    };
    let roles = sums.iter().map(|sum| told(&sum.role)).collect();
    let locale = context.locale;
    Ok(Page::new("audit", Report { from, until, posts, changes, sums, histories, openings, next, locale, roles }))
}

/// The openings as a table, ten thousand at most.
pub async fn table(State(app): State<App>, context: Ctx, auditor: Auditor) -> Result<Response, Error> {
    const HEAD: [&str; 8] = ["at", "role", "post", "purpose", "fields", "grounds", "persons", "outcome"];
    let (from, until, span) = days(&app, &context);
    let read = move |tx: &mut db::Tx| store::openings(tx, &auditor, span, (i64::MAX, [0xFF; 16]), TABLE);
    let rows = app.db().read::<_, db::Error>(read).await?.into_iter().map(|one| {
        vec![
            one.at.to_string(),
            one.role,
            one.title,
            one.purpose,
            one.fields.join(" "),
            one.bases.join(" "),
            one.persons.to_string(),
            if one.opened { "opened" } else { "denied" }.to_owned(),
        ]
    });
    csv(&format!("openings-{from}-{until}"), &HEAD, &rows.collect::<Vec<_>>())
}
