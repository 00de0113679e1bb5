//! The document library of a provider (资料库): the papers that its bids need again and again, each with its last day, replaced with its
//! history, and put into a bid without being brought again.
//!
//! Its people who bid read it, and nobody else: file, name, number and issuer lie sealed under the company's key ([`file`]). **No row tells
//! into which bid a document went**: before the opening that would tell who bids. A bid takes bytes, not a link, so that what is replaced or
//! removed here changes no envelope.

mod agenda;
mod file;
mod form;
mod handle;
mod kind;
mod page;
mod remind;
mod store;

pub use handle::{of, take};
pub use kind::Kind;
pub use page::Line;
pub use store::over;

use crate::web::attachment::FILE;
use crate::web::{Op, Place, Room, Routes, Routine, Scope, Seen, Texts, Who};
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// Where it is.
pub const PLACE: &str = "/company/library";

/// A document of a library.
pub struct Document;

/// One of its editions: what was said of it, and its file.
pub struct Edition;

/// An edition as its row has it.
#[derive(Clone, Debug)]
pub struct Kept {
    document: Id<Document>,
    kind: Kind,
    id: Id<Edition>,
    number: i64,
    content: Vec<u8>,
    ends_on: Option<Date>,
    size: i64,
    region: String,
    blob: String,
    filed_at: Timestamp,
}

/// Something happened to a document. What it is called stands nowhere in it.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub document: Id<Document>,
    /// filed, replaced, removed, ends-soon, ended.
    pub act: String,
}

impl Fact for Changed {
    const KIND: &'static str = "library.changed";
}

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: PLACE,
        word: "library",
        icon: "list",
        order: 71,
        under: Some("/company"),
        shown: |actor| Who::Bidder.admits(actor).is_ok(),
    }],
    files: &["library_edition"],
    routines: &[Routine { name: "library.remind", step: remind::step }],
    waiting: Some(agenda::waiting),
    closed: Some(store::closed),
    ..Room::new("library", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::List>("library.list", "资料库 · The company's documents for bids").token(Scope::Bid);
    let show = Op::page::<page::Shown>("library.show", "一份资料及其历次版本 · A document with its editions")
        .token(Scope::Bid);
    let file = Op::file("library.file", "资料的文件 · The file of an edition", FILE).token(Scope::Bid);
    let add = Op::act::<form::New, Line>("library.add", "存入资料 · Keeps a document")
        .conflicts(&["library-full"])
        .missing()
        .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"])
        .token(Scope::Bid);
    let replace = Op::act::<form::Replacement, Line>("library.replace", "更新资料 · Puts another edition in its place")
        .stale()
        .fails(StatusCode::SERVICE_UNAVAILABLE, &["scanner-silent"])
        .token(Scope::Bid);
    let remove =
        Op::act::<Seen, page::Removed>("library.remove", "删除资料 · Takes a document out").stale().token(Scope::Bid);
    Routes::new()
        .get(PLACE, Who::Bidder, list, handle::index)
        .post(PLACE, Who::Bidder, add, handle::create)
        .get("/company/library/{id}", Who::Bidder, show, handle::show)
        .post("/company/library/{id}/editions", Who::Bidder, replace, handle::replace)
        .post("/company/library/{id}/removal", Who::Bidder, remove, handle::remove)
        .get("/library-files/{id}", Who::Bidder, file, handle::file)
}
