//! What the desk shows, and what its JSON says.

use crate::app::App;
use crate::trust::complaint::{Line, Message, counts};
use crate::web::{Actor, Form, PrivacyOfficer, Task, filters};
use askama::Template;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// The requests: those that wait, the nearest day first, then those answered last.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "PrivacyQueue")]
#[template(path = "operate/privacy/queue.html")]
pub struct Queue {
    /// How many wait.
    pub open: usize,
    /// How many of them too long.
    pub overdue: usize,
    pub requests: Vec<Line>,
}

/// A request with its texts.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "PrivacyRequest")]
#[template(path = "operate/privacy/case.html")]
pub struct Case {
    pub request: Line,
    /// The oldest first.
    pub messages: Vec<Message>,
    pub form: Form,
}

/// What waits for an officer.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(operator) = PrivacyOfficer::of(actor) else { return Ok(Vec::new()) };
    let (open, overdue) = counts(tx, &operator)?;
    if open == 0 {
        return Ok(Vec::new());
    }
    let args = vec![("open", open.into()), ("overdue", overdue.into())];
    let path = "/desk/privacy".to_owned();
    Ok(vec![Task { what: "privacy-waiting", args, path, due: None, glyph: "warn", act: "privacy-waiting-act" }])
}
