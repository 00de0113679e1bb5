//! Letters of authorisation (授权委托书, Civil Code art. 165): a company's owner lets a member do named acts in its name, for
//! one tender or lot or for all, from then until then; and takes it back at once.
//!
//! Whether letters are asked for is each company's own choice ([`store::Rule`]): who may bind a company is its affair, and a
//! tender that could demand them would hand its buyer a formal reason to throw a sealed bid out. A tender's documents may ask
//! for a signed letter as they ask for any paper: it is put into the envelope. The check is in the unit of the act
//! ([`may`]), with the letter and the membership as they are at that instant.

mod act;
mod form;
mod handle;
mod page;
mod remind;
mod right;
mod store;
mod target;

pub use act::Act;
pub use right::{REFUSALS, may};
pub use target::Target;

use crate::web::{Actor, Nothing, Op, Place, Room, Routes, Routine, Texts, Who};
use http::StatusCode;

/// A letter of authorisation.
pub struct Mandate;

/// Where a company's letters are.
pub const PLACE: &str = "/company/mandates";

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: PLACE,
        word: "mandates",
        icon: "doc",
        order: 72,
        under: Some("/company"),
        shown: |actor| matches!(actor, Actor::Member(_)),
    }],
    routines: &[Routine { name: "mandate.remind", step: remind::step }],
    ..Room::new("mandate", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list =
        Op::page::<page::List>("mandate.list", "授权委托书 · Letters of authorisation, and whether they are asked for")
            .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let show = Op::page::<page::Shown>("mandate.show", "一份授权委托书，可以打印 · A letter, typeset for A4");
    let issue = Op::act::<form::New, page::Line>("mandate.issue", "签发授权委托书 · Issues a letter")
        .conflicts(&["mandate-many"])
        .missing()
        .binding();
    let revoke = Op::act::<Nothing, page::Line>("mandate.revoke", "撤销，立即生效 · Revokes a letter, at once");
    let rule =
        Op::act::<form::Wanted, page::Rule>("mandate.rule", "是否凭授权委托书办理 · Whether letters are asked for")
            .binding();
    Routes::new()
        .get(PLACE, Who::Member, list, handle::index)
        .post(PLACE, Who::Owner, issue, handle::issue)
        .post("/company/mandate-rule", Who::Owner, rule, handle::rule)
        .get("/company/mandates/{id}", Who::Member, show, handle::show)
        .post("/company/mandates/{id}/revocation", Who::Owner, revoke, handle::revoke)
}
