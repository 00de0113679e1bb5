//! What a room has for an actor's desk: what waits for them, what goes on, what is new. The desk asks every room and
//! knows none by name.

use super::actor::Actor;
use super::schema::Instant;
use super::text::Arg;
use crate::app::App;
use jiff::Timestamp;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// Asks a room what it has for an actor.
pub type Asked<T> = fn(&mut Tx, &App, &Actor) -> Result<Vec<T>, db::Error>;

/// A sentence: the key of its text, and the values inside it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The key.
    pub key: &'static str,
    /// The values.
    pub args: Vec<(&'static str, Arg)>,
}

impl Said {
    /// A sentence without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same with a value.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// Something that waits for somebody: what, until when, where and by which act it is done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Task {
    /// Key of its sentence.
    pub what: &'static str,
    /// Values inside the sentence.
    #[serde(serialize_with = "object")]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub args: Vec<(&'static str, Arg)>,
    /// Where it is done.
    pub path: String,
    /// Until when, if there is an end.
    #[schemars(with = "Option<Instant>")]
    pub due: Option<Timestamp>,
    /// Its glyph: `warn` needs you, `hourglass` waits for somebody else, `half` is in progress.
    pub glyph: &'static str,
    /// Key of the button's word.
    pub act: &'static str,
}

/// Things of an actor's that go on by themselves, under one heading.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shelf {
    /// Key of its heading.
    pub heading: &'static str,
    /// Where all of them are listed.
    pub all: &'static str,
    /// The act that puts something on it, if the actor may.
    pub start: Option<Start>,
    /// Key of what is said when it is empty.
    pub none: &'static str,
    /// The next first.
    pub items: Vec<Item>,
}

/// An act that begins something.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ShelfStart")]
pub struct Start {
    /// Where.
    pub path: &'static str,
    /// Key of the button's word.
    pub word: &'static str,
    /// Its icon.
    pub icon: &'static str,
}

/// One thing on a shelf: where it stands, what comes next and when.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ShelfItem")]
pub struct Item {
    /// Its name.
    pub title: String,
    /// Short facts: a number, a company.
    pub about: Vec<String>,
    /// Where it is read.
    pub path: String,
    /// Its state.
    pub sign: Sign,
    /// When something happens to it next, if that is known.
    #[schemars(with = "Option<Instant>")]
    pub next: Option<Timestamp>,
    /// Key of what happens next and by whom.
    pub then: &'static str,
}

/// A state as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sign {
    /// Colour: none, `live`, `warn`, `bad`.
    pub kind: &'static str,
    /// Icon.
    pub glyph: &'static str,
    /// Key of the word.
    pub word: String,
}

/// Something that has happened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct News {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Key of its sentence.
    pub what: &'static str,
    /// What it is about, in somebody's own words.
    pub about: String,
    /// Where it is read.
    pub path: String,
}

fn object<S: Serializer>(args: &[(&'static str, Arg)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(args.iter().map(|(name, value)| (name, value)))
}
