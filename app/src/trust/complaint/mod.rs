//! Requests and complaints (请求与投诉) to the personal information officer: what a person may ask for by PIPL 44 to 50, with
//! a receipt, a day by which it is answered, the answer, and the right to ask again once.
//!
//! The texts are personal data: sealed under the person's key, opened for the person and for the officer only, on record.

mod due;
mod form;
mod handle;
mod kind;
mod page;
mod remind;
mod store;

use crate::web::{Card, Column, Held, Op, Room, Routes, Routine, Texts, Who};
use http::StatusCode;
use vault::{RequestText, Slot};

pub use due::due;
pub use form::{Answer, text};
pub use kind::Kind;
pub use page::{Complaint as Line, Message};
pub use remind::tell_at_once;
pub use store::{Texts as Sealed, answer, ask, claim, counts, find, own, queue, seal, sealed, whose};

/// A request or complaint.
pub struct Complaint;

/// Where its texts are sealed.
pub const TEXT: Slot<RequestText> = Slot::new("complaint_message", "text");

static COLUMNS: [Column; 1] = [Column { table: "complaint_message", column: "text", field: "request-text" }];
static HELD: Held = Held { columns: &COLUMNS, find: |tx, subject| store::held(tx, subject, &COLUMNS[0]) };

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "complaint.remind", step: remind::step }],
    purposes: &["request"],
    held: Some(&HELD),
    cards: &[Card { path: "/me/complaints", word: "complaint", icon: "question", order: 70, state: store::state }],
    queue: Some(store::standing),
    ..Room::new("complaint", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::List>("complaint.list", "我的请求与投诉 · The person's requests and complaints");
    let ask = Op::act::<form::Wanted, page::Complaint>("complaint.ask", "提出请求或投诉 · Asks the officer")
        .limited()
        .missing();
    let show = Op::page::<page::Thread>(
        "complaint.show",
        "一件请求的往来（查看会被记录）· What was asked and answered, on record",
    )
    .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let again = Op::act::<form::Again, page::Complaint>("complaint.reopen", "再提一次，只有一次 · Asks again, once");
    let receipt = "受理回执 · The receipt, signed";
    let receipt = Op::file("complaint.receipt", receipt, "application/json");
    Routes::new()
        .get("/me/complaints", Who::Oneself, list, handle::index)
        .post("/me/complaints", Who::Oneself, ask, handle::create)
        .get("/me/complaints/{id}", Who::Oneself, show, handle::show)
        .get("/me/complaints/{id}/receipt", Who::Oneself, receipt, handle::receipt)
        .post(
            "/me/complaints/{id}/reopening",
            Who::Oneself,
            again.conflicts(&["complaint-not-answered", "complaint-reopened"]),
            handle::reopen,
        )
}
