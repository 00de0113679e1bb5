//! The pages of a question or an answer that was refused: with what was typed.

use crate::sourcing::tender::Tender;
use crate::web::{Form, filters};
use askama::Template;
use kit::id::Id;
use serde::Serialize;

/// A question that has to be changed.
#[derive(Template, Serialize)]
#[template(path = "sourcing/clarification/ask.html")]
pub struct Ask {
    pub tender: Id<Tender>,
    pub form: Form,
}

/// An answer that has to be changed.
#[derive(Template, Serialize)]
#[template(path = "sourcing/clarification/answer.html")]
pub struct Answer {
    pub tender: Id<Tender>,
    pub question: Id<super::Question>,
    pub text: String,
    pub form: Form,
}
