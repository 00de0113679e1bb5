//! The desk (工作台): what waits for me, until when; for a visitor, what this platform is.

use crate::app::App;
use crate::identity::company::{self, State};
use crate::web::{Actor, Error, Page, Place, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/",
        word: "desk",
        icon: "desk",
        order: 10,
        shown: |actor| !matches!(actor, Actor::Visitor),
    }],
    ..Room::new("desk", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new().get("/", Who::Anyone, show)
}

/// Something that waits for the reader.
#[derive(Serialize)]
struct Task {
    /// Key of what is to be done.
    text: &'static str,
    /// How many of it.
    count: i64,
    path: &'static str,
    /// Glyph of its state.
    glyph: &'static str,
}

#[derive(Template, Serialize)]
#[template(path = "operate/desk/desk.html")]
struct Desk {
    tasks: Vec<Task>,
}

#[derive(Template, Serialize)]
#[template(path = "operate/desk/home.html")]
struct Home {}

async fn show(Of(app): Of<App>, actor: Actor) -> Result<Page, Error> {
    if let Actor::Visitor = actor {
        return Ok(Page::public("desk-home", Home {}));
    }
    let tasks = app.db().read::<_, db::Error>(move |tx| tasks(tx, &actor)).await?;
    Ok(Page::new("desk", Desk { tasks }))
}

fn tasks(tx: &mut db::Tx, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let task = |text, count, path, glyph| Task { text, count, path, glyph };
    Ok(match actor {
        Actor::Visitor => Vec::new(),
        Actor::Member(member) => match member.state {
            State::Approved => Vec::new(),
            State::Pending => vec![task("desk-company-pending", 1, "/company", "hourglass")],
            State::Refused => vec![task("desk-company-refused", 1, "/company", "warn")],
        },
        Actor::Operator(operator) => match company::pending(tx, operator)? {
            0 => Vec::new(),
            count => vec![task("desk-companies-pending", count, "/operator/companies", "warn")],
        },
    })
}
