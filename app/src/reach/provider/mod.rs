//! Public pages of providers (服务商公开页面, clauses 6.4 and 6.5): what law and rules want public of who operates on the
//! platform, and what a provider chooses to show beside it. Readable signed out and without a cookie, at a stable address.
//!
//! A row of `provider` is the page as it is shown. It is made anew ([`public::refresh`]) in the unit of each act here, and
//! by a follower of what happens to companies elsewhere; whatever is not in it cannot be shown. A sole operator's identity is
//! public as a *publication*, which begins by their own act, names its basis, and ends; without one there is no row.
//! The list and the search are an index of their own, which follows `provider.changed`. Nothing here knows of tenders or bids.

mod act;
mod directory;
mod file;
mod filter;
mod following;
mod form;
mod handle;
mod indexing;
mod linked;
mod page;
mod profile;
mod public;
mod store;

pub use public::{Changed, refresh};
pub use store::{closing, edition, of_code, of_name};

use crate::web::{Nothing, Op, Place, Room, Routes, Routine, Scope, Seen, Texts, Who};
use http::StatusCode;
use kit::sheet::XLSX;
use page::{Editor, List, Preview, Show};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/providers",
        word: "provider-place",
        icon: "people",
        order: 75,
        under: None,
        shown: |_| true,
    }],
    routines: &[
        Routine { name: following::FOLLOWER, step: following::step },
        Routine { name: "provider-search", step: indexing::step },
    ],
    waiting: Some(act::waiting),
    closed: Some(act::closed),
    ..Room::new("provider", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<List>("provider.list", "服务商：按词、类别、地区、类型筛选 · Providers, filtered")
        .query(filter::PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["provider-filter", "cursor"])
        .token(Scope::Read);
    let workbook = "服务商列表，表格 · The filtered list as a workbook, without ways of contact";
    let workbook = Op::file("provider.list-workbook", workbook, XLSX);
    let text = Op::file("provider.list-csv", "服务商列表，csv · The same as csv", "text/csv");
    let [workbook, text] = [workbook, text].map(|op| {
        op.query(filter::PARAMETERS).fails(StatusCode::BAD_REQUEST, &["provider-filter", "cursor"]).limited()
    });
    let show = Op::page::<Show>("provider.show", "一家服务商的公开页面 · A provider's public page").token(Scope::Read);
    let own = Op::page::<Editor>("provider.own", "本公司公开页面的编辑 · The company's own public page, to be changed");
    let preview = Op::act::<form::Edited, Preview>(
        "provider.preview",
        "预览，不保存 · Shows the page as it would be; keeps nothing",
    )
    .shown();
    let publish =
        Op::act::<form::Edited, page::Published>("provider.publish", "公开所填内容 · Publishes what was chosen")
            .stale();
    let undo = Op::act::<Seen, page::Published>("provider.undo", "撤销最近一次公开 · Back to what was shown before")
        .stale()
        .conflicts(&["provider-nothing-to-undo"]);
    let begin = Op::act::<Nothing, page::Published>(
        "provider.begin",
        "开始公示（自然人经营者）· A sole operator's publication begins",
    )
    .conflicts(&["provider-not-sole"]);
    let end = Op::act::<Nothing, page::Published>(
        "provider.end",
        "结束公示（自然人经营者）· A sole operator's publication ends",
    );
    let close =
        Op::act::<form::Closing, page::Published>("provider.announce-closing", "公示停止经营 · Announces closing down");
    let go_on =
        Op::act::<Nothing, page::Published>("provider.withdraw-closing", "撤回停止经营的公示 · Takes that back");
    Routes::new()
        .get("/providers", Who::Anyone, list, handle::index)
        .get("/providers.xlsx", Who::Anyone, workbook, file::workbook)
        .get("/providers.csv", Who::Anyone, text, file::text)
        .get("/providers/{id}", Who::Anyone, show, handle::show)
        .get("/company/profile", Who::Provider, own, handle::own)
        .post("/company/profile", Who::Presenter, publish, act::publish)
        .post("/company/profile/preview", Who::Presenter, preview, act::preview)
        .post("/company/profile/undo", Who::Presenter, undo, act::undo)
        .post("/company/publication", Who::Presenter, begin, act::begin)
        .post("/company/publication/end", Who::Presenter, end, act::end)
        .post("/company/closing-notice", Who::Presenter, close, act::close)
        .post("/company/closing-notice/withdrawal", Who::Presenter, go_on, act::go_on)
}
