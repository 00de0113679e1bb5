//! What the pages show, and what their JSON says.

use super::Delivery as Of;
use super::Webhook as Row;
use super::kind::{self, KINDS, Kind};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A webhook as its company sees it: everything but the secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Webhook {
    /// Its id.
    pub id: Id<Row>,
    /// Where requests go.
    pub url: String,
    /// What of.
    pub kinds: Vec<String>,
    /// `on`, `off` by its company, or `given-up` by the platform after three days of trying in vain.
    pub state: String,
    /// How many tries have failed in a row.
    pub failures: i64,
    /// Since when.
    #[schemars(with = "Option<Instant>")]
    pub failing_since: Option<Timestamp>,
    /// When the next request goes out; none is due when nothing waits, or one is under way.
    #[schemars(with = "Option<Instant>")]
    pub due_at: Option<Timestamp>,
    /// Until when the secret before holds, too.
    #[schemars(with = "Option<Instant>")]
    pub old_until: Option<Timestamp>,
    /// When it was registered.
    #[schemars(with = "Instant")]
    pub created_at: Timestamp,
}

impl Webhook {
    /// Colour, icon and key of its state's word.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match (self.state.as_str(), self.failures) {
            ("on", 0) => ("live", "ok", "webhook-on"),
            ("on", _) => ("warn", "warn", "webhook-failing"),
            ("off", _) => ("", "x", "webhook-off"),
            _ => ("bad", "stop", "webhook-given-up"),
        }
    }

    /// Keys of its kinds' words.
    pub fn words(&self) -> Vec<String> {
        self.kinds.iter().filter_map(|code| kind::of_code(code)).map(Kind::word).collect()
    }
}

/// A message to a webhook.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "WebhookDelivery")]
pub struct Delivery {
    /// Its id; `msg_` before it is its `webhook-id`.
    pub id: Id<Of>,
    /// Its place: messages go out in this order.
    pub n: i64,
    /// What of.
    pub kind: String,
    /// `waiting` or `delivered`.
    pub state: String,
    /// How often it was sent, since it was left or sent again.
    pub tries: i64,
    /// What came of the last try: a status, or why there was none (`address`, `unknown`, `forbidden`, `unreachable`,
    /// `certificate`, `slow`, `malformed`).
    pub outcome: Option<String>,
    /// When it was left.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// When it was last tried.
    #[schemars(with = "Instant")]
    pub changed_at: Timestamp,
    /// What is sent.
    pub body: String,
}

impl Delivery {
    /// Colour, icon and key of its state's word.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.state.as_str() {
            "delivered" => ("live", "ok", "webhook-delivered"),
            _ if self.tries > 0 => ("warn", "warn", "webhook-not-taken"),
            _ => ("", "hourglass", "webhook-waiting"),
        }
    }

    /// Key of its kind's word.
    pub fn word(&self) -> String {
        kind::of_code(&self.kind).map_or_else(|| "webhook-kind-test".to_owned(), Kind::word)
    }

    /// The last answer's status.
    pub fn status(&self) -> Option<u16> {
        self.outcome.as_ref()?.parse().ok()
    }

    /// Key of the words for what came of the last try, where the status alone does not say it.
    pub fn why(&self) -> Option<String> {
        match self.status() {
            Some(300..=399) => Some("webhook-outcome-redirect".to_owned()),
            Some(_) => None,
            None => self.outcome.as_ref().map(|word| format!("webhook-outcome-{word}")),
        }
    }
}

/// The company's webhooks, and the form of a new one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "WebhookList")]
#[template(path = "reach/webhook/list.html")]
pub struct List {
    /// The newest first.
    pub webhooks: Vec<Webhook>,
    /// Of a new one, with its id.
    pub form: Form,
    /// Whether the reader may register one: an owner of an approved company.
    pub may_make: bool,
}

impl List {
    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }
}

/// A webhook with its deliveries.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "WebhookPage")]
#[template(path = "reach/webhook/show.html")]
pub struct Show {
    /// The webhook.
    pub webhook: Webhook,
    /// The newest first.
    pub deliveries: Vec<Delivery>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Whether the reader may change it: an owner.
    pub is_owner: bool,
    /// Whether the reader may send a trial, and what was sent again: who does more than read.
    pub is_agent: bool,
    /// The message that a trial of this page leaves.
    pub trial: Id<Of>,
}

/// A webhook with a secret that was just made.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "WebhookMade")]
#[template(path = "reach/webhook/made.html")]
pub struct Made {
    /// The webhook.
    pub webhook: Webhook,
    /// What signatures are checked with. It is shown this once.
    pub secret: String,
}

/// A message that was left.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookLeft")]
pub struct Left {
    /// Its delivery.
    pub delivery: Id<Of>,
}

/// How many are sent again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookReplayed")]
pub struct Replayed {
    /// How many.
    pub count: u64,
    /// From which to go on, when there are more than go at once.
    pub next: Option<Id<Of>>,
}

/// What is gone.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookRemoved")]
pub struct Removed {
    /// Its id.
    pub removed: Id<Row>,
}
