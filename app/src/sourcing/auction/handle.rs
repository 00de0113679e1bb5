//! The page of a session, and offers.

use super::form::Given;
use super::offer::Asked;
use super::page::AuctionPage;
use crate::app::App;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, At, Bidder, Ctx, Error, Form, Input, Page, Saved};
use axum::extract::State;
use kit::id::Id;

/// `GET /lots/{id}/auction`.
pub async fn show(State(app): State<App>, context: Ctx, actor: Actor, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("auction", AuctionPage::read(&app, &context, actor, lot, Form::default()).await?))
}

/// `POST /lots/{id}/offers`.
pub async fn offer(
    State(app): State<App>,
    context: Ctx,
    bidder: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let actor = Actor::Member((**bidder).clone());
    let again = async |form: Form| Ok(("auction", AuctionPage::read(&app, &context, actor, lot, form).await?));
    let act = async |given: Given, form: Form| {
        let asked = Asked { app: app.clone(), bidder: bidder.clone(), lot, given, form };
        app.auctions().offer(asked).await
    };
    let accepted = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{lot}/auction?done=auction-offered"), accepted))
}
