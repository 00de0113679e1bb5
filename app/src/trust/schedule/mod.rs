//! The operator's desk for versions of the policy: announces one that this program was built with, seven days ahead at least,
//! and takes back what has not taken effect (clause 10.1). Whether a change is material is computed and shown, never chosen.

mod act;
mod page;
mod store;

use crate::web::{Nothing, Op, OperatorDuty, Place, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/policies",
        word: "schedule-place",
        icon: "policy",
        order: 85,
        under: None,
        shown: |actor| actor.holds(OperatorDuty::Publisher),
    }],
    ..Room::new("schedule", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const REFUSED: [&str; 4] = ["policy-pending", "policy-not-newer", "policy-scheduled-meanwhile", "clock-behind"];

fn routes() -> Routes {
    let desk = Op::page::<page::Desk>("schedule.show", "政策版本的排期 · The schedule of policy versions");
    let announce = Op::act::<act::Plan, store::Announced>("schedule.announce", "公布一个版本 · Announces a version");
    let withdraw =
        Op::act::<Nothing, store::Withdrawn>("schedule.withdraw", "撤回未生效的公布 · Takes an announcement back");
    Routes::new()
        .get("/desk/policies", Who::Duty(OperatorDuty::Publisher), desk, page::show)
        .post("/desk/policies", Who::Duty(OperatorDuty::Publisher), announce.conflicts(&REFUSED), act::announce)
        .post(
            "/desk/policies/{number}/withdrawal",
            Who::Duty(OperatorDuty::Publisher),
            withdraw.conflicts(&["policy-in-force"]),
            act::withdraw,
        )
}
