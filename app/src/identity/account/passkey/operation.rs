//! Passkeys as operations of the API. Each has two steps: a challenge, and its answer.

use super::form::{New, Wanted};
use super::page::{Added, Asked, Confirmed, Removed};
use super::{at_step, at_step_up, own, sign_in};
use crate::identity::account::session::Begun;
use crate::identity::account::step_up::Proved;
use crate::web::{Nothing, Op, Routes, Who};

/// Why an answer is compared with nothing.
const OVER: [&str; 2] = ["passkey-challenge-over", "passkeys-off"];

fn challenge(id: &'static str, summary: &'static str) -> Op {
    Op::act::<Nothing, Asked>(id, summary).conflicts(&["passkeys-off"]).limited()
}

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    signing_in(registering(routes))
}

fn registering(routes: Routes) -> Routes {
    let ask = challenge("passkey.challenge", "登记通行密钥的质询 · The challenge for a new passkey");
    let add = Op::act::<New, Added>(
        "passkey.add",
        "登记通行密钥；第一件第二因素附带恢复码，只显示一次 · Registers a passkey; recovery codes come with the first second factor, shown once",
    );
    let remove = Op::act::<Nothing, Removed>("passkey.remove", "移除通行密钥 · Removes a passkey");
    let confirm = Op::act::<Nothing, Confirmed>(
        "passkey.confirm",
        "报告泄露后，恢复用这个通行密钥直接登录 · Lets a passkey sign in by itself again, after a leak",
    );
    routes
        .post(
            "/me/security/passkeys/challenge",
            Who::Person,
            ask.conflicts(&["passkeys-enough"]).credentials(),
            own::ask,
        )
        .post(
            "/me/security/passkeys",
            Who::Person,
            add.shown().conflicts(&OVER).conflicts(&["passkeys-enough"]).credentials(),
            own::create,
        )
        .post(
            "/me/security/passkeys/{id}/removal",
            Who::Person,
            remove.conflicts(&["second-factor-required"]).credentials(),
            own::remove,
        )
        .post("/me/security/passkeys/{id}/confirmation", Who::Person, confirm.credentials(), own::confirm)
}

fn signing_in(routes: Routes) -> Routes {
    let ask =
        challenge("session.passkey-challenge", "用通行密钥登录的质询 · The challenge for signing in by a passkey");
    let enter = Op::act::<Wanted, Begun>("session.passkey", "用通行密钥登录，不需要密码 · Signs in by a passkey alone");
    let ask_step = challenge(
        "session.step-passkey-challenge",
        "登录第二步用通行密钥的质询 · The challenge for a passkey as second factor",
    );
    let step = Op::act::<Wanted, Begun>(
        "session.step-passkey",
        "用通行密钥完成登录第二步 · A passkey as second factor: the login session begins",
    );
    let ask_proof = challenge(
        "session.step-up-passkey-challenge",
        "再次确认身份用通行密钥的质询 · The challenge for a passkey as fresh proof",
    );
    let proof = Op::act::<Wanted, Proved>(
        "session.step-up-passkey",
        "用通行密钥再次确认身份 · Proves anew who one is, by a passkey",
    );
    routes
        .post("/session/passkey/challenge", Who::Anyone, ask, sign_in::ask)
        .post("/session/passkey", Who::Anyone, enter.conflicts(&OVER).limited(), sign_in::create)
        .post(
            "/session/factor/passkey/challenge",
            Who::Anyone,
            ask_step.conflicts(&["sign-in-step-over", "passkeys-none"]),
            at_step::ask,
        )
        .post(
            "/session/factor/passkey",
            Who::Anyone,
            step.conflicts(&OVER).conflicts(&["sign-in-step-over"]).limited(),
            at_step::create,
        )
        .post("/me/step-up/passkey/challenge", Who::Person, ask_proof.conflicts(&["passkeys-none"]), at_step_up::ask)
        .post("/me/step-up/passkey", Who::Person, proof.conflicts(&OVER).limited(), at_step_up::create)
}
