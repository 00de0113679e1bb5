//! Verification (实名认证): who a company is, that whoever acts for it may, and that it buys where it says so;
//! who its legal representative is, and who bids for it. A case is filled in step by step, handed in,
//! reviewed by one reviewer at a time, and decided; a step that is refused goes back alone, with its reason.
//!
//! What is handed in is drawn anew into pages without metadata (`intake`), each encrypted under a one-off key that is sealed
//! under the key of whoever handed it in (`leaf`). It is opened for that person, and for the one reviewer who has the case,
//! on record, with the reviewer's mark all over it; and it goes when its time is over (`ending`). Who is verified as a person
//! also types what stands on their identity document (`document`). The machine itself (`case`) knows no store.

mod agenda;
mod attest;
mod bank;
mod case;
mod copy;
mod decided;
mod desk;
mod desk_page;
mod document;
mod ending;
mod event;
mod form;
mod intake;
mod kind;
mod leaf;
mod own;
mod page;
mod recheck;
mod record;
mod register;
mod review;
mod reviewer;
mod sample;
mod state;
mod step;
mod twin;
mod validity;

pub use validity::{is_bidder, is_demand_side, is_representative};

pub use attest::{Attestor, Trouble, Unfit};
pub use decided::{Decided, decided};
pub use document::numbers_of;
pub use intake::{is_clean, serve as draw};
pub use reviewer::untied;

use crate::identity::company::Facts;
use crate::web::{Column, Held, NewRow, Nothing, Op, OperatorDuty, Place, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use page::View;

/// A verification case.
pub struct Verification;

/// The key of a page is no datum about its person: the page is, and stands with its case.
static COLUMNS: [Column; 3] = [
    Column { table: "verification_page", column: "page_key", field: "verification-page" },
    Column { table: "verification_document", column: "name", field: "id-name" },
    Column { table: "verification_document", column: "number", field: "id-number" },
];

static HELD: Held = Held { columns: &COLUMNS, find: document::held };

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/verifications",
        word: "verifications",
        icon: "eye",
        order: 22,
        under: Some("/operator/companies"),
        shown: |actor| actor.holds(OperatorDuty::Reviewer),
    }],
    routines: &[
        Routine { name: "verification.sweep", step: ending::step },
        Routine { name: "verification.remind", step: validity::step },
        Routine { name: "verification.day", step: validity::give_day },
    ],
    queue: Some(agenda::queue),
    waiting: Some(agenda::waiting),
    files: &["verification_page"],
    jobs: &[Work::outward(attest::KIND, attest::run)],
    purposes: &["verification-review", "attestation"],
    held: Some(&HELD),
    erased: Some(ending::erased),
    closed: Some(ending::closed),
    ..Room::new("verification", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const REVIEWER: Who = Who::Duty(OperatorDuty::Reviewer);

fn routes() -> Routes {
    reviewers(members(Routes::new()))
}

fn members(routes: Routes) -> Routes {
    let overview = Op::page::<page::Overview>(
        "verification.overview",
        "等级：已有的、每项功能需要的 · Levels: which the company has, which each function needs",
    );
    const NOT_THEIRS: &[&str] =
        &["buyers-only", "providers-only", "company-pending", "company-refused", "duty-owner", "duty-bidder"];
    let of_kind = |op: Op| op.fails(StatusCode::FORBIDDEN, NOT_THEIRS);
    let show = of_kind(Op::page::<page::Shown>("verification.show", "一件认证与它的步骤 · A case with its steps"))
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let give = Op::act::<form::Files, View>("verification.give", "上传一步的材料 · Hands pages in for a step")
        .conflicts(&["verification-not-open", "verification-step-accepted", "representative-not-filed"])
        .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"])
        .limited()
        .stale();
    let hand_in = Op::act::<Nothing, View>("verification.hand-in", "提交审核 · Goes to the reviewers")
        .conflicts(&["verification-not-open", "verification-incomplete", "bank-account-missing"])
        .conflicts(&["representative-changed"])
        .stale();
    let take_back = Op::act::<Nothing, View>("verification.take-back", "撤回 · Comes back unseen")
        .conflicts(&["verification-not-handed-in", "verification-claimed"])
        .stale();
    let appeal = Op::act::<form::Appeal, View>(
        "verification.appeal",
        "申诉，由另一名审核人员决定 · Appeals; another reviewer decides",
    )
    .conflicts(&["verification-not-refused", "verification-appealed"])
    .stale();
    let renew = Op::act::<Nothing, View>("verification.renew", "重新认证 · Is shown anew")
        .conflicts(&["verification-not-decided", "verification-holds"])
        .stale();
    let recheck =
        Op::act::<recheck::Recheck, View>("verification.recheck", "年度复核：有无变更 · Says what has changed")
            .conflicts(&["verification-not-decided", "verification-holds", "recheck-changed"])
            .stale();
    let ask =
        Op::act::<NewRow<attest::Attestation>, View>("verification.attest", "请核验服务核对 · Has its facts confirmed")
            .conflicts(&["attestation-off", "verification-not-open", "attestation-waiting", "attestation-holds"])
            .conflicts(&["attestation-not-needed", "attestation-nobody-filed", "attestation-no-document"])
            .limited();
    let withdraw = Op::act::<Nothing, View>("verification.attest-no-more", "不再核对 · Asks no more")
        .conflicts(&["attestation-not-waiting"]);
    let picture = Op::file("verification.own-page", "本人上传的一页（查看会被记录）· A page, on record", "image/jpeg")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    routes
        .get("/company/verification", Who::Member, overview, own::overview)
        .get("/company/verification/{kind}", Who::Member, show, own::show)
        .post("/company/verification/{kind}/steps/{step}", Who::Agent, of_kind(give), own::give)
        .post("/company/verification/{kind}/handing-in", Who::Agent, of_kind(hand_in), own::hand_in)
        .post("/company/verification/{kind}/taking-back", Who::Agent, of_kind(take_back), own::take_back)
        .post("/company/verification/{kind}/appeal", Who::Agent, of_kind(appeal), own::appeal)
        .post("/company/verification/{kind}/renewal", Who::Agent, of_kind(renew), own::renew)
        .post("/company/verification/company/recheck", Who::Owner, recheck, recheck::say)
        .post("/company/verification/{kind}/attestation", Who::Agent, of_kind(ask), attest::ask)
        .post("/company/verification/{kind}/attestation/withdrawal", Who::Agent, of_kind(withdraw), attest::withdraw)
        .get("/me/verification-pages/{id}", Who::Person, picture, own::picture)
}

fn reviewers(routes: Routes) -> Routes {
    const HELD_BY_ONE: [&str; 5] = [
        "verification-own-decision",
        "verification-tied",
        "verification-not-handed-in",
        "verification-claimed",
        "verification-not-claimed",
    ];
    let queue = Op::page::<desk_page::Queue>("verification.queue", "待审的认证 · Cases, by state")
        .query(desk::PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let review = Op::page::<desk_page::Review>("verification.review", "一件认证与核对单 · A case with its check list")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let act = |id, about| Op::act::<Nothing, View>(id, about).conflicts(&HELD_BY_ONE).stale();
    let claim = act("verification.claim", "由我审核 · Takes a case up, alone");
    let release = act("verification.release", "放回 · Lets it go");
    let recuse = act("verification.recuse", "回避：与这家公司有关 · Has to do with the company");
    let decide = Op::act::<form::Decision, View>("verification.decide", "逐步审核 · Decides on each step")
        .conflicts(&HELD_BY_ONE)
        .conflicts(&[
            "verification-unjudged",
            "verification-incomplete",
            "verification-company-changed",
            "company-decided",
            "recheck-asked",
            "verification-same-number",
            "representative-changed",
        ])
        .stale();
    let look = Op::act::<recheck::Look, View>("verification.look", "年度复核的结论 · What a re-check has found")
        .conflicts(&HELD_BY_ONE)
        .conflicts(&["recheck-not-asked", "verification-company-changed"])
        .stale();
    let refuse = Op::act::<form::Refusal, View>("verification.refuse", "整件不通过 · Refuses the whole")
        .conflicts(&HELD_BY_ONE)
        .conflicts(&["company-decided"])
        .stale();
    let samples = Op::page::<desk_page::Samples>(
        "verification.samples",
        "抽查：由另一名审核人员复核 · Drawn for a second reviewer",
    );
    let say =
        Op::act::<form::Opinion, View>("verification.second-look", "复核抽中的认证 · What the second reviewer thinks")
            .conflicts(&["verification-tied", "verification-not-claimed", "verification-not-sampled"])
            .stale();
    let picture =
        Op::file("verification.page", "一页材料，带水印（查看会被记录）· A page, marked, on record", "image/jpeg")
            .conflicts(&["verification-not-claimed", "verification-tied"])
            .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    on_register(routes)
        .get("/desk/verifications", REVIEWER, queue, desk::index)
        .get("/desk/verifications/{id}", REVIEWER, review, desk::show)
        .get("/desk/verification-samples", REVIEWER, samples, desk::samples)
        .post("/desk/verifications/{id}/second-look", REVIEWER, say, desk::second_look)
        .post("/desk/verifications/{id}/claim", REVIEWER, claim, desk::claim)
        .post("/desk/verifications/{id}/release", REVIEWER, release, desk::release)
        .post("/desk/verifications/{id}/recusal", REVIEWER, recuse, desk::recuse)
        .post("/desk/verifications/{id}/decision", REVIEWER, decide, desk::decide)
        .post("/desk/verifications/{id}/recheck", REVIEWER, look, recheck::look)
        .post("/desk/verifications/{id}/refusal", REVIEWER, refuse, desk::refuse)
        .get("/desk/verifications/{id}/pages/{page}", REVIEWER, picture, desk::picture)
}

fn on_register(routes: Routes) -> Routes {
    const DECIDED: [&str; 5] = [
        "company-decided",
        "verification-own-decision",
        "verification-tied",
        "verification-claimed",
        "verification-returned",
    ];
    let approve = Op::act::<form::Seen, Facts>("company.approve", "按公示信息通过 · Approves by the public register")
        .conflicts(&DECIDED)
        .stale();
    let refuse =
        Op::act::<form::NotOnRegister, Facts>("company.refuse", "按公示信息不通过 · Refuses by the public register")
            .conflicts(&DECIDED)
            .stale();
    let open = Op::act::<Nothing, View>("verification.of-company", "这家公司的认证 · The company's case");
    routes
        .post("/operator/companies/{id}/approval", REVIEWER, approve, register::approve)
        .post("/operator/companies/{id}/refusal", REVIEWER, refuse, register::refuse)
        .post("/operator/companies/{id}/verification", REVIEWER, open, desk::of_company)
}
