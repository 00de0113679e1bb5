//! Subscriptions to single notices (公告订阅): within ten minutes a member is told, in the inbox, of each new notice of the kinds,
//! categories and regions that they want; by mail too where they switch that on. An additional function (clause 2.2) with a purpose
//! of its own: off until its person agrees and their company authorises it, ended by one click.
//!
//! What is wanted lies sealed. A routine ([`round`]) leaves one job to each subscriber once there is something new; the job
//! ([`telling`]) opens what its subscriber wants, which compares the consent, and tells. What was told goes with the consent, too.

mod ending;
mod handle;
mod held;
mod page;
mod round;
mod store;
mod telling;
mod wanted;

use crate::web::{Function, Op, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use vault::Slot;
use wanted::Wanted;

/// Its purpose in the policy's matrix.
const PURPOSE: &str = "subscription";

/// Where it is used.
const PLACE: &str = "/me/subscription";

/// Where what is wanted lies.
const WANTED: Slot<vault::Followed> = Slot::new("subscription", "followed");

/// Marks the ids of subscriptions: one a person.
pub struct Subscription;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::new(telling::KIND, telling::run)],
    routines: &[
        Routine { name: "subscription.round", step: round::step },
        Routine { name: ending::FOLLOWER, step: ending::step },
    ],
    purposes: &[PURPOSE],
    held: Some(&held::HELD),
    erased: Some(held::erased),
    functions: &[Function { purpose: PURPOSE, path: PLACE, of_guests: false }],
    ..Room::new("subscription", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let own = "公告订阅：要哪些公告 · What the person's subscription is about";
    let own = Op::page::<page::Own>("subscription.show", own).fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let want = "设置订阅的公告种类、类别和地区 · Says which notices are wanted";
    let want = Op::act::<Wanted, page::Kept>("subscription.want", want).fails(StatusCode::FORBIDDEN, &["no-consent"]);
    Routes::new().get(PLACE, Who::Person, own, handle::show).post(PLACE, Who::Member, want, handle::want)
}
