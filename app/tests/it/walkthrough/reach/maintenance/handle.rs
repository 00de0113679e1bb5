//! Reading and announcing.

use super::page::{FormPage, List};
use super::store;
use super::window::Window;
use crate::app::App;
use crate::web::{Ctx, Error, Form, Input, Page, Publisher, Saved};
use axum::extract::State;
use kit::id::Id;

pub async fn index(State(app): State<App>) -> Result<Page, Error> {
    let windows = app.db().read::<_, Error>(|tx| Ok(store::coming(tx)?)).await?;
    Ok(Page::public("maintenance", List { windows }))
}

pub async fn new(State(app): State<App>, context: Ctx, _: Publisher) -> Page {
    let id: Id<Window> = Id::v7(context.now, app.random());
    Page::new("maintenance-new", FormPage { form: Form::filled([("id", id.to_string())]) })
}

pub async fn create(State(app): State<App>, publisher: Publisher, input: Input) -> Result<Saved, Error> {
    let window: Window = input.parse().map_err(|refused| refused.on("maintenance-new", |form| FormPage { form }))?;
    let announced = window.clone();
    app.db().write(move |tx| store::announce(tx, &publisher, &window)).await?;
    Ok(Saved::at("/maintenance?done=maintenance-announced", announced))
}
