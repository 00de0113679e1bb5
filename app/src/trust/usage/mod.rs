//! The use log (使用记录, clause 3.3): which pages and searches, from which address, when. Kept for six months (CSL 23(3)) and
//! no longer; read by its own person, and by the operator's security duty: one person's or one day's at a time, with a
//! stated reason ([`inquiry`]), each reading an opening on record.
//!
//! A request only puts a line into memory. Lines are written together, five seconds later at most, a member's sealed under
//! the member's key, visitors' under a key of the day: no request waits for the disk, and a kill loses those seconds. Nothing
//! but the hour stands in the clear, and rows of a batch have no order: beside the rows of a sealed bid they tell nobody whose
//! it is. More lines than [`MOST`] in memory are not kept, and counted.

mod entry;
mod held;
mod inquiry;
mod page;
mod store;
mod sweep;

pub use entry::Entry;
pub(crate) use inquiry::reasons;
pub(crate) use store::{ENDED, overdue};

use crate::app::App;
use crate::web::{Card, Context, Error, Op, Param, Place, Room, Routes, Routine, Texts, Who};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use policy::Control;
use std::sync::{Mutex, MutexGuard, PoisonError};
use vault::{Id, Slot, Subject, Use};

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/uses",
        word: "usage-desk",
        icon: "lock",
        order: 70,
        shown: |actor| matches!(actor, crate::web::Actor::Operator(_)),
    }],
    routines: &[Routine { name: "use.write", step }, Routine { name: "use.sweep", step: sweep::step }],
    purposes: &["security"],
    held: Some(&held::HELD),
    cards: &[Card { path: "/me/use", word: "usage", icon: "eye", order: 25, state: held::state }],
    ..Room::new("usage", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

const ENTRIES: Slot<Use> = Slot::new("use_log", "entries");

/// How long lines wait in memory.
const WAIT: SignedDuration = SignedDuration::from_secs(5);
/// How many lines are written without waiting any longer.
const FULL: usize = 2_000;
/// How many lines memory holds.
const MOST: usize = 20_000;

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
        .get("/desk/uses", Who::Operator, desk, page::desk)
        .post("/desk/uses", Who::Operator, inquire, page::inquire)
        .get("/desk/uses/{id}", Who::Operator, reading, page::reading)
}

/// What has been used and is not written yet.
#[derive(Default)]
pub struct Uses(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    lines: Vec<Line>,
    since: Option<Timestamp>,
    dropped: u64,
}

/// A line of a member, or of a visitor.
struct Line {
    subject: Option<Id<Subject>>,
    entry: Entry,
}

impl Uses {
    /// Notes a request that was answered.
    pub fn note(&self, context: &Context, status: StatusCode) {
        if policy::holds(Control::UseLogged) {
            let subject = context.actor.person().map(|person| person.subject());
            self.wait(Line { subject, entry: Entry::of(context, status) });
        }
    }

    fn wait(&self, line: Line) {
        let mut waiting = self.waiting();
        if waiting.lines.len() >= MOST {
            waiting.dropped += 1;
            return;
        }
        waiting.since.get_or_insert(line.entry.at);
        waiting.lines.push(line);
    }

    /// The lines that wait, if it is time for them.
    fn take(&self, now: Timestamp, all: bool) -> Vec<Line> {
        let mut waiting = self.waiting();
        let is_time = waiting.since.is_some_and(|since| now.duration_since(since) >= WAIT);
        if !(all || is_time || waiting.lines.len() >= FULL) {
            return Vec::new();
        }
        let dropped = std::mem::take(&mut waiting.dropped);
        if dropped > 0 {
            tracing::warn!(dropped, "lines of the use log were not kept: more came than are written");
        }
        waiting.since = None;
        std::mem::take(&mut waiting.lines)
    }

    /// Those that could not be written wait again, as far as memory goes.
    fn put_back(&self, lines: Vec<Line>, now: Timestamp) {
        let mut waiting = self.waiting();
        let room = MOST.saturating_sub(waiting.lines.len());
        waiting.dropped += lines.len().saturating_sub(room) as u64;
        waiting.lines.extend(lines.into_iter().take(room));
        waiting.since.get_or_insert(now);
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
        let lines = self.uses().take(now, all);
        let count = lines.len();
        if count == 0 {
            return Ok(0);
        }
        match store::write(self, &lines).await {
            Ok(()) => Ok(count),
            Err(error) => {
                self.uses().put_back(lines, now);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_takes_no_more_memory_than_it_may_and_is_counted() {
        let (uses, now) = (Uses::default(), Timestamp::UNIX_EPOCH);
        let held = |uses: &Uses| {
            let waiting = uses.waiting();
            (waiting.lines.len(), waiting.dropped)
        };
        let entry = Entry {
            at: now,
            method: "GET".into(),
            page: "/notices".into(),
            query: String::new(),
            ip: "192.0.2.1".into(),
            status: 200,
        };
        (0..MOST + 5).for_each(|_| uses.wait(Line { subject: None, entry: entry.clone() }));
        assert_eq!(held(&uses), (MOST, 5));
        let lines = uses.take(now, false);
        assert_eq!((lines.len(), held(&uses)), (MOST, (0, 0)), "full, they do not wait for their time");
        uses.wait(Line { subject: None, entry });
        uses.put_back(lines, now);
        assert_eq!(held(&uses), (MOST, 1), "what cannot be written waits again");
    }
}
