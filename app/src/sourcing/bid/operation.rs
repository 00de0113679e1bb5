//! Bidding as operations of the API.

use super::form::{Confirmed, NewBid, NewEnvelope, OtherEnvelope, Replacement, Seen};
use super::handle::Done;
use super::page::{BidPage, FormPage, List};
use crate::identity::mandate;
use crate::web::{Op, Scope};
use evidence::{Proven, Receipt};
use http::StatusCode;

/// Why a lot takes no bid.
const CLOSED: [&str; 4] = ["own-tender", "not-named", "bidding-not-open", "deadline-passed"];

pub fn form() -> Op {
    let op = Op::page::<FormPage>("bid.form", "投标表单 · The form of a bid, with the id of the bid to be");
    op.conflicts(&CLOSED)
        .conflicts(&["bid-exists"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding()
}

pub fn submit() -> Op {
    let op = Op::act::<NewBid, Done>("bid.submit", "投标：收到即密封 · Submits a bid, which is sealed on receipt");
    op.conflicts(&CLOSED)
        .conflicts(&["bid-exists", "bid-sealed-only"])
        .stale()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding()
}

pub fn enclose() -> Op {
    enclosed(Op::act::<NewEnvelope, Done>(
        "bid.enclose",
        "提交自行密封的投标 · Submits an envelope that its bidder has sealed",
    ))
}

pub fn enclose_again() -> Op {
    enclosed(Op::act::<OtherEnvelope, Done>(
        "bid.enclose-again",
        "以自行密封的信封替换投标 · Puts another such envelope in a bid's place",
    ))
}

fn enclosed(op: Op) -> Op {
    op.conflicts(&CLOSED)
        .conflicts(&["bid-exists", "lot-amended", "bid-not-by-hands", "envelope-malformed", "commitment-differs"])
        .stale()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding()
}

pub fn list() -> Op {
    Op::page::<List>("bid.list", "本公司的投标 · The company's own bids").token(Scope::Bid)
}

pub fn show() -> Op {
    Op::page::<BidPage>("bid.show", "一份投标及其回执 · A bid with its receipts").token(Scope::Bid)
}

pub fn receipt() -> Op {
    Op::page::<Receipt>("bid.receipt", "最新回执 · The newest receipt, signed").token(Scope::Bid)
}

pub fn proof() -> Op {
    let op = Op::page::<Proven>(
        "bid.proof",
        "最新回执及其在透明日志中的证明 · The newest receipt with its proof in the log",
    );
    op.conflicts(&["proof-not-yet"]).token(Scope::Bid)
}

pub fn replacement() -> Op {
    let op = Op::page::<FormPage>("bid.replacement-form", "替换表单 · The form that replaces a bid");
    op.conflicts(&CLOSED).fails(StatusCode::FORBIDDEN, &mandate::REFUSALS).token(Scope::Bid).binding()
}

pub fn replace() -> Op {
    let op = Op::act::<Replacement, Done>("bid.replace", "替换投标 · Puts another envelope in a bid's place");
    op.conflicts(&CLOSED)
        .conflicts(&["bid-exists", "bid-sealed-only"])
        .stale()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding()
}

pub fn confirm() -> Op {
    let op = Op::act::<Confirmed, Done>("bid.confirm", "变更后确认投标 · Confirms a bid as it is after an amendment");
    op.conflicts(&CLOSED)
        .conflicts(&["bid-not-sealed"])
        .stale()
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
        .binding()
}

pub fn withdraw() -> Op {
    let op = Op::act::<Seen, Done>("bid.withdraw", "撤回投标 · Takes a bid back");
    op.conflicts(&CLOSED).stale().fails(StatusCode::FORBIDDEN, &mandate::REFUSALS).token(Scope::Bid).binding()
}
