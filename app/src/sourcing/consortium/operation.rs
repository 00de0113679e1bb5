//! Consortia as operations of the API.

use super::form::{Accepted, New};
use super::handle::Done;
use super::page::{FormPage, List, ShowPage};
use crate::identity::mandate;
use crate::web::{Nothing, Op, Scope};
use http::StatusCode;

/// Why a lot takes no consortium, or the company stands against it itself.
const CLOSED: [&str; 7] = [
    "own-tender",
    "not-named",
    "bidding-not-open",
    "deadline-passed",
    "consortium-not-taken",
    "consortium-engaged",
    "consortium-bid-alone",
];

pub fn list() -> Op {
    Op::page::<List>("consortium.list", "本公司牵头或受邀的联合体 · The company's own consortia").token(Scope::Bid)
}

pub fn form() -> Op {
    acting(Op::page::<FormPage>("consortium.form", "组成联合体的表单 · The form of a consortium and its agreement"))
}

pub fn make() -> Op {
    acting(Op::act::<New, Done>(
        "consortium.make",
        "组成联合体：提交共同投标协议，邀请成员 · Makes a consortium with its agreement, and invites its members",
    ))
    .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"])
}

pub fn show() -> Op {
    Op::page::<ShowPage>("consortium.show", "一个联合体及其协议，只给成员 · A consortium, for its members")
        .token(Scope::Bid)
}

pub fn accept() -> Op {
    let op = Op::act::<Accepted, Done>("consortium.accept", "签署共同投标协议 · Accepts the agreement for the company");
    acting(op).conflicts(&["consortium-dissolved"]).stale()
}

pub fn depart() -> Op {
    let op = Op::act::<Nothing, Done>(
        "consortium.depart",
        "谢绝、退出；牵头人则解散 · Declines or leaves; the lead dissolves it",
    );
    acting(op).conflicts(&["consortium-bid-sealed"])
}

fn acting(op: Op) -> Op {
    op.conflicts(&CLOSED).fails(StatusCode::FORBIDDEN, &mandate::REFUSALS).token(Scope::Bid).binding()
}
