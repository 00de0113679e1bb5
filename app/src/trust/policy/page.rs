//! A version as its readers see it.

use crate::app::App;
use crate::web::{At, Ctx, Error, Locale, Page, filters};
use askama::Template;
use axum::extract::State;
use policy::{Block, Section, Span, Version};
use schemars::JsonSchema;
use serde::Serialize;

/// A version in one language, with the contact filled in.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "PolicyText")]
pub struct Shown {
    /// The version's id: what a form sends back.
    pub version: &'static str,
    /// The first day on which it holds.
    pub effective: &'static str,
    /// The language of this text.
    pub language: &'static str,
    /// SHA-256 of the text as it stands here, in Markdown: what an agreement records.
    pub text_sha256: String,
    /// How to reach the personal information officer.
    pub contact: String,
    /// The heading.
    pub title: &'static str,
    /// The whole text.
    pub sections: &'static [Section],
}

impl Shown {
    /// The version in force.
    pub fn current(app: &App, locale: Locale) -> Self {
        Self::of(app, policy::current(), locale)
    }

    fn of(app: &App, version: &'static Version, locale: Locale) -> Self {
        let text = version.text(locale.tag());
        let contact = app.config().privacy_contact.clone();
        Self {
            version: version.id,
            effective: version.effective,
            language: text.lang,
            text_sha256: hex::encode(text.shown_sha256(&contact)),
            contact,
            title: text.title,
            sections: text.sections,
        }
    }

    /// The weighty terms that are whole sentences, with the number of their section.
    pub fn weighty(&self) -> Vec<(u32, &'static str)> {
        let spans = |block: &'static Block| -> Vec<&'static Span> {
            match block {
                Block::Paragraph(spans) => spans.iter().collect(),
                Block::List(items) => items.iter().flat_map(|item| item.iter()).collect(),
            }
        };
        let weighty = |span: &&'static Span| match span {
            // A full stop alone is what a name in the middle has left of a sentence.
            Span::Weighty(text) if text.ends_with(['。', '.']) && text.chars().count() > 1 => Some(*text),
            _ => None,
        };
        let of = |section: &'static Section| {
            let spans = section.blocks.iter().flat_map(spans);
            spans.filter_map(move |span| weighty(&span)).map(|text| (section.number, text)).collect::<Vec<_>>()
        };
        self.sections.iter().flat_map(of).collect()
    }
}

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/policy/show.html")]
#[schemars(rename = "PolicyPage")]
pub struct Show {
    #[serde(flatten)]
    policy: Shown,
    /// The version in force.
    is_current: bool,
    /// All versions, the newest first.
    versions: Vec<&'static str>,
}

impl Show {
    fn new(app: &App, version: &'static Version, locale: Locale) -> Self {
        Self {
            policy: Shown::of(app, version, locale),
            is_current: version.id == policy::current().id,
            versions: policy::VERSIONS.iter().rev().map(|version| version.id).collect(),
        }
    }
}

/// The version in force.
pub async fn current(State(app): State<App>, context: Ctx) -> Page {
    Page::public("policy", Show::new(&app, policy::current(), context.locale))
}

/// Any version.
pub async fn version(State(app): State<App>, context: Ctx, At(id): At<String>) -> Result<Page, Error> {
    let version = policy::version(&id).ok_or_else(Error::not_found)?;
    Ok(Page::public("policy", Show::new(&app, version, context.locale)))
}
