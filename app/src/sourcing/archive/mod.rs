//! The archive (归档) of a tender that has ended: one file with all that its reader may read of it, with the receipts and the log's proofs, and
//! a signed list of the hash of each, to which the log commits. `ziyun verify` checks it on any computer, without asking anybody.
//!
//! The buyer gets the whole, a bidder the public part and what is its own. A job makes it step by step, each step in a unit of its own, so that
//! a killed process loses one step at most; files are streamed. No natural person stands in it, and the list says what was left out.

mod agreements;
mod form;
mod gather;
mod handle;
mod job;
mod lot;
mod page;
mod paper;
mod proofs;
mod rule;
mod store;
mod sweep;
pub mod verify;
mod zipped;

use crate::web::attachment::FILE;
use crate::web::{Op, Room, Routes, Routine, Texts, Who, Work};

/// An archive.
pub struct Archive;

/// What its signed list says it is.
pub const KIND: &str = "tender-archive";

/// Name of the signed list inside it.
pub const MANIFEST: &str = "manifest.json";

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::bulk(job::KIND, job::run)],
    routines: &[Routine { name: "archive.sweep", step: sweep::step }],
    files: &["tender_archive"],
    closed: Some(store::closed),
    ..Room::new("archive", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::Archives>(
        "archive.show",
        "归档文件与进度，供招标人和投标人 · The archives of a tender that has ended, and how far they are",
    )
    .conflicts(&["archive-not-yet"]);
    let ask = Op::act::<form::Wanted, page::Bundle>(
        "archive.ask",
        "生成归档文件；之前的一份作废 · Has an archive made; the one before is void",
    )
    .conflicts(&["archive-not-yet", "archive-under-way"])
    .limited();
    let file = Op::file("archive.file", "归档文件（ZIP） · An archive (ZIP)", FILE);
    Routes::new()
        .get("/tenders/{id}/archive", Who::Member, show, handle::show)
        .post("/tenders/{id}/archive", Who::Agent, ask, handle::ask)
        .get("/archives/{id}", Who::Member, file, handle::download)
}
