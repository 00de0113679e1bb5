//! `plain-page` and `sealed-page`: the addresses of 50 members, in plain columns and as sealed values, on one page by one
//! template: as the program shows a personal datum, with why, to somebody who is signed in, as everybody is to whom it
//! shows one. A room of its own has them, which only this program knows.

use crate::bare;
use crate::bid::providers;
use crate::figure::Figure;
use crate::http::Client;
use crate::load::{Sample, drive};
use crate::place::{Database, Place, runtime};
use crate::plan::Plan;
use crate::rounds::{self, Case};
use crate::submissions::Provided;
use app::app::App;
use app::web::{Ctx, Error, Op, Page, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State;
use kit::db;
use kit::id::Id;
use kit::random::Random;
use kit::values;
use policy::{purpose, recipient};
use serde::Serialize;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::runtime::Runtime;
use vault::{Email, Grant, Opener, Proof, Scope, Slot, Subject, enrol_accepting};

/// The figures of this part.
pub const NAMES: [&str; 2] = ["plain-page", "sealed-page"];

/// How many are on the page.
const MEMBERS: usize = 50;

/// Who read it at the same time.
const CLIENTS: usize = 64;

const TABLE: &str = "CREATE TABLE bench_member (id BYTEA PRIMARY KEY, subject BYTEA NOT NULL, plain TEXT NOT NULL, \
     sealed BYTEA NOT NULL)";

const EMAIL: Slot<Email> = Slot::new("bench_member", "sealed");

static ROOM: Room = Room::new(
    "members",
    || {
        let op = |id| Op::file(id, "Fifty names", "text/html");
        Routes::new().get("/plain", Who::Person, op("bench.plain"), plain).get(
            "/sealed",
            Who::Person,
            op("bench.sealed"),
            sealed,
        )
    },
    Texts { zh: include_str!("members.zh.ftl"), en: include_str!("members.en.ftl") },
);

/// Marks the ids of members.
struct Member;

/// The right to read all of them: the room is the bench's own.
struct Anyone;

impl Proof for Anyone {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program("bench")
    }

    fn scope(&self) -> Scope {
        Scope::Any
    }
}

#[derive(Template, Serialize)]
#[template(path = "members.html")]
struct Members {
    members: Vec<(String, String)>,
}

impl Members {
    fn page(ids: Vec<Id<Member>>, emails: impl Iterator<Item = String>) -> Page {
        Page::new("members", Self { members: ids.iter().map(ToString::to_string).zip(emails).collect() })
    }
}

async fn plain(State(app): State<App>) -> Result<Page, Error> {
    let rows = app.db().read::<_, db::Error>(|tx| -> Result<Vec<(Id<Member>, String)>, _> {
        tx.all("SELECT id, plain FROM bench_member ORDER BY id LIMIT 50", &[], |row| Ok((row.next()?, row.next()?)))
    });
    let (ids, emails): (Vec<_>, Vec<_>) = rows.await?.into_iter().unzip();
    Ok(Members::page(ids, emails.into_iter()))
}

async fn sealed(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let rows = app.db().read::<_, db::Error>(|tx| {
        tx.all("SELECT id, subject, sealed FROM bench_member ORDER BY id LIMIT 50", &[], |row| {
            let (id, subject): (Id<Member>, Id<Subject>) = (row.next()?, row.next()?);
            Ok((id, EMAIL.load(row.next()?, subject, id)))
        })
    });
    let (ids, emails): (Vec<_>, Vec<_>) = rows.await?.into_iter().unzip();
    let grant = Grant::<purpose::Account, _>::new(&Anyone, context.request);
    let emails = app.vault().open_many(&grant, &emails).await?;
    Ok(Members::page(ids, emails.into_iter().map(Email::disclose)))
}

/// Both pages.
///
/// # Panics
/// When anything that is measured fails.
pub fn measure(plan: &Plan, place: &Place) -> Vec<Figure> {
    let (database, runtime) = (place.database(), runtime());
    let app = database.app_with(&runtime, &[&ROOM]);
    runtime.block_on(fill(&app)).expect("members are stored");
    let readers = runtime.block_on(providers(&app, CLIENTS));
    let server = bare::serve(app.router());
    let read = |path| {
        let (address, readers) = (server.address, readers.clone());
        move |time| pages(address, &readers, time, path)
    };
    let cases =
        [Case::new("plain-page", read("/plain")), Case::new("sealed-page", read("/sealed")).against("plain-page")];
    let figures = rounds::measure_closely(plan, place.engine, &cases);
    assert!(!plan.wants(&[NAMES[1]]) || openings(&runtime, &database) > 0, "each page is on record");
    figures
}

fn pages(address: SocketAddr, readers: &[Provided], time: Duration, path: &'static str) -> Sample {
    drive(CLIENTS, time, |number| {
        let head = format!("accept: text/html\r\naccept-language: zh-CN\r\n{}", readers[number].head);
        let mut client = Client::with(address, &head);
        async move || {
            let answer = client.get(path).await.unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(answer.status, 200, "{path}");
        }
    })
}

async fn fill(app: &App) -> Result<(), Error> {
    app.db().write::<_, db::Error>(|tx| tx.execute(TABLE, &[])).await?;
    let random = Random::seeded(50);
    for number in 0..MEMBERS {
        let (id, subject): (Id<Member>, _) = (random.id(), app.vault().new_subject());
        let plain = format!("member{number}@hengchuan.example");
        let email: Email = plain.parse().map_err(|_| Error::fault("no address"))?;
        let sealed = app.vault().seal(EMAIL, subject, id, &email).await?;
        let unit = app.db().write::<_, Error>(move |tx| {
            enrol_accepting(tx, subject, policy::current().id)?;
            let row = values![id, subject, &plain, sealed.bytes()];
            tx.execute("INSERT INTO bench_member (id, subject, plain, sealed) VALUES ($1, $2, $3, $4)", row)?;
            Ok(())
        });
        unit.await?;
    }
    Ok(())
}

/// How many openings are on record.
///
/// # Panics
/// When the database fails.
pub fn openings(runtime: &Runtime, database: &Database) -> usize {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM opening";
    let unit = async { database.db().read::<_, db::Error>(move |tx| tx.one(sql, &[], |row| row.next::<i64>())).await };
    runtime.block_on(unit).expect("a number").try_into().expect("a count")
}
