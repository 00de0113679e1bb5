//! The opening (开标): at the deadline the program releases the tender's key, opens the envelopes of the lots that have
//! enough bids, and makes the record (唱标) public to those who may read it.

mod job;
pub mod record;

use crate::sourcing::tender;
use crate::web::{Room, Routes, Texts, Who, Work};

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work { kind: tender::OPENING, run: |app, _, payload| Box::pin(job::run(app, payload)) }],
    ..Room::new("opening", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new().get("/tenders/{id}/opening", Who::Anyone, record::show).get(
        "/bid-files/{id}",
        Who::Member,
        record::file,
    )
}
