//! Maintenance windows (维护窗口): when the platform will be out of reach. The operator announces them, everybody reads.

mod handle;
mod page;
mod store;
mod window;

pub use window::Window;

use crate::web::{Op, OperatorDuty, Place, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/maintenance",
        word: "maintenance",
        icon: "clock",
        order: 80,
        under: None,
        shown: |_| true,
    }],
    ..Room::new("maintenance", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::List>("maintenance.list", "维护窗口 · The windows to come");
    let form = Op::page::<page::FormPage>("maintenance.form", "公布表单 · The form that announces one");
    let announce = Op::act::<Window, Window>("maintenance.announce", "公布维护窗口 · Announces a window");
    Routes::new()
        .get("/maintenance", Who::Anyone, list, handle::index)
        .post(
            "/maintenance",
            Who::Duty(OperatorDuty::Publisher),
            announce.conflicts(&["maintenance-past"]),
            handle::create,
        )
        .get("/maintenance/new", Who::Duty(OperatorDuty::Publisher), form, handle::new)
}
