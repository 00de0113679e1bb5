//! Signing in through the account of a group or a third party (第三方登录): OpenID Connect Core 1.0, the authorisation code with
//! PKCE (RFC 7636) and the issuer's name in its answer (RFC 9207); Back-Channel Logout 1.0 the other way round.
//!
//! An additional function (clause 2.2): off until its person agrees. Of what an issuer says, its name and what it calls the person
//! are kept, and nothing else: `scope` is `openid` alone. An identity is linked from within a login session that was proved a short
//! while ago, never by an e-mail that happens to be the same; what an unlinked one opens is nothing.
//!
//! What goes over the wire is in [`issuer`], what an answer must be to count in [`claims`], who is on their way in [`attempt`]. What
//! is kept of a link, and signing in by one, is the account's own ([`account::link`](crate::identity::account::link)).

mod arrive;
mod attempt;
mod backchannel;
mod begin;
mod claims;
mod ending;
mod issuer;
mod jws;
mod known;
mod order;
mod own;
mod page;

pub use backchannel::{PATH as LOGOUT, routes as outside};
pub use issuer::{Issuers, Unfit};

use crate::identity::account::link::order::JOB;
use crate::web::{Card, Function, Nothing, Op, OperatorDuty, Param, Place, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;

/// Its purpose in the policy's matrix.
const PURPOSE: &str = "linked-sign-in";

/// A person's own links.
const PLACE: &str = "/me/linked";

/// The room.
pub static ROOM: Room = Room {
    routines: &[
        Routine { name: "linked.sweep", step: attempt::step },
        Routine { name: ending::FOLLOWER, step: ending::step },
    ],
    jobs: &[Work::outward(JOB, order::run)],
    places: &[Place {
        path: order::desk::PLACE,
        word: "orders",
        icon: "out",
        order: 66,
        under: Some("/desk/privacy"),
        shown: |actor| actor.holds(OperatorDuty::PrivacyOfficer),
    }],
    purposes: &[PURPOSE],
    functions: &[Function { purpose: PURPOSE, path: PLACE, of_guests: false }],
    cards: &[Card { path: PLACE, word: "links", icon: "link", order: 46, state: own::state }],
    ..Room::new("linked", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// What an issuer puts into the address that it sends people back to.
const BROUGHT: [Param; 4] = [
    Param {
        name: "code",
        about: "发行方给的一次性代码 · The issuer's code, for one use",
        example: "SplxlOBeZQQYbYS6WxSbIA",
    },
    Param {
        name: "state", about: "这次登录的标记 · What the sign-in is known again by", example: "af0ifjsldkj"
    },
    Param { name: "iss", about: "发行方 · The issuer's name for itself", example: "https://id.example" },
    Param { name: "error", about: "没有给代码的原因 · Why there is no code", example: "access_denied" },
];

fn routes() -> Routes {
    let go =
        Op::act::<begin::Next, page::Go>("linked.go", "去发行方登录 · The way to an issuer, to sign in through it");
    let back = Op::page::<page::Back>("linked.back", "从发行方回来 · Back from an issuer").query(&BROUGHT);
    let arrive = Op::act::<arrive::Brought, page::Arrived>(
        "linked.arrive",
        "用发行方的代码登录或关联 · Signs in, or links, by an issuer's code",
    )
    .conflicts(&["link-attempt-over", "link-unknown", "link-paused", "link-taken", "link-another", "link-refused"])
    .fails(StatusCode::FORBIDDEN, &["no-consent"])
    .fails(StatusCode::UNAUTHORIZED, &["unauthenticated"])
    .fails(StatusCode::SERVICE_UNAVAILABLE, &["issuer-unavailable"]);
    let show = Op::page::<page::Own>("linked.show", "关联的第三方账号 · The accounts that are linked");
    let link =
        Op::act::<Nothing, page::Go>("linked.begin", "去发行方关联账号 · The way to an issuer, to link an account");
    let remove = Op::act::<Nothing, page::Removed>("linked.remove", "解除关联 · Unlinks an account");
    let confirm = Op::act::<Nothing, page::Confirmed>(
        "linked.confirm",
        "报告泄露后恢复关联 · Lets a link sign in again, after a leak",
    );
    let asks = |op: Op| op.missing().fails(StatusCode::SERVICE_UNAVAILABLE, &["issuer-unavailable"]).limited().shown();
    let orders = Op::page::<order::desk::Orders>(
        "linked.orders",
        "发给关联公司的指令 · Orders to affiliates, and how they stand",
    );
    let again = Op::act::<Nothing, order::desk::Again>(
        "linked.order-again",
        "再次发送已放弃的指令 · Sends an order again that was given up",
    );
    Routes::new()
        .get(order::desk::PLACE, Who::Duty(OperatorDuty::PrivacyOfficer), orders, order::desk::show)
        .post("/desk/privacy/orders/{id}/again", Who::Duty(OperatorDuty::PrivacyOfficer), again, order::desk::again)
        .post("/session/linked/{issuer}", Who::Anyone, asks(go), begin::sign_in)
        .get("/session/linked/{issuer}/return", Who::Anyone, back.missing(), arrive::back)
        .post("/session/linked/{issuer}/return", Who::Anyone, arrive.missing().limited(), arrive::create)
        .get(PLACE, Who::Person, show, own::show)
        .post(
            "/me/link/{issuer}",
            Who::Person,
            asks(link).fails(StatusCode::FORBIDDEN, &["no-consent"]).credentials(),
            begin::link,
        )
        .post("/me/linked/{id}/removal", Who::Person, remove.credentials(), own::remove)
        .post("/me/linked/{id}/confirmation", Who::Person, confirm.credentials(), own::confirm)
}
