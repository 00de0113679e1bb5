//! The public door (公开入口): people without an account reach the privacy centre for as long as something of theirs is kept.
//!
//! Somebody types a phone number or an e-mail. The answer, and the work for it, is the same whether or not anything is kept
//! under it; if something is, a code goes there. The code opens a [visit](crate::web::visit) in the browser that asked, and
//! no other. Before anything is shown its guest says which entry is about them, or that none is: a wrong number shows nothing
//! but who entered it and when, and leads nowhere from then on. From there on the pages under `/me` are theirs as they are a
//! member's: what is kept, who looked, consents, a copy, requests. Nothing here is done by reading an address: scanners of
//! mail may fetch it as often as they like.
//!
//! It knows no table: each room says whom it keeps ([`crate::web::Door`]). Who has an account is told to sign in.

mod ask;
mod entry;
mod form;
mod handle;
mod job;
mod page;

use crate::web::{Nothing, Op, Place, Room, Routes, Routine, Texts, Who, Work};

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::post(job::KIND, job::run)],
    routines: &[Routine { name: "door.sweep", step: entry::sweep }],
    places: &[Place {
        path: "/privacy/door/visit",
        word: "door-visit",
        icon: "lock",
        order: 10,
        under: None,
        shown: |actor| matches!(actor, crate::web::Actor::Guest(_)),
    }],
    ..Room::new("door", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let start = Op::page::<page::Start>("door.start", "没有账号的人从这里查看自己的信息 · The public door");
    let ask = "索取验证码，无论有无记录回答都一样 · Asks for a code; the answer never tells whether anything is kept";
    let ask = Op::act::<form::Wanted, page::Asked>("door.ask", ask).conflicts(&["door-signed-in"]).limited();
    let show = Op::page::<page::Waiting>("door.show", "一次查看走到哪一步 · Where a visit stands, for its own browser");
    let prove = "输入验证码 · The code; the visit goes on in this browser";
    let prove = Op::act::<form::Proof, page::Proven>("door.prove", prove).limited().missing();
    let recognise = Op::act::<form::Entry, page::Recognised>("door.recognise", "这是我 · This entry is about me");
    let deny = Op::act::<form::Entry, page::Denied>("door.deny", "这不是我 · This is not me: a wrong number");
    let visit = Op::page::<page::Visit>("door.visit", "我的查看：能看什么、能做什么 · What a guest can see and do");
    let erase = Op::act::<Nothing, page::Ended>("door.erase", "删除关于我的全部信息 · All that is kept of me goes");
    let end = Op::act::<Nothing, page::Ended>("door.end", "结束查看 · Ends the visit");
    Routes::new()
        .get("/privacy/door", Who::Anyone, start, handle::start)
        .post("/privacy/door/visits", Who::Anyone, ask, handle::ask)
        .get("/privacy/door/visits/{id}", Who::Anyone, show, handle::show)
        .post("/privacy/door/visits/{id}/proof", Who::Anyone, prove, handle::prove)
        .post("/privacy/door/visits/{id}/recognition", Who::Anyone, recognise, handle::recognise)
        .post("/privacy/door/visits/{id}/denial", Who::Anyone, deny, handle::deny)
        .get("/privacy/door/visit", Who::Guest, visit, handle::visit)
        .post("/privacy/door/visit/erasure", Who::Guest, erase, handle::erase)
        .post("/privacy/door/visit/end", Who::Guest, end, handle::end)
}
