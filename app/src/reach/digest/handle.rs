//! The person's own page, and what it sends.

use super::followed::Followed;
use super::page::{Kept, Own};
use super::store::{self, Row};
use super::{FOLLOWED, PLACE, PURPOSE, week};
use crate::app::App;
use crate::trust::consent::Works;
use crate::web::{Context, Ctx, Error, Form, Input, Member, Page, Person, Saved};
use axum::extract::State;
use kit::db;
use policy::purpose;
use vault::Grant;

pub(super) async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("digest", own(&app, &context, person, None).await?))
}

pub(super) async fn follow(State(app): State<App>, context: Ctx, member: Member, input: Input) -> Result<Saved, Error> {
    let person = *member;
    let again = async |form| Ok(("digest", own(&app, &context, person, Some(form)).await?));
    let followed: Followed = input.parse_on(again).await?;
    let id = app.random().id();
    let sealed = app.vault().seal(FOLLOWED, member.subject(), id, &followed.to_seal()?).await?;
    app.db().write::<_, Error>(move |tx| store::keep(tx, &member, id, &sealed)).await?;
    let kept = Kept { followed, next_at: week::after(context.now, &app.zone()) };
    Ok(Saved::at(format!("{PLACE}?done=digest-kept"), kept))
}

/// The page. What is followed is opened while the function works, and only then.
async fn own(app: &App, context: &Context, person: Person, refused: Option<Form>) -> Result<Own, Error> {
    let company = context.actor.member().map(|member| member.company);
    let read = app.db().read::<_, db::Error>(move |tx| {
        let works = Works::read(tx, PURPOSE, person.subject(), company)?;
        let row = if works == Works::On { store::of(tx, person.subject())? } else { None };
        Ok((works, row))
    });
    let (works, row) = read.await?;
    let followed = match row {
        Some(row) => Some(open(app, context, person, &row).await?),
        None => None,
    };
    Ok(Own::new(works, followed, refused, week::after(context.now, &app.zone())))
}

async fn open(app: &App, context: &Context, person: Person, row: &Row) -> Result<Followed, Error> {
    let grant = Grant::<purpose::Digest, _>::new(&person, context.request);
    Followed::of(&app.vault().open(&grant, &row.followed).await?)
}
