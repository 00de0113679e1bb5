//! Guardians (监护人): a minor registers only after a guardian has agreed (clause 9.1, PIPL 31).
//!
//! Before that nothing is stored, neither of the minor, who is asked for nothing, nor of the guardian: their address is used
//! to send one mail and forgotten with the request. The mail's link holds a key that only the program can have made
//! ([`key`]). Who has it reads what is agreed to, agrees, gets a permission to hand to the minor, and can take it back at any
//! time: then the account is blocked, its login sessions end, and nothing of it is opened any more.
//!
//! Age and guardianship are declared, not verified.

mod form;
mod handle;
mod key;
mod page;
mod store;

pub use store::{Guardian, admit, is_open};

use crate::web::{Nothing, Op, Room, Routes, Texts, Who};
use http::StatusCode;
use kit::id::Id;

/// The room.
pub static ROOM: Room =
    Room::new("guardian", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

/// The permission that a text stands for, if it is one of ours.
pub fn permission(app: &crate::app::App, text: &str) -> Option<Id<Guardian>> {
    key::Permission::read(app, text)
}

fn routes() -> Routes {
    let start = Op::page::<page::Start>("guardian.start", "请监护人同意 · How a minor's guardian is asked");
    let ask =
        Op::act::<form::Ask, page::Asked>("guardian.ask", "给监护人发信，不保存地址 · Mails a guardian; keeps nothing")
            .fails(StatusCode::SERVICE_UNAVAILABLE, &["guardian-mail"])
            .limited();
    let show =
        Op::page::<page::Show>("guardian.show", "监护人的页面 · The guardian's page, by the link that was mailed");
    let agree = Op::act::<form::Agree, page::Done>("guardian.agree", "监护人同意 · The guardian agrees")
        .conflicts(&["guardian-late", "guardian-withdrawn"]);
    let end = Op::act::<Nothing, page::Done>("guardian.withdraw", "监护人撤回 · The guardian takes it back");
    Routes::new()
        .get("/guardian", Who::Anyone, start, handle::start)
        .post("/guardian-requests", Who::Anyone, ask, handle::ask)
        .get("/guardian/{key}", Who::Anyone, show, handle::show)
        .post("/guardian/{key}/consent", Who::Anyone, agree, handle::agree)
        .post("/guardian/{key}/withdrawal", Who::Anyone, end, handle::withdraw)
}
