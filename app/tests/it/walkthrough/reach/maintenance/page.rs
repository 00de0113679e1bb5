//! What the pages show, and what their JSON says.

use super::window::Window;
use crate::web::{Form, filters};
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// The windows to come.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "MaintenanceList")]
#[template(path = "reach/maintenance/list.html")]
pub struct List {
    /// The next first.
    pub windows: Vec<Window>,
}

/// The form that announces one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "MaintenanceForm")]
#[template(path = "reach/maintenance/form.html")]
pub struct FormPage {
    /// As typed.
    pub form: Form,
}
