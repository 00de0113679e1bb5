//! The desk of somebody who is signed in: every room is asked what it has for them.

use super::fortnight::{Day, fortnight};
use crate::app::App;
use crate::web::{Actor, Context, Error, News, Shelf, Start, Task, filters};
use askama::Template;
use jiff::{SignedDuration, Timestamp};
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;

/// How much of what is new is shown.
const NEWS: usize = 8;

/// What waits, what goes on, what is new.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "operate/desk/desk.html")]
pub struct Desk {
    /// The nearest end first; without an end last.
    tasks: Vec<Task>,
    shelves: Vec<Shelf>,
    /// The newest first.
    news: Vec<News>,
    /// Two weeks from Monday on, with how much falls on each day.
    #[serde(skip)]
    days: Vec<Day>,
    #[serde(skip)]
    company: String,
    #[serde(skip)]
    now: Timestamp,
}

/// Asks every room.
///
/// # Errors
/// 503.
pub async fn read(app: &App, context: &Context, actor: Actor) -> Result<Desk, Error> {
    let (theirs, now) = (app.clone(), context.now);
    let company = actor.member().map_or_else(String::new, |member| member.company_name.clone());
    let mut desk = app
        .db()
        .read::<_, db::Error>(move |tx| {
            let (mut tasks, mut shelves, mut news) = (Vec::new(), Vec::new(), Vec::new());
            for room in theirs.rooms() {
                tasks.extend(room.waiting.map_or_else(|| Ok(Vec::new()), |ask| ask(tx, &theirs, &actor))?);
                shelves.extend(room.shelves.map_or_else(|| Ok(Vec::new()), |ask| ask(tx, &theirs, &actor))?);
                news.extend(room.news.map_or_else(|| Ok(Vec::new()), |ask| ask(tx, &theirs, &actor))?);
            }
            Ok(Desk { tasks, shelves, news, days: Vec::new(), company: company.clone(), now })
        })
        .await?;
    desk.tasks.sort_by_key(|task| task.due.unwrap_or(Timestamp::MAX));
    desk.news.sort_by_key(|news| std::cmp::Reverse(news.at));
    desk.news.truncate(NEWS);
    desk.days = fortnight(now, &app.zone(), &desk.dates());
    Ok(desk)
}

impl Desk {
    /// Every instant that somebody has to reckon with.
    fn dates(&self) -> Vec<Timestamp> {
        let tasks = self.tasks.iter().filter_map(|task| task.due);
        let mut all: Vec<_> =
            tasks.chain(self.shelves.iter().flat_map(|shelf| &shelf.items).filter_map(|item| item.next)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// How many tasks are due within three days.
    fn soon(&self) -> usize {
        let end = self.now.checked_add(SignedDuration::from_hours(72)).unwrap_or(self.now);
        self.tasks.iter().filter(|task| task.due.is_some_and(|due| due <= end)).count()
    }

    /// How urgent a date is.
    fn urgency(&self, at: &Timestamp) -> &'static str {
        let left = at.duration_since(self.now);
        match left {
            left if left.is_negative() => "late",
            left if left <= SignedDuration::from_hours(72) => "soon",
            _ => "",
        }
    }

    /// The act at the head: the first shelf's.
    fn start(&self) -> Option<&Start> {
        self.shelves.iter().find_map(|shelf| shelf.start.as_ref())
    }
}
