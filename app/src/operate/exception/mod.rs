//! Exception cases (例外案件, clause 5.4): a law lets an authority have one person's named fields without consent. An
//! operator applies with the document, the reason and exactly one of PIPL 13(1)(2) to (7); two others approve; until the
//! case ends, 30 days at most, an operator opens these fields, each time on record. The person reads it under
//! `/me/accesses`, unless a law forbids to tell: then as soon as that ends. Everybody reads the counts on `/trust`.
//!
//! The case is compared by the vault, in the transaction of the opening; this room says how a case comes to be approved.

mod agenda;
mod carrying;
mod case;
mod form;
mod handle;
mod page;
mod store;

use crate::web::{Nothing, Op, OperatorDuty, Param, Place, Room, Routes, Texts, Who};
use case::Case;
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/exceptions",
        word: "exceptions-place",
        icon: "gavel",
        order: 62,
        under: Some("/desk/privacy"),
        shown: |actor| actor.holds(OperatorDuty::PrivacyOfficer),
    }],
    queue: Some(agenda::queue),
    waiting: Some(agenda::waiting),
    purposes: &["exception"],
    ..Room::new("exception", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const PARAMETERS: &[Param] =
    &[Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" }];

fn routes() -> Routes {
    let list = Op::page::<page::List>("exception.list", "例外案件 · Exception cases, the newest first")
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let form = Op::page::<page::FormPage>("exception.form", "申请表单 · The form that applies for a case");
    let apply = Op::act::<form::Application, Case>("exception.apply", "申请例外案件 · Applies for a case");
    let show = Op::page::<page::Show>("exception.show", "一个例外案件 · One case");
    let approve = Op::act::<Nothing, Case>("exception.approve", "批准 · One of the two approvals").conflicts(&[
        "exception-own",
        "exception-approved",
        "exception-over",
    ]);
    let revoke =
        Op::act::<Nothing, Case>("exception.revoke", "撤销案件 · Revokes a case").conflicts(&["exception-over"]);
    let open =
        Op::act::<Nothing, page::Opened>("exception.open", "按案件打开，每次都留记录 · Opens, each time on record")
            .conflicts(&["exception-waits", "exception-over"])
            .shown();
    Routes::new()
        .get("/desk/exceptions", Who::Duty(OperatorDuty::PrivacyOfficer), list, handle::index)
        .post("/desk/exceptions", Who::Duty(OperatorDuty::PrivacyOfficer), apply, handle::create)
        .get("/desk/exceptions/new", Who::Duty(OperatorDuty::PrivacyOfficer), form, handle::new)
        .get("/desk/exceptions/{id}", Who::Duty(OperatorDuty::PrivacyOfficer), show, handle::show)
        .post("/desk/exceptions/{id}/approval", Who::Duty(OperatorDuty::PrivacyOfficer), approve, handle::approve)
        .post("/desk/exceptions/{id}/revocation", Who::Duty(OperatorDuty::PrivacyOfficer), revoke, handle::revoke)
        .post("/desk/exceptions/{id}/openings", Who::Duty(OperatorDuty::PrivacyOfficer), open, handle::open)
}
