//! The parts (`/styles`): every part of the interface in its states, by the macros and templates that the pages are made
//! of, so that it cannot show what the pages do not. Public and without a link: there is nothing in it but samples.

mod sample;

use crate::app::App;
use crate::sourcing::opening::record::OpenedLot;
use crate::sourcing::tender::{Named, Unready};
use crate::web::{Ctx, Form, Op, Page, Problem, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room =
    Room::new("styles", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

/// The parts, each named as its file under `ui/src/styles`.
const PARTS: [&str; 29] = [
    "button",
    "state",
    "table",
    "facts",
    "list",
    "note",
    "form",
    "choice",
    "upload",
    "find",
    "fold",
    "menu",
    "empty",
    "stages",
    "seal",
    "due",
    "fortnight",
    "auction",
    "question",
    "datum",
    "proof",
    "factor",
    "compare",
    "terms",
    "clauses",
    "notice",
    "mailbox",
    "demo",
    "swatch",
];

fn routes() -> Routes {
    let op = Op::page::<Styles>("styles.show", "界面部件一览 · Every part of the interface");
    Routes::new().get("/styles", Who::Anyone, op, show)
}

/// The parts with samples of what they show.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "operate/styles/styles.html")]
struct Styles {
    /// Their names.
    parts: &'static [&'static str],
    #[serde(skip)]
    tender: Named,
    #[serde(skip)]
    opened: Vec<OpenedLot>,
    #[serde(skip)]
    unready: Vec<Unready>,
    #[serde(skip)]
    filled: Form,
    #[serde(skip)]
    refused: Form,
    #[serde(skip)]
    now: Timestamp,
    #[serde(skip)]
    soon: Timestamp,
    #[serde(skip)]
    later: Timestamp,
    #[serde(skip)]
    fen: i64,
    #[serde(skip)]
    bytes: i64,
    #[serde(skip)]
    hash: &'static str,
    #[serde(skip)]
    code: &'static str,
    #[serde(skip)]
    status: u16,
    #[serde(skip)]
    what: String,
    #[serde(skip)]
    way_out: String,
    #[serde(skip)]
    way: Option<String>,
    #[serde(skip)]
    request: String,
    #[serde(skip)]
    problems: Vec<Problem>,
    #[serde(skip)]
    level: Option<&'static str>,
}

async fn show(State(app): State<App>, context: Ctx) -> Page {
    Page::public("styles", sample::styles(&app, &context))
}
