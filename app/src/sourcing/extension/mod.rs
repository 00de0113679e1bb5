//! Extension of the validity of bids (投标有效期延长): a buyer who cannot award in time asks all bidders in writing; each agrees, or declines at no
//! disadvantage, and its bid lapses then. Who says nothing is bound no longer than before. While a lot is negotiated its bids are asked for, too:
//! who declines has left.
//!
//! Until when a bid binds follows from the tender's days and from what its bidder has agreed to ([`rule`]); it is compared in the unit of the award.

pub mod event;
mod form;
mod handle;
mod page;
pub mod rule;
mod store;

pub use store::{Extension, binding, kept, until};

use crate::identity::mandate;
use crate::sourcing::tender::Done;
use crate::web::{Op, Room, Routes, Scope, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    waiting: Some(page::waiting),
    ..Room::new("extension", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let form = Op::page::<page::FormPage>(
        "extension.form",
        "延长投标有效期：表单和各投标人的答复 · Asks for more validity of bids, and what was answered",
    )
    .conflicts(&["extension-none"])
    .binding()
    .token(Scope::Tender);
    let ask = Op::act::<form::Asked, Done>(
        "extension.ask",
        "书面请所有投标人延长投标有效期 · Asks all bidders in writing to extend the validity of their bids",
    )
    .conflicts(&["extension-none", "extension-open", "bids-expired"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Tender);
    let list =
        Op::page::<page::List>("extension.list", "被请求延长的投标 · What the company was asked for").token(Scope::Bid);
    let answer = Op::act::<form::Answered, page::Done>(
        "extension.answer",
        "同意或不同意延长；不同意的投标失效，不承担责任 · Agrees, or declines at no disadvantage",
    )
    .conflicts(&["extension-closed", "extension-answered"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Bid);
    Routes::new()
        .get("/tenders/{id}/extensions", Who::Purchaser, form, handle::new)
        .post("/tenders/{id}/extensions", Who::Purchaser, ask, handle::ask)
        .get("/extensions", Who::Provider, list, handle::index)
        .post("/extensions/{id}/answer", Who::Bidder, answer, handle::answer)
}
