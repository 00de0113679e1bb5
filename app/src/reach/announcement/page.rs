//! What the pages show, and what their JSON says.

use super::store::{Announcement, State};
use crate::web::{Form, Locale, filters};
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// What was announced.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AnnouncementList")]
#[template(path = "reach/announcement/list.html")]
pub struct List {
    /// The newest first.
    pub announcements: Vec<Announcement>,
    #[serde(skip)]
    pub locale: Locale,
}

/// One announcement.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AnnouncementPage")]
#[template(path = "reach/announcement/show.html")]
pub struct Show {
    /// It.
    pub announcement: Announcement,
    #[serde(skip)]
    pub locale: Locale,
}

/// Drafts and what was published, with the form that drafts.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AnnouncementDesk")]
#[template(path = "reach/announcement/desk.html")]
pub struct Desk {
    /// The newest draft first.
    pub announcements: Vec<Announcement>,
    /// As typed.
    pub form: Form,
    #[serde(skip)]
    pub locale: Locale,
}

/// A draft with its form, or what was published.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AnnouncementEdit")]
#[template(path = "reach/announcement/edit.html")]
pub struct Edit {
    /// It.
    pub announcement: Announcement,
    /// As typed.
    pub form: Form,
    #[serde(skip)]
    pub locale: Locale,
}
