//! A termination (终止): its buyer ends a published tender, or some of its lots, before the award, and says why in public.
//!
//! What is ended is neither opened nor awarded any more. Sealed envelopes of such lots are destroyed unopened, by a job that is
//! left whether there are any or not; lots that the buyer leaves go on. It cannot be undone: who still wants what was to be
//! bought tenders it again ([`again`]).

mod again;
pub mod event;
mod form;
mod handle;
mod job;
mod page;
pub mod rule;
pub mod store;

pub use store::Termination;

use crate::identity::mandate;
use crate::sourcing::tender::{Done, Tender};
use crate::web::{NewRow, Op, Room, Routes, Scope, Texts, Who, Work};
use http::StatusCode;

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::new(job::KIND, |app, _, payload| Box::pin(job::run(app, payload)))],
    ..Room::new("termination", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let form = Op::page::<page::FormPage>(
        "termination.form",
        "终止表单：尚未结束的标段 · The form that ends a published tender, with the lots that are not over",
    )
    .conflicts(&["termination-ended"])
    .token(Scope::Tender)
    .binding();
    let terminate = Op::act::<form::Ended, Done>(
        "termination.publish",
        "终止招标或标段 · Ends a tender or some of its lots before the award, at once and publicly",
    )
    .conflicts(&["termination-ended"])
    .stale()
    .missing()
    .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
    .token(Scope::Tender)
    .binding();
    let again = Op::act::<NewRow<Tender>, Done>(
        "tender.again",
        "重新招标：以未成交的标段建立新草稿 · Drafts a tender of the lots that ended without an award",
    )
    .conflicts(&["tender-nothing-again"])
    .token(Scope::Tender);
    Routes::new()
        .get("/tenders/{id}/termination", Who::Purchaser, form, handle::new)
        .post("/tenders/{id}/termination", Who::Purchaser, terminate, handle::publish)
        .post("/tenders/{id}/again", Who::Preparer, again, handle::again)
}
