//! Accounts as operations of the API. None of them is for integrators: a token reaches no account.

use super::{contact, device, me, preference, registration, reset, session, step_up};
use crate::web::{Nothing, Op};
use http::StatusCode;

/// Why an invitation, or a prepared registration, cannot be registered by.
const INVITATION: [&str; 4] = ["invitation-used", "invitation-revoked", "invitation-expired", "prepared-over"];

pub fn registration() -> Op {
    let op = Op::page::<registration::Start>(
        "account.registration",
        "注册表单 · What registering asks, and what is agreed to",
    );
    op.missing().conflicts(&INVITATION)
}

pub fn register() -> Op {
    let summary = "提交注册，发送验证码 · Takes an application and sends two codes";
    let op = Op::act::<registration::Registration, registration::Waiting>("account.register", summary);
    op.limited().missing().conflicts(&INVITATION)
}

pub fn waiting() -> Op {
    Op::page::<registration::Waiting>("account.registration-state", "注册到哪一步 · Where a registration stands")
}

pub fn renew() -> Op {
    let op = Op::act::<Nothing, registration::Waiting>("account.registration-codes", "重发验证码 · Sends new codes");
    op.conflicts(&["registration-over", "codes-enough"]).limited()
}

pub fn confirm() -> Op {
    let summary = "输入两个验证码，完成注册 · Both codes: company, account, agreement and login session";
    Op::act::<registration::Confirmation, registration::Confirmed>("account.confirm", summary).conflicts(&[
        "registration-over",
        "credit-code-taken",
        "account-exists",
        "guardian-withdrawn",
        "invitation-used",
        "invitation-revoked",
        "invitation-expired",
        "invitation-other-email",
        "prepared-over",
    ])
}

pub fn session() -> Op {
    Op::page::<session::current::Current>(
        "session.show",
        "谁在操作，及表单令牌 · Who acts, and the token that forms need",
    )
}

pub fn sign_in_form() -> Op {
    Op::page::<session::SignIn>("session.form", "登录表单 · The sign-in form")
}

pub fn sign_in() -> Op {
    Op::act::<session::Wanted, session::Begun>("session.begin", "登录 · Signs in").limited()
}

pub fn step_form() -> Op {
    let op = Op::page::<session::step::StepPage>("session.step-form", "登录第二步 · Asks for the second factor");
    op.conflicts(&["sign-in-step-over"])
}

pub fn step() -> Op {
    let summary = "输入第二因素，完成登录 · The second factor: the login session begins";
    let op = Op::act::<session::step::Wanted, session::Begun>("session.step", summary);
    op.conflicts(&["sign-in-step-over"]).limited()
}

pub fn step_up_form() -> Op {
    Op::page::<step_up::StepUp>("session.step-up-form", "再次确认身份 · Asks to prove anew who one is")
}

pub fn step_up() -> Op {
    let summary = "再次确认身份，会话换用新的凭据 · Proves anew who one is; the session gets another secret";
    Op::act::<step_up::Wanted, step_up::Proved>("session.step-up", summary).limited()
}

pub fn sign_out() -> Op {
    Op::act::<Nothing, session::SignedOut>("session.end", "退出登录 · Signs out")
}

pub fn me() -> Op {
    let op = Op::page::<me::Me>("me.show", "我的资料（查看会被记录）· The person's own data, on record");
    op.fails(StatusCode::FORBIDDEN, &["prefetch"])
}

pub fn end_session() -> Op {
    Op::act::<Nothing, me::Ended>("me.end-session", "结束一个登录会话 · Ends one of the person's login sessions")
}

pub fn end_other_sessions() -> Op {
    let summary = "结束其他所有登录会话 · Ends all login sessions but this one";
    Op::act::<Nothing, me::OthersEnded>("me.end-other-sessions", summary)
}

pub fn sign_in_asked() -> Op {
    let summary = "凭链接确认一次登录是不是本人 · Asks whether a sign-in was the person's own, by its link";
    Op::page::<device::denial::Asked>("session.asked", summary)
}

pub fn deny_sign_in() -> Op {
    let summary = "这不是我：结束所有登录会话，密码作废 · It was not: all login sessions end, the password is void";
    Op::act::<Nothing, device::denial::Denied>("session.deny", summary).by_address()
}

pub fn change_password() -> Op {
    Op::act::<me::Wanted, me::Changed>("me.change-password", "修改密码 · Sets a new password").limited().with_password()
}

pub fn contact() -> Op {
    let op = Op::page::<contact::Contact>(
        "contact.show",
        "更正联系方式（查看会被记录）· Correcting contact data, on record",
    );
    op.fails(StatusCode::FORBIDDEN, &["prefetch"])
}

pub fn change_contact() -> Op {
    let summary = "向旧的和新的各发一个验证码 · Sends a code to the old one and to the new one";
    Op::act::<contact::Wanted, contact::Waiting>("contact.begin", summary).limited().with_password()
}

pub fn contact_codes() -> Op {
    Op::page::<contact::Waiting>("contact.codes", "更正到哪一步 · Where a correction stands")
}

pub fn confirm_contact() -> Op {
    let summary = "输入两个验证码，完成更正 · Both codes: the new one holds";
    let op = Op::act::<contact::Confirmation, contact::Changed>("contact.confirm", summary);
    op.conflicts(&["account-exists"]).limited().with_password()
}

pub fn reset_form() -> Op {
    Op::page::<reset::Start>("account.reset-form", "找回密码 · Asks for which account")
}

pub fn reset() -> Op {
    Op::act::<reset::Wanted, reset::Waiting>("account.reset", "发送找回密码的验证码 · Sends the codes of a reset")
        .limited()
}

pub fn reset_waiting() -> Op {
    Op::page::<reset::Waiting>("account.reset-state", "找回密码到哪一步 · Where a reset stands")
}

pub fn reset_renew() -> Op {
    let op = Op::act::<Nothing, reset::Waiting>("account.reset-codes", "重发验证码 · Sends new codes");
    op.conflicts(&["codes-enough"]).limited()
}

pub fn reset_set() -> Op {
    let op = Op::act::<reset::NewPassword, reset::Done>(
        "account.reset-password",
        "设置新密码 · Both codes: sets the password",
    );
    op.conflicts(&["reset-over"])
}

pub fn theme() -> Op {
    Op::act::<preference::Theme, preference::Chosen>("preference.theme", "浅色或深色 · Light or dark, kept in a cookie")
}
