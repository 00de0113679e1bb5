//! One view model, two renderings: what a handler returns before it is known who reads it.

use super::text::Arg;
use askama::{Template, Values};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// A view model: serialisable, and with a template beside it.
pub trait View: Send + Sync + 'static {
    /// The content as HTML, without the frame.
    ///
    /// # Errors
    /// [`askama::Error`] of a filter.
    fn html(&self, values: &dyn Values) -> askama::Result<String>;

    /// The same as JSON.
    ///
    /// # Errors
    /// [`serde_json::Error`].
    fn json(&self) -> serde_json::Result<Vec<u8>>;
}

impl<V: Template + Serialize + Send + Sync + 'static> View for V {
    fn html(&self, values: &dyn Values) -> askama::Result<String> {
        self.render_with_values(values)
    }

    fn json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

/// The title of a page: the key of a text, a text with a value, or a person's own words.
#[derive(Clone, Debug)]
pub enum Title {
    /// Key of a text.
    Key(&'static str),
    /// Key of a text with values.
    With(&'static str, Vec<(&'static str, Arg)>),
    /// As it is.
    Own(String),
}

impl From<&'static str> for Title {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}
impl From<String> for Title {
    fn from(text: String) -> Self {
        Self::Own(text)
    }
}

/// What the render layer finds in a response.
#[derive(Clone)]
pub struct Unrendered {
    /// The page's title.
    pub title: Title,
    /// The view model.
    pub view: Arc<dyn View>,
    /// Where a browser goes after a successful POST.
    pub location: Option<String>,
    /// Public pages may be kept by caches that honour `Vary`; all others are `no-store`.
    pub public: bool,
    /// The address of the feed that tells the same to programs.
    pub feed: Option<String>,
}

impl Unrendered {
    /// A page that is neither public nor the answer to a POST.
    pub fn new(title: Title, view: Arc<dyn View>) -> Self {
        Self { title, view, location: None, public: false, feed: None }
    }
}

/// Marks an answer whose language stands in its address alone: no cookie keeps it.
#[derive(Clone, Copy)]
pub struct InAddress;

/// Marks an answer that a page asks for by itself, and no person: it is no use of the platform of its own.
#[derive(Clone, Copy)]
pub struct Background;

/// A page to be read.
pub struct Page(Unrendered);

impl Page {
    /// A page with its title.
    pub fn new(title: impl Into<Title>, view: impl View) -> Self {
        Self(Unrendered::new(title.into(), Arc::new(view)))
    }

    /// A page that anybody may read: it must show the same to all.
    pub fn public(title: impl Into<Title>, view: impl View) -> Self {
        let mut page = Self::new(title, view);
        page.0.public = true;
        page
    }
}

impl Page {
    /// With the feed that tells the same to programs.
    #[must_use]
    pub fn fed(mut self, feed: String) -> Self {
        self.0.feed = Some(feed);
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        carry(StatusCode::OK, self.0)
    }
}

/// The answer to an act: a browser is sent to where the result is seen, an integrator gets it at once (201).
pub struct Saved(Unrendered);

impl Saved {
    /// The result and its address (a path of ours).
    pub fn at(location: impl Into<String>, view: impl Serialize + Send + Sync + 'static) -> Self {
        let mut result = Unrendered::new(Title::Key("done"), Arc::new(Result(view)));
        result.location = Some(location.into());
        Self(result)
    }

    /// The result, shown at once to a browser too: what can be seen this one time only.
    pub fn here(title: impl Into<Title>, view: impl View) -> Self {
        Self(Unrendered::new(title.into(), Arc::new(view)))
    }
}

impl IntoResponse for Saved {
    fn into_response(self) -> Response {
        carry(StatusCode::CREATED, self.0)
    }
}

/// A result that has no page of its own.
struct Result<S>(S);

impl<S: Serialize + Send + Sync + 'static> View for Result<S> {
    fn html(&self, _: &dyn Values) -> askama::Result<String> {
        Ok(String::new())
    }

    fn json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&self.0)
    }
}

fn carry(status: StatusCode, content: Unrendered) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.extensions_mut().insert(content);
    response
}
