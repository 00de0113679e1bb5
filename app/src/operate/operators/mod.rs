//! The operator's people (运营人员): who holds which duty, and who gave it. An administrator invites, grants and takes, never to
//! themselves, and never the last administrator away; what was done stays in the list.
//!
//! Nobody's name or number is shown: an account is told by its post. The invited person types their own contact and
//! password behind the link, and agrees to the policy themselves.

mod form;
mod handle;
mod key;
mod page;
mod store;

use crate::web::{Nothing, Op, OperatorDuty, Place, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/operators",
        word: "operators",
        icon: "people",
        order: 80,
        under: None,
        shown: |actor| actor.holds(OperatorDuty::Administrator),
    }],
    ..Room::new("operators", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const ADMINISTRATOR: Who = Who::Duty(OperatorDuty::Administrator);

fn routes() -> Routes {
    let list = Op::page::<page::List>("operators.list", "运营人员与职责 · The operator's people and their duties");
    let invite = Op::act::<form::Wanted, page::Invited>("operators.invite", "邀请 · Invites somebody, by a link")
        .shown()
        .binding();
    let show = Op::page::<page::Show>("operators.show", "一个岗位 · One post, with what was granted and taken");
    let grant = Op::act::<form::One, page::Operator>("operators.grant", "授予职责 · Grants a duty").conflicts(&[
        "operators-self",
        "operators-apart",
        "operators-endless",
    ]);
    let grant = grant.binding();
    let take = Op::act::<form::One, page::Operator>("operators.take", "收回职责 · Takes a duty")
        .conflicts(&["operators-last"])
        .binding();
    let withdraw = Op::act::<Nothing, page::Invitation>("operators.withdraw", "撤回邀请 · Withdraws an invitation")
        .conflicts(&["operators-invitation-over"]);
    let invited = Op::page::<page::Accept>("operators.invited", "接受邀请的页面 · What an invitation is for");
    let accept = Op::act::<form::Accepted, page::Appointed>("operators.accept", "接受邀请 · Makes the invited account")
        .conflicts(&["operators-invitation-over", "account-exists"]);
    Routes::new()
        .get("/desk/operators", ADMINISTRATOR, list, handle::index)
        .post("/desk/operators", ADMINISTRATOR, invite, handle::invite)
        .get("/desk/operators/{id}", ADMINISTRATOR, show, handle::show)
        .post("/desk/operators/{id}/duties", ADMINISTRATOR, grant, handle::grant)
        .post("/desk/operators/{id}/duties/withdrawal", ADMINISTRATOR, take, handle::take)
        .post("/desk/operator-invitations/{id}/withdrawal", ADMINISTRATOR, withdraw, handle::withdraw)
        .get("/operator-invitations/{key}", Who::Anyone, invited, handle::invited)
        .post("/operator-invitations/{key}/acceptance", Who::Anyone, accept, handle::accept)
}
