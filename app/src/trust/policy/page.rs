//! A version as its readers see it.

use super::archive::Standing;
use crate::app::App;
use crate::web::{At, Context, Ctx, Error, Page, Scheduled, attachment, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use policy::{Block, Section, Span, Version};
use schemars::JsonSchema;
use serde::Serialize;

/// A version in one language, with the contact filled in.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "PolicyText")]
pub struct Shown {
    /// The version's id: what a form sends back.
    pub version: &'static str,
    /// The first day on which it holds, in the installation's zone; none for one that never held here.
    pub effective: Option<String>,
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
    ///
    /// # Errors
    /// 503 when this process does not have it.
    pub fn in_force(app: &App, context: &Context) -> Result<Self, Error> {
        Ok(Self::of(app, app.policies().in_force(&context.calendar, context.now)?, context))
    }

    /// A version, in the reader's language.
    pub fn of(app: &App, version: &'static Version, context: &Context) -> Self {
        let text = version.text(context.locale.tag());
        let day = |line: &Scheduled| line.effective_at.to_zoned_datetime(app.zone()).date().to_string();
        let contact = app.config().privacy_contact.clone();
        Self {
            version: version.id,
            effective: context.calendar.of(version.id).map(day),
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
    /// How it stands.
    standing: Standing,
    /// All versions, the newest first.
    versions: Vec<&'static str>,
}

impl Show {
    fn new(app: &App, version: &'static Version, context: &Context) -> Self {
        let holds = context.calendar.in_force(context.now).is_some_and(|line| line.version == version.id);
        let versions = app.policies().versions().all().iter().rev();
        let seen = versions.filter(|one| Standing::of(context, one.id).is_some());
        Self {
            policy: Shown::of(app, version, context),
            is_current: holds,
            standing: Standing::of(context, version.id).unwrap_or(Standing::Earlier),
            versions: seen.map(|one| one.id).collect(),
        }
    }
}

/// The version in force.
pub async fn current(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let version = app.policies().in_force(&context.calendar, context.now)?;
    Ok(Page::public("policy", Show::new(&app, version, &context)))
}

/// The text as a file, in the reader's language: what the checksum of an agreement is of.
pub async fn file(State(app): State<App>, context: Ctx, At(id): At<String>) -> Result<Response, Error> {
    let version = app.policies().versions().named(&id).filter(|one| Standing::of(&context, one.id).is_some());
    let text = version.ok_or_else(Error::not_found)?.text(context.locale.tag());
    let name = format!("policy-{id}-{}.md", text.lang);
    Ok(attachment::file("text/markdown; charset=utf-8", &name, text.shown(&app.config().privacy_contact)))
}

/// A version that was announced, or is older than the installation.
pub async fn version(State(app): State<App>, context: Ctx, At(id): At<String>) -> Result<Page, Error> {
    let version = app.policies().versions().named(&id).filter(|one| Standing::of(&context, one.id).is_some());
    Ok(Page::public("policy", Show::new(&app, version.ok_or_else(Error::not_found)?, &context)))
}
