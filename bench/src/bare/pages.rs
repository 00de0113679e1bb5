//! The bare server: a constant, the list, one notice; the latter two by the program's own templates.

use super::Store;
use app::reach::notice::{Filter, Line, List, Notice, Show};
use app::web::text::{Catalogue, Locale, Words};
use app::web::{Scene, View};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;
use std::sync::Arc;

/// How many notices the list says there are.
pub const TOTAL: usize = 10_000;

/// What the pages are made from.
#[derive(Clone)]
pub struct Pages {
    /// The rows.
    pub store: Store,
    /// The words of the templates.
    pub catalogue: Arc<Catalogue>,
    /// The zone of times.
    pub zone: TimeZone,
    /// When the pages are asked for.
    pub now: Timestamp,
}

impl Pages {
    /// `/hello`, `/list`, `/read/{id}`.
    pub fn router(self) -> Router {
        let router = Router::new().route("/hello", get(async || "hello")).route("/list", get(list));
        router.route("/read/{id}", get(read)).with_state(self)
    }

    fn render(&self, view: &impl View) -> Html<String> {
        let words = Words::new(self.catalogue.clone(), Locale::Zh);
        let scene = Scene::new(words, self.zone.clone(), self.now, String::new());
        Html(view.html(&scene).expect("the template renders"))
    }
}

async fn list(State(pages): State<Pages>) -> Html<String> {
    let notices = pages.store.list().await.into_iter().map(|row| Line::new(row, None)).collect();
    let next = Some("/notices?after=next".to_owned());
    pages.render(&List { filter: Filter::default(), total: TOTAL, notices, next, first: true, now: pages.now })
}

async fn read(State(pages): State<Pages>, Path(id): Path<Id<Notice>>) -> Html<String> {
    let notice = pages.store.one(*id.as_bytes()).await;
    pages.render(&Show::new(notice, Vec::new(), pages.now))
}
