//! The personal information officer's desk (个人信息负责人): requests with the day by which each is answered, and the
//! processing records that PIPL 54 and 56 ask for, generated from the matrix that the program enforces, and the impact
//! assessments of PIPL 55, compiled with it; all of it as files, too.

mod assessments;
mod handle;
mod officer;
mod page;
mod records;

use crate::trust::complaint::{Answer, Line};
use crate::web::{Nothing, Op, OperatorDuty, Place, Room, Routes, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/privacy",
        word: "privacy-desk",
        icon: "policy",
        order: 60,
        under: None,
        shown: |actor| actor.holds(OperatorDuty::PrivacyOfficer),
    }],
    purposes: &["request"],
    waiting: Some(page::waiting),
    ..Room::new("privacy", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let queue = Op::page::<page::Queue>("privacy.queue", "待答复的请求 · Requests, the nearest day first");
    let show = Op::page::<page::Case>("privacy.request", "一件请求（查看会被记录）· A request, on record")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let claim = Op::act::<Nothing, Line>("privacy.claim", "由我处理 · Takes a request up");
    let answer = Op::act::<Answer, Line>("privacy.answer", "答复 · Answers a request");
    let records = Op::page::<records::Records>("privacy.records", "处理记录 · The records of processing");
    let table = Op::file("privacy.records-table", "处理记录的表格 · The records as a table", "text/csv");
    let about = "处理记录、影响评估与受托方 · Records, assessments and processors in one file";
    let data = Op::file("privacy.records-data", about, "application/json");
    let assessed = Op::page::<assessments::List>("privacy.assessments", "影响评估 · Impact assessments (PIPL 55)");
    let assessed_table =
        Op::file("privacy.assessments-table", "影响评估的表格 · The assessments as a table", "text/csv");
    Routes::new()
        .get("/desk/privacy", Who::Duty(OperatorDuty::PrivacyOfficer), queue, handle::index)
        .get("/desk/privacy/requests/{id}", Who::Duty(OperatorDuty::PrivacyOfficer), show, handle::show)
        .post(
            "/desk/privacy/requests/{id}/claim",
            Who::Duty(OperatorDuty::PrivacyOfficer),
            claim.conflicts(&["complaint-claimed"]),
            handle::claim,
        )
        .post(
            "/desk/privacy/requests/{id}/answer",
            Who::Duty(OperatorDuty::PrivacyOfficer),
            answer.conflicts(&["complaint-answered"]),
            handle::answer,
        )
        .get("/desk/privacy/records", Who::Duty(OperatorDuty::PrivacyOfficer), records, records::show)
        .get("/desk/privacy/records/table", Who::Duty(OperatorDuty::PrivacyOfficer), table, records::table)
        .get("/desk/privacy/records/data", Who::Duty(OperatorDuty::PrivacyOfficer), data, records::data)
        .get("/desk/privacy/assessments", Who::Duty(OperatorDuty::PrivacyOfficer), assessed, assessments::show)
        .get(
            "/desk/privacy/assessments/table",
            Who::Duty(OperatorDuty::PrivacyOfficer),
            assessed_table,
            assessments::table,
        )
}
