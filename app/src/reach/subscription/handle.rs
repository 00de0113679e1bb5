//! The person's own page, and what it sends.

use super::page::{Kept, Own};
use super::store::{self, Row};
use super::wanted::Wanted;
use super::{PLACE, PURPOSE, WANTED};
use crate::app::App;
use crate::trust::consent::Works;
use crate::web::{Context, Ctx, Error, Form, Input, Member, Page, Person, Saved};
use axum::extract::State;
use kit::db;
use policy::purpose;
use vault::Grant;

pub(super) async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("subscription", own(&app, &context, person, None).await?))
}

pub(super) async fn want(State(app): State<App>, context: Ctx, member: Member, input: Input) -> Result<Saved, Error> {
    let person = *member;
    let again = async |form| Ok(("subscription", own(&app, &context, person, Some(form)).await?));
    let wanted: Wanted = input.parse_on(again).await?;
    let id = app.random().id();
    let sealed = app.vault().seal(WANTED, member.subject(), id, &wanted.to_seal()?).await?;
    app.db().write::<_, Error>(move |tx| store::keep(tx, &member, id, &sealed)).await?;
    Ok(Saved::at(format!("{PLACE}?done=subscription-kept"), Kept { wanted }))
}

/// The page. What is wanted is opened while the function works, and only then.
async fn own(app: &App, context: &Context, person: Person, refused: Option<Form>) -> Result<Own, Error> {
    let company = context.actor.member().map(|member| member.company);
    let read = app.db().read::<_, db::Error>(move |tx| {
        let works = Works::read(tx, PURPOSE, person.subject(), company)?;
        let row = if works == Works::On { store::of(tx, person.subject())? } else { None };
        Ok((works, row))
    });
    let (works, row) = read.await?;
    let wanted = match row {
        Some(row) => Some(open(app, context, person, &row).await?),
        None => None,
    };
    Ok(Own::new(works, wanted, refused))
}

async fn open(app: &App, context: &Context, person: Person, row: &Row) -> Result<Wanted, Error> {
    let grant = Grant::<purpose::Subscription, _>::new(&person, context.request);
    Wanted::of(&app.vault().open(&grant, &row.wanted).await?)
}
