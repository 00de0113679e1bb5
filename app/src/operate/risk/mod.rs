//! Risk signals (风险线索) of a tender's bids (clause 4.4): after the opening, never before, a job compares what was disclosed, lot by
//! lot, and keeps what is conspicuous with its numbers and thresholds ([`screens`] has the methods).
//!
//! A signal is a hint for the risk duty and for nobody else, and nothing follows from it by itself: it changes no bid, no lot, no
//! company. Who holds the duty reads the signals of a lot only on a grant: they say why, for one lot and eight hours, each reading is
//! noted before anything is shown, and each judgement carries its reason. How often a method has been right where the truth is known
//! stands beside each signal. A company sees that its bids were compared; names of persons are opened only by an act of its own.

mod assess;
mod compared;
mod disclosed;
mod flagged;
mod following;
mod form;
mod grant;
mod handle;
mod judge;
mod kept;
mod own;
mod page;
mod person;
mod signal;
mod store;
mod sweep;

use crate::web::{Actor, Nothing, Op, OperatorDuty, Place, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;

/// The purpose in the policy's matrix.
const PURPOSE: &str = "risk-judgement";

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/desk/risk",
            word: "risk",
            icon: "warn",
            order: 25,
            under: Some("/operator/companies"),
            shown: |actor| actor.holds(OperatorDuty::Risk),
        },
        Place {
            path: "/company/assessments",
            word: "risk-own",
            icon: "eye",
            order: 77,
            under: Some("/company"),
            shown: |actor| matches!(actor, Actor::Member(member) if member.is_provider),
        },
    ],
    jobs: &[Work::new(assess::JOB, |app, _, payload| Box::pin(assess::run(app, payload)))],
    routines: &[
        Routine { name: following::FOLLOWER, step: following::step },
        Routine { name: "risk.sweep", step: sweep::step },
    ],
    purposes: &[PURPOSE],
    waiting: Some(handle::waiting),
    queue: Some(store::standing),
    ..Room::new("risk", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const RISK: Who = Who::Duty(OperatorDuty::Risk);

fn routes() -> Routes {
    let list = Op::page::<page::List>("risk.list", "有线索的标段，不含内容 · Lots with signals, without what they say");
    let flags = "公开数据里的红旗指标 · Red flags of our own open data, with their reasons";
    let flags = Op::page::<page::RedFlags>("risk.flags", flags);
    let ask =
        Op::page::<page::Ask>("risk.ask", "说明为什么要看这个标段的线索 · Says why the signals of a lot are read");
    let begin = "以风险判断的目的开始查看 · Begins to read, for the purpose risk judgement";
    let begin = Op::act::<form::Wanted, grant::Granted>("risk.begin", begin).limited();
    let noted = |op: Op| op.fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let show = "一个标段的线索（查看会被记录）· The signals of a lot, on record";
    let show = noted(Op::page::<page::Show>("risk.show", show)).conflicts(&["risk-over"]);
    let signal = "一条线索与它的历史（查看会被记录）· A signal with its history, on record";
    let signal = noted(Op::page::<page::Single>("risk.signal", signal)).conflicts(&["risk-ungranted"]);
    let judge = "排除，或列入待查，写明理由 · Dismisses a signal, or puts it down to be examined, with a reason";
    let judge = Op::act::<form::Judged, signal::Signal>("risk.judge", judge).conflicts(&["risk-ungranted"]).stale();
    let persons = "打开各投标企业登记的法定代表人（本人看得到）· Opens who stands for the bidders; they see that";
    let persons = Op::act::<Nothing, page::Persons>("risk.persons", persons).conflicts(&["risk-over"]).shown();
    let own = Op::page::<page::Own>("risk.own", "本企业哪些投标被比对过 · Which of the company's bids were compared");
    Routes::new()
        .get("/desk/risk", RISK, list, handle::index)
        .get("/desk/red-flags", RISK, flags, handle::flags)
        .get("/desk/risk/{id}", RISK, ask, handle::ask)
        .post("/desk/risk/{id}/grants", RISK, begin, handle::begin)
        .get("/desk/risk-grants/{id}", RISK, show, handle::show)
        .post("/desk/risk-grants/{id}/persons", RISK, persons, person::open)
        .get("/desk/risk-signals/{id}", RISK, signal, handle::signal)
        .post("/desk/risk-signals/{id}/judgements", RISK, judge, handle::judge)
        .get("/company/assessments", Who::Member, own, own::index)
}
