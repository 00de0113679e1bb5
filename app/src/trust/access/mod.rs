//! Accesses (查看记录): who looked at a person's data, when, in which role, for what, on which ground, and who was refused.
//!
//! The records are the vault's ([`vault::access`]); this room shows each person their own, in plain words. A company is
//! named, its person is not: whoever opens data is a person too.

mod page;

pub use page::Accesses;

use crate::app::App;
use crate::web::{Card, Error, Op, Param, Room, Routes, Routine, Texts, Who};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::StatusCode;
use kit::db;

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: "access.spread", step }],
    cards: &[Card { path: "/me/accesses", word: "access", icon: "eye", order: 20, state: page::state }],
    ..Room::new("access", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const PARAMETERS: &[Param] =
    &[Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" }];

fn routes() -> Routes {
    let list = Op::page::<Accesses>("access.list", "谁查看过我的信息 · Who looked at the person's data")
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    Routes::new().get("/me/accesses", Who::Oneself, list, page::show)
}

/// Spreads records by their persons.
fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !app.db().read::<_, db::Error>(vault::access::any_unspread).await? {
            return Ok(0);
        }
        Ok(app.db().write::<_, db::Error>(vault::access::spread).await?)
    }
    .boxed()
}
