//! Reports (举报) of what was written in a thread (clauses 6.1, 6.2). The operator has no way into a thread: one of its two sides hands
//! over the messages that it names, as copies under a key of the report's own, and nothing else. The risk duty takes the case up,
//! opens what was handed over, on record for both sides, and decides with reasons; the other side may reply once, and is answered.

mod case;
mod desk;
mod file;
mod form;
mod ground;
mod own;
mod page;
mod seal;
mod store;

pub use store::{Changed, names};

use crate::web::attachment::FILE;
use crate::web::{Nothing, Op, OperatorDuty, Place, Room, Routes, Texts, Who};
use http::StatusCode;

/// A report.
pub struct Report;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/reports",
        word: "reports",
        icon: "stop",
        order: 24,
        under: Some("/operator/companies"),
        shown: |actor| actor.holds(OperatorDuty::Risk),
    }],
    waiting: Some(desk::waiting),
    files: &["thread_report_file"],
    queue: Some(store::standing),
    ..Room::new("report", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const RISK: Who = Who::Duty(OperatorDuty::Risk);

fn routes() -> Routes {
    let form = Op::page::<page::FormPage>(
        "report.form",
        "举报表单：选哪些消息交出 · The form, with the messages to choose from",
    );
    let make = "举报对方，只交出选中的消息 · Reports the other side, handing over the messages chosen and nothing else";
    let make = Op::act::<form::Wanted, page::Own>("report.make", make).missing().limited();
    let show = Op::page::<page::Own>("report.show", "一件举报：进展、决定、谁看过 · A report as its two sides have it");
    let reply =
        Op::act::<form::Reply, page::Own>("report.reply", "对决定提出意见，只有一次 · Replies to the decision, once");
    let list = Op::page::<page::Queue>("report.queue", "待处理的举报 · Reports, the nearest day first");
    let case = Op::page::<page::Case>("report.case", "一件举报，不打开内容 · A report; opens nothing");
    let claim = Op::act::<Nothing, page::Line>("report.claim", "由我处理 · Takes a report up");
    let open = "打开交出的内容，双方看得到 · Opens what was handed over; both sides see that";
    let open = Op::act::<Nothing, page::Opened>("report.open", open).shown();
    let file = "交出的附件，打开会留痕 · A file handed over; opening it is on record";
    let file = Op::file("report.file", file, FILE).fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let decide = Op::act::<form::Decided, page::Line>("report.decide", "决定，写明理由 · Decides, with reasons");
    let last = Op::act::<form::Last, page::Line>("report.answer", "答复对方的意见 · Answers the reply");
    Routes::new()
        .get("/threads/{id}/report", Who::Correspondent, form, own::new)
        .post("/threads/{id}/reports", Who::Correspondent, make, own::create)
        .get("/reports/{id}", Who::Member, show, own::show)
        .post("/reports/{id}/reply", Who::Correspondent, reply.conflicts(&["report-not-decided"]), own::reply)
        .get("/desk/reports", RISK, list, desk::index)
        .get("/desk/reports/{id}", RISK, case, desk::show)
        .post("/desk/reports/{id}/claim", RISK, claim.conflicts(&["report-claimed"]), desk::claim)
        .post("/desk/reports/{id}/opening", RISK, open.conflicts(&["report-claimed"]), desk::open)
        .get("/desk/report-files/{id}", RISK, file.conflicts(&["report-claimed"]), desk::file)
        .post(
            "/desk/reports/{id}/decision",
            RISK,
            decide.conflicts(&["report-claimed", "report-unread", "report-decided"]),
            desk::decide,
        )
        .post(
            "/desk/reports/{id}/answer",
            RISK,
            last.conflicts(&["report-claimed", "report-unread", "report-not-replied"])
                .fails(StatusCode::CONFLICT, &["report-decided"]),
            desk::answer,
        )
}
