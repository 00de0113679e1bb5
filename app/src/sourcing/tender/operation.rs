//! Drafting and publishing as operations of the API.

use super::auction;
use super::criteria;
use super::document::Files;
use super::form::{ChangedDraft, LotDraft, NewDraft};
use super::handle::Done;
use super::hands::Chosen;
use super::named;
use super::page::{DraftPage, FormPage, List, ReviewPage};
use super::witness::{self, WitnessPage};
use crate::identity::{approval, mandate};
use crate::web::attachment::FILE;
use crate::web::{Nothing, Op, Scope, Seen};
use http::StatusCode;

pub fn opportunities() -> Op {
    Op::page::<List>("tender.opportunities", "商机：接受投标的招标 · Tenders that take bids").token(Scope::Read)
}

pub fn list() -> Op {
    Op::page::<List>("tender.list", "本公司的招标 · The company's own tenders").token(Scope::Read)
}

pub fn create() -> Op {
    Op::act::<NewDraft, Done>("tender.create", "新建招标草稿 · Begins a draft").missing().token(Scope::Tender)
}

pub fn form() -> Op {
    Op::page::<FormPage>("tender.form", "草稿表单 · The form of a draft").token(Scope::Tender)
}

pub fn draft() -> Op {
    of_draft(Op::page::<DraftPage>("tender.draft", "草稿：标段、文件、尚缺什么 · A draft, and what it still lacks"))
}

pub fn update() -> Op {
    of_draft(Op::act::<ChangedDraft, Done>("tender.update", "修改草稿 · Changes a draft")).stale()
}

pub fn edit() -> Op {
    of_draft(Op::page::<FormPage>("tender.edit-form", "修改表单 · The form that changes a draft"))
}

pub fn criteria_form() -> Op {
    of_draft(Op::page::<criteria::FormPage>(
        "tender.criteria-form",
        "评标办法表单 · The form that says how it is evaluated",
    ))
}

pub fn criteria() -> Op {
    let op = Op::act::<criteria::Given, Done>(
        "tender.criteria",
        "确定评标办法：由招标人决定，或由评标委员会按价格和评审项评分 · Says how a draft is evaluated",
    );
    of_draft(op).stale()
}

pub fn auction_form() -> Op {
    of_draft(Op::page::<auction::FormPage>(
        "tender.auction-form",
        "竞价表单：开标后是否竞价、何时、怎样 · The form that says whether there is an auction, when, and how",
    ))
}

pub fn auction() -> Op {
    let op = Op::act::<auction::Given, Done>(
        "tender.auction",
        "确定竞价办法：不竞价，轮流报价，或自由报价 · Says whether a draft has an auction after the opening, and how it goes",
    );
    of_draft(op).stale()
}

pub fn add_lot() -> Op {
    of_draft(Op::act::<LotDraft, Done>("tender.add-lot", "添加标段 · Adds a lot")).conflicts(&["too-many-lots"])
}

pub fn remove_lot() -> Op {
    of_draft(Op::act::<Nothing, Done>("tender.remove-lot", "删除标段 · Removes a lot"))
}

pub fn choose_hands() -> Op {
    let op =
        of_draft(Op::act::<Chosen, Done>("tender.hands", "由谁开标：几人中的几人 · Whose shares its opening takes"));
    op.stale().conflicts(&["hands-not-enrolled"])
}

pub fn name_witness() -> Op {
    of_draft(Op::act::<witness::Named, Done>(
        "tender.witness",
        "请谁见证开标 · Whom a draft asks to witness its opening",
    ))
}

pub fn witnessing() -> Op {
    Op::page::<WitnessPage>("witness.show", "请求本人见证的开标 · An opening that one is asked to witness")
}

pub fn accept_witness() -> Op {
    let op = Op::act::<Nothing, WitnessPage>("witness.accept", "答应见证开标 · Accepts to witness an opening");
    op.conflicts(&["tender-not-draft"])
}

pub fn decline_witness() -> Op {
    let op = Op::act::<Nothing, WitnessPage>("witness.decline", "不见证开标 · Declines to witness an opening");
    op.conflicts(&["tender-not-draft"])
}

pub fn choose_named() -> Op {
    let op = of_draft(Op::act::<named::Chosen, Done>(
        "tender.named",
        "邀请哪些服务商，或者向谁单一来源采购及其理由 · Whom a draft names, and why",
    ));
    op.stale().conflicts(&["method-names-nobody"])
}

pub fn add_documents() -> Op {
    let op = of_draft(Op::act::<Files, Done>("tender.add-documents", "添加招标文件 · Adds documents"));
    op.conflicts(&["too-many-documents"])
}

pub fn document() -> Op {
    Op::file("tender.document", "招标文件 · A document of a tender", FILE).token(Scope::Read)
}

pub fn remove_document() -> Op {
    of_draft(Op::act::<Nothing, Done>("tender.remove-document", "删除招标文件 · Removes a document"))
}

pub fn review() -> Op {
    of_draft(Op::page::<ReviewPage>("tender.review", "发布前核对 · Everything once more before publication")).binding()
}

pub fn publish() -> Op {
    of_draft(Op::act::<Seen, Done>("tender.publish", "发布招标 · Publishes a draft"))
        .stale()
        .conflicts(&["tender-unready"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
        .binding()
}

pub fn ask_approval() -> Op {
    let op = Op::act::<Seen, approval::Done>("tender.ask-approval", "提交审批 · Asks for approval of a draft");
    of_draft(op).stale().conflicts(&["tender-unready"]).conflicts(&approval::UNASKED).binding()
}

/// What acts on a draft only.
fn of_draft(op: Op) -> Op {
    op.conflicts(&["tender-not-draft"]).token(Scope::Tender)
}
