//! What the pages show, and what their JSON says.

use super::grant::Granted;
use super::stood::Stood;
use crate::identity::company::part::Value;
use crate::identity::company::{Company, State};
use crate::web::{Day, Form, Instant, Locale, filters};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A company that was found.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "HistoryCompany")]
pub struct Found {
    /// Its id.
    pub id: Id<Company>,
    /// Its registered name now.
    pub name: String,
    /// Its credit code; the former one of a company that has closed.
    pub credit_code: String,
    /// Where it stands now.
    pub state: State,
    /// When it closed.
    #[schemars(with = "Option<Instant>")]
    pub closed_at: Option<Timestamp>,
}

/// The way to a company, and what is open to the reader.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "HistoryFind")]
#[template(path = "operate/history/find.html")]
pub struct Find {
    /// What was searched for.
    pub words: String,
    /// What was found.
    pub found: Vec<Found>,
    /// What the reader may read now, the newest first.
    pub open: Vec<Granted>,
    #[serde(skip)]
    pub place: &'static str,
}

/// Why a company is read.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "HistoryAsk")]
#[template(path = "operate/history/ask.html")]
pub struct Ask {
    /// Which.
    pub company: Found,
    /// Who read it before, the newest first.
    pub before: Vec<Granted>,
    /// As typed.
    pub form: Form,
    #[serde(skip)]
    pub place: &'static str,
}

/// A grant that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HistoryGrant")]
pub struct Grant {
    /// It.
    #[serde(flatten)]
    pub grant: Granted,
}

/// A company as of a day.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "HistoryPage")]
#[template(path = "operate/history/show.html")]
pub struct History {
    /// On which grant.
    pub grant: Granted,
    /// Whose.
    pub company: Found,
    /// At the end of which day, or now when it is today.
    #[schemars(with = "Day")]
    pub day: Date,
    /// How it stood.
    pub stood: Stood,
    #[serde(skip)]
    pub place: &'static str,
    #[serde(skip)]
    pub locale: Locale,
}

impl History {
    fn purpose<'t>(&self, id: &'t str) -> &'t str {
        policy::purpose_named(id).map_or(id, |entry| self.locale.pick(entry.zh, entry.en))
    }
}

/// Who read a company's history, for its own people.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "HistoryReadings")]
#[template(path = "operate/history/readings.html")]
pub struct Readings {
    /// The newest first.
    pub readings: Vec<Granted>,
}
