//! The desk (工作台): what waits for me, until when, what goes on, what is new; for a visitor, what this platform is.

mod fortnight;
mod own;

use crate::app::App;
use crate::sourcing::tender::{self, Named};
use crate::web::{Actor, Ctx, Error, Op, Page, Place, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/",
        word: "desk",
        icon: "desk",
        order: 10,
        under: None,
        shown: |actor| actor.person().is_some(),
    }],
    ..Room::new("desk", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// How many open tenders the home page shows.
const HOME_TENDERS: usize = 6;

fn routes() -> Routes {
    let op = Op::page::<Home>("desk.show", "工作台：等我处理的事 · What waits for whoever asks").or::<own::Desk>();
    Routes::new().get("/", Who::Anyone, op, show)
}

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "operate/desk/home.html")]
struct Home {
    /// Tenders that take bids, the nearest deadline first.
    open: Vec<Named>,
}

async fn show(Of(app): Of<App>, context: Ctx, actor: Actor) -> Result<Page, Error> {
    if actor.person().is_none() {
        let mut open = app.db().read::<_, db::Error>(|tx| tender::store::list_open(tx, None)).await?;
        open.truncate(HOME_TENDERS);
        let open = open.into_iter().map(|tender| Named::new(tender, context.locale)).collect();
        return Ok(Page::public("desk-home", Home { open }));
    }
    Ok(Page::new("desk", own::read(&app, &context, actor).await?))
}
