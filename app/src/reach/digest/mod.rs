//! The weekly digest (每周公告摘要): each Monday a member is mailed the new notices in the categories and regions that they
//! follow. An additional function (clause 2.2): off until its person agrees and their company authorises it, ended by one
//! click, here, among the consents, or by the link at the end of each mail. What was kept for it goes with it.
//!
//! What is followed lies sealed. The weekly routine ([`week`]) leaves one job to each reader, a hundred in a step; the job
//! ([`mailing`]) opens what its reader follows, and the address only when there is something to send. Both openings compare
//! the consent in their own transaction, so that a withdrawal also stops what is queued already.

mod ending;
mod followed;
mod handle;
mod held;
mod letter;
mod mailing;
mod page;
mod store;
mod week;

pub use followed::Followed;
pub use mailing::Payload;
pub use page::{groups, is_open, provinces};

use crate::web::{Function, Op, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use vault::Slot;

/// Its purpose in the policy's matrix.
const PURPOSE: &str = "digest";

/// Where it is used.
const PLACE: &str = "/me/digest";

/// Where what is followed lies.
const FOLLOWED: Slot<vault::Followed> = Slot::new("digest", "followed");

/// Marks the ids of digests: one a reader.
pub struct Digest;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::post(mailing::KIND, mailing::run)],
    routines: &[
        Routine { name: "digest.week", step: week::step },
        Routine { name: ending::FOLLOWER, step: ending::step },
    ],
    purposes: &[PURPOSE],
    held: Some(&held::HELD),
    erased: Some(held::erased),
    functions: &[Function { purpose: PURPOSE, path: PLACE, of_guests: false }],
    ..Room::new("digest", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let own = Op::page::<page::Own>("digest.show", "每周摘要：关注什么 · What the person's digest is about")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let follow = Op::act::<Followed, page::Kept>("digest.follow", "设置关注的类别和地区 · Says what is followed")
        .fails(StatusCode::FORBIDDEN, &["no-consent"]);
    let leave = Op::page::<page::Leave>("digest.leave", "退订前的说明 · What ending it by a mail's link means");
    let end =
        Op::act::<ending::OneClick, page::Left>("digest.end", "一键退订，凭邮件里的链接 · Ends it by a mail's link")
            .by_address();
    Routes::new()
        .get(PLACE, Who::Person, own, handle::show)
        .post(PLACE, Who::Member, follow, handle::follow)
        .get("/digests/{key}/withdrawal", Who::Anyone, leave, ending::show)
        .post("/digests/{key}/withdrawal", Who::Anyone, end, ending::end)
}
