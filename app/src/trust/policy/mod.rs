//! The privacy policy (隐私政策): readable by anybody, in every version, and who agreed to which text (clauses 0.1, 10.1).
//!
//! The texts are compiled into the crate `policy`. This room shows them and keeps agreements, append-only.

mod agreement;
mod ending;
mod page;

use crate::web::{Op, Room, Routes, Routine, Texts, Who};

pub use agreement::{Agreement, Channel, Receipt};
pub use page::Shown;

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "evidence.sweep", step: ending::step }],
    ..Room::new("policy", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let current = Op::page::<page::Show>("policy.current", "现行隐私政策 · The privacy policy in force");
    let version = Op::page::<page::Show>("policy.version", "隐私政策的某一版本 · A version of the privacy policy");
    Routes::new().get("/policy", Who::Anyone, current, page::current).get(
        "/policy/{version}",
        Who::Anyone,
        version,
        page::version,
    )
}
