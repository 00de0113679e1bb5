//! An agreement as its readers see it: anybody, in every edition; a member accepts or comments on the same page.

use super::acceptance::Accepted;
use super::calendar::{Calendar, Line};
use super::comment::{Comment, Said};
use crate::app::App;
use crate::trust::policy::{Difference, Standing, differences};
use crate::web::{At, Context, Ctx, Error, Form, Instant, Member, Page, Who, attachment, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{Edition, Section, Terms};
use schemars::JsonSchema;
use serde::Serialize;

/// An agreement in the list.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsListed")]
struct Listed {
    terms: &'static str,
    title: &'static str,
    in_force: Option<String>,
    /// The edition that is announced.
    coming: Option<String>,
    #[schemars(with = "Option<Instant>")]
    comments_until: Option<Timestamp>,
    #[schemars(with = "Option<Instant>")]
    coming_at: Option<Timestamp>,
}

/// Every agreement and set of rules.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/terms/list.html")]
#[schemars(rename = "TermsList")]
pub struct List {
    agreements: Vec<Listed>,
    #[serde(skip)]
    is_member: bool,
}

/// All of them.
pub async fn list(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let language = context.locale.tag();
    let read = app.db().read::<_, db::Error>(move |tx| {
        let all = policy::TERMS.iter().map(|terms| {
            let (calendar, now) = (Calendar::read(tx, terms.id)?, tx.now());
            let coming = calendar.coming(now);
            Ok(Listed {
                terms: terms.id,
                title: terms.newest().text(language).title,
                in_force: calendar.in_force(now).map(|line| line.edition.clone()),
                coming: coming.map(|line| line.edition.clone()),
                comments_until: coming.and_then(|line| line.comments_until),
                coming_at: coming.map(|line| line.effective_at),
            })
        });
        all.collect::<Result<Vec<_>, db::Error>>()
    });
    let (agreements, is_member) = (read.await?, context.actor.member().is_some());
    Ok(Page::new("terms", List { agreements, is_member }))
}

/// An edition, what it changes, and what this reader may do about it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/terms/show.html")]
#[schemars(rename = "TermsPage")]
pub struct Show {
    terms: &'static str,
    edition: &'static str,
    standing: Standing,
    /// From when it holds or held here; none for one that never did.
    #[schemars(with = "Option<Instant>")]
    effective_at: Option<Timestamp>,
    /// Until when companies may comment on it.
    #[schemars(with = "Option<Instant>")]
    comments_until: Option<Timestamp>,
    language: &'static str,
    /// SHA-256 of the text as it stands here, in Markdown: what an acceptance records.
    text_sha256: String,
    contact: String,
    title: &'static str,
    sections: &'static [Section],
    /// All editions that were announced here or are older, the newest first.
    editions: Vec<&'static str>,
    /// Where it differs from the edition before.
    differences: Vec<Difference>,
    /// The company's acceptance of this edition.
    accepted: Option<Accepted>,
    /// Whether this reader is an owner of a company that may accept it now.
    may_accept: bool,
    /// Whether this reader acts for a company that may comment on it now.
    may_comment: bool,
    /// What a new comment is sent with, so that sent twice it is one.
    comment_id: Id<Comment>,
    /// What was said about it: published, or by the reader's own company; the oldest first.
    comments: Vec<Said>,
    form: Form,
}

/// What the database says of an edition, for one reader.
struct Known {
    calendar: Calendar,
    accepted: Option<Accepted>,
    comments: Vec<Said>,
}

impl Known {
    fn read(tx: &mut Tx, terms: &Terms, edition: &str, member: Option<&Member>) -> Result<Self, db::Error> {
        let calendar = Calendar::read(tx, terms.id)?;
        let number = calendar.of(edition).map(|line| line.number);
        let accepted = member.map_or(Ok(None), |member| Accepted::of(tx, member, terms.id, edition))?;
        let comments = number.map_or_else(|| Ok(Vec::new()), |number| Said::seen(tx, terms.id, number, member))?;
        Ok(Self { calendar, accepted, comments })
    }
}

/// How an edition stands; none for one that was not announced.
fn standing(calendar: &Calendar, edition: &str, now: Timestamp) -> Option<Standing> {
    let in_force = calendar.in_force(now)?;
    match calendar.of(edition) {
        Some(line) if line.number == in_force.number => Some(Standing::InForce),
        Some(line) if line.effective_at > now => Some(Standing::Coming),
        Some(_) => Some(Standing::Superseded),
        None => (edition < in_force.edition.as_str()).then_some(Standing::Earlier),
    }
}

impl Show {
    /// The edition in force.
    ///
    /// # Errors
    /// 404; 503 when this process does not have it.
    pub async fn current(app: &App, context: &Context, id: &str, form: Form) -> Result<Self, Error> {
        let line = Self::line(app, context, id, |calendar, now| calendar.in_force(now).cloned()).await?;
        let terms = policy::terms(id).ok_or_else(Error::not_found)?;
        let edition = line.and_then(|line| terms.edition(&line.edition)).ok_or_else(Error::policy_unknown_here)?;
        Self::of(app, context, terms, edition, form).await
    }

    /// The edition that is announced, if one is.
    ///
    /// # Errors
    /// 404; 503 when this process does not have it.
    pub async fn coming(app: &App, context: &Context, id: &str, form: Form) -> Result<Option<Self>, Error> {
        let line = Self::line(app, context, id, |calendar, now| calendar.coming(now).cloned()).await?;
        let terms = policy::terms(id).ok_or_else(Error::not_found)?;
        let Some(line) = line else { return Ok(None) };
        let edition = terms.edition(&line.edition).ok_or_else(Error::policy_unknown_here)?;
        Self::of(app, context, terms, edition, form).await.map(Some)
    }

    async fn line(
        app: &App,
        context: &Context,
        id: &str,
        which: impl Fn(&Calendar, Timestamp) -> Option<Line>,
    ) -> Result<Option<Line>, Error> {
        let terms = policy::terms(id).ok_or_else(Error::not_found)?;
        let calendar = app.db().read::<_, db::Error>(move |tx| Calendar::read(tx, terms.id)).await?;
        Ok(which(&calendar, context.now))
    }

    /// An edition, in the reader's language.
    async fn of(
        app: &App,
        context: &Context,
        terms: &'static Terms,
        edition: &'static Edition,
        form: Form,
    ) -> Result<Self, Error> {
        let (member, now) = (context.actor.member().cloned(), context.now);
        let (is_owner, is_agent) =
            (Who::Owner.admits(&context.actor).is_ok(), Who::Agent.admits(&context.actor).is_ok());
        let read = app.db().read::<_, db::Error>(move |tx| Known::read(tx, terms, edition.id, member.as_ref()));
        let Known { calendar, accepted, comments } = read.await?;
        let standing_of = |id: &str| standing(&calendar, id, now);
        let stands = standing_of(edition.id).ok_or_else(Error::not_found)?;
        let (text, contact) = (edition.text(context.locale.tag()), app.config().privacy_contact.clone());
        let line = calendar.of(edition.id);
        let comments_until = line.and_then(|line| line.comments_until);
        let seen = terms.editions.iter().rev().filter(|one| standing_of(one.id).is_some());
        let before = seen.clone().find(|one| one.id < edition.id);
        let shown = |one: &Edition| one.text(context.locale.tag()).shown(&contact);
        Ok(Self {
            terms: terms.id,
            edition: edition.id,
            standing: stands,
            effective_at: line.map(|line| line.effective_at),
            comments_until,
            language: text.lang,
            text_sha256: hex::encode(text.shown_sha256(&contact)),
            title: text.title,
            sections: text.sections,
            editions: seen.map(|one| one.id).collect(),
            differences: before.map_or_else(Vec::new, |before| differences(&shown(before), &shown(edition))),
            may_accept: is_owner && stands == Standing::InForce && accepted.is_none(),
            may_comment: is_agent && stands == Standing::Coming && comments_until.is_some_and(|until| now < until),
            accepted,
            comment_id: app.random().id(),
            comments,
            form,
            contact,
        })
    }

    /// The same with what was typed.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The id that the comment's form carries: the refused form's own, so that it stays one comment.
    fn key(&self) -> String {
        let typed = self.form.value("comment_id");
        if typed.is_empty() { self.comment_id.to_string() } else { typed.to_owned() }
    }
}

/// The edition in force.
pub async fn current(State(app): State<App>, context: Ctx, At(id): At<String>) -> Result<Page, Error> {
    Ok(Page::new("terms", Show::current(&app, &context, &id, Form::default()).await?))
}

/// An edition that was announced, or is older than the installation.
pub async fn edition(
    State(app): State<App>,
    context: Ctx,
    At((id, edition)): At<(String, String)>,
) -> Result<Page, Error> {
    let terms = policy::terms(&id).ok_or_else(Error::not_found)?;
    let edition = terms.edition(&edition).ok_or_else(Error::not_found)?;
    Ok(Page::new("terms", Show::of(&app, &context, terms, edition, Form::default()).await?))
}

/// The text as a file, in the reader's language: what the checksum of an acceptance is of.
pub async fn file(
    State(app): State<App>,
    context: Ctx,
    At((id, edition)): At<(String, String)>,
) -> Result<Response, Error> {
    let terms = policy::terms(&id).ok_or_else(Error::not_found)?;
    let edition = terms.edition(&edition).ok_or_else(Error::not_found)?;
    let calendar = app.db().read::<_, db::Error>(move |tx| Calendar::read(tx, terms.id)).await?;
    standing(&calendar, edition.id, context.now).ok_or_else(Error::not_found)?;
    let text = edition.text(context.locale.tag());
    let name = format!("{}-{}-{}.md", terms.id, edition.id, text.lang);
    Ok(attachment::file("text/markdown; charset=utf-8", &name, text.shown(&app.config().privacy_contact)))
}
