//! A database with a million persons: each enrolled, with a key, an account and a login session. Their rows are made in bulk,
//! with the lengths of real ones and nothing to open in them; who is looked at is stored by the program's own ways beside them.

use crate::filled::{copy, copy_folder, kept};
use crate::place::{Database, Place, runtime};
use kit::db::{self, Db, Value};
use kit::random::Random;
use std::path::{Path, PathBuf};

/// How many rows are written in one unit.
const TOGETHER: usize = 20_000;

/// What a sealed phone, e-mail or address of the network weighs, and a wrapped key with its seal.
const SEAL: usize = 91;
const WRAPPED: usize = 92;

/// What a server's database gets of the embedded one.
const TABLES: [&str; 3] = ["subject", "account", "login_session"];

/// The schema of a row of each table that has one for every person, but for its values.
const SUBJECT: &str = "INSERT INTO subject (id, standing, generation, enrolled_at, changed_at, accepted)";
const ACCOUNT: &str = "INSERT INTO account (id, subject, operator, phone, phone_index, email, email_index, password, locale, \
     created_at, version)";
const SESSION: &str = "INSERT INTO login_session (id, account, token_hash, created_at, expires_at, ip, user_agent)";
const KEY: &str = "INSERT INTO data_key (id, subject, class, generation, epoch, wrapped, created_at)";

/// A database with so many persons, to be written.
///
/// # Panics
/// When the disk or the server fails.
pub fn own(place: &Place, out: &Path, count: usize) -> Database {
    let embedded = embedded(out, count);
    let database = place.database();
    if place.engine == "sqlite" {
        copy_folder(&embedded, &database.folder).expect("a folder is copied");
    } else {
        copy_folder(&embedded.join("keys"), &database.folder.join("keys")).expect("the keys are copied");
        drop(database.app(&runtime()));
        copy(&embedded, &database, &TABLES);
    }
    database
}

fn embedded(out: &Path, count: usize) -> PathBuf {
    kept(out, &format!("persons-{count}"), |folder| fill(folder, count))
}

fn fill(folder: &Path, count: usize) {
    let database = Database::kept(folder);
    let runtime = runtime();
    let app = database.app(&runtime);
    let (random, now) = (Random::seeded(8), app.clock().now().as_microsecond());
    let policy = policy::current().id;
    for begin in (0..count).step_by(TOGETHER) {
        let some: Vec<usize> = (begin..count.min(begin + TOGETHER)).collect();
        let rows = |row: &dyn Fn(usize) -> Vec<Value>| some.iter().map(|number| row(*number)).collect::<Vec<_>>();
        let id = |number| spread(number, count).to_vec();
        let hash = |number| [spread(number, count), spread(number, count)].concat();
        let seal = || random_bytes(&random, SEAL);
        let subjects =
            rows(&|n| vec![id(n).into(), "active".into(), 1_i64.into(), now.into(), now.into(), policy.into()]);
        let accounts = rows(&|n| {
            let (phone, email) = (seal().into(), seal().into());
            let (id, hash) = (id(n), hash(n));
            vec![
                id.clone().into(),
                id.into(),
                0_i64.into(),
                phone,
                hash.clone().into(),
                email,
                hash.into(),
                "none".into(),
                "zh-CN".into(),
                now.into(),
                1_i64.into(),
            ]
        });
        let sessions = rows(&|n| {
            vec![id(n).into(), id(n).into(), hash(n).into(), now.into(), i64::MAX.into(), seal().into(), seal().into()]
        });
        let keys = rows(&|n| {
            let wrapped = random_bytes(&random, WRAPPED);
            vec![
                id(n).into(),
                id(n).into(),
                "operational".into(),
                1_i64.into(),
                1_i64.into(),
                wrapped.into(),
                now.into(),
            ]
        });
        runtime.block_on(async {
            write(app.db(), vec![(SUBJECT, subjects), (ACCOUNT, accounts), (SESSION, sessions)]).await;
            write(app.keys(), vec![(KEY, keys)]).await;
        });
    }
}

async fn write(db: &Db, tables: Vec<(&'static str, Vec<Vec<Value>>)>) {
    let unit = db.write::<_, db::Error>(move |tx| {
        tables.iter().try_for_each(|(head, rows)| tx.insert(head, rows, "").map(drop))
    });
    unit.await.expect("rows are written");
}

/// Numbers in their order, over all that 16 bytes can say: they are appended at the ends of indexes, and whoever is drawn
/// at random afterwards comes between them.
fn spread(number: usize, count: usize) -> [u8; 16] {
    (number as u128 * (u128::MAX / count as u128)).to_be_bytes()
}

fn random_bytes(random: &Random, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
}
