//! What the pages show, and what their JSON says.

use super::case::{Case, State};
use crate::web::{Form, filters};
use askama::Template;
use policy::Basis;
use schemars::JsonSchema;
use serde::Serialize;

/// The cases.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ExceptionList")]
#[template(path = "operate/exception/list.html")]
pub struct List {
    /// The newest first.
    pub cases: Vec<Case>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The form that applies for one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ExceptionForm")]
#[template(path = "operate/exception/form.html")]
pub struct FormPage {
    /// As typed.
    pub form: Form,
    /// The grounds, each with the key of its name.
    #[serde(skip)]
    pub grounds: Vec<(&'static str, String)>,
}

impl FormPage {
    /// With the grounds that need no consent, named by `word`.
    pub fn new(form: Form, word: impl Fn(&str) -> String) -> Self {
        let grounds =
            Basis::WITHOUT_CONSENT.map(|basis| (basis.id(), word(&format!("exception-basis-{}", basis.id()))));
        Self { form, grounds: grounds.to_vec() }
    }
}

/// One case.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ExceptionPage")]
#[template(path = "operate/exception/show.html")]
pub struct Show {
    /// The case.
    pub case: Case,
}

/// What a case opened.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ExceptionOpened")]
#[template(path = "operate/exception/opened.html")]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// The mobile number, if the case names it.
    pub phone: Option<String>,
    /// The contact e-mail, if the case names it.
    pub email: Option<String>,
}
