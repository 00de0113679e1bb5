//! An account (账号): a person who acts for a company, or for the operator.

mod current;

use crate::web::{Room, Routes, Texts, Who};

/// An account.
pub struct Account;

/// The room.
pub static ROOM: Room =
    Room::new("account", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

fn routes() -> Routes {
    Routes::new().get("/session", Who::Anyone, current::show)
}
