//! Figures of the operator's desk (运营数据): how each queue stands, what is late, and how many companies are in which state.
//! For an administrator, who sees to it that somebody does the work. Numbers only, and none that a bid would move.

use crate::app::App;
use crate::identity::company::{self, State};
use crate::web::{Administrator, Error, Op, OperatorDuty, Page, Place, Queue, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/figures",
        word: "figures",
        icon: "list",
        order: 82,
        under: Some("/desk/operators"),
        shown: |actor| actor.holds(OperatorDuty::Administrator),
    }],
    ..Room::new("figures", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<Figures>("figures.show", "运营数据：各队列与逾期 · How the queues stand, and what is late");
    Routes::new().get("/desk/figures", Who::Duty(OperatorDuty::Administrator), show, show_figures)
}

/// How the operator's work stands.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DeskFigures")]
#[template(path = "operate/figures/show.html")]
struct Figures {
    /// Each queue, those with something late first.
    queues: Vec<Queue>,
    /// How many companies are in which state; who has closed is counted in none.
    companies: Vec<Count>,
}

/// How many companies are in a state.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyCount")]
struct Count {
    state: State,
    companies: i64,
}

async fn show_figures(Of(app): Of<App>, _: Administrator) -> Result<Page, Error> {
    let theirs = app.clone();
    let read = move |tx: &mut Tx| {
        let asked = theirs.rooms().iter().filter_map(|room| room.queue);
        let queues = asked.map(|queue| queue(tx)).collect::<Result<Vec<_>, db::Error>>()?;
        let mut companies = Vec::new();
        for state in [State::Pending, State::Approved, State::Refused] {
            companies.push(Count { state, companies: company::count(tx, state)? });
        }
        Ok::<_, db::Error>((queues, companies))
    };
    let (mut queues, companies) = app.db().read::<_, db::Error>(read).await?;
    queues.sort_by_key(|queue| (queue.overdue == 0, queue.waiting == 0, queue.path));
    Ok(Page::new("figures", Figures { queues, companies }))
}
