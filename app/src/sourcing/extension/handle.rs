//! Asking, for the buyer; answering, for bidders.

use super::Extension;
use super::form::{Answered, Asked};
use super::page::{Done, FormPage, List};
use super::store;
use crate::app::App;
use crate::sourcing::tender::{Done as TenderDone, Tender};
use crate::web::{Actor, At, Bidder, Ctx, Error, Form, Input, Page, Provider, Purchaser, Saved, Who};
use axum::extract::State;
use kit::id::Id;

pub async fn new(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let row: Id<Extension> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", row.to_string())]);
    Ok(Page::new("extension-new", FormPage::read(&app, buyer, id, form, context.locale).await?))
}

pub async fn ask(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("extension-new", FormPage::read(&app, buyer.clone(), id, form, context.locale).await?));
    let act = async |asked: Asked, form: Form| {
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| store::ask(tx, &theirs, &buyer, id, (&asked, &form))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}/extensions?done=extension-asked"), TenderDone { id }))
}

pub async fn index(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    let answers = Who::Bidder.admits(&Actor::Member((*provider).clone())).is_ok();
    Ok(Page::new("extensions", List::read(&app, provider.company, (context.now, answers)).await?))
}

pub async fn answer(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Extension>>,
    input: Input,
) -> Result<Saved, Error> {
    let Answered { agrees } = input.parse()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::answer(tx, &theirs, &provider, id, agrees)).await?;
    let done = if agrees { "extension-agreed" } else { "extension-declined" };
    Ok(Saved::at(format!("/extensions?done={done}"), Done { id, agrees }))
}
