//! Approval before an act (审批): where a company asks for it, a tender is published and a lot awarded only after others in the
//! company have approved exactly that: another person with the same duty (双人复核), finance, an owner, by amount.
//!
//! Nothing is asked for until an owner sets a chain ([`Chain`](chain::Chain)). Stricter binds at once, looser after a day
//! ([`rule`]). Who means to act asks ([`ask`]); each step is given by another person, and never by who asks ([`decide`]). The
//! act itself asks in its own unit ([`may`]) with the digest of its whole content, so that the API, the page and a race meet the
//! same gate; what was approved is carried out by who asked. An approval counts while its giver is in the company and holds the
//! duty: who has been removed a moment ago has approved nothing. Rooms of acts call this one; it knows none of them.

mod act;
mod chain;
mod content;
mod crew;
mod decide;
mod form;
mod handle;
mod leaving;
mod page;
mod right;
mod rule;
mod rules_page;
mod store;

pub use act::Act;
pub use chain::Step;
pub use content::{Ask, Content, Line, Shown};
pub use decide::{asker, deciders};
pub use handle::Done;
pub use leaving::erased;
pub use page::Person;
pub use right::{Open, REFUSALS, UNASKED, ask, changed, lapsed, may, needed, open};
pub use store::{Request, State};

use crate::web::{Actor, Nothing, Op, Place, Room, Routes, Texts, Who};
use http::StatusCode;

/// Where a company's requests are.
pub const PLACE: &str = "/company/approvals";

/// Where its rules are.
pub const RULES: &str = "/company/approval-rules";

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: PLACE,
        word: "approvals",
        icon: "check",
        order: 73,
        under: Some("/company"),
        shown: |actor| matches!(actor, Actor::Member(member) if member.is_buyer),
    }],
    waiting: Some(page::waiting),
    closed: Some(leaving::closed),
    ..Room::new("approval", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::List>("approval.list", "审批：等你审批的、进行中的、已结束的 · Requests for approval");
    let show =
        Op::page::<page::Page>("approval.show", "一项审批请求：内容、变化、进度 · A request, with all it is about");
    let decided = |op: Op| op.fails(StatusCode::FORBIDDEN, &decide::LACKS).conflicts(&decide::CONFLICTS).binding();
    let approve = decided(Op::act::<form::Approved, Done>("approval.approve", "批准当前一步 · Gives the next step"));
    let refuse = decided(Op::act::<form::Refused, Done>("approval.refuse", "驳回，写明理由 · Refuses, with a reason"));
    let withdraw = Op::act::<Nothing, Done>("approval.withdraw", "撤回自己的请求 · Takes one's own request back")
        .conflicts(&["approval-ended"]);
    let rules = Op::page::<rules_page::Overview>("approval.rules", "审批规则 · What is asked for, act by act");
    let rule_form = Op::page::<rules_page::FormPage>("approval.rule-form", "审批规则表单 · The form of an act's chain");
    let set = Op::act::<form::Wanted, rules_page::Line>(
        "approval.set-rule",
        "设定审批链：收紧立即生效，放宽24小时后生效 · Sets a chain: stricter binds at once, looser after a day",
    );
    let restore = Op::act::<form::Former, rules_page::Line>(
        "approval.restore-rule",
        "收回放宽：恢复原来的审批链 · Sets the chain again that is about to cease",
    );
    Routes::new()
        .get(PLACE, Who::Member, list, handle::index)
        .get("/company/approvals/{id}", Who::Member, show, handle::show)
        .post("/company/approvals/{id}/approval", Who::Agent, approve, handle::approve)
        .post("/company/approvals/{id}/refusal", Who::Agent, refuse, handle::refuse)
        .post("/company/approvals/{id}/withdrawal", Who::Agent, withdraw, handle::withdraw)
        .get(RULES, Who::Member, rules, handle::rules)
        .get("/company/approval-rules/{act}", Who::Owner, rule_form.credentials(), handle::rule_form)
        .post("/company/approval-rules/{act}", Who::Owner, set.credentials(), handle::set_rule)
        .post(
            "/company/approval-rules/{act}/restoration",
            Who::Owner,
            restore.conflicts(&["approval-rule-over"]).binding(),
            handle::restore,
        )
}
