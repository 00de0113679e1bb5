//! What the pages show, and what their JSON says.

use super::document::{Document, Search};
use super::form::Display;
use crate::reach::notice::Filter;
use crate::trust::consent::Works;
use crate::web::{Form, filters};
use askama::Template;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A person's searches.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SearchList")]
#[template(path = "reach/remembered/list.html")]
pub struct List {
    /// Whether the function works; else nothing is kept and nothing is shown.
    works: Works,
    /// In the order in which they were kept.
    searches: Vec<Line>,
    display: Display,
    form: Form,
}

/// A search in the list.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "RememberedSearch")]
pub struct Line {
    pub id: Id<Search>,
    /// What its person calls it.
    pub name: String,
    /// The list of notices that it leads to.
    pub address: String,
}

/// The form that keeps a search.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SearchForm")]
#[template(path = "reach/remembered/form.html")]
pub struct FormPage {
    /// Whether the function works; else the form is not shown.
    works: Works,
    /// The list of notices that is to be remembered.
    address: String,
    form: Form,
}

/// A search that is forgotten.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SearchGone")]
pub struct Gone {
    /// Which.
    pub removed: Id<Search>,
}

impl List {
    pub(super) fn new(works: Works, document: Document, refused: Option<Form>) -> Self {
        let Document { searches, display } = document;
        let searches = searches.iter().map(|search| Line::new(search, &display)).collect();
        let density = if display.compact { "compact" } else { "comfortable" };
        Self { works, searches, display, form: refused.unwrap_or_else(|| Form::filled([("density", density)])) }
    }

    fn is_on(&self) -> bool {
        self.works == Works::On
    }
}

impl Line {
    pub(super) fn new(search: &Search, display: &Display) -> Self {
        Self { id: search.id, name: search.name.clone(), address: search.address(display) }
    }
}

impl FormPage {
    pub(super) fn new(works: Works, filter: &Filter, form: Form) -> Self {
        Self { works, address: filter.address(None), form }
    }

    fn is_on(&self) -> bool {
        self.works == Works::On
    }
}
