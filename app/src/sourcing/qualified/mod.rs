//! A qualified list (资格预审、框架协议入围、供应商库): a buyer publishes a call with requirements, providers apply, the buyer reviews what they
//! send against these, and who qualifies is on the list. Tenders are made of it without typing anything twice.
//!
//! One concept, three kinds ([`rule::Kind`]): for one tender, a pool that is concluded once, a pool that stays open. What an application says
//! lies sealed under its company's key ([`application`]); its list's buyer reads it after the deadline, in a pool that stays open at once. Who is
//! on a list is public of a pool while it lasts, and of a pre-qualification not before its tender was opened ([`show`]). What time
//! does is a pure function ([`rule::timeline`]) that the clock engine applies.

mod act;
mod admission;
mod agenda;
pub mod appeal;
pub mod application;
mod applied;
mod applying;
mod approve;
mod clock;
mod convert;
pub mod event;
mod file;
mod form;
mod handle;
mod leaving;
pub mod list;
pub mod objection;
mod operation;
mod overview;
mod page;
pub mod question;
mod review;
pub mod rule;
mod show;
pub mod store;

#[cfg(test)]
mod tests;

pub use list::QualifiedList;
pub use show::members;

use crate::sourcing::attached;
use crate::sourcing::tender::{Tender, of_list};
use crate::web::{Actor, Error, OperatorDuty, Place, Room, Routes, Texts, Who};
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/qualified-lists",
            word: "qualified-place",
            icon: "check",
            order: 27,
            under: Some("/opportunities"),
            shown: |actor| matches!(actor, Actor::Visitor | Actor::Guest(_) | Actor::Member(_)),
        },
        Place {
            path: "/qualified-lists/own",
            word: "qualified-place-own",
            icon: "edit",
            order: 28,
            under: Some("/qualified-lists"),
            shown: |actor| actor.member().is_some_and(|member| member.is_buyer),
        },
        Place {
            path: "/qualified-applications",
            word: "qualified-place-mine",
            icon: "check",
            order: 42,
            under: Some("/bids"),
            shown: |actor| actor.member().is_some_and(|member| member.is_provider),
        },
        Place {
            path: appeal::PLACE,
            word: "qualified-appeals",
            icon: "warn",
            order: 26,
            under: Some("/operator/companies"),
            shown: |actor| actor.holds(OperatorDuty::Risk),
        },
    ],
    routines: &[clock::ROUTINE],
    files: &["qualified_document", "qualified_file"],
    waiting: Some(agenda::waiting),
    news: Some(agenda::news),
    obstacles: Some(leaving::obstacles),
    closed: Some(leaving::closed),
    ..Room::new("qualified", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// Who decides on appeals.
const RISK: Who = Who::Duty(OperatorDuty::Risk);

fn routes() -> Routes {
    let reading = Routes::new()
        .get("/qualified-lists", Who::Anyone, operation::list(), handle::index)
        .get("/qualified-lists/{id}", Who::Anyone, operation::show(), handle::show)
        .get("/qualified-documents/{id}", Who::Anyone, operation::document(), attached::show::<QualifiedList>);
    let drafting = reading
        .get("/qualified-lists/own", Who::Buyer, operation::own(), handle::own)
        .get("/qualified-lists/new", Who::Preparer, operation::form(), handle::new)
        .post("/qualified-lists", Who::Preparer, operation::create(), handle::create)
        .get("/qualified-lists/{id}/draft", Who::Preparer, operation::draft(), handle::draft)
        .post("/qualified-lists/{id}/draft", Who::Preparer, operation::update(), handle::update)
        .get("/qualified-lists/{id}/edit", Who::Preparer, operation::edit(), handle::edit)
        .post("/qualified-lists/{id}/documents", Who::Preparer, operation::add_documents(), handle::add_documents)
        .post("/qualified-documents/{id}/removal", Who::Preparer, operation::remove_document(), handle::remove_document)
        .post("/qualified-lists/{id}/copy", Who::Preparer, operation::copy(), handle::copy);
    let deciding = drafting
        .get("/qualified-lists/{id}/publication", Who::Purchaser, operation::publication(), handle::publication)
        .post("/qualified-lists/{id}/publication", Who::Purchaser, operation::publish(), handle::publish)
        .post("/qualified-lists/{id}/approval", Who::Purchaser, operation::ask_approval(), approve::ask)
        .get("/qualified-lists/{id}/applications", Who::Purchaser, operation::applications(), handle::applications)
        .post("/qualified-lists/{id}/conclusion", Who::Purchaser, operation::conclude(), handle::conclude)
        .post(
            "/qualified-lists/{id}/conclusion-approval",
            Who::Purchaser,
            operation::ask_conclusion(),
            admission::ask_conclusion,
        )
        .post("/qualified-lists/{id}/end", Who::Purchaser, operation::end(), handle::end)
        .post("/qualified-lists/{id}/tender", Who::Purchaser, operation::tender(), handle::tender)
        .post("/qualified-applications/{id}/review", Who::Purchaser, operation::review(), act::review_one)
        .post(
            "/qualified-applications/{id}/approval",
            Who::Purchaser,
            operation::ask_decision(),
            admission::ask_decision,
        )
        .post(
            "/qualified-objections/{id}/approval",
            Who::Purchaser,
            operation::ask_upholding(),
            admission::ask_upholding,
        )
        .post("/qualified-applications/{id}/suspension", Who::Purchaser, operation::suspend(), act::suspend)
        .post("/qualified-applications/{id}/restoration", Who::Purchaser, operation::restore(), act::restore)
        .post("/qualified-objections/{id}/answer", Who::Purchaser, operation::answer(), act::answer);
    deciding
        .get("/qualified-applications", Who::Provider, operation::mine(), act::index)
        .get("/qualified-lists/{id}/application", Who::Bidder, operation::apply_form(), act::form)
        .post("/qualified-lists/{id}/application", Who::Bidder, operation::apply(), act::apply)
        .post("/qualified-lists/{id}/application/withdrawal", Who::Bidder, operation::withdraw(), act::withdraw)
        .get("/qualified-applications/{id}", Who::Member, operation::application(), act::show)
        .post("/qualified-applications/{id}/leaving", Who::Bidder, operation::leave(), act::leave)
        .post("/qualified-applications/{id}/objection", Who::Bidder, operation::object(), act::object)
        .post("/qualified-lists/{id}/questions", Who::Bidder, operation::ask(), question::ask)
        .post("/qualified-questions/{id}/answer", Who::Preparer, operation::answer_question(), question::answer)
        .get("/qualified-files/{id}", Who::Member, operation::file(), file::show)
        .post("/qualified-objections/{id}/appeal", Who::Bidder, operation::appeal(), appeal::appeal)
        .get("/desk/qualified-objections", RISK, operation::appeals(), appeal::index)
        .get("/desk/qualified-objections/{id}", RISK, operation::case(), appeal::case)
        .post("/desk/qualified-objections/{id}/decision", RISK, operation::judge(), appeal::judge)
}

/// A list, as the page of a tender that was made of it names it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedReference")]
pub struct Origin {
    /// Its id.
    pub id: Id<QualifiedList>,
    /// What it is called.
    pub title: String,
}

/// The list that a tender was made of: public with its call.
///
/// # Errors
/// [`Error`] of the database.
pub fn origin(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Origin>, Error> {
    let Some(id) = of_list::of(tx, tender)? else { return Ok(None) };
    Ok(store::titled(tx, id)?.map(|title| Origin { id, title }))
}
