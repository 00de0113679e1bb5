//! Integrators' tokens (令牌): a member of an approved company makes one for a program of the company's, for what it is to
//! do and for how long. The secret is shown once. Any member of the company sees them all and may revoke them.
//!
//! What a request with a token may do is checked by the shell ([`crate::web::Bearer`]): it reaches what a route's operation
//! names a scope for, and so no personal page, no account and no token.

mod form;
mod handle;
mod page;
mod store;

use crate::app::App;
use crate::web::{Error, Nothing, Op, Room, Routes, Routine, Texts, Who, idempotency};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::StatusCode;
use page::{List, Made, Token};

pub use store::revoke_made_by;

/// The room.
pub static ROOM: Room = Room {
    erased: Some(store::erased),
    routines: &[Routine { name: "token.sweep", step: sweep }],
    ..Room::new("token", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<List>("token.list", "本公司的令牌 · The company's tokens");
    let make =
        Op::act::<form::New, Made>("token.make", "新建令牌，密文只显示一次 · Makes a token; its secret is shown once")
            .fails(StatusCode::FORBIDDEN, &["company-pending", "company-refused"])
            .conflicts(&["token-exists", "too-many-tokens"])
            .shown()
            .credentials();
    let revoke = Op::act::<Nothing, Token>("token.revoke", "吊销令牌 · Revokes a token");
    Routes::new()
        .get("/company/tokens", Who::Member, list, handle::index)
        .post("/company/tokens", Who::Agent, make, handle::create)
        .post("/company/tokens/{id}/revocation", Who::Agent, revoke, handle::revoke)
}

/// Answers that were kept for a day are forgotten.
fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { Ok(idempotency::sweep(&app).await?) }.boxed()
}
