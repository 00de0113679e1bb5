//! Remembered searches (记住的搜索): searches among the notices under names of the person's own, and how they like the list
//! shown. An additional function (clause 2.2): off until its person agrees; what was kept goes when they switch it off.
//!
//! All of a person's searches are one sealed document. It is opened on the person's own page only, on record; to keep a
//! search is to open the document, change it and seal it anew, unless somebody was faster.

mod document;
mod ending;
mod form;
mod handle;
mod held;
mod page;
mod store;

use crate::web::{Function, Nothing, Op, Room, Routes, Routine, Texts, Who};
use http::StatusCode;
use vault::Slot;

/// Its purpose in the policy's matrix.
const PURPOSE: &str = "remembered-search";

/// Where it is used.
const PLACE: &str = "/me/searches";

/// Where the document lies.
const CONTENT: Slot<vault::Search> = Slot::new("remembered", "content");

/// The room.
pub static ROOM: Room = Room {
    routines: &[Routine { name: ending::FOLLOWER, step: ending::step }],
    purposes: &[PURPOSE],
    held: Some(&held::HELD),
    erased: Some(held::erased),
    functions: &[Function { purpose: PURPOSE, path: PLACE, of_guests: false }],
    ..Room::new("remembered", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let off = |op: Op| op.fails(StatusCode::FORBIDDEN, &["no-consent"]).stale();
    let list = Op::page::<page::List>("remembered.list", "记住的搜索与显示偏好 · The searches that are remembered")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let form = Op::page::<page::FormPage>("remembered.form", "记住一个搜索的表单 · The form that keeps a search")
        .query(crate::reach::notice::KEPT)
        .fails(StatusCode::BAD_REQUEST, &["notice-filter"]);
    let keep = off(Op::act::<form::New, page::Line>("remembered.keep", "记住一个搜索 · Keeps a search"));
    let drop = off(Op::act::<Nothing, page::Gone>("remembered.remove", "忘记一个搜索 · Forgets a search"));
    let display = off(Op::act::<form::Display, form::Display>("remembered.display", "显示偏好 · How lists are shown"));
    Routes::new()
        .get(PLACE, Who::Person, list, handle::index)
        .post(PLACE, Who::Person, keep.conflicts(&["too-many-searches"]), handle::keep)
        .get("/me/searches/new", Who::Person, form, handle::new)
        .post("/me/searches/display", Who::Person, display, handle::display)
        .post("/me/searches/{id}/removal", Who::Person, drop, handle::remove)
}
