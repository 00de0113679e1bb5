//! Correspondence of companies (clause 6.6): a company asks another for contact (联系请求); when that one accepts, the two have a
//! thread (会话) and write messages (消息) in it. An award opens one between its buyer and its winner.
//!
//! Each side sees the other's company, and of its people their duties and a number ([`member`]): how to reach somebody is
//! shown only when that person has previewed and shared it, and until they take it back ([`sharing`]), for an award also
//! beforehand ([`award_contact`]); the postal address of a company, when an owner has ([`address`]). Each look is on record before it is shown ([`look`]).
//!
//! Texts are business data of the company that wrote them (clause 6.1): sealed under the key that the region keeps for it
//! ([`seal`]), read by the two companies and by nobody else, the operator included. While a tender runs, what is asked about it
//! is asked in public ([`rule`]).

mod address;
mod award_contact;
mod block;
mod ending;
mod file;
mod following;
mod form;
mod handle;
mod handover;
mod look;
mod matter;
mod member;
mod message;
mod page;
mod request;
mod rule;
mod seal;
mod sharing;
mod shown;
mod thread;

pub use file::{Line as FileLine, Opened as OpenedFile};
pub use following::names;
pub use handover::{Handed, close, files as files_of, newest, other_side, take_down};
pub use message::Sent;
pub use request::Changed as RequestChanged;
pub use sharing::Changed as SharingChanged;
pub use thread::Opened;

use crate::web::attachment::FILE;
use crate::web::{Actor, Column, Held, Level, Nothing, Op, Param, Place, Room, Routes, Routine, Scope, Texts, Who};
use http::StatusCode;

/// A contact request.
pub struct ContactRequest;

/// A thread of two companies.
pub struct Thread;

/// A message in one.
pub struct Message;

/// What a member shares of themselves in one.
pub struct Sharing;

/// That a company wants nothing from another.
pub struct Block;

/// Where threads are.
pub const PLACE: &str = "/threads";

static HELD: Held = Held {
    columns: &[
        Column { table: "thread_sharing", column: "name", field: "shared-name" },
        Column { table: "thread_sharing", column: "phone", field: "shared-phone" },
        Column { table: "thread_sharing", column: "email", field: "shared-email" },
        Column { table: "award_contact", column: "name", field: "shared-name" },
        Column { table: "award_contact", column: "phone", field: "shared-phone" },
        Column { table: "award_contact", column: "email", field: "shared-email" },
    ],
    find: |tx, subject| {
        let mut all = sharing::held(tx, subject, &HELD.columns[..3])?;
        all.extend(award_contact::held(tx, subject, &HELD.columns[3..])?);
        Ok(all)
    },
};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: PLACE,
        word: "threads",
        icon: "mail",
        order: 73,
        under: Some("/company"),
        shown: |actor| matches!(actor, Actor::Member(member) if member.level() >= Level::Overdue),
    }],
    routines: &[
        Routine { name: following::FOLLOWER, step: following::step },
        Routine { name: "conversation.sweep", step: request::sweep },
        Routine { name: award_contact::ROUTINE, step: award_contact::sweep },
    ],
    waiting: Some(request::waiting),
    files: &["thread_file"],
    purposes: &["contact-sharing"],
    held: Some(&HELD),
    erased: Some(ending::erased),
    closed: Some(ending::closed),
    ..Room::new("conversation", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const AFTER: &[Param] =
    &[Param { name: "after", about: "下一页的游标 · The cursor of the next page", example: "" }];

const ABOUT: &[Param] = &[
    Param { name: "company", about: "联系哪家公司 · Which company", example: "" },
    Param { name: "matter", about: "general、provider 或 tender · What about", example: "" },
    Param { name: "tender", about: "哪个招标 · Which tender", example: "" },
];

fn routes() -> Routes {
    for_awards(sides(threads(requests(Routes::new()))))
}

fn requests(routes: Routes) -> Routes {
    let list =
        Op::page::<page::Requests>("contact-request.list", "联系请求：收到的和发出的 · Contact requests, both ways");
    let form = Op::page::<page::Asking>("contact-request.form", "联系一家公司的表单 · The form that asks for contact");
    let ask = "请求联系：每家公司每天限量 · Asks a company for contact, so many a day";
    let ask = Op::act::<form::Wanted, page::Request>("contact-request.ask", ask);
    let ask = ask.conflicts(&rule::REFUSALS).conflicts(&["own-company", "request-open", "thread-exists"]);
    let show = Op::page::<page::Request>("contact-request.show", "一件联系请求 · A contact request with its text");
    let accept = "接受，开始会话 · Accepts: the two companies have a thread";
    let accept = Op::act::<Nothing, page::Accepted>("contact-request.accept", accept);
    let decline = "谢绝，可以说明理由，可以屏蔽 · Declines, with or without a reason, and blocks if wanted";
    let decline = Op::act::<form::Declined, page::Request>("contact-request.decline", decline);
    let withdraw = Op::act::<Nothing, page::Request>("contact-request.withdraw", "撤回 · Takes a request back");
    let over = &["request-over"];
    routes
        .get(
            "/contact-requests",
            Who::Member,
            list.query(AFTER).fails(StatusCode::BAD_REQUEST, &["cursor"]).token(Scope::Read),
            handle::request::index,
        )
        .get(
            "/contact-requests/new",
            Who::Correspondent,
            form.query(ABOUT).missing().conflicts(&["own-company"]),
            handle::request::new,
        )
        .post(
            "/contact-requests",
            Who::Correspondent,
            ask.missing().limited().token(Scope::Message),
            handle::request::create,
        )
        .get("/contact-requests/{id}", Who::Member, show.token(Scope::Read), handle::request::show)
        .post(
            "/contact-requests/{id}/acceptance",
            Who::Correspondent,
            accept.conflicts(over).conflicts(&rule::REFUSALS).token(Scope::Message),
            handle::request::accept,
        )
        .post(
            "/contact-requests/{id}/refusal",
            Who::Correspondent,
            decline.conflicts(over).token(Scope::Message),
            handle::request::decline,
        )
        .post(
            "/contact-requests/{id}/withdrawal",
            Who::Correspondent,
            withdraw.conflicts(over).token(Scope::Message),
            handle::request::withdraw,
        )
}

fn threads(routes: Routes) -> Routes {
    let list = Op::page::<page::Threads>("thread.list", "会话 · The company's threads, the liveliest first");
    let show = Op::page::<page::Thread>("thread.show", "一个会话和最新的消息 · A thread, with its newest messages");
    let send = Op::act::<form::Text, page::Line>("thread.send", "发消息 · Sends a message")
        .conflicts(&rule::REFUSALS)
        .conflicts(&["thread-closed"])
        .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"]);
    let withdraw = "撤回消息：作者本人，十分钟之内 · Withdraws a message: its author, within ten minutes";
    let withdraw = Op::act::<Nothing, page::Line>("thread.withdraw", withdraw)
        .conflicts(&["message-old"])
        .fails(StatusCode::FORBIDDEN, &["message-of-another"]);
    let block = Op::act::<Nothing, page::Blocked>("thread.block", "屏蔽对方公司 · Blocks the other company");
    let unblock = Op::act::<Nothing, page::Unblocked>("thread.unblock", "取消屏蔽 · Lifts a block");
    let file = Op::file("thread.file", "消息的附件 · A file of a message", FILE).token(Scope::Read);
    let cursor = &["cursor"];
    routes
        .get(
            PLACE,
            Who::Member,
            list.query(AFTER).fails(StatusCode::BAD_REQUEST, cursor).token(Scope::Read),
            handle::thread::index,
        )
        .get(
            "/threads/{id}",
            Who::Member,
            show.query(AFTER).fails(StatusCode::BAD_REQUEST, cursor).token(Scope::Read),
            handle::thread::show,
        )
        .post("/threads/{id}/messages", Who::Correspondent, send.limited().token(Scope::Message), handle::send::send)
        .get("/thread-files/{id}", Who::Member, file, handle::send::file)
        .post("/messages/{id}/withdrawal", Who::Correspondent, withdraw.token(Scope::Message), handle::thread::withdraw)
        .post("/threads/{id}/block", Who::Correspondent, block.token(Scope::Message), handle::thread::block)
        .post("/company/blocks/{id}/end", Who::Correspondent, unblock.token(Scope::Message), handle::thread::unblock)
}

/// What the two sides show each other. None of it is for programs.
fn sides(routes: Routes) -> Routes {
    let prefetch = &["prefetch"];
    let sharing = "分享本人联系方式的表单 · What the reader shares of themselves in a thread, and the form";
    let sharing = Op::page::<shown::Sharing>("thread.sharing", sharing).fails(StatusCode::FORBIDDEN, prefetch);
    let preview = "预览：对方会看到什么 · What the other side would see; nothing is kept";
    let preview = Op::act::<form::Own, shown::Preview>("thread.preview", preview).shown();
    let share = Op::act::<form::Share, shown::Shared>("thread.share", "分享预览过的内容 · Shares what was previewed");
    let share = share.conflicts(&["not-previewed", "thread-closed", "not-reachable", "you-blocked"]).missing();
    let unshare = "收回分享，立即生效 · Takes back what was shared, at once";
    let unshare = Op::act::<Nothing, shown::Unshared>("thread.unshare", unshare);
    let address = "公司通信地址：预览和分享 · The company's postal address, as the other side would see it";
    let address = Op::page::<shown::Address>("thread.address", address);
    let share_address = "分享公司通信地址 · Shares the company's postal address";
    let share_address = Op::act::<form::Seen, shown::Shared>("thread.share-address", share_address).conflicts(&[
        "not-previewed",
        "thread-closed",
        "address-none",
        "not-reachable",
        "you-blocked",
    ]);
    let unshare_address = "收回公司通信地址 · Takes back the postal address";
    let unshare_address = Op::act::<Nothing, shown::Unshared>("thread.unshare-address", unshare_address);
    let look = "查看对方分享的联系方式，留痕 · Shows what the other side has shared, on record";
    let look = Op::act::<Nothing, shown::Seen>("thread.look", look).shown().conflicts(&["nothing-shared"]);
    routes
        .get("/threads/{id}/sharing", Who::Correspondent, sharing, handle::sharing::show)
        .post("/threads/{id}/sharing/preview", Who::Correspondent, preview, handle::sharing::preview)
        .post("/threads/{id}/sharing", Who::Correspondent, share, handle::sharing::share)
        .post("/threads/{id}/sharing/end", Who::Correspondent, unshare, handle::sharing::unshare)
        .get("/threads/{id}/address", Who::Owner, address, handle::address::show)
        .post("/threads/{id}/address", Who::Owner, share_address, handle::address::share)
        .post("/threads/{id}/address/end", Who::Owner, unshare_address, handle::address::unshare)
        .post("/threads/{id}/look", Who::Correspondent, look, handle::look::look)
}

/// What one shows the other side of an award once it is there. None of it is for programs.
fn for_awards(routes: Routes) -> Routes {
    let early = &["award-contact-early"];
    let late = &["award-contact-early", "award-contact-late", "not-previewed"];
    let show = "定标后互示的联系方式和表单 · What the reader means to show the other side of the award, and the form";
    let show = Op::page::<shown::ForAward>("award-contact.show", show).fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let preview = "预览：定标后对方会看到什么 · What the other side of the award would see; nothing is kept";
    let preview = Op::act::<form::Own, shown::ForAwardPreview>("award-contact.preview", preview).shown();
    let set = "定标后向对方显示预览过的内容 · Shows what was previewed from the award on";
    let set = Op::act::<form::Share, shown::ForAwardSet>("award-contact.set", set);
    let end = "收回，立即生效 · Takes it back, at once";
    let end = Op::act::<Nothing, shown::ForAwardSet>("award-contact.end", end);
    let path = "/tenders/{id}/award-contact";
    routes
        .get(path, Who::Correspondent, show.conflicts(early), handle::award_contact::show)
        .post(
            "/tenders/{id}/award-contact/preview",
            Who::Correspondent,
            preview.conflicts(&["award-contact-early", "award-contact-late"]),
            handle::award_contact::preview,
        )
        .post(path, Who::Correspondent, set.conflicts(late).missing(), handle::award_contact::set)
        .post("/tenders/{id}/award-contact/end", Who::Correspondent, end.conflicts(early), handle::award_contact::end)
}
