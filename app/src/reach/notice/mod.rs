//! Public notices: what a buyer makes known to everybody. Immutable, at a stable address, readable signed out and
//! without a cookie.
//!
//! Our own tenders' notices come from [`publish`], in the unit in which what they tell happens. Those of other sites come
//! from files ([`importing`]), with their source and a link to it. Both are rows of one table and read alike; the search
//! index follows `notice.published`.

mod arrived;
mod facts;
mod feed;
mod filter;
mod following;
mod handle;
pub mod importing;
mod indexing;
#[expect(missing_docs, reason = "the macro of filters drops their documentation")]
pub mod names;
mod page;
mod qualified;
mod reading;
mod row;
pub mod source;
mod store;
mod told;

pub use arrived::{Arrived, arrived};
pub use facts::Name;
pub use filter::{Filter, KEPT, PARAMETERS};
pub use page::{Line, List, Show};
pub use row::{Notice, Origin, Published};
pub use source::{Budget, Category, Kind, Moment, Precision, Tax};
pub use store::{Summary, insert, publish, published, titled};
pub use told::told_of;

use crate::web::syndication::ATOM;
use crate::web::{Op, Place, Room, Routes, Routine, Scope, Texts, Who};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/notices",
        word: "notice-place",
        icon: "notice",
        order: 50,
        under: None,
        shown: |_| true,
    }],
    routines: &[
        Routine { name: "notice-tenders", step: following::step },
        Routine { name: "notice-search", step: indexing::step },
    ],
    ..Room::new("notice", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<List>("notice.list", "公告：按词、类别、地区、日期、预算筛选 · Notices, filtered")
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["notice-filter", "cursor"])
        .token(Scope::Read);
    let show = Op::page::<Show>("notice.show", "一则公告 · One notice").token(Scope::Read);
    let feed = Op::file("notice.feed", "公告的 Atom 订阅源，筛选与列表相同 · The list as an Atom feed", ATOM)
        .query(PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["notice-filter", "cursor"])
        .token(Scope::Read);
    Routes::new().get("/notices", Who::Anyone, list, handle::index).get(feed::PLACE, Who::Anyone, feed, feed::show).get(
        "/notices/{id}",
        Who::Anyone,
        show,
        handle::show,
    )
}
