//! Own data (我的信息): everything that is kept of a person, field by field: the value, where it stands, what for, on which
//! ground, for whom, until when.
//!
//! It knows no table: each room says what it holds ([`crate::web::Held`]). The values are opened under a purpose of their
//! own, on record like every other opening.

mod page;
mod read;

pub use read::{all, held};

use crate::web::{Card, Op, Room, Routes, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    purposes: &["own-data"],
    cards: &[Card { path: "/me/data", word: "own-data", icon: "user", order: 10, state: read::state }],
    ..Room::new("data", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show =
        Op::page::<page::Data>("me.data", "我的信息，逐项（查看会被记录）· All that is kept of the person, on record")
            .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    Routes::new().get("/me/data", Who::Oneself, show, page::show)
}
