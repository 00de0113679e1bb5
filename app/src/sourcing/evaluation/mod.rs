//! Evaluation by a committee (评标): for tenders that say so before they are published, lot by lot.
//!
//! The buyer names a third of the seats at most from its own people; the others are drawn from those who offer to evaluate, by a draw
//! that anybody can do again ([`evidence::draw`]). Each declares whether there is a conflict of interest, scores alone, and signs once.
//! Nobody reads another's scores before all have signed. Points are counted by [`rule`], and the log commits to the report. No name of
//! an evaluator is shown to anybody: seats have numbers and pseudonyms. `docs/evaluation.md` has the rules and what is missing.

mod committee;
mod conclude;
pub mod event;
mod expert;
mod form;
mod handle;
mod inquired;
mod inquiry;
mod page;
mod paper;
mod report;
pub mod rule;
mod score;
mod scoring;
mod table;

pub use paper::set_written;
pub use report::{Judged, Outcome, Report, concluded, outcome, written};
pub use table::Phase;

use crate::identity::mandate;
use crate::sourcing::tender::Lot;
use crate::web::attachment::FILE;
use crate::web::{Member, Nothing, Op, Place, Room, Routes, Texts, Who};
use http::StatusCode;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/evaluations",
        word: "evaluation-place",
        icon: "check",
        order: 76,
        under: Some("/company"),
        shown: |actor| actor.member().is_some(),
    }],
    waiting: Some(|tx, _, actor| {
        let mut tasks = actor.member().map_or(Ok(Vec::new()), |member| scoring::waiting(tx, member))?;
        tasks.extend(inquired::waiting(tx, actor)?);
        Ok(tasks)
    }),
    erased: Some(expert::erased),
    closed: Some(expert::closed),
    ..Room::new("evaluation", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// The answer to an act.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EvaluationDone")]
pub struct Done {
    /// The lot.
    pub lot: Id<Lot>,
}

fn routes() -> Routes {
    const OVER: &[&str] = &["evaluation-over", "candidates-published", "auction-first"];
    let list =
        Op::page::<scoring::List>("evaluation.list", "我的评标，是否愿意担任评审专家 · Where the reader evaluates");
    let offer = Op::act::<expert::Offer, scoring::List>(
        "evaluation.offer",
        "愿意或不再愿意担任评审专家 · Offers to evaluate for other companies, or ends that",
    );
    let show = Op::page::<page::CommitteePage>("committee.show", "评标委员会 · The committee of a lot, for its buyer");
    let form = Op::act::<form::Formed, Done>(
        "committee.form",
        "组建评标委员会，承诺候选名单 · Names the buyer’s own people and commits to the pool",
    );
    let draw = Op::act::<Nothing, Done>("committee.draw", "抽取评审专家 · Draws the members from the pool");
    let replace = Op::act::<form::Replaced, Done>(
        "committee.replace",
        "更换一名评委，写明原因；已出的报告随之作废 · Takes a member out; a report that was there holds no more",
    );
    let drawing =
        Op::page::<page::DrawPage>("committee.drawing", "抽取记录，任何人可以重算 · The draw, to be done again");
    let routes = Routes::new()
        .get("/evaluations", Who::Member, list, handle::index)
        .post("/evaluations/offer", Who::Agent, offer, handle::offer)
        .get("/lots/{id}/committee", Who::Purchaser, show, handle::show)
        .post(
            "/lots/{id}/committee",
            Who::Purchaser,
            form.conflicts(OVER).conflicts(&["committee-pool-small"]),
            handle::form,
        )
        .post(
            "/lots/{id}/draw",
            Who::Purchaser,
            draw.conflicts(OVER).conflicts(&["committee-unformed", "draw-too-early"]),
            handle::draw,
        )
        .get("/lots/{id}/draw", Who::Anyone, drawing, handle::drawing)
        .post("/lots/{id}/replacement", Who::Purchaser, replace.conflicts(OVER), handle::replace);
    of_evaluators(routes)
}

/// What evaluators do and read.
fn of_evaluators(all: Routes) -> Routes {
    const OVER: &[&str] = &["evaluation-over", "candidates-published", "auction-first", "final-offers-first"];
    let scores = Op::page::<scoring::ScoresPage>("evaluation.scores", "评分页 · A lot, for who evaluates it");
    let declare = Op::act::<score::Declared, Done>(
        "evaluation.declare",
        "声明有无利害关系；有则回避，由下一名递补 · Declares whether there is a conflict of interest",
    );
    let save = Op::act::<score::Given, Done>("evaluation.score", "给一份投标打分（草稿） · Keeps the scores of a bid");
    let sign = Op::act::<Nothing, Done>("evaluation.sign", "签字，不能再改 · Signs all scores, once");
    let explain = Op::act::<score::Deviation, Done>(
        "evaluation.explain",
        "说明偏离平均分的理由 · Gives the reason for a score far from the mean",
    );
    let ask = Op::act::<inquiry::Asked, Done>(
        "inquiry.ask",
        "书面要求投标人说明报价或澄清 · Asks a bidder in writing to justify the price, or what is meant",
    );
    let inquiries =
        Op::page::<inquired::List>("inquiry.list", "评标委员会的问题 · What committees have asked the company");
    let answer = Op::act::<inquiry::Answered, inquired::List>(
        "inquiry.answer",
        "书面答复评标委员会 · Answers a committee in writing, once",
    );
    let report = Op::page::<page::ReportPage>("evaluation.report", "评标报告 · The report");
    let report_file = Op::file("evaluation.report-file", "评标报告文件 · The report, byte for byte", FILE);
    let report_paper =
        Op::file("evaluation.report-paper", "评标报告，可打印，中英文 · The report on paper", "application/pdf");
    let file = Op::file("evaluation.file", "投标文件，供评委 · A file of a bid, for who evaluates it", FILE);
    all.get("/lots/{id}/scores", Who::Member, scores, handle::scores)
        .post(
            "/lots/{id}/declaration",
            Who::Agent,
            declare.conflicts(OVER).conflicts(&["scores-signed"]),
            handle::declare,
        )
        .post(
            "/lots/{id}/scores",
            Who::Agent,
            save.conflicts(OVER).conflicts(&["declaration-first", "scores-signed"]),
            handle::save,
        )
        .post(
            "/lots/{id}/signature",
            Who::Agent,
            sign.conflicts(OVER)
                .conflicts(&["declaration-first", "scores-missing", "scores-signed", "inquiry-waits"])
                .binding(),
            handle::sign,
        )
        .post(
            "/lots/{id}/deviations",
            Who::Agent,
            explain.conflicts(OVER).conflicts(&["scores-closed", "deviation-none"]),
            handle::explain,
        )
        .post(
            "/lots/{id}/inquiries",
            Who::Agent,
            ask.conflicts(OVER).conflicts(&["declaration-first", "scores-signed", "inquiry-asked"]),
            inquired::ask,
        )
        .get("/inquiries", Who::Provider, inquiries, inquired::index)
        .post(
            "/inquiries/{id}/answer",
            Who::Bidder,
            answer.conflicts(&["inquiry-answered", "inquiry-over"]).fails(StatusCode::FORBIDDEN, &mandate::REFUSALS),
            inquired::answer,
        )
        .get("/lots/{id}/evaluation", Who::Member, report, handle::report)
        .get("/lots/{id}/evaluation-report", Who::Member, report_file, handle::report_file)
        .get("/lots/{id}/evaluation-report.pdf", Who::Member, report_paper, handle::printed)
        .get("/evaluation-files/{id}", Who::Member, file, handle::file)
}

/// Whether a member has a seat of a lot's committee and has declared, where evaluators see names.
///
/// # Errors
/// [`db::Error`].
pub fn sits(tx: &mut Tx, member: &Member, lot: Id<Lot>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM candidate c JOIN lot l ON l.id = c.lot JOIN evaluation_method m ON m.tender = l.tender \
               WHERE c.lot = $1 AND c.account = $2 AND c.company = $3 AND c.standing IN ('seated', 'signed') AND m.blind = 0";
    Ok(tx.first(sql, values![lot, member.account(), member.company], |row| row.next::<i64>())?.is_some())
}

/// How far the evaluation of a lot is; none where its buyer decides.
///
/// # Errors
/// [`db::Error`].
pub fn phase(tx: &mut Tx, lot: &Lot) -> Result<Option<Phase>, db::Error> {
    table::phase(tx, lot)
}
