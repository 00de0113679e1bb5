//! The privacy policy (隐私政策): readable by anybody, in every version, with what differs between them; and who agreed to
//! which text (clauses 0.1, 10.1).
//!
//! The texts are compiled into the crate `policy`; which of them is in force says the schedule ([`crate::web::Calendar`]),
//! which the operator's desk changes. This room shows them, announces changes, asks anew where a change is material, and
//! keeps agreements, append-only.

mod agreement;
mod archive;
mod banner;
mod difference;
mod ending;
mod page;
mod receipt;
mod renewal;

use crate::web::{Op, Room, Routes, Routine, Texts, Who};

pub use agreement::{Agreement, Channel, Receipt};
pub use archive::{Change, Standing};
pub use difference::{Difference, Kind, differences};
pub use page::Shown;

/// The room.
pub static ROOM: Room = Room {
    announces: Some(banner::announce),
    routines: &[Routine { name: "evidence.sweep", step: ending::step }],
    ..Room::new("policy", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let current = Op::page::<page::Show>("policy.current", "现行隐私政策 · The privacy policy in force");
    let version = Op::page::<page::Show>("policy.version", "隐私政策的某一版本 · A version of the privacy policy");
    let text = Op::file("policy.file", "隐私政策的文本 · The text as a file, as agreements name it", "text/markdown");
    let archive = Op::page::<archive::Archive>("policy.versions", "隐私政策各版本 · Every version that was announced");
    let change = Op::page::<archive::ChangePage>("policy.changes", "与前一版本的差异 · What a version changes");
    let renewal =
        Op::page::<renewal::RenewalPage>("policy.renewal", "重新同意 · What changed, and the text to agree to");
    let agree = Op::act::<renewal::Yes, Receipt>("policy.renew", "同意现行版本 · Agrees to the version in force")
        .conflicts(&["policy-not-in-force", "policy-other-text"]);
    let own = Op::page::<receipt::Agreements>("policy.agreements", "本人的同意 · What I have agreed to");
    let file =
        Op::page::<evidence::Receipt>("policy.receipt", "同意隐私政策的凭证 · The signed receipt of an agreement");
    Routes::new()
        .get("/policy", Who::Anyone, current, page::current)
        .get("/policy/{version}", Who::Anyone, version, page::version)
        .get("/policy/{version}/text", Who::Anyone, text, page::file)
        .get("/policy/versions", Who::Anyone, archive, archive::list)
        .get("/policy/versions/{version}", Who::Anyone, change, archive::show)
        .get("/policy/renewal", Who::Person, renewal, renewal::show)
        .post("/policy/renewals", Who::Person, agree, renewal::agree)
        .get("/me/agreements", Who::Person, own, receipt::list)
        .get("/me/agreements/{id}/receipt", Who::Person, file, receipt::show)
}
