//! Closing a company (公司注销): it is over for all of its people at once, who go on without it.
//!
//! Asked for by an owner with the password; refused only for what others rely on, which the rooms declare
//! ([`crate::web::Obstacle`]); then some days to think, in which everything works, all its people know, and any owner takes it
//! back. When they are over one unit looks at the obstacles again, ends everybody's place with tokens, invitations and offers,
//! has each room delete what nobody needs ([`crate::web::Room::closed`]) and frees the credit code. The name stays as long as
//! transactions need it ([`policy::period::CLOSED_COMPANY`]), and then goes. A company that nobody acts for any more closes by
//! itself: none blocks a credit code for ever.

mod act;
mod carry;
mod page;
mod store;

pub use carry::left_alone;

use crate::app::App;
use crate::web::{Error, Nothing, Op, Room, Routes, Routine, Texts, Who, Work};
use futures::FutureExt;
use futures::future::BoxFuture;

/// A request to close a company.
pub struct Closing;

/// Where an owner asks for it.
pub const PLACE: &str = "/company/closing";

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::endless(carry::KIND, carry::run), Work::endless(carry::ALONE, carry::run_alone)],
    routines: &[Routine { name: "closing.sweep", step: sweep }],
    waiting: Some(page::waiting),
    ..Room::new("closing", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<page::Show>(
        "closing.show",
        "关闭公司：会发生什么、还差什么 · What closing does, and what stands against it",
    );
    let ask =
        Op::act::<act::Wanted, store::Facts>("closing.request", "申请关闭公司 · Asks for the company to be closed")
            .conflicts(&["closing-obstacles"])
            .missing()
            .limited();
    let undo = Op::act::<Nothing, store::Facts>("closing.withdraw", "撤回关闭申请 · Takes the request back")
        .conflicts(&["closing-none"]);
    Routes::new().get(PLACE, Who::Owner, show, page::show).post(PLACE, Who::Owner, ask, act::create).post(
        "/company/closing/withdrawal",
        Who::Owner,
        undo,
        act::withdraw,
    )
}

/// Names that no transaction needs any more go.
fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let old = app.db().read::<_, kit::db::Error>(store::outlived).await?;
        let done = old.len();
        if done > 0 {
            app.db()
                .write::<_, kit::db::Error>(move |tx| old.iter().try_for_each(|id| store::forget_name(tx, *id)))
                .await?;
        }
        Ok(done)
    }
    .boxed()
}
