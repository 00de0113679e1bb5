//! Service agreements and platform rules (服务协议, 平台规则; clause 3.6): readable by anybody in every edition, accepted by
//! a company through one of its members, changed after public comment only.
//!
//! The texts are compiled into the crate `policy`. Which edition is in force says the schedule; which binds a company says
//! [`in_force_for`]: the newest in force of those that it has accepted. Whoever does not accept a change stays under the
//! edition accepted before until they leave, and leaving is free (电子商务法 arts. 34, 35).

mod acceptance;
mod act;
mod agenda;
mod calendar;
mod comment;
mod desk;
mod force;
mod page;
mod receipt;
mod store;

use crate::web::{Op, OperatorDuty, Place, Room, Routes, Texts, Who};

pub use calendar::{Calendar, Line, found};
pub use force::{governs, in_force_for};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/agreements",
        word: "terms-desk-place",
        icon: "policy",
        order: 86,
        under: Some("/desk/policies"),
        shown: |actor| actor.holds(OperatorDuty::Publisher),
    }],
    queue: Some(agenda::queue),
    waiting: Some(agenda::waiting),
    ..Room::new("terms", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// Why a change is not announced.
const NOT_ANNOUNCED: [&str; 4] = ["terms-pending", "terms-not-newer", "terms-scheduled-meanwhile", "clock-behind"];

/// Why a comment is not taken.
const NO_COMMENT: [&str; 2] = ["terms-comments-closed", "terms-comments-full"];

fn routes() -> Routes {
    let list = Op::page::<page::List>("terms.list", "服务协议和平台规则 · Service agreements and platform rules");
    let current = Op::page::<page::Show>("terms.current", "现行文本 · The edition in force");
    let edition = Op::page::<page::Show>("terms.edition", "某一版本 · An edition, with what it changes");
    let file = Op::file("terms.file", "文本文件 · The text as a file, as acceptances name it", "text/markdown");
    let accept =
        Op::act::<acceptance::Yes, acceptance::Accepted>("terms.accept", "代表企业同意 · Accepts for a company")
            .conflicts(&["terms-edition-not-current", "terms-other-text"]);
    let comment = Op::act::<comment::Saying, comment::Said>("terms.comment", "提出意见 · Comments on a change")
        .conflicts(&NO_COMMENT);
    let own = Op::page::<receipt::Own>("terms.own", "本企业的协议 · What the company has accepted");
    let receipt = Op::page::<evidence::Receipt>("terms.receipt", "同意的凭证 · The signed receipt of an acceptance");
    let desk = Op::page::<desk::Desk>("terms.desk", "协议的排期与意见 · The schedule of agreements, and comments");
    let announce = Op::act::<act::Plan, store::Announced>("terms.announce", "公布新版本 · Announces an edition")
        .conflicts(&NOT_ANNOUNCED);
    let withdraw = Op::act::<act::Back, store::Withdrawn>("terms.withdraw", "撤回公布 · Takes an announcement back")
        .conflicts(&["terms-edition-in-force"]);
    let decide =
        Op::act::<act::Decision, comment::Decided>("terms.decide", "处理意见 · Publishes or withholds a comment")
            .conflicts(&["terms-comment-decided"]);
    Routes::new()
        .get("/agreements", Who::Anyone, list, page::list)
        .get("/agreements/{id}", Who::Anyone, current, page::current)
        .get("/agreements/{id}/{edition}", Who::Anyone, edition, page::edition)
        .get("/agreements/{id}/{edition}/text", Who::Anyone, file, page::file)
        .post("/agreements/{id}/acceptances", Who::Owner, accept, acceptance::accept)
        .post("/agreements/{id}/comments", Who::Agent, comment, comment::say)
        .get("/company/agreements", Who::Member, own, receipt::list)
        .get("/company/agreements/{id}/receipt", Who::Member, receipt, receipt::show)
        .get("/desk/agreements", Who::Duty(OperatorDuty::Publisher), desk, desk::show)
        .post("/desk/agreements", Who::Duty(OperatorDuty::Publisher), announce, act::announce)
        .post("/desk/agreements/{id}/withdrawal", Who::Duty(OperatorDuty::Publisher), withdraw, act::withdraw)
        .post("/desk/agreement-comments/{id}/decision", Who::Duty(OperatorDuty::Publisher), decide, act::decide)
}
