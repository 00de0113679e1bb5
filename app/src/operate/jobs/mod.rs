//! The program's work (后台任务), for an administrator: what waits, what does not succeed and why, and how it is tried again.
//!
//! What only members' acts leave behind is told under one name, as in the log and the figures: a list of jobs that grows when
//! somebody bids would tell of the bid.

use crate::app::App;
use crate::web::{
    Administrator, At, Error, Input, Instant, Nothing, Op, OperatorDuty, Page, Place, Queue, Room, Routes, Saved,
    Texts, Who, filters,
};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::job::{self, Job};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/desk/jobs",
        word: "jobs",
        icon: "clock",
        order: 81,
        under: Some("/desk/operators"),
        shown: |actor| actor.holds(OperatorDuty::Administrator),
    }],
    queue: Some(queue),
    ..Room::new("jobs", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list = Op::page::<Jobs>("jobs.list", "后台任务 · What waits, and what does not succeed");
    let wake = Op::act::<Nothing, Woken>("jobs.wake", "再次尝试 · Has a job that was given up tried again")
        .conflicts(&["jobs-not-dead"]);
    Routes::new().get("/desk/jobs", Who::Duty(OperatorDuty::Administrator), list, index).post(
        "/desk/jobs/{id}/waking",
        Who::Duty(OperatorDuty::Administrator),
        wake,
        wake_up,
    )
}

/// How the program's work stands.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "JobList")]
#[template(path = "operate/jobs/list.html")]
struct Jobs {
    /// By name.
    standings: Vec<Standing>,
    /// Given up, the oldest first; a hundred at most.
    dead: Vec<Dead>,
    /// Tried on and on; a hundred at most.
    troubled: Vec<Troubled>,
}

/// How the jobs of one name stand.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "JobStanding")]
struct Standing {
    name: String,
    /// Could be run now.
    due: i64,
    /// Being run.
    running: i64,
    /// Their time has not come.
    waiting: i64,
    /// Failed at least once, and are tried again.
    failed: i64,
    /// Given up.
    dead: i64,
    /// Since when the longest due one could have been run.
    #[schemars(with = "Option<Instant>")]
    oldest_due: Option<Timestamp>,
}

/// A job that was given up.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeadJob")]
struct Dead {
    id: Id<Job>,
    kind: String,
    /// What the last try said.
    error: String,
    #[schemars(with = "Instant")]
    created_at: Timestamp,
}

/// A job that does not succeed, and is not given up.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TroubledJob")]
struct Troubled {
    id: Id<Job>,
    kind: String,
    /// How many tries have failed.
    failures: i64,
    /// How often in a row the process ended that worked on it.
    deaths: i64,
}

/// A job that is tried again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WokenJob")]
struct Woken {
    id: Id<Job>,
}

impl Fact for Woken {
    const KIND: &'static str = "job.woken";
}

async fn index(State(app): State<App>, _: Administrator) -> Result<Page, Error> {
    let read = app.db().read::<_, db::Error>(|tx| Ok((job::standings(tx)?, job::dead(tx)?, job::troubled(tx)?)));
    let (standings, dead, troubled) = read.await?;
    let dead = dead.into_iter().map(|job::Dead { id, kind, error, created_at }| Dead { id, kind, error, created_at });
    let troubled = troubled.into_iter().map(|job::Troubled { id, kind, failures, deaths }| Troubled {
        id,
        kind,
        failures,
        deaths,
    });
    let standings = together(standings, |kind| app.names().of_job(kind));
    Ok(Page::new("jobs", Jobs { standings, dead: dead.collect(), troubled: troubled.collect() }))
}

/// Kinds of one name are added up.
fn together(standings: Vec<job::Standing>, name: impl Fn(&str) -> &'static str) -> Vec<Standing> {
    let mut all: BTreeMap<&str, Standing> = BTreeMap::new();
    for one in standings {
        let name = name(&one.kind);
        let sum = all.entry(name).or_insert_with(|| Standing { name: name.to_owned(), ..Standing::default() });
        sum.due += one.due;
        sum.running += one.running;
        sum.waiting += one.waiting;
        sum.failed += one.failed;
        sum.dead += one.dead;
        sum.oldest_due = sum.oldest_due.into_iter().chain(one.oldest_due).min();
    }
    all.into_values().collect()
}

async fn wake_up(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<Id<Job>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let woken = app.db().write::<_, Error>(move |tx| {
        administrator.still(tx)?;
        if !job::wake(tx, id)? {
            return Err(Error::conflict("jobs-not-dead"));
        }
        let by = Scope { actor: Some(*administrator.subject().as_bytes()), ..Scope::default() };
        event::record(tx, by, &Woken { id })?;
        Ok(Woken { id })
    });
    Ok(Saved::at("/desk/jobs?done=jobs-woken", woken.await?))
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(created_at) AS BIGINT), CAST(NULL AS BIGINT) FROM job \
         WHERE dead = 1";
    tx.one(sql, &[], |row| Queue::read(row, ("jobs", "/desk/jobs", OperatorDuty::Administrator)))
}
