//! Lists of companies (企业名单) that the operator brings along, as a spreadsheet: an administrator hands one in, sees what becomes of
//! each row, and says so; a job prepares a registration for each ([`crate::identity::company::prepared`]) and writes its person one
//! letter. What is the same for every list is in [`crate::identity::listing`].
//!
//! Whoever hands a list in names where the addresses were published, and answers for it. Only addresses are taken that the
//! company has published or law has (PIPL 13(1)(6), 27): who gave theirs to somebody else has agreed to nothing here. No
//! telephone is taken, since a short message that advertises wants its reader's consent (通信短信息服务管理规定 18). An administrator's
//! page opens no address: it tells rows by their number and the company.

mod begin;
mod form;
mod handle;
mod held;
mod job;
mod judge;
mod page;
mod problems;
mod row;
mod store;
mod sweep;
mod template;

use crate::identity::listing::{self, Summary};
use crate::web::{Nothing, Op, OperatorDuty, Param, Place, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use kit::sheet::XLSX;

/// Where lists are handed in.
pub const PLACE: &str = "/desk/company-lists";

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: PLACE,
        word: "company-list",
        icon: "company",
        order: 81,
        under: Some("/desk/operators"),
        shown: |actor| actor.holds(OperatorDuty::Administrator),
    }],
    jobs: &[Work::new(job::KIND, listing::run::<job::Companies>)],
    routines: &[Routine { name: "company-list.sweep", step: sweep::step }],
    held: Some(&held::HELD),
    ..Room::new("company-list", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const AFTER: Param = Param { name: "after", about: "下一页 · The next page", example: "" };

const ADMINISTRATOR: Who = Who::Duty(OperatorDuty::Administrator);

fn routes() -> Routes {
    let list = Op::page::<page::List>("company-list.list", "企业名单 · Lists of companies that the operator handed in");
    let hand_in = "交入企业名单，先预览 · Hands in a list of companies as a spreadsheet; it is shown first";
    let hand_in = Op::act::<form::New, Summary>("company-list.hand-in", hand_in)
        .conflicts(&["import-running"])
        .limited()
        .missing();
    let show = "企业名单：每行会发生什么、已发生什么 · A list, row by row; it opens no address";
    let show =
        Op::page::<page::Show>("company-list.show", show).fails(StatusCode::BAD_REQUEST, &["cursor"]).query(&[AFTER]);
    let problems = "有问题的行，表格 · The rows that are not carried out, as a workbook";
    let problems = Op::file("company-list.problems", problems, XLSX);
    let confirm = Op::act::<Nothing, Summary>("company-list.confirm", "确认办理 · Has the list carried out")
        .conflicts(&["import-over"]);
    let stop = Op::act::<Nothing, Summary>("company-list.stop", "停止 · Stops it; what is done stays");
    let remove = Op::act::<Nothing, Summary>("company-list.remove", "删除名单内容 · Deletes what is kept of a list")
        .conflicts(&["import-running"]);
    let workbook = Op::file("company-list.template", "空白名单 · An empty list, as a workbook", XLSX);
    let text = Op::file("company-list.template-csv", "空白名单 · An empty list, as csv", "text/csv");
    Routes::new()
        .get(PLACE, ADMINISTRATOR, list, handle::index)
        .post(PLACE, ADMINISTRATOR, hand_in, begin::hand_in)
        .get("/desk/company-lists/template.xlsx", ADMINISTRATOR, workbook, template::workbook)
        .get("/desk/company-lists/template.csv", ADMINISTRATOR, text, template::text)
        .get("/desk/company-lists/{id}", ADMINISTRATOR, show, handle::show)
        .get("/desk/company-lists/{id}/problems.xlsx", ADMINISTRATOR, problems, problems::workbook)
        .post("/desk/company-lists/{id}/confirmation", ADMINISTRATOR, confirm, handle::confirm)
        .post("/desk/company-lists/{id}/stop", ADMINISTRATOR, stop, handle::stop)
        .post("/desk/company-lists/{id}/removal", ADMINISTRATOR, remove, handle::remove)
}
