//! What happens between the committee's report and the award, so that none is made behind the bidders' backs: the publication of the
//! candidates (中标候选人公示) with its standstill, objections (异议) of bidders that pause the award, and appeals to the operator (平台申诉).
//!
//! Who the candidates are follows from the report; the buyer chooses none. Whether a lot may be awarded is a pure rule ([`rule`]) over
//! rows and the instant, compared in the unit of the award. Tenders whose buyer compares the bids have none of this.

mod appeal;
mod desk;
pub mod event;
mod form;
mod handle;
mod objected;
mod objection;
mod page;
mod publication;
pub mod rule;
mod store;

pub use objection::{Objection, of_company as objections};
pub use page::Shown;
pub use publication::{Candidate, Publication, State};
pub use store::{awardable, find, list, standing};

use crate::identity::mandate;
use crate::web::{Op, OperatorDuty, Place, Room, Routes, Scope, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/objections",
        word: "objections",
        icon: "warn",
        order: 25,
        under: Some("/operator/companies"),
        shown: |actor| actor.holds(OperatorDuty::Risk),
    }],
    waiting: Some(desk::waiting),
    queue: Some(desk::standing),
    ..Room::new("candidates", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::CandidatesPage>(
        "candidates.show",
        "中标候选人公示，任何人可看；招标人另见待公示的 · The published candidates of a lot",
    )
    .token(Scope::Read);
    let publish = Op::act::<form::Given, page::Done>(
        "candidates.publish",
        "公示中标候选人：评标报告的前三名，不能另选 · Publishes the first of the report, whoever they are",
    )
    .conflicts(&["candidates-published", "lot-not-in-evaluation", "evaluation-not-concluded", "candidates-none"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Tender);
    let withdraw = Op::act::<form::Withdrawn, page::Done>(
        "candidates.withdraw",
        "撤回公示，理由公开；之后可以更换评委重新评标，或重新公示 · Takes a publication back, with a public reason",
    )
    .conflicts(&["candidates-over"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .binding()
    .token(Scope::Tender);
    let routes = Routes::new()
        .get("/lots/{id}/candidates", Who::Anyone, show, handle::show)
        .post("/lots/{id}/candidates", Who::Purchaser, publish, handle::publish)
        .post("/lots/{id}/candidates/withdrawal", Who::Purchaser, withdraw, handle::withdraw);
    of_objections(routes)
}

/// Objections, their answers, appeals.
fn of_objections(all: Routes) -> Routes {
    let form = Op::page::<objected::FormPage>("objection.form", "异议表单 · The form of an objection");
    let object = Op::act::<form::Objected, objected::ObjectionDone>(
        "objection.make",
        "在公示期内提出异议；答复之前暂停定标 · Objects to the candidates inside the standstill; pauses the award",
    )
    .conflicts(&["objection-early", "objection-closed", "objection-open", "objection-over"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS);
    let show = Op::page::<objected::ObjectionPage>("objection.show", "一件异议，供招标人和提出人 · An objection");
    let answer =
        Op::act::<form::Answered, objected::ObjectionDone>("objection.answer", "书面答复异议 · Answers an objection")
            .conflicts(&["objection-answered"])
            .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS);
    let appeal = Op::act::<form::Appealed, objected::ObjectionDone>(
        "objection.appeal",
        "对答复向平台申诉；决定之前暂停定标 · Appeals to the operator against an answer; pauses the award",
    )
    .conflicts(&["appeal-made", "appeal-early", "appeal-void", "appeal-closed"])
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS);
    let queue =
        Op::page::<objected::Queue>("objection.queue", "待处理的异议和申诉 · What waits, the nearest day first");
    let case =
        Op::page::<objected::ObjectionPage>("objection.case", "一件异议，供运营方 · An objection, for the operator");
    let decide = Op::act::<form::Decided, objected::ObjectionDone>(
        "objection.decide",
        "决定申诉，写明理由；成立则公示失效 · Decides an appeal, with a reason",
    )
    .conflicts(&["appeal-decided"]);
    const RISK: Who = Who::Duty(OperatorDuty::Risk);
    all.get("/lots/{id}/objections/new", Who::Bidder, form, handle::new)
        .post("/lots/{id}/objections", Who::Bidder, object, handle::object)
        .get("/objections/{id}", Who::Member, show, handle::one)
        .post("/objections/{id}/answer", Who::Purchaser, answer, handle::answer)
        .post("/objections/{id}/appeal", Who::Bidder, appeal, handle::appeal)
        .get("/desk/objections", RISK, queue, desk::index)
        .get("/desk/objections/{id}", RISK, case, desk::show)
        .post("/desk/objections/{id}/decision", RISK, decide, desk::decide)
}
