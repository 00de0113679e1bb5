//! A leak (泄露) that somebody reports (clause 6.6): their account is shut at once, what opens it is void, and the personal information officer has a case that
//! is answered the next working day. Who could have read what stands beside the form.

mod report;

use crate::web::{Op, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room =
    Room::new("leak", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

fn routes() -> Routes {
    let form = Op::page::<report::Report>("leak.form", "报告泄露 · What reporting a leak does");
    let summary = "报告泄露：立即结束全部登录会话、作废密码与令牌，并交给个人信息负责人 · Reports a leak: all login sessions end, password and tokens are void, the officer has a case";
    let report = Op::act::<report::Wanted, report::Reported>("leak.report", summary).limited().missing();
    Routes::new().get("/me/leak", Who::Oneself, form, report::show).post(
        "/me/leak",
        Who::Oneself,
        report,
        report::create,
    )
}
