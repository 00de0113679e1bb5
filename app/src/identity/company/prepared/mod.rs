//! Prepared registrations (预登记): a company that the operator has from a list, and the person who is asked to register it.
//!
//! It is no company: nobody but the person who is asked sees anything of it. The address was published by the company, or by law
//! (PIPL 13(1)(6), 27); the one letter says where, by when everything of it is gone, and how to refuse. The letter's link shows
//! what was prepared and changes nothing; who accepts registers by it, with their own agreement, as anybody who registers a
//! company, and files what they saw there. A refusal deletes it at once, and nobody asks that address again for three years.

mod door;
mod held;
mod letter;
mod page;
mod store;
mod sweep;

pub use page::{Prefilled, open};
pub use store::{EMAIL, Entry, Kept, New, find, index_of, is_asked, overtaken, prepare, take_up};

use crate::app::App;
use crate::web::{Nothing, Op, Room, Routes, Routine, Texts, Who, Work, link};
use kit::id::Id;

/// A prepared registration.
pub struct Prepared;

/// What the key of a link is made for.
const LINK: &str = "company/prepared";

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::post(letter::KIND, letter::run)],
    routines: &[Routine { name: "prepared.sweep", step: sweep::step }],
    purposes: &["company-invitation"],
    held: Some(&held::HELD),
    door: Some(&door::DOOR),
    ..Room::new("prepared", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show =
        Op::page::<page::Show>("prepared.show", "预登记，凭信里的链接 · A prepared registration, by the letter's link");
    let refuse =
        Op::act::<Nothing, page::Gone>("prepared.refuse", "拒绝，立即删除 · Refuses: all of it is deleted at once")
            .by_address();
    Routes::new().get("/prepared/{key}", Who::Anyone, show, page::show).post(
        "/prepared/{key}/refusal",
        Who::Anyone,
        refuse,
        page::refuse,
    )
}

/// The path of its page.
fn path(app: &App, id: Id<Prepared>) -> String {
    format!("/prepared/{}", link::text(app, LINK, id))
}
