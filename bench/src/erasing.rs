//! `erase-among-1m`: one person is erased among a million, from the unit that ends their standing and deletes what the rooms
//! have of them until their tombstone stands in the journal and their keys are gone from the key database; all of it durable.
//! `erase-alone` is the same where there is nobody else: what is wanted is that the others make no difference.

use crate::figure::Figure;
use crate::persons;
use crate::place::{Place, runtime};
use crate::plan::Plan;
use app::app::App;
use app::identity::account::Account;
use app::trust::cancellation::erase_again;
use app::web::Error;
use kit::db;
use kit::id::Id;
use kit::values;
use std::path::Path;
use std::time::{Duration, Instant};
use vault::tombstone::Tombstone;
use vault::{Email, Phone, Slot, Subject, enrol_accepting};

/// The figures of this part.
pub const NAMES: [&str; 2] = ["erase-alone", "erase-among-1m"];

const PERSONS: usize = 1_000_000;

/// How many are erased, one after the other; the median counts.
const ERASED: usize = 21;

const PHONE: Slot<Phone> = Slot::new("account", "phone");
const EMAIL: Slot<Email> = Slot::new("account", "email");

/// Both figures, in milliseconds; a quick run goes without the million.
///
/// # Panics
/// When anything that is measured fails, or leaves a key behind.
pub fn measure(plan: &Plan, place: &Place, out: &Path) -> Vec<Figure> {
    let runtime = runtime();
    let mut figures = Vec::new();
    let alone = place.database();
    figures.push(figure(NAMES[0], place.engine, runtime.block_on(erase(&alone.app(&runtime)))));
    if !plan.quick && plan.wants(&[NAMES[1]]) {
        let many = persons::own(place, out, PERSONS);
        let took = runtime.block_on(erase(&many.app(&runtime)));
        figures.push(Figure { floor: Some(NAMES[0]), ..figure(NAMES[1], place.engine, took) });
    }
    figures
}

fn figure(name: &'static str, engine: &'static str, mut took: Vec<Duration>) -> Figure {
    took.sort_unstable();
    let us = |at: usize| Some((took[at].as_secs_f64() * 1e6).round());
    let median = took[took.len() / 2].as_secs_f64() * 1000.0;
    Figure {
        p50_us: us(took.len() / 2),
        p99_us: us(took.len() - 1),
        ..Figure::of(name, Some(engine), median, "ms", took.len())
    }
}

async fn erase(app: &App) -> Vec<Duration> {
    let mut took = Vec::new();
    for number in 0..ERASED {
        let subject = person(app, number).await.expect("a person is stored");
        let begin = Instant::now();
        end(app, subject).await.expect("the person is erased");
        took.push(begin.elapsed());
        assert_eq!(keys(app, subject).await, 0, "the keys are gone");
    }
    took
}

/// As a cancellation whose time is over, or a restored back-up, has it done; the job that follows runs at once.
async fn end(app: &App, subject: Id<Subject>) -> Result<(), Error> {
    let theirs = app.clone();
    let unit = app.db().write::<_, Error>(move |tx| {
        let at = tx.now();
        erase_again(tx, &theirs, Tombstone { subject, at })
    });
    unit.await?;
    Ok(app.vault().destroy_keys(subject, app.journal()).await?)
}

async fn keys(app: &App, subject: Id<Subject>) -> i64 {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM data_key WHERE subject = $1";
    let unit = app.keys().read::<_, db::Error>(move |tx| tx.one(sql, values![subject], |row| row.next()));
    unit.await.expect("a number")
}

/// Somebody with a key, an account and a login session.
async fn person(app: &App, number: usize) -> Result<Id<Subject>, vault::Error> {
    let (subject, account): (_, Id<Account>) = (app.vault().new_subject(), app.random().id());
    let phone: Phone = format!("139{number:08}").parse().expect("a number");
    let email: Email = format!("person{number}@hengchuan.example").parse().expect("an address");
    let phone = app.vault().seal(PHONE, subject, account, &phone).await?;
    let email = app.vault().seal(EMAIL, subject, account, &email).await?;
    let (session, hashes): ([u8; 16], [[u8; 32]; 3]) =
        (app.random().bytes(), std::array::from_fn(|_| app.random().bytes()));
    let unit = app.db().write::<_, vault::Error>(move |tx| {
        enrol_accepting(tx, subject, policy::current().id)?;
        let now = tx.now();
        tx.execute(
            "INSERT INTO account (id, subject, operator, phone, phone_index, email, email_index, password, locale, \
             created_at, version) VALUES ($1, $2, 0, $3, $4, $5, $6, 'none', 'zh-CN', $7, 1)",
            values![account, subject, phone.bytes(), &hashes[0], email.bytes(), &hashes[1], now],
        )?;
        tx.execute(
            "INSERT INTO login_session (id, account, token_hash, created_at, expires_at, ip, user_agent) \
             VALUES ($1, $2, $3, $4, $4, $5, $5)",
            values![&session, account, &hashes[2], now, phone.bytes()],
        )?;
        Ok(())
    });
    unit.await.map(|()| subject)
}
