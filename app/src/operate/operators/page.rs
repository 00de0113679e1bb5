//! What the pages show, and what their JSON says.

use super::store::Invitation as Marker;
use crate::identity::account::Account;
use crate::trust::policy::Shown as Policy;
use crate::web::{Form, Instant, OperatorDuty, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Borrow;

/// A person of the operator, told by their post.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OperatorPost")]
pub struct Operator {
    /// The account.
    pub id: Id<Account>,
    /// What the post is called.
    pub title: String,
    /// What they may do.
    pub duties: Vec<OperatorDuty>,
    /// From when on they may not any more.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// Whether that is over.
    pub is_over: bool,
    /// Since when there is the account.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// Whether it is the reader's own.
    pub is_own: bool,
}

impl Operator {
    /// Whether this is one of their duties.
    pub fn has(&self, duty: impl Borrow<OperatorDuty>) -> bool {
        self.duties.contains(duty.borrow())
    }

    /// The post's name, or the account where it has none.
    pub fn name(&self) -> String {
        if self.title.is_empty() { self.id.to_string() } else { self.title.clone() }
    }
}

/// A grant, or what was taken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DutyChange")]
pub struct Change {
    /// Code of the duty.
    pub duty: String,
    /// False when it was taken.
    pub granted: bool,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// The post of who did it; empty where it has no name.
    pub by: String,
    /// Whether it was done on the command line.
    pub is_by_command: bool,
}

/// An invitation, without its key.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OperatorInvitation")]
pub struct Invitation {
    /// Its id.
    pub id: Id<Marker>,
    /// What the post is called.
    pub title: String,
    /// What it is for.
    pub duties: Vec<OperatorDuty>,
    /// From when on the duties do not hold any more.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// Until when it can be taken up.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// When somebody took it up.
    #[schemars(with = "Option<Instant>")]
    pub taken_at: Option<Timestamp>,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
    /// Whether it can be taken up now.
    pub is_open: bool,
}

impl Invitation {
    /// Kind, glyph and key of its state.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match (self.taken_at.is_some(), self.is_withdrawn, self.is_open) {
            (true, ..) => ("live", "ok", "operators-taken"),
            (_, true, _) => ("", "x", "operators-withdrawn"),
            (.., true) => ("warn", "hourglass", "operators-open"),
            _ => ("", "stop", "operators-late"),
        }
    }
}

/// Everybody, with the form that invites.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OperatorList")]
#[template(path = "operate/operators/list.html")]
pub struct List {
    /// The oldest first.
    pub operators: Vec<Operator>,
    /// The newest first.
    pub invitations: Vec<Invitation>,
    /// As typed.
    pub form: Form,
}

impl List {
    /// Whether a box of the form is ticked.
    fn has_ticked(&self, duty: impl Borrow<OperatorDuty>) -> bool {
        self.form.value("duty").lines().any(|code| code == duty.borrow().code())
    }
}

/// An invitation with its link, shown this once.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OperatorInvited")]
#[template(path = "operate/operators/invited.html")]
pub struct Invited {
    pub invitation: Invitation,
    /// Whoever has it makes the account.
    pub link: String,
}

/// One of them.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OperatorPage")]
#[template(path = "operate/operators/show.html")]
pub struct Show {
    pub operator: Operator,
    /// The newest first.
    pub changes: Vec<Change>,
}

/// What an invitation is for, to who has the link.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OperatorInvitationPage")]
#[template(path = "operate/operators/accept.html")]
pub struct Accept {
    pub invitation: Invitation,
    /// What is agreed to.
    pub policy: Policy,
    #[serde(skip)]
    pub key: String,
    pub form: Form,
}

/// The account was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OperatorAppointed")]
pub struct Appointed {
    pub title: String,
    pub duties: Vec<OperatorDuty>,
}
