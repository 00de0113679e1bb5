//! The use log (使用记录, clause 3.3): which pages and searches, from which address, when. Kept for six months (CSL 23(3)) and
//! no longer; read by its own person, and by the operator's security duty: one person's or one day's at a time, with a
//! stated reason ([`inquiry`]), each reading an opening on record.
//!
//! A request only puts a line into memory. Lines are written together, five seconds later at most, a member's sealed under
//! the member's key, visitors' under a key of the day: no request waits for the disk, and a kill loses those seconds. Nothing
//! but the hour stands in the clear, and rows of a batch have no order: beside the rows of a sealed bid they tell nobody whose
//! it is. More lines than [`waiting::MOST`] in memory are not kept, and counted.

mod entry;
mod held;
mod inquiry;
mod page;
mod store;
mod sweep;
mod waiting;

pub use entry::Entry;
pub(crate) use inquiry::reasons;
pub(crate) use store::{ENDED, overdue};

use crate::app::App;
use crate::web::{Card, Context, Error, Op, OperatorDuty, Param, Place, Room, Routes, Routine, Texts, Who};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Method, StatusCode};
use policy::Control;
use std::sync::{Mutex, MutexGuard, PoisonError};
use vault::{Slot, Use};
use waiting::Waiting;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/uses",
        word: "usage-desk",
        icon: "lock",
        order: 70,
        under: Some("/desk/privacy"),
        shown: |actor| actor.holds(OperatorDuty::SecurityOfficer),
    }],
    routines: &[Routine { name: "use.write", step }, Routine { name: "use.sweep", step: sweep::step }],
    purposes: &["security"],
    held: Some(&held::HELD),
    cards: &[Card { path: "/me/use", word: "usage", icon: "eye", order: 25, state: held::state }],
    ..Room::new("usage", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const ENTRIES: Slot<Use> = Slot::new("use_log", "entries");

fn routes() -> Routes {
    const AFTER: Param =
        Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" };
    let own = Op::page::<page::Own>("usage.own", "我的使用记录 · What the person used")
        .query(&[AFTER])
        .fails(StatusCode::BAD_REQUEST, &["cursor"])
        .fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let desk = Op::page::<page::Desk>("usage.desk", "调阅使用记录 · What the security duty has asked to read")
        .query(&[AFTER])
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let inquire = Op::act::<inquiry::Wanted, inquiry::Inquiry>(
        "usage.inquire",
        "说明理由后调阅一个人或一天 · Asks to read one person's or one day's, with a reason",
    );
    let reading =
        Op::page::<page::Reading>("usage.reading", "调阅的内容，每次都留记录 · What was asked for, on record")
            .query(&[AFTER])
            .fails(StatusCode::BAD_REQUEST, &["cursor"])
            .fails(StatusCode::FORBIDDEN, &["prefetch"])
            .fails(StatusCode::CONFLICT, &["usage-over"]);
    Routes::new()
        .get("/me/use", Who::Person, own, page::own)
        .get("/desk/uses", Who::Duty(OperatorDuty::SecurityOfficer), desk, page::desk)
        .post("/desk/uses", Who::Duty(OperatorDuty::SecurityOfficer), inquire, page::inquire)
        .get("/desk/uses/{id}", Who::Duty(OperatorDuty::SecurityOfficer), reading, page::reading)
}

/// What has been used and is not written yet.
#[derive(Default)]
pub struct Uses(Mutex<Waiting>);

impl Uses {
    /// Notes a request that was answered.
    pub fn note(&self, context: &Context, status: StatusCode) {
        if policy::holds(Control::UseLogged) {
            let subject = context.actor.person().map(|person| person.subject());
            let entry = Entry::of(context, status);
            let line = entry.line();
            self.waiting().add(subject, &entry, &line);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Writes what waits, `all` of it or what is due. Answers how many lines.
    ///
    /// # Errors
    /// 503; the lines wait for the next time.
    pub async fn write_uses(&self, all: bool) -> Result<usize, Error> {
        let now = self.clock().now();
        let (packs, count) = self.uses().waiting().take(now, all);
        if count == 0 {
            return Ok(0);
        }
        match store::write(self, &packs).await {
            Ok(()) => Ok(count),
            Err(error) => {
                self.uses().waiting().put_back(packs, now);
                Err(error)
            }
        }
    }
}

fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { app.write_uses(false).await.map(|lines| usize::from(lines > 0)) }.boxed()
}

/// The method as it is told: nobody invents names in a log.
fn told(method: &Method) -> &'static str {
    match *method {
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "GET",
    }
}
