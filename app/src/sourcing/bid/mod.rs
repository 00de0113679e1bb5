//! A bid (投标): a sealed envelope for a lot, replaced or withdrawn until the deadline.
//!
//! Before the hour nobody but the bidder learns that a bid exists: its row carries a keyed hash instead of the company,
//! its event names nobody, and no page, count or search tells of it. The content is sealed on receipt to the tender's
//! key, which the program releases at the opening hour and not before (see [`super::tender::key`]); or its bidder has sealed
//! it to many hands before it came: in one request ([`enclosed`]), or committed to first and uploaded after ([`commit`], [`delivery`]).

mod agenda;
mod bidders;
mod checklist;
mod commit;
mod delivery;
pub mod draft;
mod enclosed;
pub mod envelope;
mod form;
pub mod from_library;
mod handle;
pub mod joint;
pub mod kept;
mod leaving;
mod operation;
mod page;
pub mod receipt;
mod received;
mod state;
pub mod store;

pub use bidders::{Bidder, all_bidders, bidders, incomplete, is_judging, lapsed, opened, remaining, responding};
pub use received::laid;
pub use state::State;
pub use store::Bid;

use crate::web::{Place, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/bids",
        word: "bid-place",
        icon: "bid",
        order: 40,
        under: None,
        shown: |actor| actor.member().is_some_and(|member| member.is_provider),
    }],
    files: &["bid", "bid_file"],
    waiting: Some(agenda::waiting),
    shelves: Some(agenda::shelves),
    news: Some(agenda::news),
    obstacles: Some(leaving::obstacles),
    closed: Some(leaving::closed),
    ..Room::new("bid", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/lots/{id}/bids/new", Who::Bidder, operation::form(), handle::new)
        .post("/lots/{id}/bids", Who::Bidder, operation::submit(), handle::create)
        .post("/lots/{id}/envelopes", Who::Bidder, operation::enclose(), enclosed::create)
        .post("/bids/{id}/envelopes", Who::Bidder, operation::enclose_again(), enclosed::replace)
        .get("/lots/{id}/draft", Who::Bidder, operation::draft(), draft::show)
        .post("/lots/{id}/draft", Who::Bidder, operation::draft_save(), draft::save)
        .post("/lots/{id}/draft/removal", Who::Bidder, operation::draft_remove(), draft::remove)
        .post("/lots/{id}/commitments", Who::Bidder, operation::commit(), commit::create)
        .post("/bids/{id}/commitments", Who::Bidder, operation::commit_again(), commit::replace)
        .post("/bids/{id}/uploads", Who::Bidder, operation::upload(), delivery::create)
        .get("/uploads/{id}", Who::Bidder, operation::uploaded(), delivery::show)
        .patch("/uploads/{id}", Who::Bidder, operation::upload_more(), delivery::append)
        .delete("/uploads/{id}", Who::Bidder, operation::upload_end(), delivery::end)
        .post("/uploads/{id}", Who::Bidder, operation::upload_meant(), delivery::meant)
        .get("/bids", Who::Provider, operation::list(), handle::index)
        .get("/bids/{id}", Who::Provider, operation::show(), handle::show)
        .get("/bids/{id}/receipt", Who::Provider, operation::receipt(), kept::receipt)
        .get("/bids/{id}/proof", Who::Provider, operation::proof(), kept::proof)
        .get("/bids/{id}/arrival", Who::Provider, operation::arrival(), kept::arrival)
        .get("/bids/{id}/arrival/proof", Who::Provider, operation::arrival_proof(), kept::arrival_proof)
        .get("/bids/{id}/replacement", Who::Bidder, operation::replacement(), handle::edit)
        .post("/bids/{id}/replacement", Who::Bidder, operation::replace(), handle::replace)
        .post("/bids/{id}/confirmation", Who::Bidder, operation::confirm(), handle::confirm)
        .post("/bids/{id}/withdrawal", Who::Bidder, operation::withdraw(), handle::withdraw)
}
