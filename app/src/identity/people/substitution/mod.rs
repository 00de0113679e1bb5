//! Substitution while away (代理): a member says from when until when they are away, and asks a colleague, who accepts or not.
//! While it runs, the colleague acts with their own duties and those that pass ([`rule`]); never an owner's.
//!
//! Nothing happens at either end: whether it runs is read from the instant, when a request is entered and again in the unit of
//! its act ([`crate::web::Member::still`]). Either side ends it, or an owner; it ends with the place of either in the company. What
//! passes is what the absent colleague has themselves, so that nothing passes on. Tokens and letters of authorisation are
//! personal: neither passes. What only the absent colleague's duty allowed is noted with whom it was done for, except asking
//! and bidding: before the opening no row tells who does that.

mod form;
mod handle;
mod instead;
mod page;
mod rule;
mod store;
mod sweep;

pub use instead::{Deed, StandsIn, on_duty, runs, stands_in};
pub use page::waiting;
pub use rule::Runs;
pub use store::{closed, end_of, erased};
pub use sweep::step;

use crate::identity::account::Account;
use crate::web::{Nothing, Op, Routes, Who};
use kit::event::Fact;
use kit::id::Id;
use serde::Serialize;

/// A substitution.
pub struct Substitution;

/// Where a company's substitutions are.
pub const PLACE: &str = "/company/substitutions";

/// What became of a substitution. Ids and codes only.
#[derive(Serialize)]
pub struct Told {
    pub substitution: Id<Substitution>,
    pub absent: Id<Account>,
    pub substitute: Id<Account>,
    /// asked, accepted, declined, withdrawn, ended.
    pub act: &'static str,
    /// Whose act it was; none when it followed from somebody's leaving.
    pub by: Option<Id<Account>>,
}

impl Fact for Told {
    const KIND: &'static str = "people.substitution";
}

/// Something was done in the name of who is away. Who did it is the event's actor.
#[derive(Serialize)]
pub struct StoodIn {
    pub substitution: Id<Substitution>,
    pub absent: Id<Account>,
    pub operation: &'static str,
}

impl Fact for StoodIn {
    const KIND: &'static str = "people.stood-in";
}

/// The routes, beside those of the people.
pub fn routes(all: Routes) -> Routes {
    const OVER: &[&str] = &["substitution-over"];
    let list =
        Op::page::<page::List>("substitution.list", "代理：自己的，所有者看得到全公司的 · Substitutions while away");
    let show = Op::page::<page::Shown>(
        "substitution.show",
        "一次代理，期间以其名义办理的事项 · One, with what was done in it",
    );
    let ask =
        Op::act::<form::New, page::Line>("substitution.ask", "请同事在外出期间代理 · Asks a colleague to stand in")
            .conflicts(&["substitution-nothing", "substitution-overlaps"])
            .missing()
            .limited()
            .binding();
    let accept =
        Op::act::<Nothing, page::Line>("substitution.accept", "同意代理 · Accepts").conflicts(&["substitute-away"]);
    let decline = Op::act::<Nothing, page::Line>("substitution.decline", "谢绝代理 · Declines").conflicts(OVER);
    let end = Op::act::<Nothing, page::Line>(
        "substitution.end",
        "撤回或提前结束，立即生效 · Takes it back, or ends it early, at once",
    );
    all.get(PLACE, Who::Member, list, handle::index)
        .post(PLACE, Who::Member, ask, handle::ask)
        .get("/company/substitutions/{id}", Who::Member, show, handle::show)
        .post("/company/substitutions/{id}/acceptance", Who::Member, accept.conflicts(OVER), handle::accept)
        .post("/company/substitutions/{id}/refusal", Who::Member, decline, handle::decline)
        .post("/company/substitutions/{id}/ending", Who::Member, end, handle::end)
}
