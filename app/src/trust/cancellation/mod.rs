//! Cancellation (注销): a person has their account ended and what the platform keeps of them destroyed (clauses 8.1, 8.3).
//!
//! Asked for with the password; refused only for what others rely on, which the rooms declare ([`crate::web::Obstacle`]);
//! then some days to think, in which everything works as before and one click takes it back. When they are over, one unit
//! looks at the obstacles again, ends the person's standing and deletes what the rooms have of them
//! ([`crate::web::Erased`]); a job then destroys the keys, class by class, each on its date ([`vault::hold_keys`]).

mod case;
mod certificate;
mod download;
mod erasing;
mod key;
mod link;
mod notice;
mod page;
mod paper;
mod request;
mod store;

pub use erasing::{erase_again, erase_guest};
pub use page::Cancellations;

use crate::web::{Card, Nothing, Op, OperatorDuty, Place, Room, Routes, Texts, Who, Work};
use evidence::{Proven, Receipt};
use http::StatusCode;

/// Where a person asks for it.
pub const PLACE: &str = "/me/cancellation";

/// A request of one person. (The interface calls it 注销申请.)
pub struct Cancellation;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: case::PLACE,
        word: "cases",
        icon: "doc",
        order: 61,
        under: Some("/desk/privacy"),
        shown: |actor| actor.holds(OperatorDuty::PrivacyOfficer),
    }],
    queue: Some(case::queue),
    jobs: &[
        Work::endless(erasing::KIND, erasing::run),
        Work::endless(key::KIND, key::run),
        Work::post(notice::KIND, notice::run),
    ],
    waiting: Some(page::waiting),
    cards: &[Card { path: PLACE, word: "cancellation", icon: "x", order: 90, state: page::state }],
    purposes: &["notification"],
    ..Room::new("cancellation", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<Cancellations>(
        "cancellation.show",
        "注销账号：会发生什么、还差什么 · What a cancellation does, and what stands against it",
    );
    let ask =
        Op::act::<request::Wanted, store::Facts>("cancellation.request", "申请注销账号 · Asks for a cancellation")
            .conflicts(&["cancellation-obstacles"])
            .missing()
            .limited()
            .with_password();
    let undo = Op::act::<Nothing, store::Facts>("cancellation.withdraw", "撤回注销申请 · Takes the request back")
        .conflicts(&["cancellation-none"]);
    let read = Op::page::<page::Followed>(
        "cancellation.follow",
        "凭链接查看注销进度 · Where a cancellation stands, by its link, without an account",
    );
    const EARLY: &[&str] = &["certificate-not-yet"];
    let of_key = |op: Op| op.fails(StatusCode::NOT_FOUND, &["not-found"]);
    let certificate = Op::page::<Receipt>("cancellation.certificate", "注销证明，签名的 JSON · The signed certificate");
    let proof =
        Op::page::<Proven>("cancellation.proof", "注销证明及其在日志中的证明 · The certificate, with its proof");
    let paper = Op::file("cancellation.paper", "注销证明，可打印 · The certificate on paper", "application/pdf");
    let cases = Op::page::<case::Cases>("cancellation.cases", "代办的注销申请 · Assisted requests");
    let one = Op::page::<case::CasePage>("cancellation.case", "一件代办申请 · An assisted request");
    let open = Op::act::<case::New, case::Case>("cancellation.open-case", "登记代办申请 · Opens an assisted request");
    let approve = Op::act::<Nothing, case::Case>(
        "cancellation.approve-case",
        "复核并开始注销 · Approves it, by a second operator",
    )
    .conflicts(&["case-same-operator", "case-decided"]);
    let close =
        Op::act::<Nothing, case::Case>("cancellation.close-case", "关闭代办申请 · Closes it without a cancellation");
    Routes::new()
        .get(case::PLACE, Who::Duty(OperatorDuty::PrivacyOfficer), cases, case::index)
        .post(case::PLACE, Who::Duty(OperatorDuty::PrivacyOfficer), open.missing(), case::create)
        .get("/desk/privacy/cases/{id}", Who::Duty(OperatorDuty::PrivacyOfficer), one, case::show)
        .post("/desk/privacy/cases/{id}/approval", Who::Duty(OperatorDuty::PrivacyOfficer), approve, case::approve)
        .post(
            "/desk/privacy/cases/{id}/closure",
            Who::Duty(OperatorDuty::PrivacyOfficer),
            close.conflicts(&["case-decided"]),
            case::close,
        )
        .get(PLACE, Who::Person, show, page::show)
        .post(PLACE, Who::Person, ask, request::create)
        .post("/me/cancellation/withdrawal", Who::Person, undo, request::withdraw)
        .get("/cancellations/{key}", Who::Anyone, of_key(read), page::follow)
        .get("/cancellations/{key}/certificate", Who::Anyone, of_key(certificate).conflicts(EARLY), download::show)
        .get("/cancellations/{key}/certificate.pdf", Who::Anyone, of_key(paper).conflicts(EARLY), download::printed)
        .get(
            "/cancellations/{key}/proof",
            Who::Anyone,
            of_key(proof).conflicts(&[EARLY[0], "proof-not-yet"]),
            download::proof,
        )
}
