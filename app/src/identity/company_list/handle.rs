//! Looking at lists, and saying what becomes of them.

use super::PLACE;
use super::page::{List, Show};
use super::store::SHELF;
use crate::app::App;
use crate::identity::listing::{Import, Summary};
use crate::web::{Administrator, At, Ctx, Error, Input, Page, Saved};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::id::Id;

pub async fn index(Of(app): Of<App>, context: Ctx, by: Administrator) -> Result<Page, Error> {
    Ok(Page::new("company-list", List::read(&app, &context, &by, None).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, by: Administrator, At(id): At<Id<Import>>) -> Result<Page, Error> {
    Ok(Page::new("company-list-one", Show::read(&app, &context, &by, id).await?))
}

/// The administrator's word. Each row is judged again when its turn comes.
pub async fn confirm(of: Of<App>, by: Administrator, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let confirm =
        |tx: &mut Tx, by: &Administrator, id| SHELF.confirm(tx, (*by.account().as_bytes(), by.account()), id).map(drop);
    act(of, by, at, input, "company-list-confirmed", confirm).await
}

/// Stops one that is carried out; what is done stays. Twice is once.
pub async fn stop(of: Of<App>, by: Administrator, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let stop = |tx: &mut Tx, by: &Administrator, id| SHELF.stop(tx, *by.account().as_bytes(), id);
    act(of, by, at, input, "company-list-stopped", stop).await
}

/// Has what is kept of it deleted now. Twice is once.
pub async fn remove(of: Of<App>, by: Administrator, at: At<Id<Import>>, input: Input) -> Result<Saved, Error> {
    let remove = |tx: &mut Tx, by: &Administrator, id| SHELF.give_up(tx, *by.account().as_bytes(), id);
    act(of, by, at, input, "company-list-removed", remove).await
}

/// What an act does in its unit.
type Act = fn(&mut Tx, &Administrator, Id<Import>) -> Result<(), Error>;

async fn act(
    Of(app): Of<App>,
    by: Administrator,
    At(id): At<Id<Import>>,
    input: Input,
    done: &'static str,
    act: Act,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        by.still(tx)?;
        act(tx, &by, id)?;
        SHELF.find(tx, *by.account().as_bytes(), id)
    };
    let list: Summary = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done={done}"), list))
}
