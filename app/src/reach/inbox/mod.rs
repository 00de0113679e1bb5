//! The inbox (收件箱): what the platform tells a person of what has happened (通知), on the platform and by mail (clause 4.1).
//!
//! Kinds are data ([`kind`]). A follower of the events tells ([`following`]); what concerns many, or those who have bid, is
//! found by jobs ([`everyone`], [`concern`]). A notification holds ids: names and titles are read when it is shown, the address
//! is opened when a mail goes out. Its reader stands in the tables as a keyed hash, so that no table tells who has bid.

mod approving;
mod channel;
mod choice;
mod concern;
mod corresponding;
mod delivery;
mod demanding;
mod everyone;
mod following;
mod form;
mod handle;
mod holding;
pub mod kind;
mod leave;
mod leaving;
mod letter;
mod live;
mod opening;
mod page;
mod qualifying;
mod reader;
mod shelf;
mod store;
mod substituting;
mod sweep;
mod tell;
mod witnessing;

pub use channel::Channel;
pub use live::Live;
pub use store::Notification;
pub use tell::{Changed, Telling, forget, tell};

use crate::web::{Badge, Card, Nothing, Op, Param, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[
        Work::post(delivery::KIND, delivery::run),
        Work::new(concern::KIND, concern::run),
        Work::new(demanding::KIND, demanding::run),
        Work::new(qualifying::KIND, qualifying::run),
        Work::new(everyone::KIND, everyone::run),
    ],
    routines: &[
        Routine { name: following::FOLLOWER, step: following::step },
        Routine { name: "inbox.live", step: live::step },
        Routine { name: "inbox.again", step: delivery::again },
        Routine { name: "inbox.sweep", step: sweep::step },
    ],
    badge: Some(Badge { path: "/inbox", told: "inbox-badge", icon: "mail", count: leaving::unread }),
    erased: Some(leaving::erased),
    cards: &[Card { path: "/me/notifications", word: "inbox-choices", icon: "mail", order: 60, state: leaving::state }],
    ..Room::new("inbox", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const QUERY: &[Param] = &[
    Param { name: "about", about: "只看哪一类 · Only what is about this", example: "tender" },
    Param {
        name: "unread", about: "未读下一页的游标 · The cursor of the next page of what is unread", example: ""
    },
    Param {
        name: "after", about: "已读下一页的游标 · The cursor of the next page of what was read", example: ""
    },
];

fn routes() -> Routes {
    let list = Op::page::<page::List>("inbox.list", "收件箱 · The person's inbox").query(QUERY);
    let read = Op::act::<Nothing, page::Line>("inbox.read", "标为已读 · Notes that one has been read");
    let unread = Op::act::<Nothing, page::Line>("inbox.unread", "标为未读 · Notes that one has not been read");
    let open =
        Op::act::<Nothing, page::Line>("inbox.open", "标为已读并前往 · Notes that one has been read, and goes there");
    let all = Op::act::<form::All, page::Marked>("inbox.read-all", "全部标为已读 · Notes that all have been read");
    let undo = Op::act::<form::Undo, page::Marked>("inbox.undo", "撤销全部已读 · Undoes that");
    let choices = Op::page::<page::Choices>("inbox.choices", "通知设置 · By which ways one is told of what");
    let choose = Op::act::<form::Wanted, page::Choices>("inbox.choose", "更改通知设置 · Changes that");
    let leave = Op::page::<leave::Leave>("inbox.leave", "退订前的说明 · What switching a kind's mails off means");
    let end = Op::act::<leave::OneClick, leave::Left>(
        "inbox.end",
        "一键退订，凭邮件里的链接 · Switches them off by a mail's link",
    )
    .by_address();
    let live = Op::file(
        "inbox.live",
        "未读数，变了就发来 · How many are not read, and each change of it",
        "text/event-stream",
    )
    .query(&[Param { name: "once", about: "1：只要现在的数 · Only how many there are now", example: "1" }])
    .limited();
    Routes::new()
        .get("/inbox/live", Who::Person, live, live::watch)
        .get("/inbox", Who::Person, list.fails(StatusCode::BAD_REQUEST, &["filter", "cursor"]), handle::index)
        .post("/inbox/reading", Who::Person, all, handle::read_all)
        .post("/inbox/unreading", Who::Person, undo, handle::unread_all)
        .post("/inbox/{id}/reading", Who::Person, read, handle::read)
        .post("/inbox/{id}/unreading", Who::Person, unread, handle::unread)
        .post("/inbox/{id}/opening", Who::Person, open, handle::open)
        .get("/me/notifications", Who::Person, choices, handle::choices)
        .post("/me/notifications", Who::Person, choose, handle::choose)
        .get("/notifications/{key}/off", Who::Anyone, leave, leave::show)
        .post("/notifications/{key}/off", Who::Anyone, end, leave::end)
}
