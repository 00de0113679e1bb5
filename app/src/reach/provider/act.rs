//! Publishing, taking back, and announcing the end. Each act makes the page anew in its own unit.

use super::form::{Closing, Edited};
use super::handle::{editor, today};
use super::page::{Preview, Published};
use super::profile::Profile;
use super::public::{as_if, refresh};
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::company::part::identity::Identity;
use crate::identity::company::part::{self, Kind};
use crate::web::{Actor, Ctx, Error, Form, Input, Presenter, Provider, Saved, Seen, Task};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;

/// The page as it would be. Nothing is kept.
pub async fn preview(State(app): State<App>, context: Ctx, provider: Presenter, input: Input) -> Result<Saved, Error> {
    let page = editor(&app, &context, &provider).await?;
    let company = provider.company;
    let parsed = input.parse_with_form::<Edited>();
    let (edited, _) = parsed.map_err(|refused| refused.on("provider-own", |form| page.with(form)))?;
    let form = edited.profile.form(edited.version);
    let would_be = app.db().read::<_, Error>(move |tx| as_if(tx, company, Some(edited.profile.clone()))).await?;
    let provider = would_be.ok_or_else(|| Error::forbidden("providers-only"))?;
    Ok(Saved::here("provider-preview", Preview { provider, today: today(&app, &context), form }))
}

/// Publishes what was chosen.
pub async fn publish(State(app): State<App>, context: Ctx, provider: Presenter, input: Input) -> Result<Saved, Error> {
    let page = editor(&app, &context, &provider).await?;
    let edited: Edited = input.parse().map_err(|refused| refused.on("provider-own", |form| page.with(form)))?;
    let actor = provider.clone();
    let unit = move |tx: &mut Tx| {
        actor.still(tx)?;
        store::publish(tx, actor.company, edited.version, &edited.profile)?;
        refresh(tx, actor.company)
    };
    app.db().write(unit).await?;
    saved(&app, &provider, "/company/profile?done=provider-published").await
}

/// Shows again what was shown before the newest version; before the first, nothing by choice.
pub async fn undo(State(app): State<App>, provider: Presenter, input: Input) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let actor = provider.clone();
    let unit = move |tx: &mut Tx| {
        actor.still(tx)?;
        let (newest, shown) = store::newest(tx, actor.company)?.unwrap_or_default();
        if newest != version {
            return Err(Error::stale());
        }
        let before = store::of_version(tx, actor.company, newest - 1)?.map(|(_, profile)| profile);
        let before = before.unwrap_or_default();
        if before == shown && before == Profile::default() {
            return Err(Error::conflict("provider-nothing-to-undo"));
        }
        store::publish(tx, actor.company, newest, &before)?;
        refresh(tx, actor.company)
    };
    app.db().write(unit).await?;
    saved(&app, &provider, "/company/profile?done=provider-undone").await
}

/// A sole operator's publication begins.
pub async fn begin(State(app): State<App>, provider: Presenter, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let actor = provider.clone();
    let unit = move |tx: &mut Tx| {
        actor.still(tx)?;
        let page = as_if(tx, actor.company, None)?;
        if page.is_none_or(|page| page.kind != Kind::SoleOperator) {
            return Err(Error::conflict("provider-not-sole"));
        }
        store::begin(tx, &actor)?;
        refresh(tx, actor.company)
    };
    app.db().write(unit).await?;
    saved(&app, &provider, "/company/profile?done=provider-begun").await
}

/// A sole operator's publication ends: nobody reads the page any more.
pub async fn end(State(app): State<App>, provider: Presenter, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let actor = provider.clone();
    let unit = move |tx: &mut Tx| {
        actor.still(tx)?;
        store::end(tx, &actor)?;
        refresh(tx, actor.company)
    };
    app.db().write(unit).await?;
    saved(&app, &provider, "/company/profile?done=provider-ended").await
}

/// Announces closing down, thirty days before at least.
pub async fn close(State(app): State<App>, context: Ctx, provider: Presenter, input: Input) -> Result<Saved, Error> {
    let page = editor(&app, &context, &provider).await?;
    let earliest = page.earliest_end;
    let parsed = input.parse_with_form::<Closing>().and_then(|(closing, form)| {
        if closing.closes_on < earliest { Err(form.refuse("closes_on", "closing-too-soon")) } else { Ok(closing) }
    });
    let closing = parsed.map_err(|refused| refused.on("provider-own", |form| page.with_closing(form)))?;
    set_closing(&app, &provider, Some(closing.closes_on)).await?;
    saved(&app, &provider, "/company/profile?done=provider-closing").await
}

/// Takes that back.
pub async fn go_on(State(app): State<App>, provider: Presenter, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    set_closing(&app, &provider, None).await?;
    saved(&app, &provider, "/company/profile?done=provider-going-on").await
}

async fn set_closing(app: &App, provider: &Presenter, day: Option<jiff::civil::Date>) -> Result<(), Error> {
    let actor = provider.clone();
    let unit = move |tx: &mut Tx| {
        actor.still(tx)?;
        store::set_closing(tx, &actor, day)?;
        refresh(tx, actor.company)
    };
    app.db().write(unit).await
}

async fn saved(app: &App, provider: &Presenter, location: &'static str) -> Result<Saved, Error> {
    let company = provider.company;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let version = store::newest(tx, company)?.map_or(0, |(version, _)| version);
        Ok((version, store::find(tx, company)?.is_some()))
    });
    let (version, is_public) = read.await?;
    let address = format!("/providers/{company}");
    Ok(Saved::at(location, Published { company, address, is_public, version }))
}

impl super::page::Editor {
    /// The same with the form of the profile refused.
    fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The same with the form of the notice refused.
    fn with_closing(self, closing: Form) -> Self {
        Self { closing, ..self }
    }
}

/// A sole operator whose identity is not public yet cannot be found.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(Vec::new()) };
    let reviewed = part::reviewed::<Identity>(tx, provider.company)?;
    let sole = reviewed.is_some_and(|version| version.content.kind == Kind::SoleOperator);
    if !sole || store::publication(tx, provider.company)?.is_some() {
        return Ok(Vec::new());
    }
    let (what, act) = ("provider-waiting-publication", "provider-waiting-publication-act");
    Ok(vec![Task { what, args: Vec::new(), path: "/company/profile".to_owned(), due: None, glyph: "eye", act }])
}

/// The page of a company that closes goes, with all that it chose to show.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    store::forget(tx, company)?;
    refresh(tx, company)?;
    Ok(false)
}
