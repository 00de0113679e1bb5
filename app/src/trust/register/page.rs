//! The trust page: every promise, what stands behind it, and what was measured last.

use super::evidence;
use super::statement::{Clause, State};
use crate::app::App;
use crate::trust::processor::{self, Processor};
use crate::web::{Ctx, Error, Instant, Locale, Page, filters};
use askama::Template;
use axum::extract::State as Program;
use jiff::Timestamp;
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;

/// The parts of the policy as the page shows them: heading, and the first numbers of the clauses in it.
const PARTS: [(&str, &[&str]); 6] = [
    ("trust-part-scope", &["0", "1"]),
    ("trust-part-collection", &["2"]),
    ("trust-part-use", &["3", "4"]),
    ("trust-part-sharing", &["5"]),
    ("trust-part-business", &["6"]),
    ("trust-part-protection", &["7", "8", "9", "10"]),
];

/// Every promise of the policy, and what stands behind it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/register/trust.html")]
#[schemars(rename = "TrustPage")]
pub struct Trust {
    /// How many are kept.
    kept: usize,
    /// How many are kept in part.
    partial: usize,
    /// How many nothing keeps yet.
    open: usize,
    /// When the evidence was measured; none before the first time.
    #[schemars(with = "Option<Instant>")]
    measured_at: Option<Timestamp>,
    /// The figures of the last measurement.
    figures: Vec<Figure>,
    /// In the order of the policy.
    clauses: Vec<Clause>,
    /// What is collected: generated from the matrix that the program enforces.
    collected: Vec<Collected>,
    /// Who processes for the operator, as this installation is configured.
    processors: Vec<Processor>,
    /// Where data about people come from besides themselves.
    sources: Vec<processor::Source>,
}

/// One number of the running program.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrustFigure")]
struct Figure {
    /// What was measured, and the number's name.
    name: String,
    /// The number.
    value: i64,
}

/// A personal field, and every use that the matrix permits.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CollectedField")]
struct Collected {
    field: &'static str,
    retention: &'static str,
    uses: Vec<Use>,
}

/// A permitted use.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CollectedUse")]
struct Use {
    purpose: &'static str,
    recipient: &'static str,
    source: &'static str,
}

impl Trust {
    /// The key of a figure's word.
    fn word(&self, figure: &Figure) -> String {
        format!("trust-figure-{}", figure.name)
    }

    /// The clauses by the parts of the policy, each with the key of its heading.
    fn parts(&self) -> Vec<(&'static str, Vec<&Clause>)> {
        PARTS
            .iter()
            .map(|(word, numbers)| {
                let is_here =
                    |clause: &&Clause| clause.id.split('.').next().is_some_and(|part| numbers.contains(&part));
                (*word, self.clauses.iter().filter(is_here).collect())
            })
            .collect()
    }
}

/// Shows it.
pub async fn show(Program(app): Program<App>, context: Ctx) -> Result<Page, Error> {
    let measured = app.db().read::<_, db::Error>(evidence::kept).await?;
    let english = context.locale == Locale::En;
    let clauses = Clause::all(&measured, english, context.now);
    let count = |state| clauses.iter().filter(|clause| clause.state == state).count();
    let figures = measured.iter().flat_map(|(id, measured)| {
        measured.figures.iter().map(move |(name, value)| Figure { name: format!("{id}-{name}"), value: *value })
    });
    Ok(Page::public(
        "trust",
        Trust {
            kept: count(State::Kept),
            partial: count(State::Partial),
            open: count(State::Open),
            measured_at: measured.values().map(|measured| measured.at).min(),
            figures: figures.collect(),
            collected: collected(english),
            processors: processor::all(&app, context.locale, context.now),
            sources: processor::sources(&app, context.locale, context.now),
            clauses,
        },
    ))
}

fn collected(english: bool) -> Vec<Collected> {
    let pick = |zh, en| if english { en } else { zh };
    let uses = |field: &'static str| {
        policy::ROWS.iter().filter(move |row| row.field == field).map(move |row| {
            let purpose = policy::PURPOSES.iter().find(|entry| entry.id == row.purpose);
            let recipient = policy::RECIPIENTS.iter().find(|entry| entry.id == row.recipient);
            Use {
                purpose: purpose.map_or("", |entry| pick(entry.zh, entry.en)),
                recipient: recipient.map_or("", |entry| pick(entry.zh, entry.en)),
                source: row.source,
            }
        })
    };
    let retention = |field: &policy::FieldEntry| policy::RETENTIONS.iter().find(|r| r.retention == field.retention);
    policy::FIELDS
        .iter()
        .map(|field| Collected {
            field: pick(field.zh, field.en),
            retention: retention(field).map_or("", |entry| pick(entry.zh, entry.en)),
            uses: uses(field.id).collect(),
        })
        .collect()
}
