//! Negotiation (竞争性磋商): after the first offers are opened, the buyer negotiates with each who has responded, apart and alike; tells changes of
//! the requirements to all that remain in one act; and invites final offers, which are sealed until their hour exactly as bids are. What
//! is evaluated, published and awarded from then on is the final offer. `docs/methods.md` has the rules and where they come from.
//!
//! The clock engine ends the deadline ([`crate::sourcing::tender::finals`]); a lot is in negotiation until its final offers are open, so that
//! nobody scores or awards it before.

mod act;
mod desk;
mod draft;
pub mod event;
mod form;
mod handle;
mod offer;
mod opening;
mod page;
pub mod rule;
mod store;

pub use offer::receipts;
pub use opening::release;
pub use page::course;
pub use store::{find, responding};

use crate::identity::mandate;
use crate::sourcing::bid::draft::{DraftPage, Given, Seen};
use crate::sourcing::tender::finals;
use crate::web::{Nothing, Op, Room, Routes, Scope, Texts, Who, Work};
use evidence::{Proven, Receipt};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::endless(finals::OPENING, |app, _, payload| Box::pin(opening::run(app, payload)))],
    files: &["final_offer"],
    waiting: Some(desk::waiting),
    ..Room::new("negotiation", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::NegotiationPage>(
        "negotiation.show",
        "一个标段的磋商，供招标人、评委和响应的投标人各看各的 · The negotiation of a lot, for each of its sides",
    )
    .token(Scope::Read);
    let minute = Op::act::<form::Minuted, page::Done>(
        "negotiation.minute",
        "写一份与一家投标人的磋商记录 · Keeps minutes of a negotiation with one bidder",
    )
    .conflicts(&["negotiation-over", "minutes-many"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .token(Scope::Tender);
    let change = Op::act::<form::Changed, page::Done>(
        "negotiation.change",
        "实质性变动，同时告知所有参加磋商的投标人 · Changes the requirements in substance, told to all that remain",
    )
    .conflicts(&["negotiation-over", "negotiation-rounds", "negotiation-unequal"])
    .stale()
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Tender);
    let invite = Op::act::<form::Invited, page::Done>(
        "negotiation.invite",
        "结束磋商，邀请提交最后报价 · Ends the talks and invites final offers until an hour",
    )
    .conflicts(&["negotiation-over", "negotiation-unequal", "negotiation-few"])
    .stale()
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Tender);
    let routes = Routes::new()
        .get("/lots/{id}/negotiation", Who::Member, show, handle::show)
        .post("/lots/{id}/negotiation/minutes", Who::Purchaser, minute, handle::minute)
        .post("/lots/{id}/negotiation/changes", Who::Purchaser, change, handle::change)
        .post("/lots/{id}/negotiation/invitation", Who::Purchaser, invite, handle::invite);
    drafts(of_bidders(routes))
}

/// What those do who respond.
fn of_bidders(all: Routes) -> Routes {
    let confirm = Op::act::<form::Confirmed, page::Done>(
        "negotiation.confirm",
        "确认看过与本公司的磋商记录，可附意见 · Confirms one’s minutes, with what one says to them",
    )
    .conflicts(&["minutes-confirmed"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Bid);
    let leave = Op::act::<Nothing, page::Done>(
        "negotiation.leave",
        "邀请最后报价之前退出磋商 · Leaves a negotiation before final offers are invited",
    )
    .conflicts(&["negotiation-over"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Bid);
    let offer = Op::act::<form::Offered, page::Done>(
        "final-offer.submit",
        "提交或替换最后报价：收到即密封 · Gives a final offer, or another in its place; sealed on receipt",
    )
    .conflicts(&["final-offers-uninvited", "negotiation-left", "deadline-passed", "final-offer-exists"])
    .stale()
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Bid);
    let receipt =
        Op::page::<Receipt>("final-offer.receipt", "最后报价的最新回执 · The newest receipt of a final offer, signed")
            .token(Scope::Bid);
    let proof = Op::page::<Proven>(
        "final-offer.proof",
        "最后报价的最新回执及其在透明日志中的证明 · The newest receipt of a final offer with its proof in the log",
    )
    .conflicts(&["proof-not-yet"])
    .token(Scope::Bid);
    all.post("/lots/{id}/negotiation/confirmation", Who::Bidder, confirm, handle::confirm)
        .post("/lots/{id}/negotiation/leaving", Who::Bidder, leave, handle::leave)
        .post("/lots/{id}/final-offers", Who::Bidder, offer, handle::offer)
        .get("/final-offers/{id}/receipt", Who::Provider, receipt, handle::receipt)
        .get("/final-offers/{id}/proof", Who::Provider, proof, handle::proof)
}

/// What colleagues prepare together.
fn drafts(all: Routes) -> Routes {
    let draft = Op::page::<DraftPage>(
        "final-offer.draft",
        "与同事共用的最后报价草稿 · The draft of a final offer that colleagues share",
    );
    let save =
        Op::act::<Given, page::Done>("final-offer.draft-save", "保存最后报价草稿 · Saves the draft of a final offer");
    let remove = Op::act::<Seen, page::Done>(
        "final-offer.draft-removal",
        "丢弃最后报价草稿 · Throws the draft of a final offer away",
    );
    all.get("/lots/{id}/final-offers/draft", Who::Bidder, drafting(draft), draft::show)
        .post("/lots/{id}/final-offers/draft", Who::Bidder, drafting(save), draft::save)
        .post("/lots/{id}/final-offers/draft/removal", Who::Bidder, drafting(remove).stale(), draft::remove)
}

fn drafting(op: Op) -> Op {
    op.conflicts(&["final-offers-uninvited", "negotiation-left", "deadline-passed"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
}
