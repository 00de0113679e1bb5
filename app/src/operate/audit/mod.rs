//! The external auditor's desk (审计): who could have reached personal data, and who did. An auditor is appointed for a time, reads
//! this and nothing else of the desk, and changes nothing. No value of a person stands here, and no id of whom it was about.

mod page;
mod store;

use crate::web::{Actor, Op, OperatorDuty, Param, Place, Room, Routes, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/audit",
        word: "audit",
        icon: "eye",
        order: 90,
        under: None,
        shown: |actor: &Actor| actor.holds(OperatorDuty::Auditor),
    }],
    ..Room::new("audit", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const AUDITOR: Who = Who::Duty(OperatorDuty::Auditor);

const FROM: Param =
    Param { name: "from", about: "The first day, as 2026-11-01; thirty days back when not said", example: "" };
const UNTIL: Param = Param { name: "until", about: "The last day; today when not said", example: "" };
const AFTER: Param =
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" };

fn routes() -> Routes {
    let show = Op::page::<page::Report>("audit.show", "审计：谁能打开、谁打开过 · Who could open what, and who did")
        .query(&[FROM, UNTIL, AFTER])
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let table = Op::file("audit.table", "打开记录的表格 · The openings as a table", "text/csv").query(&[FROM, UNTIL]);
    Routes::new().get("/desk/audit", AUDITOR, show, page::show).get("/desk/audit/table", AUDITOR, table, page::table)
}
