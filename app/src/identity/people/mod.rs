//! The people of a company (公司成员): who acts for it, with which duties, who is invited, who leaves.
//!
//! A company's first account is an owner with every duty. Owners invite by e-mail: the letter's link names an invitation that
//! only the program can have made ([`invitation`]), and opening it changes nothing. Who is invited registers into the company,
//! or joins with the account that has this e-mail. What somebody may do is their duties ([`Duty`]), compared when a route is
//! entered and again in the unit of an act ([`crate::web::Member::still`]). An account acts for one company at a time, or for
//! none.

mod acting;
mod as_of;
mod duty;
mod form;
mod going;
mod handle;
pub(crate) mod invitation;
mod join;
mod leave;
mod ownership;
mod page;
mod picture;
mod store;
mod substitution;

pub use acting::{Acting, assign, counted};
pub use as_of::{Stood, as_of};
pub use duty::{Duties, Duty};
pub use join::joined;
pub use leave::end_all;
pub use page::{Administration, opened, reached};
pub use picture::Picture;
pub use store::{Colleague, MOST, all, is_invited, of, of_company, standing};
pub use substitution::{Deed, Runs, StandsIn, on_duty, runs as substitutions_run, stands_in};

use crate::web::{Actor, Nothing, Op, Place, Room, Routes, Routine, Seen, Texts, Who, Work};
use http::StatusCode;

/// Where a company's people are listed.
pub const PLACE: &str = "/company/people";

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: PLACE,
            word: "people",
            icon: "people",
            order: 71,
            under: Some("/company"),
            shown: |actor| matches!(actor, Actor::Member(_)),
        },
        Place {
            path: substitution::PLACE,
            word: "substitutions",
            icon: "clock",
            order: 74,
            under: Some("/company"),
            shown: |actor| matches!(actor, Actor::Member(_)),
        },
    ],
    jobs: &[Work::post(invitation::letter::KIND, invitation::letter::run)],
    routines: &[
        Routine { name: "people.sweep", step: invitation::sweep::step },
        Routine { name: "substitution.sweep", step: substitution::step },
    ],
    waiting: Some(page::waiting),
    obstacles: Some(leave::obstacles),
    erased: Some(substitution::erased),
    closed: Some(substitution::closed),
    purposes: &["company-administration", "invitation"],
    held: Some(&invitation::held::HELD),
    ..Room::new("people", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<page::People>("people.list", "公司成员（查看邮箱会被记录）· The company's people")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let show = Op::page::<page::Person>("people.show", "一位成员 · One of them, on record")
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let duties = Op::act::<form::Other, page::Place>("people.duties", "更改职责 · Changes somebody's duties")
        .conflicts(&["last-owner"])
        .fails(StatusCode::PRECONDITION_FAILED, &["stale"]);
    let remove = Op::act::<Seen, page::Place>("people.remove", "移出公司 · Takes somebody out of the company")
        .conflicts(&["last-owner"])
        .fails(StatusCode::PRECONDITION_FAILED, &["stale"]);
    let invite = Op::act::<form::New, invitation::Sent>("people.invite", "邀请同事 · Invites somebody by e-mail")
        .missing()
        .conflicts(&["too-many-people"])
        .limited();
    let revoke = Op::act::<Nothing, invitation::Sent>("people.revoke", "撤销邀请 · Revokes an invitation");
    let read =
        Op::page::<invitation::Show>("invitation.show", "收到的邀请 · An invitation, by the link that was mailed");
    let accept = Op::act::<Nothing, page::Place>("invitation.accept", "接受邀请 · Joins with the account that one has")
        .conflicts(&invitation::REFUSALS);
    let going = Op::page::<going::Going>("people.going", "离开公司：会发生什么 · What leaving the company does");
    let go = Op::act::<Nothing, page::Place>("people.leave", "离开公司 · Leaves the company; the account stays")
        .conflicts(&["last-owner", "company-left-alone"]);
    const VOID: &[&str] = &["ownership-void"];
    let offer =
        Op::act::<ownership::New, page::Place>("people.offer", "请同事成为所有者 · Offers ownership to a colleague")
            .conflicts(&["owner-already", "ownership-waits", "ownership-void"]);
    let take = Op::act::<Nothing, page::Place>("people.accept-ownership", "接受所有权 · Accepts ownership");
    let decline = Op::act::<Nothing, page::Place>("people.decline-ownership", "谢绝所有权 · Declines ownership");
    let recall = Op::act::<Nothing, page::Place>("people.withdraw-ownership", "撤回移交 · Takes an offer back");
    let all = Routes::new()
        .get("/company/leaving", Who::Member, going, going::show)
        .post("/company/leaving", Who::Member, go, going::create)
        .post("/company/people/{id}/ownership", Who::Owner, offer, ownership::offer)
        .post("/company/ownership/{id}/acceptance", Who::Member, take.conflicts(VOID), ownership::accept)
        .post("/company/ownership/{id}/refusal", Who::Member, decline.conflicts(VOID), ownership::decline)
        .post("/company/ownership/{id}/withdrawal", Who::Owner, recall, ownership::withdraw)
        .get(PLACE, Who::Member, list, handle::index)
        .get("/company/people/{id}", Who::Owner, show, handle::show)
        .post("/company/people/{id}/duties", Who::Owner, duties, handle::change)
        .post("/company/people/{id}/removal", Who::Owner, remove, handle::remove)
        .post("/company/invitations", Who::Owner, invite, handle::invite)
        .post("/company/invitations/{id}/revocation", Who::Owner, revoke, handle::revoke)
        .get("/invitations/{key}", Who::Anyone, read, invitation::show)
        .post("/invitations/{key}/acceptance", Who::Person, accept, invitation::accept);
    substitution::routes(all)
}
