//! Demands as operations of the API.

use super::answer::{InterestList, InterestPage};
use super::demand::Demand;
use super::filter::PARAMETERS;
use super::form::{Changed, Given, NewDraft, Tendered};
use super::list::{List, OwnList};
use super::page::{ChangePage, Done, DraftPage, FormPage, ReviewPage};
use super::show::{EditionPage, ShowPage};
use crate::identity::{approval, mandate};
use crate::sourcing::clarification::{Answering, Asking};
use crate::sourcing::tender::Done as TenderDone;
use crate::sourcing::tender::document::Files;
use crate::web::attachment::FILE;
use crate::web::syndication::ATOM;
use crate::web::{Explained, NewRow, Nothing, Op, Scope, Seen};
use http::StatusCode;

pub fn list() -> Op {
    Op::page::<List>("demand.list", "需求：按类别、区域、预算、期望日期筛选 · Published demands, filtered")
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["demand-filter", "cursor"])
        .token(Scope::Read)
}

pub fn feed() -> Op {
    Op::file("demand.feed", "需求的 Atom 订阅源，筛选与列表相同 · The list as an Atom feed", ATOM)
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["demand-filter", "cursor"])
        .token(Scope::Read)
}

pub fn show() -> Op {
    Op::page::<ShowPage>("demand.show", "一项需求 · A demand, as its reader may see it").token(Scope::Read)
}

pub fn edition() -> Op {
    Op::page::<EditionPage>("demand.edition", "需求的某一版 · An edition of a demand").token(Scope::Read)
}

pub fn document() -> Op {
    Op::file("demand.document", "需求的附件 · A file of a demand", FILE).token(Scope::Read)
}

pub fn own() -> Op {
    Op::page::<OwnList>("demand.own", "本公司的需求 · The company's own demands").token(Scope::Read)
}

pub fn form() -> Op {
    Op::page::<FormPage>("demand.form", "需求草稿表单 · The form of a draft").token(Scope::Tender)
}

pub fn create() -> Op {
    Op::act::<NewDraft, Done>("demand.create", "新建需求草稿 · Begins a draft").missing().token(Scope::Tender)
}

pub fn draft() -> Op {
    of_draft(Op::page::<DraftPage>("demand.draft", "草稿：内容、附件、尚缺什么 · A draft, and what it still lacks"))
}

pub fn edit() -> Op {
    of_draft(Op::page::<FormPage>("demand.edit-form", "修改表单 · The form that changes a draft"))
}

pub fn update() -> Op {
    of_draft(Op::act::<Changed, Done>("demand.update", "修改草稿 · Changes a draft")).stale()
}

pub fn add_documents() -> Op {
    let op = of_draft(Op::act::<Files, Done>("demand.add-documents", "添加附件 · Adds files"));
    op.conflicts(&["too-many-documents"])
}

pub fn remove_document() -> Op {
    of_draft(Op::act::<Nothing, Done>("demand.remove-document", "删除附件 · Removes a file"))
}

pub fn review() -> Op {
    of_draft(Op::page::<ReviewPage>("demand.review", "发布前核对 · Everything once more before publication")).binding()
}

pub fn publish() -> Op {
    acting(of_draft(Op::act::<Seen, Done>("demand.publish", "发布需求 · Publishes a draft")))
        .conflicts(&["demand-unready"])
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
}

pub fn ask_approval() -> Op {
    let op = Op::act::<Seen, approval::Done>("demand.ask-approval", "提交审批 · Asks for approval of a draft");
    of_draft(op).stale().conflicts(&["demand-unready"]).conflicts(&approval::UNASKED).binding()
}

pub fn change_form() -> Op {
    of_open(Op::page::<ChangePage>("demand.change-form", "变更表单 · The form of another edition, filled as it stands"))
        .binding()
}

pub fn change() -> Op {
    acting(of_open(Op::act::<Changed, Done>("demand.change", "变更已发布的需求 · Publishes another edition")))
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
}

pub fn ask_change() -> Op {
    let op = Op::act::<Changed, approval::Done>(
        "demand.ask-change-approval",
        "提交变更审批 · Asks for approval of another edition",
    );
    of_open(op).stale().conflicts(&approval::UNASKED).binding()
}

pub fn close() -> Op {
    acting(of_open(Op::act::<Explained, Done>("demand.close", "关闭需求，写明原因 · Closes a demand, with a reason")))
}

pub fn copy() -> Op {
    Op::act::<NewRow<Demand>, Done>("demand.copy", "以此为模板新建草稿 · Drafts another of it").token(Scope::Tender)
}

pub fn tender() -> Op {
    let op = Op::act::<Tendered, TenderDone>(
        "demand.tender",
        "转为招标：带着内容和附件建立招标草稿，需求随之关闭 · Drafts a tender of it, which closes it",
    );
    acting(of_open(op))
}

pub fn interests() -> Op {
    Op::page::<InterestList>("interest.list", "本公司的意向和受邀 · The company's own answers, and its invitations")
        .token(Scope::Read)
}

pub fn interest_form() -> Op {
    of_provider(Op::page::<InterestPage>("interest.form", "意向表单 · The form of an answer with interest"))
}

pub fn give() -> Op {
    let op = Op::act::<Given, Done>("interest.give", "提交或修改意向 · Answers with interest, or changes the answer");
    of_provider(op).stale().fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
}

pub fn withdraw() -> Op {
    let op = Op::act::<Seen, Done>("interest.withdraw", "撤回意向 · Takes the answer back");
    of_provider(op).stale().fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
}

pub fn ask() -> Op {
    let op = Op::act::<Asking, Done>("demand-question.ask", "就需求提问 · Asks a question about a demand");
    of_provider(op).fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
}

pub fn answer() -> Op {
    Op::act::<Answering, Done>("demand-question.answer", "答复，给需求的全部读者 · Answers, for all its readers")
        .conflicts(&["question-answered", "demand-not-open"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Tender)
}

/// What acts on a draft only.
fn of_draft(op: Op) -> Op {
    op.conflicts(&["demand-not-draft"]).token(Scope::Tender)
}

/// What acts on a published one only.
fn of_open(op: Op) -> Op {
    op.conflicts(&["demand-not-open"]).token(Scope::Tender)
}

/// What others rely on.
fn acting(op: Op) -> Op {
    op.stale().fails(StatusCode::FORBIDDEN, &mandate::REFUSALS).binding()
}

/// What a provider does with a published one of another's.
fn of_provider(op: Op) -> Op {
    op.conflicts(&["own-demand", "demand-not-open"]).token(Scope::Bid)
}
