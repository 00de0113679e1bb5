//! What the pages show, and what their JSON says.

use super::channel::Channel;
use super::kind::{ALL, About, Kind, Need};
use super::store::{Kept, Notification};
use crate::web::text::Words;
use crate::web::{Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A notification.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "Notification")]
pub struct Line {
    /// Its id.
    pub id: Id<Notification>,
    /// The code of its kind.
    pub kind: &'static str,
    /// What it is about.
    pub about: About,
    /// What happened, in a sentence.
    pub told: String,
    /// Where it leads.
    pub path: String,
    /// When; of several events the last.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// How many events it tells of.
    pub times: i64,
    /// Whether it has been read.
    pub read: bool,
    /// Whether it cannot be switched off.
    pub needed: bool,
}

impl Line {
    /// In the reader's language.
    pub fn new(kept: &Kept, words: &Words) -> Self {
        let kind = kept.told.kind;
        Self {
            id: kept.id,
            kind: kind.code,
            about: kind.about,
            told: kept.told.line(words),
            path: kept.told.path(),
            at: kept.at,
            times: kept.told.times,
            read: kept.read_at.is_some(),
            needed: kind.need == Need::Needed,
        }
    }
}

/// An inbox: what has not been read first.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "Inbox")]
#[template(path = "reach/inbox/list.html")]
pub struct List {
    /// Not read yet, the newest first.
    pub unread: Vec<Line>,
    /// Read, the newest first.
    pub read: Vec<Line>,
    /// What is shown only, where one is asked for.
    pub about: Option<About>,
    /// How many are not read, whatever is shown; 100 stands for more, too.
    pub count: i64,
    /// When this was read: by it all are noted as read, and what comes later is not.
    #[schemars(with = "Instant")]
    pub now: Timestamp,
    /// Where more that is not read is.
    pub more: Option<String>,
    /// Where more that was read is.
    pub next: Option<String>,
    /// The instant by which the last noting of all is undone.
    #[schemars(with = "Option<Instant>")]
    pub undo: Option<Timestamp>,
}

impl List {
    fn groups(&self) -> [About; 8] {
        About::ALL
    }

    fn is_of(&self, about: &About) -> bool {
        self.about.as_ref() == Some(about)
    }

    fn is_empty(&self) -> bool {
        self.unread.is_empty() && self.read.is_empty()
    }
}

/// Noted as read, or as not read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InboxMarked")]
pub struct Marked {
    /// How many.
    pub count: u64,
    /// When; by it the act is undone.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// A kind as its person chooses about it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InboxKind")]
pub struct Choice {
    /// Its code.
    pub kind: &'static str,
    /// What it is about.
    pub about: About,
    /// Whether it cannot be switched off.
    pub needed: bool,
    /// How it goes by each way.
    pub ways: Vec<Way>,
}

/// How a kind goes by a way.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InboxWay")]
pub struct Way {
    /// Which.
    pub channel: Channel,
    /// Whether it goes.
    pub on: bool,
    /// Whether it can be switched.
    pub free: bool,
}

impl Way {
    /// As a form's field says it.
    fn value(&self, kind: &str) -> String {
        format!("{kind}.{}", self.channel.code())
    }
}

impl Choice {
    fn name(&self) -> String {
        format!("inbox-kind-{}", self.kind)
    }

    fn hint(&self) -> Option<&'static str> {
        match Kind::of(self.kind)?.need {
            Need::InboxFirst if self.kind == "tender-failed" => Some("inbox-hint-inbox-first"),
            Need::InboxOnly => Some("inbox-hint-inbox-only"),
            Need::Chosen => Some("inbox-hint-chosen"),
            Need::InboxFirst | Need::Needed | Need::Wanted => None,
        }
    }
}

/// By which ways a person is told of what.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "InboxChoices")]
#[template(path = "reach/inbox/choices.html")]
pub struct Choices {
    /// Every kind, in the order of the page.
    pub kinds: Vec<Choice>,
    /// What the person's application for push messages subscribes to; none where there is no server for it.
    pub push_topic: Option<String>,
}

impl Choices {
    /// Of what is on.
    pub fn new(on: &[(&'static Kind, Channel)], push_topic: Option<String>) -> Self {
        let is_on = |kind: &Kind, channel| on.iter().any(|(is, by)| is.code == kind.code && *by == channel);
        let kinds = ALL.iter().map(|kind| Choice {
            kind: kind.code,
            about: kind.about,
            needed: kind.need == Need::Needed,
            ways: Channel::ALL
                .map(|channel| Way { channel, on: is_on(kind, channel), free: kind.is_free(channel) })
                .into(),
        });
        Self { kinds: kinds.collect(), push_topic }
    }

    fn groups(&self) -> [About; 8] {
        About::ALL
    }

    fn channels(&self) -> [Channel; 4] {
        Channel::ALL
    }

    fn of<'c>(&'c self, about: &About) -> Vec<&'c Choice> {
        self.kinds.iter().filter(|choice| choice.about == *about).collect()
    }
}
