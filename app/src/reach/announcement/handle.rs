//! Reading, drafting, publishing, withdrawing.

use super::form::{Changed, Wanted};
use super::page::{Desk, Edit, List, Show};
use super::store::{self, Announcement, Marker};
use crate::app::App;
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, Publisher, Saved, Seen};
use axum::extract::State;
use kit::db;
use kit::id::Id;

/// What was announced.
pub async fn index(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let announcements = app.db().read::<_, db::Error>(store::published).await?;
    Ok(Page::public("announcement", List { announcements, locale: context.locale }))
}

/// One of them.
pub async fn show(State(app): State<App>, context: Ctx, At(id): At<Id<Marker>>) -> Result<Page, Error> {
    let announcement = app.db().read(move |tx| store::public(tx, id)).await?;
    let title = announcement.title(context.locale).to_owned();
    Ok(Page::public(title, Show { announcement, locale: context.locale }))
}

/// All of them, for the publisher.
pub async fn desk(State(app): State<App>, context: Ctx, publisher: Publisher) -> Result<Page, Error> {
    Ok(Page::new("announcement-desk", all(&app, &context, &publisher, Form::default()).await?))
}

async fn all(app: &App, context: &Context, publisher: &Publisher, form: Form) -> Result<Desk, Error> {
    let publisher = publisher.clone();
    let announcements = app.db().read::<_, db::Error>(move |tx| store::all(tx, &publisher)).await?;
    let is_new = form.value("id").is_empty();
    let form = if is_new { form.with("id", Id::<Marker>::v7(context.now, app.random()).to_string()) } else { form };
    Ok(Desk { announcements, form, locale: context.locale })
}

/// Drafts one.
pub async fn draft(State(app): State<App>, context: Ctx, publisher: Publisher, input: Input) -> Result<Saved, Error> {
    let again = async |form| Ok(("announcement-desk", all(&app, &context, &publisher, form).await?));
    let drafted = input.act_on(again, async |wanted: Wanted, form: Form| {
        if wanted.words.ends_at <= context.now {
            return Err(form.refuse("ends_at", "announcement-end"));
        }
        let by = publisher.clone();
        app.db().write(move |tx| store::draft(tx, &by, &wanted)).await
    });
    let drafted = drafted.await?;
    Ok(Saved::at(format!("/desk/announcements/{}?done=announcement-drafted", drafted.id), drafted))
}

/// A draft with its form.
pub async fn edit(
    State(app): State<App>,
    context: Ctx,
    publisher: Publisher,
    At(id): At<Id<Marker>>,
) -> Result<Page, Error> {
    let page = one(&app, &context, &publisher, id, None).await?;
    Ok(Page::new(page.announcement.title(context.locale).to_owned(), page))
}

async fn one(
    app: &App,
    context: &Context,
    publisher: &Publisher,
    id: Id<Marker>,
    form: Option<Form>,
) -> Result<Edit, Error> {
    let publisher = publisher.clone();
    let announcement = app.db().read(move |tx| store::find(tx, &publisher, id)).await?;
    let form = form.unwrap_or_else(|| filled(&announcement));
    Ok(Edit { announcement, form, locale: context.locale })
}

fn filled(one: &Announcement) -> Form {
    Form::filled([
        ("title_zh", one.title_zh.clone()),
        ("title_en", one.title_en.clone()),
        ("body_zh", one.body_zh.clone()),
        ("body_en", one.body_en.clone()),
        ("ends_at", one.ends_at.to_string()),
        ("version", one.version.to_string()),
    ])
}

/// Changes a draft.
pub async fn change(
    State(app): State<App>,
    context: Ctx,
    publisher: Publisher,
    At(id): At<Id<Marker>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("announcement-desk", one(&app, &context, &publisher, id, Some(form)).await?));
    let changed = input.act_on(again, async |wanted: Changed, form: Form| {
        if wanted.words.ends_at <= context.now {
            return Err(form.refuse("ends_at", "announcement-end"));
        }
        let by = publisher.clone();
        app.db().write(move |tx| store::change(tx, &by, id, &wanted)).await
    });
    Ok(Saved::at(format!("/desk/announcements/{id}?done=announcement-changed"), changed.await?))
}

/// Publishes a draft.
pub async fn publish(
    State(app): State<App>,
    publisher: Publisher,
    At(id): At<Id<Marker>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let published = app.db().write(move |tx| store::publish(tx, &publisher, id, version)).await?;
    app.board().forget();
    Ok(Saved::at("/desk/announcements?done=announcement-published", published))
}

/// Withdraws one.
pub async fn withdraw(
    State(app): State<App>,
    publisher: Publisher,
    At(id): At<Id<Marker>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let withdrawn = app.db().write(move |tx| store::withdraw(tx, &publisher, id)).await?;
    app.board().forget();
    Ok(Saved::at("/desk/announcements?done=announcement-withdrawn", withdrawn))
}
