//! Open data (开放数据): what happens to our own tenders, as releases and records of the Open Contracting Data Standard 1.1.5.
//!
//! A follower makes one release of each public event and stores it as it will be served; it never changes. It reads public
//! facts only: of bids nothing before the opening, and of a request for quotations nothing at all. What other publishers
//! release comes in by [`import`], as notices.

mod compile;
mod following;
mod handle;
pub mod import;
mod json;
mod making;
mod package;
mod page;
mod party;
mod proposed;
mod release;
mod store;
mod value;
mod whole;

pub use whole::record_of;

pub use store::processes;

use crate::web::{Op, Param, Room, Routes, Routine, Scope, Texts, Who};
use http::StatusCode;

/// What releases say together, the oldest first, as a record's compiled release has it.
///
/// # Errors
/// When a body is no JSON.
pub fn merge(bodies: &[String]) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(compile::compiled(bodies)?)
}

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "ocds-releases", step: following::step }],
    ..Room::new("ocds", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// The parameters of the feed.
const PARAMETERS: &[Param] =
    &[Param { name: "after", about: "Where the page begins: from `links.next` of the page before", example: "" }];

fn routes() -> Routes {
    let show = Op::page::<page::Show>("ocds.show", "开放数据说明 · What the open data are, and how to follow them");
    let feed = Op::file("ocds.releases", "发布记录，最早的在前 · A page of releases, the oldest first", handle::JSON)
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"])
        .token(Scope::Read);
    let release = Op::file("ocds.release", "一条发布记录 · One release", handle::JSON).token(Scope::Read);
    let record = Op::file("ocds.record", "一个项目的记录 · The record of a process", handle::JSON).token(Scope::Read);
    Routes::new()
        .get("/ocds", Who::Anyone, show, handle::show)
        .get("/ocds/releases", Who::Anyone, feed, handle::feed)
        .get("/ocds/releases/{id}", Who::Anyone, release, handle::release)
        .get("/ocds/records/{ocid}", Who::Anyone, record, handle::record)
}
