//! The demo (演示): a whole installation in one folder, with people of every role, tenders in every state, a mailbox that
//! shows what would have been sent, and a clock that anybody may move.
//!
//! Accounts, mailbox and clock are a room that only the demo adds, and the demo listens on loopback only. Everything else is the
//! product: whatever the demo prepares, it does over HTTP, as its people would (`person`, `trade`).

mod approval;
mod auction;
mod cast;
mod circle;
mod client;
mod clock;
mod colleague;
mod companies;
mod contact;
mod correspond;
mod demand;
mod evaluate;
mod ground;
mod hands;
mod introduce;
mod joint;
mod journey;
mod kept;
mod library;
mod mailbox;
mod negotiate;
mod open_data;
mod paper;
mod people;
mod person;
mod plans;
mod proof;
mod qualified;
mod scene;
mod stage;
mod trade;

pub use cast::Role;
pub use ground::{Error, Options};
pub use journey::{Report, Step, Tried, once};
pub use kept::Account;
pub use stage::Stage;

use crate::web::{Op, Room, Routes, Texts, Who};

/// The room: accounts, mailbox and clock.
pub static ROOM: Room =
    Room::new("demo", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

fn routes() -> Routes {
    let people = Op::page::<people::People>("demo.show", "演示指南 · The demo's guide");
    let mailbox = Op::page::<mailbox::Mailbox>("demo.mailbox", "演示信箱 · The demo's mailbox");
    let show = Op::page::<clock::Face>("demo.clock", "演示时钟 · The demo's clock");
    let advance = Op::act::<clock::Move, clock::Face>("demo.advance", "拨快时钟 · Moves the demo's clock");
    Routes::new()
        .get("/demo", Who::Anyone, people, people::show)
        .get("/demo/mailbox", Who::Anyone, mailbox, mailbox::show)
        .get("/demo/clock", Who::Anyone, show, clock::show)
        .post("/demo/clock", Who::Anyone, advance.conflicts(&["demo-clock-no-event"]), clock::advance)
}
