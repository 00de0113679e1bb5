//! Consents (同意): each additional function is agreed to by itself, off until then, withdrawn by one click in the same
//! place (clauses 2.2, 4.5). Some need the company's authorisation beside the person's own yes.
//!
//! The ledger is the vault's ([`vault::consent`]): what rests on a consent does not open without it. This room asks the
//! question, keeps the text as it was shown, hands out receipts, and tells the house what changed ([`Changed`]): rooms that
//! keep something for a function delete it when they hear that it has ended.

mod act;
mod lapse;
mod page;
mod question;
mod receipt;
mod standing;

pub use act::{Changed, forget_ended, refuse_by_signal, withdraw};
pub use page::Consents;
pub use question::{Question, asked_of};
pub use receipt::signed;
pub use standing::Works;

use crate::web::{Card, Nothing, Op, Room, Routes, Routine, Texts, Who};
use evidence::Receipt;

/// Where consents are given and taken back; also what a consent records as its place.
pub const PLACE: &str = "/me/consents";

/// The room.
pub static ROOM: Room = Room {
    erased: Some(lapse::erased),
    routines: &[Routine { name: "consent.lapse", step: lapse::step }],
    cards: &[Card { path: "/me/consents", word: "consent", icon: "policy", order: 30, state: page::state }],
    ..Room::new("consent", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const ANSWERED: [&str; 3] = ["consent-answered", "consent-other-text", "consent-stands"];

fn routes() -> Routes {
    let page = Op::page::<Consents>("consent.list", "附加功能的同意与历史 · Consents, one by one, with their history");
    let give = Op::act::<act::Yes, act::Done>("consent.give", "同意一项附加功能 · Agrees to one additional function");
    let end = Op::act::<Nothing, act::Done>("consent.withdraw", "撤回同意 · Withdraws a consent, or says no");
    let receipt = Op::page::<Receipt>("consent.receipt", "同意凭证 · The receipt of a consent event, JSON-LD, signed");
    let allow = Op::act::<act::Yes, act::Done>(
        "consent.authorise",
        "代表公司授权一项附加功能 · Authorises a function for the company's people",
    );
    let forbid = Op::act::<Nothing, act::Done>("consent.deauthorise", "撤回公司的授权 · Withdraws the authorisation");
    Routes::new()
        .get(PLACE, Who::Oneself, page, page::show)
        .post("/me/consents/{purpose}", Who::Oneself, give.conflicts(&ANSWERED), act::give)
        .post("/me/consents/{purpose}/withdrawal", Who::Oneself, end, act::end)
        .get("/me/consents/events/{id}/receipt", Who::Oneself, receipt, receipt::show)
        .post("/company/authorisations/{purpose}", Who::DataContact, allow.conflicts(&ANSWERED), act::authorise)
        .post("/company/authorisations/{purpose}/withdrawal", Who::DataContact, forbid, act::deauthorise)
}
