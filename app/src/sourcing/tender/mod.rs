//! A tender (招标): what a buyer wants, in lots, under a method's profile, until a deadline.
//!
//! A draft is its buyer's own; published, it is public and sealed to a key of its own. What time does to it is a pure
//! function ([`timeline`]); the clock engine applies it. Bids, the opening and the award are rooms of their own.

mod again;
mod agenda;
mod approve;
pub mod auction;
mod clock;
pub mod criteria;
pub mod document;
mod draft;
pub mod event;
pub mod finals;
mod form;
mod handle;
pub mod hands;
pub mod key;
mod leaving;
mod listed;
pub mod lot;
pub mod named;
pub mod of_list;
mod operation;
mod page;
pub mod standstill;
pub mod store;
#[expect(clippy::module_inception, reason = "the room and its row have the field's one name")]
mod tender;
pub mod terms;
mod unopened;
pub mod witness;
mod witnessing;

#[cfg(test)]
mod tests;

pub use again::{Reference, earlier, later, referred};
pub use approve::amount;
pub use clock::{OPENING, catch_up, move_on, overdue_since, set_lot};
pub use document::newest_blobs;
pub use draft::{Made, create_again, create_of};
pub use form::local;
pub use handle::{Done, numbered};
pub use hands::Hands;
pub use lot::Lot;
pub use page::{Named, category_named, region_named};
pub use tender::{Due, State, Tender, Unready, auction_too_soon, next_check, timeline, unready};
pub use unopened::{destroy_terminated, forget_drafts};

use crate::discard;
use crate::web::{Actor, Place, Room, Routes, Texts, Who, Work};

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/tenders",
            word: "tender-place",
            icon: "tender",
            order: 30,
            under: None,
            shown: |actor| actor.member().is_some_and(|member| member.is_buyer),
        },
        Place {
            path: "/opportunities",
            word: "tender-place-opportunities",
            icon: "search",
            order: 20,
            under: None,
            shown: |actor| match actor {
                Actor::Visitor | Actor::Guest(_) => true,
                actor => actor.member().is_some_and(|member| member.is_provider),
            },
        },
    ],
    jobs: &[Work::new(discard::KIND, |app, _, payload| Box::pin(discard::run(app, payload)))],
    routines: &[clock::ROUTINE],
    files: &["tender_document"],
    waiting: Some(agenda::waiting),
    shelves: Some(agenda::shelves),
    news: Some(agenda::news),
    obstacles: Some(leaving::obstacles),
    closed: Some(leaving::closed),
    ..Room::new("tender", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/opportunities", Who::Anyone, operation::opportunities(), handle::opportunities)
        .get("/tenders", Who::Buyer, operation::list(), handle::index)
        .post("/tenders", Who::Preparer, operation::create(), handle::create)
        .get("/tenders/new", Who::Preparer, operation::form(), handle::new)
        .get("/tenders/{id}/draft", Who::Preparer, operation::draft(), handle::draft)
        .post("/tenders/{id}/draft", Who::Preparer, operation::update(), handle::update)
        .get("/tenders/{id}/criteria", Who::Preparer, operation::criteria_form(), criteria::edit)
        .post("/tenders/{id}/criteria", Who::Preparer, operation::criteria(), criteria::update)
        .get("/tenders/{id}/auction", Who::Preparer, operation::auction_form(), auction::edit)
        .post("/tenders/{id}/auction", Who::Preparer, operation::auction(), auction::update)
        .get("/tenders/{id}/edit", Who::Preparer, operation::edit(), handle::edit)
        .post("/tenders/{id}/lots", Who::Preparer, operation::add_lot(), handle::add_lot)
        .post("/tenders/{id}/hands", Who::Preparer, operation::choose_hands(), hands::choose)
        .post("/tenders/{id}/witness", Who::Preparer, operation::name_witness(), witness::name)
        .get("/me/witnessing/{id}", Who::Person, operation::witnessing(), witness::show)
        .post("/me/witnessing/{id}/acceptance", Who::Person, operation::accept_witness(), witness::accept)
        .post("/me/witnessing/{id}/refusal", Who::Person, operation::decline_witness(), witness::decline)
        .post("/tenders/{id}/named", Who::Preparer, operation::choose_named(), named::choose)
        .post("/lots/{id}/removal", Who::Preparer, operation::remove_lot(), handle::remove_lot)
        .post("/tenders/{id}/documents", Who::Preparer, operation::add_documents(), handle::add_documents)
        .get("/documents/{id}", Who::Anyone, operation::document(), document::show)
        .post("/documents/{id}/removal", Who::Preparer, operation::remove_document(), handle::remove_document)
        .get("/tenders/{id}/publication", Who::Purchaser, operation::review(), handle::review)
        .post("/tenders/{id}/publication", Who::Purchaser, operation::publish(), handle::publish)
        .post("/tenders/{id}/approval", Who::Purchaser, operation::ask_approval(), approve::ask)
}
