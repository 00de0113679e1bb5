//! A bid (投标): a sealed envelope for a lot, replaced or withdrawn until the deadline.
//!
//! Before the hour nobody but the bidder learns that a bid exists: its row carries a keyed hash instead of the company,
//! its event names nobody, and no page, count or search tells of it. The content is sealed on receipt to the tender's
//! key, which the program releases at the opening hour and not before (see [`super::tender::key`]).

pub mod envelope;
mod form;
mod handle;
mod page;
pub mod receipt;
mod state;
pub mod store;

pub use state::State;
pub use store::Bid;

use crate::app::App;
use crate::sourcing::tender;
use crate::web::{Actor, Place, Provider, Room, Routes, Task, Texts, Who};
use kit::db::{self, Tx};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/bids",
        word: "bid-place",
        icon: "bid",
        order: 40,
        shown: |actor| actor.member().is_some_and(|member| member.is_provider),
    }],
    waiting: Some(waiting),
    ..Room::new("bid", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/lots/{id}/bids/new", Who::Provider, handle::new)
        .post("/lots/{id}/bids", Who::Provider, handle::create)
        .get("/bids", Who::Provider, handle::index)
        .get("/bids/{id}", Who::Provider, handle::show)
        .get("/bids/{id}/receipt", Who::Provider, handle::receipt)
        .get("/bids/{id}/replacement", Who::Provider, handle::edit)
        .post("/bids/{id}/replacement", Who::Provider, handle::replace)
        .post("/bids/{id}/withdrawal", Who::Provider, handle::withdraw)
}

/// The provider's sealed bids that can still be changed, by deadline.
fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(Vec::new()) };
    let open = tender::store::list_open(tx)?;
    let ids: Vec<_> = open.iter().map(|tender| tender.id).collect();
    let sealed = store::of_tenders(tx, app, &provider, &ids)?.into_iter().filter(|bid| bid.state == State::Sealed);
    let task = |bid: Bid| {
        let tender = open.iter().find(|tender| tender.id == bid.tender)?;
        Some(Task {
            what: "bid-waiting",
            args: vec![("title", tender.title.clone().into())],
            path: format!("/bids/{}", bid.id),
            due: Some(tender.deadline),
            glyph: "lock",
        })
    };
    Ok(sealed.filter_map(task).collect())
}
