//! The opening (开标): at the deadline the program releases the tender's key, opens the envelopes of the lots that have
//! enough bids, and makes the record (唱标) public to those who may read it. Where many hands open, it takes its own layer off at the
//! hour and waits for the holders' shares ([`shares`]).

mod alone;
mod by_hands;
mod file;
mod give;
mod job;
pub mod record;
pub mod shares;
mod signed;
mod source;
pub mod waiting;

pub use alone::{Brought, opened_alone};
pub use by_hands::{HolderLeft, StillWaiting};
pub use file::{disclose, of_bid};
pub use source::Lying;

use crate::sourcing::tender;
use crate::web::attachment::FILE;
use crate::web::{Op, Room, Routes, Scope, Texts, Who, Work};

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::endless(tender::OPENING, |app, _, payload| Box::pin(job::run(app, payload)))],
    waiting: Some(waiting::tasks),
    ..Room::new("opening", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let record = Op::page::<record::Record>("opening.show", "开标记录 · The opening record").token(Scope::Read);
    let file = Op::file("opening.file", "投标文件 · A file out of an opened envelope", FILE).token(Scope::Read);
    let asked =
        Op::page::<give::GivePage>("opening.sheet", "请求本人的开标份额 · What an opening officer is asked for");
    let give = Op::act::<give::Answered, shares::Standing>("opening.give", "给出开标份额 · Gives one's share");
    let give = give.conflicts(&["opening-not-waiting", "share-foreign", "share-missing"]);
    let agreement = Op::file(
        "opening.agreement",
        "签字盖章的共同投标协议：给成员，开标后也给招标人 · The agreement as it was signed on paper",
        FILE,
    );
    Routes::new()
        .get("/consortia/{id}/signed-agreement", Who::Member, agreement.token(Scope::Read), signed::show)
        .get("/me/openings/{id}", Who::Person, asked, give::show)
        .post("/me/openings/{id}", Who::Person, give, give::give)
        .get("/tenders/{id}/opening", Who::Anyone, record, record::show)
        .get("/bid-files/{id}", Who::Member, file, file::show)
}
