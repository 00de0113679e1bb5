//! The control register (控制登记册): which promise of the policy is kept by which control, shown by which test and which
//! live evidence. Anybody may read it.
//!
//! The register itself is compiled (crate `policy`, `controls.toml`). This room measures the evidence every few minutes,
//! and shows both on the trust page; `ziyun clauses` prints the same.

mod evidence;
mod exceptions;
mod page;
mod statement;

use crate::web::{Op, Room, Routes, Routine, Texts, Who};

pub use evidence::{Measured, kept};
pub use statement::{Clause, State};

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "control evidence", step: evidence::step }],
    ..Room::new("register", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::Trust>("register.show", "条款、控制与证据 · Clauses, controls and evidence");
    Routes::new().get("/trust", Who::Anyone, show, page::show)
}
