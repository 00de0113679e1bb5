//! Bidding as operations of the API.

use super::commit::Committed;
use super::delivery::Delivery;
use super::draft::{DraftPage, Given, Told};
use super::form::{Confirmed, NewBid, NewCommitment, NewEnvelope, OtherCommitment, OtherEnvelope, Replacement};
use super::handle::Done;
use super::joint;
use super::page::{BidPage, FormPage, List};
use crate::identity::mandate;
use crate::web::{Nothing, Op, Scope, Seen};
use evidence::{Proven, Receipt};
use http::StatusCode;

/// Why a lot takes no bid.
const CLOSED: [&str; 4] = ["own-tender", "not-named", "bidding-not-open", "deadline-passed"];

/// What is done to a bid in its company's name while its lot takes bids.
fn bidding(op: Op) -> Op {
    op.conflicts(&CLOSED).fails(StatusCode::FORBIDDEN, &mandate::REFUSALS).token(Scope::Bid).binding()
}

pub fn form() -> Op {
    let op = Op::page::<FormPage>("bid.form", "投标表单 · The form of a bid, with the id of the bid to be");
    bidding(op).conflicts(&["bid-exists"]).conflicts(&joint::REFUSED)
}

pub fn submit() -> Op {
    let op = Op::act::<NewBid, Done>("bid.submit", "投标：收到即密封 · Submits a bid, which is sealed on receipt");
    bidding(op).conflicts(&["bid-exists", "bid-sealed-only"]).conflicts(&joint::REFUSED).stale()
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
    bidding(op)
        .conflicts(&["bid-exists", "lot-amended", "bid-not-by-hands", "envelope-malformed", "commitment-differs"])
        .conflicts(&joint::REFUSED)
        .stale()
}

pub fn draft() -> Op {
    drafting(Op::page::<DraftPage>("bid.draft", "与同事共用的投标草稿 · The draft of a bid that colleagues share"))
}

pub fn draft_save() -> Op {
    drafting(Op::act::<Given, Told>("bid.draft-save", "保存投标草稿 · Saves the draft of a bid"))
}

pub fn draft_remove() -> Op {
    drafting(Op::act::<Seen, Told>("bid.draft-removal", "丢弃投标草稿 · Throws the draft of a bid away")).stale()
}

fn drafting(op: Op) -> Op {
    op.conflicts(&CLOSED)
        .conflicts(&["consortium-member"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid)
}

pub fn commit() -> Op {
    committed(Op::act::<NewCommitment, Committed>(
        "bid.commit",
        "先交承诺、后传密文的投标 · Commits to an envelope whose ciphertext is uploaded after",
    ))
}

pub fn commit_again() -> Op {
    committed(Op::act::<OtherCommitment, Committed>(
        "bid.commit-again",
        "以新的承诺替换投标 · Puts a commitment to another envelope in a bid's place",
    ))
}

fn committed(op: Op) -> Op {
    bidding(op)
        .conflicts(&["bid-exists", "lot-amended", "bid-not-by-hands", "commitment-differs", "envelope-quota"])
        .conflicts(&joint::REFUSED)
        .stale()
        .fails(StatusCode::PAYLOAD_TOO_LARGE, &["envelope-too-large"])
}

pub fn upload() -> Op {
    let op = Op::act::<Nothing, Delivery>(
        "bid.upload",
        "开始上传密文（tus） · Begins the upload of a ciphertext, by tus 1.0",
    );
    op.resumable()
        .conflicts(&["upload-not-awaited", "upload-other-length"])
        .fails(StatusCode::BAD_REQUEST, &["upload-headers"])
        .fails(StatusCode::GONE, &["upload-ended"])
        .token(Scope::Bid)
}

pub fn uploaded() -> Op {
    let op = Op::page::<Delivery>("bid.uploaded", "密文已传到哪里 · How much of a ciphertext has come");
    op.resumable().fails(StatusCode::GONE, &["upload-ended"]).token(Scope::Bid)
}

pub fn upload_more() -> Op {
    piece(Op::carried(
        "bid.upload-more",
        "续传密文（application/offset+octet-stream） · More of a ciphertext, as application/offset+octet-stream",
    ))
}

pub fn upload_meant() -> Op {
    let op = Op::carried(
        "bid.upload-meant",
        "不能发 PATCH、DELETE 的客户端：以 X-HTTP-Method-Override 说明 · The same for who can send neither PATCH nor DELETE",
    );
    piece(op).conflicts(&["upload-whole"]).fails(StatusCode::METHOD_NOT_ALLOWED, &["method-not-allowed"])
}

fn piece(op: Op) -> Op {
    op.conflicts(&["upload-offset"])
        .fails(StatusCode::BAD_REQUEST, &["upload-headers", "body-broken"])
        .fails(StatusCode::REQUEST_TIMEOUT, &["too-slow"])
        .fails(StatusCode::GONE, &["upload-ended"])
        .fails(StatusCode::PAYLOAD_TOO_LARGE, &["upload-too-long"])
        .fails(StatusCode::UNSUPPORTED_MEDIA_TYPE, &["unsupported-media-type"])
        .fails(StatusCode::UNPROCESSABLE_ENTITY, &["upload-differs", "envelope-malformed"])
        .fails(StatusCode::LOCKED, &["upload-under-way"])
        .fails(StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST), &["upload-checksum"])
        .fails(StatusCode::INSUFFICIENT_STORAGE, &["upload-no-room"])
        .token(Scope::Bid)
}

pub fn upload_end() -> Op {
    let op = Op::carried("bid.upload-end", "放弃已传的部分 · Throws away what has come of a ciphertext");
    op.conflicts(&["upload-whole"]).fails(StatusCode::GONE, &["upload-ended"]).token(Scope::Bid)
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

pub fn arrival() -> Op {
    Op::page::<Receipt>("bid.arrival", "密文收齐的回执 · The receipt of a ciphertext that has come whole, signed")
        .token(Scope::Bid)
}

pub fn arrival_proof() -> Op {
    let op = Op::page::<Proven>(
        "bid.arrival-proof",
        "密文收齐的回执及其在透明日志中的证明 · The same receipt with its proof in the log",
    );
    op.conflicts(&["proof-not-yet"]).token(Scope::Bid)
}

pub fn replacement() -> Op {
    let op = Op::page::<FormPage>("bid.replacement-form", "替换表单 · The form that replaces a bid");
    bidding(op).conflicts(&joint::REFUSED)
}

pub fn replace() -> Op {
    let op = Op::act::<Replacement, Done>("bid.replace", "替换投标 · Puts another envelope in a bid's place");
    bidding(op).conflicts(&["bid-exists", "bid-sealed-only"]).conflicts(&joint::REFUSED).stale()
}

pub fn confirm() -> Op {
    let op = Op::act::<Confirmed, Done>("bid.confirm", "变更后确认投标 · Confirms a bid as it is after an amendment");
    bidding(op).conflicts(&["bid-not-sealed"]).stale()
}

pub fn withdraw() -> Op {
    let op = Op::act::<Seen, Done>("bid.withdraw", "撤回投标 · Takes a bid back");
    bidding(op).stale()
}
