//! Webhooks (网络回调): a company names an address of its own, and its programs are told there of what happens to its tenders, by
//! signed requests as Standard Webhooks has them ([`sign`]).
//!
//! A message holds ids, never a personal datum, and nothing of bids before their opening ([`kind`]). It goes to public
//! addresses only, each looked at when the request is sent ([`kit::outgoing`]); secrets lie sealed, and are shown once.
//! docs/webhooks.md is for whoever writes the program at the other end.

mod deliver;
mod following;
mod form;
mod handle;
mod kind;
mod page;
mod sign;
mod store;
mod sweep;

pub use store::Changed;

use crate::web::{NewRow, Nothing, Op, Param, Room, Routes, Routine, Scope, Texts, Who, Work};
use http::StatusCode;
use page::{Left, List, Made, Replayed, Show};

/// A registration.
pub struct Webhook;

/// A message to one.
pub struct Delivery;

/// Under which name secrets are sealed.
const SECRET: &str = "webhook/secret";

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::outward(deliver::KIND, deliver::run)],
    closed: Some(following::closed),
    routines: &[
        Routine { name: following::FOLLOWER, step: following::step },
        Routine { name: "webhook.due", step: deliver::step },
        Routine { name: "webhook.sweep", step: sweep::step },
    ],
    ..Room::new("webhook", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const QUERY: &[Param] =
    &[Param { name: "after", about: "下一页的游标 · The cursor of the next page", example: "" }];

fn routes() -> Routes {
    let list = Op::page::<List>("webhook.list", "本公司的网络回调 · The company's webhooks").token(Scope::Read);
    let show = Op::page::<Show>("webhook.show", "一个网络回调和送出的消息 · One, and what was sent to it")
        .query(QUERY)
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let test = Op::act::<NewRow<Delivery>, Left>("webhook.test", "发一条试验消息 · Sends a trial")
        .conflicts(&["webhook-paused"]);
    let replay = Op::act::<form::From, Replayed>("webhook.replay", "从某一条起重发 · Sends again from a message on");
    let routes = Routes::new()
        .get("/company/webhooks", Who::Member, list, handle::index)
        .get("/company/webhooks/{id}", Who::Member, show.token(Scope::Read), handle::show)
        .post("/company/webhooks/{id}/test", Who::Agent, test.token(Scope::Read), handle::test)
        .post("/company/webhooks/{id}/replay", Who::Agent, replay.missing().token(Scope::Read), handle::replay);
    changing(routes)
}

/// What an owner does.
fn changing(routes: Routes) -> Routes {
    let make = Op::act::<form::New, Made>(
        "webhook.make",
        "登记网络回调，密钥只显示一次 · Registers one; its secret is shown once",
    )
    .fails(StatusCode::FORBIDDEN, &["company-pending", "company-refused"])
    .conflicts(&["webhook-exists", "too-many-webhooks"])
    .shown()
    .credentials();
    let rotate = Op::act::<Nothing, Made>(
        "webhook.rotate",
        "更换密钥，旧的再有效一天 · Another secret; the old one holds for a day",
    )
    .shown()
    .credentials();
    let on = Op::act::<Nothing, page::Webhook>("webhook.on", "启用 · Switches it on");
    let off = Op::act::<Nothing, page::Webhook>("webhook.off", "暂停 · Lets it rest");
    let remove = Op::act::<Nothing, page::Removed>("webhook.remove", "删除 · Removes it");
    routes
        .post("/company/webhooks", Who::Owner, make, handle::create)
        .post("/company/webhooks/{id}/secret", Who::Owner, rotate, handle::rotate)
        .post("/company/webhooks/{id}/on", Who::Owner, on, handle::on)
        .post("/company/webhooks/{id}/off", Who::Owner, off, handle::off)
        .post("/company/webhooks/{id}/removal", Who::Owner, remove, handle::remove)
}
