//! The frame around a page's content, and the page that a bare error gets.

use super::actor::Actor;
use super::announcement::Announcement;
use super::context::Context;
use super::error::Error;
use super::filters;
use super::level::Level;
use super::room::Place;
use super::scene::Scene;
use super::shell::led_to;
use super::text::{Locale, Words};
use super::way::local_path;
use crate::app::App;
use askama::Template;
use serde::Serialize;

/// A whole page.
#[derive(Template)]
#[template(path = "web/layout/frame.html")]
pub struct Frame<'a> {
    title: String,
    content: String,
    context: &'a Context,
    places: Vec<&'static Place>,
    tabs: Vec<&'static Place>,
    company: &'a str,
    is_signed_in: bool,
    is_operator: bool,
    is_zh: bool,
    is_demo: bool,
    operator_name: &'a str,
    other_language: String,
    done: Option<String>,
    announcements: Vec<Announcement>,
    feed: Option<String>,
}

impl<'a> Frame<'a> {
    /// The frame for this request.
    pub fn new(app: &'a App, context: &'a Context, scene: &Scene, title: String, content: String) -> Self {
        let mut places: Vec<_> =
            app.rooms().iter().flat_map(|room| room.places).filter(|place| (place.shown)(&context.actor)).collect();
        places.sort_by_key(|place| place.order);
        let tabs = tabs(&places, &context.path);
        Self {
            title,
            content,
            context,
            places,
            tabs,
            company: context.actor.member().map_or("", |member| member.company_name.as_str()),
            is_signed_in: context.actor.person().is_some(),
            is_operator: matches!(context.actor, Actor::Operator(_)),
            is_zh: context.locale == Locale::Zh,
            is_demo: app.is_demo(),
            operator_name: app.operator_name(),
            other_language: other_language(context),
            done: done(context, &scene.words),
            announcements: announcements(app, context),
            feed: None,
        }
    }

    /// With the feed that tells the same to programs.
    pub fn fed(self, feed: Option<String>) -> Self {
        Self { feed, ..self }
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// 500 when a filter fails.
    pub fn html(&self, scene: &Scene) -> Result<String, Error> {
        self.render_with_values(scene).map_err(Error::fault)
    }

    /// The page itself, to come back to.
    fn here(&self) -> String {
        if self.context.method == http::Method::GET { self.context.here() } else { "/".to_owned() }
    }

    fn is_theme(&self, value: &str) -> bool {
        self.context.theme == if value == "system" { "" } else { value }
    }

    /// The places of the frame itself.
    fn top(&self) -> impl Iterator<Item = &&'static Place> {
        self.places.iter().filter(|place| head(&self.places, place).is_none())
    }

    /// Whether the page stands in this place, or in one under it: in the nearest, where one lies in another.
    fn is_current(&self, place: &Place) -> bool {
        let nearest = self.places.iter().filter(|one| self.is_in(one)).max_by_key(|one| one.path.len());
        nearest.is_some_and(|nearest| nearest.path == place.path || nearest.under == Some(place.path))
    }

    fn is_in(&self, place: &Place) -> bool {
        let path = self.context.path.as_str();
        path == place.path
            || (place.path != "/" && path.starts_with(place.path) && path[place.path.len()..].starts_with('/'))
    }
}

/// The place that one stands under, where this reader is shown it: a duty may open the tab and not the place.
fn head(places: &[&'static Place], place: &Place) -> Option<&'static str> {
    place.under.filter(|under| places.iter().any(|one| one.path == *under))
}

/// The place that is shown and those that stand with it under the same one; none where nothing does.
fn tabs(places: &[&'static Place], path: &str) -> Vec<&'static Place> {
    let Some(shown) = places.iter().find(|place| place.path == path) else { return Vec::new() };
    let head = head(places, shown).unwrap_or(shown.path);
    let tabs: Vec<_> = places.iter().copied().filter(|place| place.path == head || place.under == Some(head)).collect();
    if tabs.len() > 1 { tabs } else { Vec::new() }
}

/// The same address in the other language.
fn other_language(context: &Context) -> String {
    let other = if context.locale == Locale::Zh { Locale::En } else { Locale::Zh };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(context.query.as_bytes()).filter(|(name, _)| name != "lang") {
        query.append_pair(&name, &value);
    }
    query.append_pair("lang", other.tag());
    let path = local_path(&context.path).unwrap_or_else(|_| "/".to_owned());
    format!("{path}?{}", query.finish())
}

/// What the rooms have to say to this reader.
fn announcements(app: &App, context: &Context) -> Vec<Announcement> {
    let rooms = app.rooms().iter().filter_map(|room| room.announces);
    rooms.flat_map(|announce| announce(app, context)).collect()
}

/// What has just been done, when the address says so by a code that has a text (`done-<code>`).
fn done(context: &Context, words: &Words) -> Option<String> {
    let code = url::form_urlencoded::parse(context.query.as_bytes()).find(|(name, _)| name == "done")?.1;
    let known = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if known { words.find(&format!("done-{code}"), &[]) } else { None }
}

/// An error that has no page of its own.
#[derive(Template, Serialize)]
#[template(path = "web/layout/trouble.html")]
pub struct Trouble {
    code: &'static str,
    status: u16,
    what: String,
    way_out: String,
    /// Where what it asks can be met.
    #[serde(skip)]
    way: Option<String>,
    request: String,
    problems: Vec<super::form::Problem>,
    /// Key of the level that was missing.
    level: Option<&'static str>,
}

impl Trouble {
    /// What happened, why, and what to do.
    pub fn new(error: &Error, words: &Words, context: &Context) -> Self {
        let way_out = words.find(&format!("error-{}-way-out", error.code), &error.args);
        Self {
            code: error.code,
            status: error.status.as_u16(),
            what: words.text(&format!("error-{}", error.code), &error.args),
            way_out: way_out.unwrap_or_default(),
            way: led_to(context, error).or_else(|| error.way.map(str::to_owned)),
            request: context.request.to_string(),
            problems: error.form.as_ref().map(|form| form.problems().to_vec()).unwrap_or_default(),
            level: error.level.map(Level::word),
        }
    }
}
