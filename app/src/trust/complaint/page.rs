//! What the pages show, and what their JSON says.

use super::store::Lying;
use super::{Complaint as Of, Kind};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use policy::{Permits, Recipient, field, purpose};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Grant, RequestText, Vault};

/// A request without its texts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Complaint")]
pub struct Complaint {
    /// Its id.
    pub id: Id<Of>,
    /// What is asked for.
    pub kind: Kind,
    /// Whether it has been answered.
    pub answered: bool,
    /// Whether the person has asked again.
    pub reopened: bool,
    /// Whether an officer has taken it up.
    pub claimed: bool,
    /// When it was asked.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// The end of the day by which it is answered.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// When it was answered last.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
    /// Whether that day has passed without an answer.
    pub overdue: bool,
}

impl Complaint {
    /// Colour, icon and key of its state's word.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match (self.answered, self.overdue, self.claimed) {
            (true, ..) => ("live", "ok", "complaint-is-answered"),
            (_, true, _) => ("bad", "warn", "complaint-is-overdue"),
            (.., true) => ("warn", "half", "complaint-is-claimed"),
            _ => ("warn", "hourglass", "complaint-is-open"),
        }
    }
}

/// A person's requests, the newest first, and the form.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ComplaintList")]
#[template(path = "trust/complaint/list.html")]
pub struct List {
    pub complaints: Vec<Complaint>,
    pub form: Form,
}

impl List {
    fn kinds(&self) -> [Kind; 7] {
        Kind::CHOSEN
    }
}

/// A text, opened.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ComplaintMessage")]
pub struct Message {
    /// Else the person's.
    pub by_officer: bool,
    /// The words.
    pub text: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

impl Message {
    /// Opens the texts of a request, on record, for whom the grant names.
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open<R>(
        vault: &Vault,
        grant: &Grant<'_, purpose::Request, R>,
        lying: &[Lying],
    ) -> Result<Vec<Self>, vault::Error>
    where
        R: Recipient,
        purpose::Request: Permits<field::RequestText, R>,
    {
        let sealed: Vec<_> = lying.iter().map(|(.., sealed)| sealed.clone()).collect();
        let texts = vault.open_many(grant, &sealed).await?;
        let message = |(&(by_officer, at, _), text): (&Lying, RequestText)| Self {
            by_officer,
            text: text.expose().to_owned(),
            at,
        };
        Ok(lying.iter().zip(texts).map(message).collect())
    }
}

/// What was asked and answered.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ComplaintThread")]
#[template(path = "trust/complaint/show.html")]
pub struct Thread {
    pub complaint: Complaint,
    /// The oldest first.
    pub messages: Vec<Message>,
    pub form: Form,
}
