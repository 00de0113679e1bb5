//! The pages of a question or an answer that was refused: with what was typed.

use crate::web::{Form, filters};
use askama::Template;
use serde::Serialize;

/// A question that has to be changed.
#[derive(Template, Serialize)]
#[template(path = "sourcing/clarification/ask.html")]
pub struct Ask {
    /// The page of what it is about.
    pub back: String,
    /// Key of what that is.
    #[serde(skip)]
    pub word: &'static str,
    /// Key of who reads it.
    #[serde(skip)]
    pub because: &'static str,
    /// As typed.
    pub form: Form,
}

/// An answer that has to be changed.
#[derive(Template, Serialize)]
#[template(path = "sourcing/clarification/answer.html")]
pub struct Answer {
    /// The page of what it is about.
    pub back: String,
    /// Key of what that is.
    #[serde(skip)]
    pub word: &'static str,
    /// Key of who reads it.
    #[serde(skip)]
    pub because: &'static str,
    /// Where the answer is sent.
    #[serde(skip)]
    pub to: String,
    /// What was asked.
    pub text: String,
    /// Whether the answer may move a deadline.
    #[serde(skip)]
    pub moves: bool,
    /// As typed.
    pub form: Form,
}
