//! A consortium (联合体) on its way to a bid, for one lot (招标投标法 art. 31; 实施条例 art. 37): its lead (牵头人) makes it with an agreement that
//! says who takes on what, the others accept by somebody who may bind their company, and the lead bids for all
//! ([`joint`](crate::sourcing::bid::joint)).
//!
//! Nobody but those who are named in it learns before the opening that it exists: no inbox, no mail, no page of anybody else. So who is invited
//! finds it on the desk. **An agreement is never changed**: who wants another dissolves it and makes another, before the bid or after
//! withdrawing it.

mod agenda;
mod form;
mod handle;
mod operation;
mod page;
mod store;

use crate::web::{Place, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/consortia",
        word: "consortium-place",
        icon: "bid",
        order: 42,
        under: Some("/bids"),
        shown: |actor| actor.member().is_some_and(|member| member.is_provider),
    }],
    files: &["consortium"],
    waiting: Some(agenda::waiting),
    ..Room::new("consortium", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/consortia", Who::Provider, operation::list(), handle::index)
        .get("/lots/{id}/consortia/new", Who::Bidder, operation::form(), handle::new)
        .post("/lots/{id}/consortia", Who::Bidder, operation::make(), handle::create)
        .get("/consortia/{id}", Who::Provider, operation::show(), handle::show)
        .post("/consortia/{id}/acceptance", Who::Bidder, operation::accept(), handle::accept)
        .post("/consortia/{id}/departure", Who::Bidder, operation::depart(), handle::depart)
}
