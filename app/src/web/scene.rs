//! What a template may ask for while it is rendered: words, time, and the token of its forms.

use super::text::Words;
use askama::Values;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};

/// The surroundings of one rendering.
pub struct Scene {
    /// Texts in the reader's language.
    pub words: Words,
    /// The installation's zone: all times are shown in it.
    pub zone: TimeZone,
    /// When the request was received.
    pub now: Timestamp,
    token: String,
    token_used: AtomicBool,
}

impl Scene {
    /// The surroundings for one response.
    pub fn new(words: Words, zone: TimeZone, now: Timestamp, token: String) -> Self {
        Self { words, zone, now, token, token_used: AtomicBool::new(false) }
    }

    /// The token that a form must carry. Notes that the page has a form, and so needs the cookie it belongs to.
    pub fn token(&self) -> &str {
        self.token_used.store(true, Ordering::Relaxed);
        &self.token
    }

    /// Whether the page has a form.
    pub fn token_used(&self) -> bool {
        self.token_used.load(Ordering::Relaxed)
    }
}

impl Values for Scene {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "scene").then_some(self)
    }
}

/// The scene behind the runtime values of a template.
///
/// # Errors
/// [`askama::Error`] when a template is rendered without one.
pub fn of(values: &dyn Values) -> askama::Result<&Scene> {
    askama::get_value(values, "scene")
}
