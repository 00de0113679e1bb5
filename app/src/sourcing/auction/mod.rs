//! The live session of an auction (竞价): between opening and evaluation, among those whose bids were read out. Names are closed while it
//! lasts: everybody is a letter that was drawn. An offer is judged and stored in one unit, by the instant read in it, before it is
//! acknowledged; what happens goes to all who follow by server-sent events, read once by each process ([`live`]).
//!
//! The rule, and the rows that time acts on, are the tender's ([`crate::sourcing::tender::auction`]). `docs/auction.md` has the rules.

mod agenda;
mod form;
mod handle;
mod live;
mod offer;
mod page;

pub use live::Auctions;
pub use page::kept;

use crate::identity::mandate;
use crate::web::{Op, Param, Room, Routes, Scope, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    waiting: Some(agenda::waiting),
    ..Room::new("auction", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const SEEN: &[Param] = &[Param {
    name: "seen",
    about: "从这个序号之后开始；重连时浏览器以 Last-Event-ID 代替 · From after this number; Last-Event-ID comes before it",
    example: "0",
}];

fn routes() -> Routes {
    let show = Op::page::<page::AuctionPage>("auction.show", "竞价现场与记录 · The session of a lot, and its record");
    let watch = Op::file(
        "auction.watch",
        "竞价动态：每条带序号，断线后从下一条继续 · What happens, numbered, so that a lost connection goes on where it was",
        "text/event-stream",
    );
    let offer = Op::act::<form::Given, offer::Accepted>(
        "auction.offer",
        "报价：写入后才确认 · Makes an offer, which is stored before it is acknowledged",
    );
    let offer = offer
        .conflicts(&["auction-early", "auction-over", "auction-off", "auction-turn", "auction-used"])
        .stale()
        .missing()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding();
    Routes::new()
        .get("/lots/{id}/auction", Who::Anyone, show.token(Scope::Read), handle::show)
        .get("/lots/{id}/auction/live", Who::Anyone, watch.query(SEEN).limited().token(Scope::Read), live::watch)
        .post("/lots/{id}/offers", Who::Bidder, offer, handle::offer)
}
