//! What the pages show. Until somebody has said that an entry is about them, nothing but who entered it and when.

use crate::identity::account::centre;
use crate::web::text::Words;
use crate::web::visit::Visit as Of;
use crate::web::{Form, Instant, Known, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;

/// The door.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DoorStart")]
#[template(path = "identity/door/start.html")]
pub struct Start {
    pub form: Form,
    /// Somebody is signed in here.
    #[serde(skip)]
    pub is_signed_in: bool,
    /// A visit is open here.
    #[serde(skip)]
    pub is_guest: bool,
}

/// A code is on its way, if there is anything. Where to is not repeated.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoorAsked")]
pub struct Asked {
    pub id: Id<Of>,
}

/// How far a visit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DoorStage")]
pub enum Stage {
    /// It waits for its code.
    Asked,
    /// The code is too old, or was tried too often.
    Spent,
    /// The code was right.
    Proven,
}

/// Where a visit stands.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DoorWaiting")]
#[template(path = "identity/door/waiting.html")]
pub struct Waiting {
    pub id: Id<Of>,
    pub stage: Stage,
    /// Whether the code came by e-mail, else by short message.
    pub by_mail: bool,
    /// When the code, or the visit, ends.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// What is kept under the phone or e-mail, once the code was right.
    pub entries: Vec<Entry>,
    pub form: Form,
}

/// Something that is kept of somebody: who entered it and when, and no value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DoorEntry")]
pub struct Entry {
    /// For saying whether it is about the reader.
    pub entry: Id<Subject>,
    pub told: String,
    #[schemars(with = "Instant")]
    pub since: Timestamp,
}

impl Entry {
    /// In the reader's words.
    pub fn new(known: Known, words: &Words) -> Self {
        let told = words.text(known.told.key, &known.told.args);
        Self { entry: known.subject, told, since: known.since }
    }
}

/// The code was right.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoorProven")]
pub struct Proven {
    pub id: Id<Of>,
}

/// The visit is about this entry.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoorRecognised")]
pub struct Recognised {
    pub entry: Id<Subject>,
}

/// The phone or e-mail leads there no more.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoorDenied")]
pub struct Denied {
    pub denied: Id<Subject>,
}

/// The visit is over.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DoorEnded")]
pub struct Ended {
    /// Whether all that was kept went with it.
    pub erased: bool,
}

/// A guest's own page.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DoorVisit")]
#[template(path = "identity/door/visit.html")]
pub struct Visit {
    pub id: Id<Of>,
    /// Until when the visit is open.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// What it is about.
    pub entry: Option<Entry>,
    /// What there is to see and to decide, and how it stands.
    pub centre: Vec<centre::Line>,
}
