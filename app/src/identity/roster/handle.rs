//! Looking at lists, and saying what becomes of them.

use super::page::{List, Show};
use super::store::SHELF;
use super::{Import, PLACE};
use crate::app::App;
use crate::identity::listing::Summary;
use crate::web::{At, Ctx, Error, Input, Owner, Page, Saved};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::id::Id;

pub async fn index(Of(app): Of<App>, context: Ctx, owner: Owner) -> Result<Page, Error> {
    Ok(Page::new("roster", List::read(&app, &context, &owner, None).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, owner: Owner, At(id): At<Id<Import>>) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("roster-one", Show::read(&app, &context, &owner, id).await?))
}

/// The owner's word. Each row is judged again when its turn comes.
pub async fn confirm(of: Of<App>, owner: Owner, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let confirm =
        |tx: &mut Tx, owner: &Owner, id| SHELF.confirm(tx, (*owner.company.as_bytes(), owner.account()), id).map(drop);
    act(of, owner, at, input, "roster-confirmed", confirm).await
}

/// Stops one that is carried out; what is done stays. Twice is once.
pub async fn stop(of: Of<App>, owner: Owner, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let stop = |tx: &mut Tx, owner: &Owner, id| SHELF.stop(tx, *owner.company.as_bytes(), id);
    act(of, owner, at, input, "roster-stopped", stop).await
}

/// Has what is kept of it deleted now. Twice is once.
pub async fn remove(of: Of<App>, owner: Owner, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let remove = |tx: &mut Tx, owner: &Owner, id| SHELF.give_up(tx, *owner.company.as_bytes(), id);
    act(of, owner, at, input, "roster-removed", remove).await
}

/// What an act does in its unit.
type Act = fn(&mut Tx, &Owner, Id<Import>) -> Result<(), Error>;

async fn act(
    Of(app): Of<App>,
    owner: Owner,
    At(id): At<Id<Import>>,
    input: Input,
    done: &'static str,
    act: Act,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        act(tx, &owner, id)?;
        SHELF.find(tx, *owner.company.as_bytes(), id)
    };
    let list: Summary = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done={done}"), list))
}
