//! Announcements (平台通告): what the operator tells everybody. The publisher drafts one in both languages, publishes it, and may
//! withdraw it; it stands on top of every page until its end, and in the list afterwards. What is withdrawn is shown no more.

mod banner;
mod form;
mod handle;
mod page;
mod store;

use crate::web::{Nothing, Op, OperatorDuty, Place, Room, Routes, Seen, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/announcements",
        word: "announcement-desk",
        icon: "notice",
        order: 87,
        under: Some("/desk/policies"),
        shown: |actor| actor.holds(OperatorDuty::Publisher),
    }],
    announces: Some(banner::announce),
    ..Room::new("announcement", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const PUBLISHER: Who = Who::Duty(OperatorDuty::Publisher);

fn routes() -> Routes {
    let list = Op::page::<page::List>("announcement.list", "平台通告 · What the operator has announced");
    let show = Op::page::<page::Show>("announcement.show", "一则通告 · One announcement");
    let desk = Op::page::<page::Desk>("announcement.desk", "起草与已公布的通告 · Drafts and what was published");
    let draft = Op::act::<form::Wanted, store::Announcement>("announcement.draft", "起草 · Drafts one");
    let edit = Op::page::<page::Edit>("announcement.edit", "一则草稿或通告 · A draft, or what was published");
    let change = Op::act::<form::Changed, store::Announcement>("announcement.change", "修改草稿 · Changes a draft")
        .conflicts(&["announcement-not-a-draft"])
        .stale();
    let publish = Op::act::<Seen, store::Announcement>("announcement.publish", "公布 · Publishes a draft")
        .conflicts(&["announcement-not-a-draft", "announcement-past"])
        .stale()
        .binding();
    let withdraw = Op::act::<Nothing, store::Announcement>("announcement.withdraw", "撤回 · Withdraws one");
    Routes::new()
        .get("/announcements", Who::Anyone, list, handle::index)
        .get("/announcements/{id}", Who::Anyone, show, handle::show)
        .get("/desk/announcements", PUBLISHER, desk, handle::desk)
        .post("/desk/announcements", PUBLISHER, draft, handle::draft)
        .get("/desk/announcements/{id}", PUBLISHER, edit, handle::edit)
        .post("/desk/announcements/{id}", PUBLISHER, change, handle::change)
        .post("/desk/announcements/{id}/publication", PUBLISHER, publish, handle::publish)
        .post("/desk/announcements/{id}/withdrawal", PUBLISHER, withdraw, handle::withdraw)
}
