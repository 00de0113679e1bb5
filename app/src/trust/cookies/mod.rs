//! Cookies (clause 2.7): every one that the program may set, by name, what for and how long; the reader's choice about the
//! optional ones; and the browser's signal `Sec-GPC`, which counts as a refusal until its person says otherwise.

mod act;
pub mod gpc;
mod page;

use crate::web::{Op, Room, Routes, Texts, Who};

pub use gpc::note;

/// The room.
pub static ROOM: Room = Room {
    erased: Some(act::erased),
    ..Room::new("cookies", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::List>("cookies.list", "Cookie 清单与选择 · Every cookie, and the choice");
    let choose = Op::act::<act::Answer, act::Chosen>("cookies.choose", "选择可选 Cookie · Allows or declines");
    Routes::new().get("/cookies", Who::Anyone, list, page::show).post("/cookies", Who::Anyone, choose, act::choose)
}
