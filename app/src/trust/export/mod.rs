//! The export (导出): a copy of all that is kept of a person, for that person, as PIPL 45 has it.
//!
//! It is asked for with the password, made by a job, and lies encrypted under a one-off key that is itself sealed under the
//! person's key: whoever is erased takes the copy along. It is handed over once, within three days, to that person's own
//! session. Each opening on the way compares the person's standing, so that whoever leaves meanwhile stops it.

mod content;
mod form;
mod handle;
mod job;
mod pack;
mod page;
mod readable;
mod store;
mod sweep;

use crate::web::{Card, Column, Held, Nothing, Op, Room, Routes, Routine, Texts, Who, Work};
use vault::{ExportKey, Slot};

pub use pack::{MANIFEST, check};
pub use store::owner;

/// A copy of somebody's data.
pub struct Export;

/// Where the one-off key of a copy is sealed.
const IDENTITY: Slot<ExportKey> = Slot::new("data_export", "identity");

/// The key is no datum about the person: it is held, and not shown or copied.
static HELD: Held = Held {
    columns: &[Column { table: "data_export", column: "identity", field: "export-key" }],
    find: |_, _| Ok(Vec::new()),
};

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::new(job::KIND, job::run)],
    routines: &[Routine { name: "export.sweep", step: sweep::step }],
    files: &["data_export"],
    purposes: &["export"],
    held: Some(&HELD),
    erased: Some(store::erased),
    cards: &[Card { path: "/me/export", word: "export", icon: "download", order: 60, state: store::state }],
    ..Room::new("export", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show =
        Op::page::<page::Exports>("export.show", "导出：副本与进度 · Copies of one's data, and how far they are");
    let ask = "申请导出，需要密码 · Asks for a copy; needs the password";
    let ask =
        Op::act::<form::Wanted, page::Copy>("export.ask", ask).conflicts(&["export-under-way"]).limited().missing();
    let ask = ask.with_password();
    let take = "下载，只有一次 · Hands the copy over, once";
    let take = Op::handed::<Nothing>("export.download", take, "application/zip").missing().with_password();
    Routes::new()
        .get("/me/export", Who::Oneself, show, handle::show)
        .post("/me/export", Who::Oneself, ask, handle::ask)
        .post("/me/export/{id}/download", Who::Oneself, take, handle::download)
}
