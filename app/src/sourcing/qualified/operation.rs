//! Qualified lists as operations of the API.

use super::appeal::{CasePage, Made, QueuePage};
use super::applied::{ApplicationPage, ApplyPage, MinePage};
use super::form::{
    Answering, Changed, Copied, Deciding, Explained, Given, NewDraft, Objecting, Review, Seen, Tendered,
};
use super::objection::{Done as ObjectionDone, Objection};
use super::overview::{List, OwnList, PARAMETERS};
use super::page::{Done, DraftPage, FormPage};
use super::show::{ApplicationsPage, ShowPage};
use crate::identity::{approval, mandate};
use crate::sourcing::clarification::{Answering as AnsweringQuestion, Asking};
use crate::sourcing::tender::Done as TenderDone;
use crate::sourcing::tender::document::Files;
use crate::web::attachment::FILE;
use crate::web::{Nothing, Op, Scope};
use http::StatusCode;

/// Why nobody applies at this instant.
const CLOSED: [&str; 3] = ["own-list", "qualified-not-open", "applications-over"];

pub fn list() -> Op {
    Op::page::<List>("qualified.list", "资格预审和入围征集 · Calls for applications, and pools")
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"])
        .token(Scope::Read)
}

pub fn show() -> Op {
    Op::page::<ShowPage>("qualified.show", "一份名单：要求、期限、结果 · A qualified list, as its reader may see it")
        .token(Scope::Read)
}

pub fn document() -> Op {
    Op::file("qualified.document", "征集的附件 · A file of a call", FILE).token(Scope::Read)
}

pub fn own() -> Op {
    Op::page::<OwnList>("qualified.own", "本公司的名单 · The company's own lists").token(Scope::Read)
}

pub fn form() -> Op {
    Op::page::<FormPage>("qualified.form", "征集草稿表单 · The form of a draft").token(Scope::Tender)
}

pub fn create() -> Op {
    Op::act::<NewDraft, Done>("qualified.create", "新建征集草稿 · Begins a draft").missing().token(Scope::Tender)
}

pub fn draft() -> Op {
    of_draft(Op::page::<DraftPage>("qualified.draft", "草稿：内容、附件 · A draft with its files"))
}

pub fn edit() -> Op {
    of_draft(Op::page::<FormPage>("qualified.edit-form", "修改表单 · The form that changes a draft"))
}

pub fn update() -> Op {
    of_draft(Op::act::<Changed, Done>("qualified.update", "修改草稿 · Changes a draft")).stale()
}

pub fn add_documents() -> Op {
    let op = of_draft(Op::act::<Files, Done>("qualified.add-documents", "添加附件 · Adds files"));
    op.conflicts(&["too-many-documents"])
}

pub fn remove_document() -> Op {
    of_draft(Op::act::<Nothing, Done>("qualified.remove-document", "删除附件 · Removes a file"))
}

pub fn copy() -> Op {
    Op::act::<Copied, Done>("qualified.copy", "以此为模板重新征集 · Drafts another of it").token(Scope::Tender)
}

pub fn publication() -> Op {
    of_draft(Op::page::<DraftPage>("qualified.publication", "发布前核对 · Everything once more before publication"))
        .binding()
}

pub fn publish() -> Op {
    let op = of_draft(Op::act::<Seen, Done>("qualified.publish", "发布征集 · Publishes a call"));
    acting(op).stale().conflicts(&["qualified-too-soon"]).fails(StatusCode::FORBIDDEN, &approval::REFUSALS).binding()
}

pub fn ask_approval() -> Op {
    let op = Op::act::<Seen, approval::Done>("qualified.ask-approval", "提交审批 · Asks for approval of a draft");
    of_draft(op).stale().conflicts(&["qualified-too-soon"]).conflicts(&approval::UNASKED).binding()
}

pub fn applications() -> Op {
    of_buyer(Op::page::<ApplicationsPage>(
        "qualified.applications",
        "收到的申请，截止之后可读 · The applications, readable after their deadline",
    ))
    .binding()
}

pub fn conclude() -> Op {
    let op =
        of_buyer(Op::act::<Seen, Done>("qualified.conclude", "确定结果，分别通知申请人 · Decides on all applications"));
    acting(op)
        .stale()
        .conflicts(&["qualified-decided", "qualified-unreviewed"])
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
        .binding()
}

pub fn ask_conclusion() -> Op {
    let op = Op::act::<Seen, approval::Done>(
        "qualified.ask-conclusion-approval",
        "提交入围审批：全部申请的结果 · Asks for approval of the result of all applications",
    );
    asking(of_buyer(op).stale().conflicts(&["qualified-decided", "qualified-unreviewed"])).binding()
}

pub fn ask_decision() -> Op {
    let op = Op::act::<Review, approval::Done>(
        "qualified-application.ask-approval",
        "提交入围审批：供应商库里的一份申请 · Asks for approval of a decision in a standing pool",
    );
    asking(of_buyer(op).stale().conflicts(&["qualified-decided"]))
}

pub fn ask_upholding() -> Op {
    let op = Op::act::<Answering, approval::Done>(
        "qualified-application.ask-upholding-approval",
        "提交入围审批：异议成立 · Asks for approval of upholding an objection",
    );
    asking(op.token(Scope::Tender).conflicts(&["qualified-objection-answered"]))
}

pub fn end() -> Op {
    let op = Op::act::<Explained, Done>("qualified.end", "终止，写明原因 · Ends a list, with a reason");
    acting(op.token(Scope::Tender)).stale().conflicts(&["qualified-over"]).binding()
}

pub fn tender() -> Op {
    let op = Op::act::<Tendered, TenderDone>(
        "qualified.tender",
        "由名单建立招标草稿，受邀的就是名单上的公司 · Drafts a tender among those who are on it",
    );
    acting(op.token(Scope::Tender))
        .conflicts(&["qualified-not-usable", "qualified-objected", "qualified-used"])
        .binding()
}

pub fn mine() -> Op {
    Op::page::<MinePage>("qualified-application.list", "本公司的申请 · The company's own applications")
        .token(Scope::Read)
}

pub fn apply_form() -> Op {
    let op = Op::page::<ApplyPage>("qualified-application.form", "申请表单 · The form of an application");
    op.conflicts(&CLOSED).token(Scope::Bid)
}

pub fn apply() -> Op {
    let op =
        Op::act::<Given, Done>("qualified-application.give", "提交或修改申请 · Applies, or changes the application");
    acting(op.conflicts(&CLOSED).token(Scope::Bid))
        .stale()
        .conflicts(&["qualified-decided"])
        .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"])
}

pub fn withdraw() -> Op {
    let op = Op::act::<Seen, Done>("qualified-application.withdraw", "撤回申请 · Takes the application back");
    acting(op.conflicts(&CLOSED).token(Scope::Bid)).stale().conflicts(&["qualified-decided"])
}

pub fn application() -> Op {
    Op::page::<ApplicationPage>(
        "qualified-application.show",
        "一份申请和它的结果，双方可读 · An application and its result, for its two sides",
    )
    .token(Scope::Read)
}

pub fn file() -> Op {
    Op::file("qualified-application.file", "申请的文件 · A file of an application", FILE).token(Scope::Read)
}

pub fn review() -> Op {
    let op = of_buyer(Op::act::<Review, Done>("qualified-application.review", "逐条审查 · Notes a review"));
    acting(op).stale().conflicts(&["qualified-decided"]).fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
}

pub fn suspend() -> Op {
    let op = of_buyer(Op::act::<Explained, Done>("qualified-application.suspend", "暂停入围资格 · Suspends a member"));
    acting(op).stale().conflicts(&["qualified-not-on-list"])
}

pub fn restore() -> Op {
    let op = of_buyer(Op::act::<Seen, Done>("qualified-application.restore", "恢复入围资格 · Takes a member in again"));
    acting(op).stale().conflicts(&["qualified-not-on-list"])
}

pub fn leave() -> Op {
    let op =
        Op::act::<Explained, Done>("qualified-application.leave", "退出名单，写明原因 · Leaves a pool, with a reason");
    acting(op.token(Scope::Bid)).stale().conflicts(&["qualified-not-on-list"])
}

pub fn object() -> Op {
    let op = Op::act::<Objecting<Objection>, Done>(
        "qualified-application.object",
        "对结果或暂停提出异议 · Objects to a decision",
    );
    acting(op.token(Scope::Bid)).conflicts(&[
        "qualified-objection-not-open",
        "qualified-objection-over",
        "qualified-objection-exists",
    ])
}

pub fn answer() -> Op {
    let op = Op::act::<Answering, Done>("qualified-application.answer", "答复异议 · Answers an objection");
    acting(op.token(Scope::Tender))
        .conflicts(&["qualified-objection-answered", "applications-closed"])
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
}

pub fn appeal() -> Op {
    let op = Op::act::<Objecting<Made>, ObjectionDone>(
        "qualified-application.appeal",
        "对答复向平台申诉；对结果的申诉决定之前，不从名单招标 · Appeals to the operator against an answer",
    );
    acting(op.token(Scope::Bid)).conflicts(&[
        "qualified-appeal-made",
        "qualified-appeal-not-open",
        "qualified-objection-over",
    ])
}

pub fn ask() -> Op {
    let op = Op::act::<Asking, Done>("qualified-question.ask", "就征集提问 · Asks a question about a call");
    acting(op.conflicts(&CLOSED).conflicts(&["questions-ended"]).token(Scope::Bid))
}

pub fn answer_question() -> Op {
    let op = Op::act::<AnsweringQuestion, Done>(
        "qualified-question.answer",
        "答复，给所有人；可能影响申请的，必要时同时延后截止 · Answers, for all; may move the deadline on",
    );
    acting(op.token(Scope::Tender)).conflicts(&["question-answered", "answers-ended"])
}

pub fn appeals() -> Op {
    Op::page::<QueuePage>("qualified-appeal.queue", "待决定的资格申诉 · Appeals that wait, the nearest day first")
}

pub fn case() -> Op {
    Op::page::<CasePage>("qualified-appeal.case", "一件资格申诉 · An appeal, with what was published and decided")
}

pub fn judge() -> Op {
    let op = Op::act::<Deciding, Done>(
        "qualified-appeal.decide",
        "决定申诉，写明理由；成立则申请人进入名单 · Decides an appeal, with a reason",
    );
    op.conflicts(&["qualified-appeal-decided"])
}

/// What acts on a draft only.
fn of_draft(op: Op) -> Op {
    op.conflicts(&["qualified-not-draft"]).token(Scope::Tender)
}

/// What its company does with applications.
fn of_buyer(op: Op) -> Op {
    op.conflicts(&["applications-closed"]).token(Scope::Tender)
}

/// What asks for approval.
fn asking(op: Op) -> Op {
    op.conflicts(&approval::UNASKED)
}

/// What others rely on.
fn acting(op: Op) -> Op {
    op.fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
}
