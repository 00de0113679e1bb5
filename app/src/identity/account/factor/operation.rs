//! The second factor as operations of the API, each with the proof that it asks for.

use super::page::{Begun, Codes, Removed, Security};
use super::{First, begin, confirm, remove, renew_codes, show};
use crate::web::{Nothing, Op, Routes, Who};
use http::StatusCode;

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let page =
        Op::page::<Security>("security.show", "登录保护：验证器、通行密钥和恢复码 · With what one proves who one is");
    let page = page.fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let new = Op::act::<Nothing, Begun>(
        "security.begin",
        "登记验证器，密钥只显示一次 · A new authenticator; its secret is shown once",
    );
    let hold = Op::act::<First, Codes>(
        "security.confirm",
        "输入验证器的第一个验证码 · The first code: the authenticator holds, recovery codes are shown once",
    );
    let end = Op::act::<Nothing, Removed>("security.remove", "停用验证器 · Removes the authenticator");
    let codes = Op::act::<Nothing, Codes>(
        "security.recovery",
        "重新生成恢复码，只显示一次 · A new set of recovery codes, shown once",
    );
    routes
        .get("/me/security", Who::Person, page, show)
        .post("/me/security/authenticator", Who::Person, new.shown().credentials(), begin)
        .post(
            "/me/security/authenticator/{id}/confirmation",
            Who::Person,
            hold.shown().limited().credentials(),
            confirm,
        )
        .post(
            "/me/security/authenticator/{id}/removal",
            Who::Person,
            end.conflicts(&["second-factor-required"]).credentials(),
            remove,
        )
        .post(
            "/me/security/recovery-codes",
            Who::Person,
            codes.shown().conflicts(&["second-factor-none"]).credentials(),
            renew_codes,
        )
}
