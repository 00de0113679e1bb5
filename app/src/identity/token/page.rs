//! What the pages show, and what their JSON says.

use super::form::DAYS;
use crate::web::{ApiToken, Day, Form, Instant, Scope, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A token as its company sees it: everything but the secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Token")]
pub struct Token {
    /// Its id.
    pub id: Id<ApiToken>,
    /// What the company calls it.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// The day it was last used on (UTC).
    #[schemars(with = "Option<Day>")]
    pub used_on: Option<String>,
    /// When it was revoked.
    #[schemars(with = "Option<Instant>")]
    pub revoked_at: Option<Timestamp>,
    /// Whether it can be used.
    pub alive: bool,
}

/// The company's tokens, and the form of a new one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "TokenList")]
#[template(path = "identity/token/list.html")]
pub struct List {
    /// The newest first.
    pub tokens: Vec<Token>,
    /// Of a new one, with its id.
    pub form: Form,
    /// The id that a new token may be given.
    pub next: Id<ApiToken>,
    /// Whether the company is approved and the reader has a duty beside reading, and so may make one.
    pub may_make: bool,
    /// Whether the reader has a duty beside reading, and so may revoke one.
    #[serde(skip)]
    pub may_revoke: bool,
}

impl List {
    fn days(&self) -> [(&'static str, &'static str); 3] {
        DAYS.map(|days| (days, days))
    }
}

/// A token that has just been made, with its secret.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "TokenMade")]
#[template(path = "identity/token/made.html")]
pub struct Made {
    /// The token.
    pub token: Token,
    /// The secret: what stands after `Authorization: Bearer`. It is shown this once.
    pub secret: String,
}
