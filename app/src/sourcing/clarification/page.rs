//! The pages of a question or an answer that was refused: with what was typed.

use crate::web::{Form, filters};
use askama::Template;
use jiff::Timestamp;
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
    /// What the keys of the words begin with by which the answer may move a deadline; none where it moves none.
    #[serde(skip)]
    pub moves: Option<&'static str>,
    /// As typed.
    pub form: Form,
}

impl Answer {
    /// Key of one of the words about the deadline.
    fn moving(&self, name: &str) -> String {
        format!("{}-{name}", self.moves.unwrap_or_default())
    }
}

/// How questions stand below what they are about: `sourcing/clarification/below.html`, for a page with `questions` and a `question_form`.
pub struct Below {
    /// The page of what they are about.
    pub back: String,
    /// Where the answers of one question are sent: before its id.
    pub to: &'static str,
    /// What the keys of their words begin with.
    pub words: &'static str,
    /// Until when one can ask, where that is told.
    pub until: Option<Timestamp>,
    /// Whether the reader asks.
    pub asks: bool,
    /// Whether the reader answers.
    pub answers: bool,
    /// Whether an answer may move a deadline.
    pub moves: bool,
}

impl Below {
    /// Key of one of its words.
    pub fn word(&self, name: &str) -> String {
        format!("{}-{name}", self.words)
    }
}
