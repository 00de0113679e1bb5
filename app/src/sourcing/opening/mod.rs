//! The opening (开标): at the deadline the program releases the tender's key, opens the envelopes of the lots that have
//! enough bids, and makes the record (唱标) public to those who may read it.

mod job;
pub mod record;

use crate::sourcing::tender;
use crate::web::attachment::FILE;
use crate::web::{Op, Room, Routes, Scope, Texts, Who, Work};

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::endless(tender::OPENING, |app, _, payload| Box::pin(job::run(app, payload)))],
    ..Room::new("opening", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let record = Op::page::<record::Record>("opening.show", "开标记录 · The opening record").token(Scope::Read);
    let file = Op::file("opening.file", "投标文件 · A file out of an opened envelope", FILE).token(Scope::Read);
    Routes::new().get("/tenders/{id}/opening", Who::Anyone, record, record::show).get(
        "/bid-files/{id}",
        Who::Member,
        file,
        record::file,
    )
}
