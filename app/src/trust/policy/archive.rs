//! The archive: every version that was announced, from when it holds or held, and what differs from the one before.

use super::difference::{Difference, differences};
use crate::app::App;
use crate::web::{At, Context, Ctx, Error, Instant, Page, Scheduled, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use policy::{Use, Version};
use schemars::JsonSchema;
use serde::Serialize;

/// How a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PolicyStanding")]
pub enum Standing {
    /// Announced, not yet in force.
    Coming,
    /// In force.
    InForce,
    /// A newer one is in force.
    Superseded,
    /// Written before this installation began; it never held here.
    Earlier,
}

impl Standing {
    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Coming => "policy-coming",
            Self::InForce => "policy-in-force",
            Self::Superseded => "policy-superseded-version",
            Self::Earlier => "policy-earlier",
        }
    }

    /// Kind and glyph of its sign.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Coming => ("warn", "hourglass"),
            Self::InForce => ("live", "ok"),
            Self::Superseded | Self::Earlier => ("", "clock"),
        }
    }

    /// Of a version; none for one that was not announced.
    pub fn of(context: &Context, version: &str) -> Option<Self> {
        let in_force = context.calendar.in_force(context.now);
        match context.calendar.of(version) {
            Some(line) if line.effective_at > context.now => Some(Self::Coming),
            Some(line) if in_force.is_some_and(|one| one.number == line.number) => Some(Self::InForce),
            Some(_) => Some(Self::Superseded),
            None => in_force.filter(|one| version < one.version.as_str()).map(|_| Self::Earlier),
        }
    }
}

/// A version in the archive.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyVersion")]
pub struct Line {
    /// Its id.
    pub version: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether it permits a use that the one before does not; such a change asks everybody anew.
    pub is_material: bool,
    /// When it was announced here.
    #[schemars(with = "Option<Instant>")]
    pub announced_at: Option<Timestamp>,
    /// From when it holds or held here.
    #[schemars(with = "Option<Instant>")]
    pub effective_at: Option<Timestamp>,
    /// Whether this process has its text; otherwise another of the installation has.
    pub is_here: bool,
}

impl Line {
    fn new(app: &App, line: &Scheduled, standing: Standing) -> Self {
        Self {
            version: line.version.clone(),
            standing,
            is_material: line.is_material,
            announced_at: Some(line.announced_at),
            effective_at: Some(line.effective_at),
            is_here: app.policies().versions().named(&line.version).is_some(),
        }
    }

    fn earlier(version: &Version) -> Self {
        let (version, standing) = (version.id.to_owned(), Standing::Earlier);
        Self { version, standing, is_material: false, announced_at: None, effective_at: None, is_here: true }
    }
}

/// The versions, the newest first.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/policy/archive.html")]
#[schemars(rename = "PolicyArchive")]
pub struct Archive {
    versions: Vec<Line>,
}

/// All that was announced, and what was written before this installation began.
pub async fn list(State(app): State<App>, context: Ctx) -> Page {
    let calendar = &context.calendar;
    let told = calendar.lines().iter().filter(|line| line.withdrawn_at.is_none());
    let known = told.filter_map(|line| Some(Line::new(&app, line, Standing::of(&context, &line.version)?)));
    let all = app.policies().versions().all().iter();
    let earlier = all.filter(|one| Standing::of(&context, one.id) == Some(Standing::Earlier)).map(Line::earlier);
    let mut versions: Vec<_> = known.chain(earlier).collect();
    versions.sort_by(|one, other| other.version.cmp(&one.version));
    Page::public("policy-versions", Archive { versions })
}

/// One use of personal data, in words.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyUse")]
pub struct Told {
    /// For what.
    pub purpose: &'static str,
    /// Which datum.
    pub field: &'static str,
    /// Who receives it.
    pub recipient: &'static str,
    /// For how long it is kept.
    pub retention: &'static str,
}

/// What a version changes of the one before it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyChange")]
pub struct Change {
    /// The version.
    pub version: &'static str,
    /// The one that it is compared with.
    pub before: &'static str,
    /// Uses that it adds; a change with any is material.
    pub added: Vec<Told>,
    /// Uses that it no longer has.
    pub dropped: Vec<Told>,
    /// Where the texts differ, in the reader's language.
    pub differences: Vec<Difference>,
}

impl Change {
    /// From one version to another, in the reader's language.
    pub fn new(app: &App, context: &Context, before: &'static Version, version: &'static Version) -> Self {
        let (lang, contact) = (context.locale.tag(), app.config().privacy_contact.as_str());
        let told = |uses: Vec<Use>| {
            let tell = |one: &Use| {
                let [purpose, field, recipient, retention] = one.words(lang);
                Told { purpose, field, recipient, retention }
            };
            uses.iter().map(tell).collect()
        };
        Self {
            version: version.id,
            before: before.id,
            added: told(version.grown(before)),
            dropped: told(before.grown(version)),
            differences: differences(&before.text(lang).shown(contact), &version.text(lang).shown(contact)),
        }
    }

    /// Against the version before it, of those that this process has.
    pub fn of(app: &App, context: &Context, version: &'static Version) -> Option<Self> {
        let mut older = app.policies().versions().all().iter().rev().skip_while(|one| one.id >= version.id);
        let before = older.find(|one| Standing::of(context, one.id).is_some())?;
        Some(Self::new(app, context, before, version))
    }

    /// Whether it asks everybody anew.
    pub fn is_material(&self) -> bool {
        !self.added.is_empty()
    }
}

/// What one version changes.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/policy/change.html")]
#[schemars(rename = "PolicyChangePage")]
pub struct ChangePage {
    #[serde(flatten)]
    line: Line,
    /// None for the first, or where this process does not have the texts.
    change: Option<Change>,
}

/// A version against the one before.
pub async fn show(State(app): State<App>, context: Ctx, At(id): At<String>) -> Result<Page, Error> {
    let standing = Standing::of(&context, &id).ok_or_else(Error::not_found)?;
    let version = app.policies().versions().named(&id);
    let change = version.and_then(|version| Change::of(&app, &context, version));
    let line = match (context.calendar.of(&id), version) {
        (Some(line), _) => Line::new(&app, line, standing),
        (None, Some(version)) => Line::earlier(version),
        (None, None) => return Err(Error::not_found()),
    };
    Ok(Page::public("policy-changes", ChangePage { line, change }))
}
