//! The roster (名册): a company's people as a spreadsheet, in and out.
//!
//! An owner hands in a list of colleagues with their duties. It is read in a process of its own ([`listing`]), and not kept: each
//! address is sealed at once for the invitation that it may become, so that whatever is done later opens nothing. A page shows
//! what will happen to each row; once the owner confirms, a job carries the rows out ([`job`]), each judged again on what is true
//! by then ([`judge`]), its outcome stored in the unit of its effect. Invitations are those that owners send one by one, with the
//! same limits: where one is used up, the job waits. What is still kept of a list goes a day after it is over, or after seven.
//!
//! The other way the people that the page lists are handed out as a workbook or csv, on record like the page.

mod begin;
mod export;
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
mod typed;

use crate::identity::listing::{self, Import, Summary};
use crate::web::{Nothing, Op, Param, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use kit::sheet::XLSX;

/// Where lists are handed in.
pub const PLACE: &str = "/company/imports";

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::new(job::KIND, listing::run::<job::Roster>)],
    routines: &[Routine { name: "roster.sweep", step: sweep::step }],
    purposes: &["invitation", "company-administration"],
    held: Some(&held::HELD),
    closed: Some(sweep::closed),
    ..Room::new("roster", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const AFTER: Param = Param { name: "after", about: "下一页 · The next page", example: "" };

fn routes() -> Routes {
    let list = Op::page::<page::List>("roster.list", "成员名册：导入与导出 · Lists of colleagues, in and out");
    let hand_in = "交入名册，先预览 · Hands in a list as a spreadsheet; it is shown first";
    let hand_in =
        Op::act::<form::New, Summary>("roster.hand-in", hand_in).conflicts(&["import-running"]).limited().missing();
    let show = "名册：每行会发生什么、已发生什么 · A list, row by row, on record";
    let show = Op::page::<page::Show>("roster.show", show)
        .fails(StatusCode::FORBIDDEN, &["prefetch"])
        .fails(StatusCode::BAD_REQUEST, &["cursor"])
        .query(&[AFTER]);
    let problems = "有问题的行，表格 · The rows that are not carried out, as a workbook";
    let problems = Op::file("roster.problems", problems, XLSX).fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let confirm = Op::act::<Nothing, Summary>("roster.confirm", "确认办理 · Has the list carried out")
        .conflicts(&["import-over"]);
    let stop = Op::act::<Nothing, Summary>("roster.stop", "停止 · Stops it; what is done stays");
    let remove = Op::act::<Nothing, Summary>("roster.remove", "删除名册内容 · Deletes what is kept of a list")
        .conflicts(&["import-running"]);
    let workbook = Op::file("roster.template", "空白名册 · An empty list, as a workbook", XLSX);
    let text = Op::file("roster.template-csv", "空白名册 · An empty list, as csv", "text/csv");
    let people = Op::file("roster.people", "导出成员 · The company's people as a workbook, on record", XLSX)
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let people_text = Op::file("roster.people-csv", "导出成员 · The same as csv, on record", "text/csv")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    Routes::new()
        .get(PLACE, Who::Owner, list, handle::index)
        .post(PLACE, Who::Owner, hand_in, begin::hand_in)
        .get("/company/imports/template.xlsx", Who::Owner, workbook, template::workbook)
        .get("/company/imports/template.csv", Who::Owner, text, template::text)
        .get("/company/imports/{id}", Who::Owner, show, handle::show)
        .get("/company/imports/{id}/problems.xlsx", Who::Owner, problems, problems::workbook)
        .post("/company/imports/{id}/confirmation", Who::Owner, confirm, handle::confirm)
        .post("/company/imports/{id}/stop", Who::Owner, stop, handle::stop)
        .post("/company/imports/{id}/removal", Who::Owner, remove, handle::remove)
        .get("/company/people.xlsx", Who::Owner, people, export::workbook)
        .get("/company/people.csv", Who::Owner, people_text, export::text)
}
