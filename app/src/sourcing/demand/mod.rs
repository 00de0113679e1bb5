//! A demand (需求): what a company needs, before it is a tender. Providers answer with interest (意向) and ask; what comes of it is a
//! tender without typing anything twice, or it is closed with a reason.
//!
//! A draft is its company's own. Published it is read by anybody, or by the companies that were invited and by nobody else, for
//! whom it is 404. It goes on to be changed: each edition stays readable. A budget that is not shown is blanked where a demand is
//! read ([`demand::Content::shown`]) and finds nothing in a filter. An answer is sealed under its company's key ([`interest`]) and read by
//! the two companies; who asked a question stands nowhere ([`question`]). Which rows may be read is a pure rule ([`demand`]).
//!
//! What is made of it may be an invited tender or a direct order, which name those who were invited or have answered.

mod agenda;
mod answer;
mod approve;
mod convert;
#[expect(clippy::module_inception, reason = "the room and its row have the field's one name")]
mod demand;
mod edition;
pub mod event;
mod feed;
mod filter;
mod form;
mod handle;
mod indexing;
mod interest;
mod invitation;
mod leaving;
mod list;
mod operation;
mod page;
mod question;
mod show;
pub mod store;

#[cfg(test)]
mod tests;

pub use demand::Demand;
pub use indexing::FOLDER;
pub use interest::interested;
pub use invitation::ids as invited;
pub use question::asked_by;

use crate::sourcing::attached;
use crate::sourcing::tender::Tender;
use crate::web::{Actor, Error, Place, Room, Routes, Routine, Texts, Who};
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/demands",
            word: "demand-place",
            icon: "list",
            order: 25,
            under: Some("/opportunities"),
            shown: |actor| matches!(actor, Actor::Visitor | Actor::Guest(_) | Actor::Member(_)),
        },
        Place {
            path: "/demands/own",
            word: "demand-place-own",
            icon: "edit",
            order: 26,
            under: Some("/demands"),
            shown: |actor| actor.member().is_some_and(|member| member.is_buyer),
        },
        Place {
            path: "/interests",
            word: "demand-place-interests",
            icon: "mail",
            order: 41,
            under: Some("/bids"),
            shown: |actor| actor.member().is_some_and(|member| member.is_provider),
        },
    ],
    files: &["demand_document"],
    routines: &[Routine { name: "demand.index", step: indexing::step }],
    waiting: Some(agenda::waiting),
    news: Some(agenda::news),
    obstacles: Some(leaving::obstacles),
    closed: Some(leaving::closed),
    ..Room::new("demand", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let reading = Routes::new()
        .get("/demands", Who::Anyone, operation::list(), handle::index)
        .get(feed::PLACE, Who::Anyone, operation::feed(), feed::show)
        .get("/demands/{id}", Who::Anyone, operation::show(), handle::show)
        .get("/demands/{id}/editions/{number}", Who::Anyone, operation::edition(), handle::edition)
        .get("/demand-documents/{id}", Who::Anyone, operation::document(), attached::show::<Demand>);
    let drafting = reading
        .get("/demands/own", Who::Buyer, operation::own(), handle::own)
        .get("/demands/new", Who::Preparer, operation::form(), handle::new)
        .post("/demands", Who::Preparer, operation::create(), handle::create)
        .get("/demands/{id}/draft", Who::Preparer, operation::draft(), handle::draft)
        .post("/demands/{id}/draft", Who::Preparer, operation::update(), handle::update)
        .get("/demands/{id}/edit", Who::Preparer, operation::edit(), handle::edit)
        .post("/demands/{id}/documents", Who::Preparer, operation::add_documents(), handle::add_documents)
        .post("/demand-documents/{id}/removal", Who::Preparer, operation::remove_document(), handle::remove_document)
        .post("/demands/{id}/copy", Who::Preparer, operation::copy(), handle::copy);
    let publishing = drafting
        .get("/demands/{id}/publication", Who::Purchaser, operation::review(), handle::review)
        .post("/demands/{id}/publication", Who::Purchaser, operation::publish(), handle::publish)
        .post("/demands/{id}/approval", Who::Purchaser, operation::ask_approval(), approve::ask)
        .get("/demands/{id}/change", Who::Purchaser, operation::change_form(), handle::change_form)
        .post("/demands/{id}/change", Who::Purchaser, operation::change(), handle::change)
        .post("/demands/{id}/change-approval", Who::Purchaser, operation::ask_change(), approve::ask_change)
        .post("/demands/{id}/closing", Who::Purchaser, operation::close(), handle::close)
        .post("/demands/{id}/tender", Who::Purchaser, operation::tender(), handle::tender);
    publishing
        .get("/interests", Who::Provider, operation::interests(), answer::index)
        .get("/demands/{id}/interest", Who::Bidder, operation::interest_form(), answer::form)
        .post("/demands/{id}/interest", Who::Bidder, operation::give(), answer::give)
        .post("/demands/{id}/interest/withdrawal", Who::Bidder, operation::withdraw(), answer::withdraw)
        .post("/demands/{id}/questions", Who::Bidder, operation::ask(), question::ask)
        .post("/demand-questions/{id}/answer", Who::Preparer, operation::answer(), question::answer)
}

/// A demand, as the page of the tender that was made of it names it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DemandReference")]
pub struct Origin {
    /// Its id.
    pub id: Id<Demand>,
    /// What it is called.
    pub title: String,
}

/// The demand that became this tender, for who may read it.
///
/// # Errors
/// [`Error`] of the database.
pub fn origin(tx: &mut Tx, actor: &Actor, tender: Id<Tender>) -> Result<Option<Origin>, Error> {
    let Some(id) = store::of_tender(tx, tender)? else { return Ok(None) };
    match store::find(tx, actor, id) {
        Ok(found) => Ok(Some(Origin { id, title: found.content.title })),
        Err(error) if error.status == http::StatusCode::NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}
