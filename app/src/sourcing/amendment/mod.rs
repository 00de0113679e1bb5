//! An amendment (变更): what the buyer changes in a published tender while bids are taken, and why.
//!
//! It may move the deadline (later only), the end of questions, the text, and bring further documents. It is dates only,
//! editorial, or material; a material one leaves bidders time, and names the lots it touches. Bids for these are to be confirmed
//! or replaced until the deadline; the others stand. Every amendment stays readable with what stood there before. Where the
//! company has its publications approved, so is one that changes more than dates ([`approve`]).

pub mod answering;
mod approve;
pub mod event;
mod file;
mod form;
mod handle;
mod page;
pub mod rule;
pub mod store;

pub use rule::Class;
pub use store::Amendment;

use crate::identity::{approval, mandate};
use crate::sourcing::tender::Done;
use crate::web::{Op, Room, Routes, Routine, Scope, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "amendment.sweep", step: file::step }],
    files: &["amendment_file"],
    closed: Some(file::closed),
    ..Room::new("amendment", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let form = Op::page::<page::FormPage>(
        "amendment.form",
        "变更表单：现在的内容和时间 · The form that amends a published tender, filled as it stands",
    )
    .conflicts(&["amendment-ended"])
    .token(Scope::Tender)
    .binding();
    let amend = Op::act::<form::Amended, Done>(
        "amendment.publish",
        "发布变更 · Amends a published tender, at once and publicly",
    )
    .conflicts(&["amendment-ended", "too-many-documents"])
    .stale()
    .missing()
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
    .token(Scope::Tender)
    .binding();
    let ask = Op::act::<form::Amended, approval::Done>(
        "amendment.ask-approval",
        "提交变更审批 · Asks for approval of an amendment",
    )
    .conflicts(&["amendment-ended", "too-many-documents"])
    .conflicts(&approval::UNASKED)
    .stale()
    .missing()
    .token(Scope::Tender)
    .binding();
    let file = Op::file(
        "amendment.file",
        "变更审批中的文件 · A document of an amendment that waits for approval",
        "application/octet-stream",
    )
    .token(Scope::Tender);
    Routes::new()
        .get("/tenders/{id}/amendment", Who::Purchaser, form, handle::new)
        .post("/tenders/{id}/amendment", Who::Purchaser, amend, handle::publish)
        .post("/tenders/{id}/amendment-approval", Who::Purchaser, ask, approve::ask)
        .get("/amendment-files/{id}", Who::Buyer, file, file::show)
}
