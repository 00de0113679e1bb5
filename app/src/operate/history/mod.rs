//! A company's whole history on one page (企业历史), as of any day: how it stood, who acted for it, what was decided, what it had
//! agreed to. For a reviewer, and for the auditor from outside.
//!
//! It is business data, so nobody reads it by their duty alone: first they say why ([`grant`]), for one company and a few hours,
//! and each reading is noted before anything is shown. The company's people see who read it and what for; an auditor's report
//! lists all of them, the auditor's own among them. No datum of a person is opened: people are told by their accounts.

mod form;
mod grant;
mod handle;
mod happened;
mod page;
mod reader;
mod stood;

pub use grant::{Granted, granted};

use crate::web::{Auditor, Op, OperatorDuty, Param, Place, Reviewer, Room, Routes, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/desk/histories",
            word: "history",
            icon: "clock",
            order: 23,
            under: Some("/operator/companies"),
            shown: |actor| actor.holds(OperatorDuty::Reviewer),
        },
        Place {
            path: "/desk/audit/histories",
            word: "history",
            icon: "clock",
            order: 91,
            under: Some("/desk/audit"),
            shown: |actor| actor.holds(OperatorDuty::Auditor),
        },
    ],
    ..Room::new("history", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const WORDS: Param =
    Param { name: "words", about: "The company's credit code, or its name as it is registered", example: "" };
const DAY: Param =
    Param { name: "at", about: "The day at whose end the company is shown; today when not said", example: "" };

fn find(id: &'static str) -> Op {
    Op::page::<page::Find>(id, "查找一家公司，与自己还有效的调阅 · Finds a company; what one may read now")
        .query(&[WORDS])
}

fn ask(id: &'static str) -> Op {
    Op::page::<page::Ask>(id, "说明为什么要看这家公司 · Says why this company is read")
}

fn make(id: &'static str) -> Op {
    Op::act::<form::Wanted, page::Grant>(id, "以目的和理由开始调阅 · Begins to read, with purpose and reason")
        .conflicts(&["verification-tied"])
        .limited()
}

fn show(id: &'static str) -> Op {
    Op::page::<page::History>(id, "一家公司在某一天的全部历史（查看会被记录）· A company as of a day, on record")
        .query(&[DAY])
        .fails(StatusCode::BAD_REQUEST, &["history-day"])
        .fails(StatusCode::FORBIDDEN, &["prefetch"])
        .conflicts(&["history-over", "verification-tied"])
}

fn routes() -> Routes {
    let readings =
        Op::page::<page::Readings>("history.readings", "谁看过本企业的历史 · Who read the company's history");
    auditors(reviewers(Routes::new())).get("/company/readings", Who::Member, readings, handle::readings)
}

fn reviewers(routes: Routes) -> Routes {
    const REVIEWER: Who = Who::Duty(OperatorDuty::Reviewer);
    routes
        .get("/desk/histories", REVIEWER, find("history.find"), handle::find::<Reviewer>)
        .get("/desk/histories/{id}", REVIEWER, ask("history.ask"), handle::ask::<Reviewer>)
        .post("/desk/histories/{id}/grants", REVIEWER, make("history.begin"), handle::begin::<Reviewer>)
        .get("/desk/history-grants/{grant}", REVIEWER, show("history.show"), handle::show::<Reviewer>)
}

fn auditors(routes: Routes) -> Routes {
    const AUDITOR: Who = Who::Duty(OperatorDuty::Auditor);
    routes
        .get("/desk/audit/histories", AUDITOR, find("audit.history-find"), handle::find::<Auditor>)
        .get("/desk/audit/histories/{id}", AUDITOR, ask("audit.history-ask"), handle::ask::<Auditor>)
        .post("/desk/audit/histories/{id}/grants", AUDITOR, make("audit.history-begin"), handle::begin::<Auditor>)
        .get("/desk/audit/history-grants/{grant}", AUDITOR, show("audit.history-show"), handle::show::<Auditor>)
}
