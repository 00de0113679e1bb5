//! The strict PostgreSQL that `make test` runs on (scripts/strict.sql) is a stand-in for engines that speak its protocol
//! and can do less. Here it is proved to be in force, and that nothing of ours asks an engine for more.

use crate::house::{code, files};
use crate::world::World;
use kit::db::{Db, Error};
use kit::values;

/// What some engine lacks and no error of the strict one can tell: commands and clauses, not functions.
const LACKING: [&str; 15] = [
    "FOR UPDATE",
    "FOR NO KEY UPDATE",
    "FOR SHARE",
    "FOR KEY SHARE",
    "SKIP LOCKED",
    "LOCK TABLE",
    "pg_advisory",
    "pg_notify",
    "\"LISTEN ",
    "\"NOTIFY ",
    "nextval(",
    "SERIAL PRIMARY",
    "CREATE TRIGGER",
    "DEFERRABLE",
    "CREATE TEMP",
];

/// Units enough that one without a refusal among them, at one in twenty, comes once in 800 million runs.
const UNITS: i64 = 400;

/// Whether the tests' server is the strict one.
#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
fn is_strict() -> bool {
    std::env::var("ZIYUN_TEST_POSTGRES").is_ok_and(|kind| kind == "strict")
}

async fn refusal(db: &Db, sql: &'static str) -> String {
    let refused = db.write::<_, Error>(move |tx| tx.execute(sql, &[])).await;
    refused.expect_err("a strict server refuses this").to_string()
}

#[tokio::test]
async fn the_strict_server_refuses_what_others_lack_and_asks_for_units_again() {
    if !is_strict() {
        eprintln!("skipped 1 test of the strict server: ZIYUN_TEST_POSTGRES is not `strict`");
        return;
    }
    let world = World::new().await;
    let db = world.app.db();
    for (sql, name) in [
        ("SELECT CAST(pg_advisory_xact_lock(1) AS TEXT)", "pg_advisory_xact_lock"),
        ("SELECT CAST(pg_notify('a', 'b') AS TEXT)", "pg_notify"),
        ("SELECT nextval(CAST(CAST(1259 AS BIGINT) AS regclass))", "nextval"),
        ("CREATE SEQUENCE any_sequence", "CREATE SEQUENCE"),
        ("CREATE TABLE any_table (id BIGSERIAL)", "CREATE SEQUENCE"),
    ] {
        let why = refusal(db, sql).await;
        assert!(why.contains("not to be had on every engine") && why.contains(name), "{sql}: {why}");
    }
    let isolation = "SELECT current_setting('default_transaction_isolation')";
    let isolation = db.read::<String, Error>(move |tx| tx.one(isolation, &[], |row| row.next())).await;
    assert_eq!(isolation.unwrap(), "serializable");

    let before = db.figures().again.get();
    let insert = "INSERT INTO follower (name, seq) VALUES ($1, 1)";
    let units =
        (0..UNITS).map(|n| db.write::<_, Error>(move |tx| tx.execute(insert, values![format!("of strict {n}")])));
    let done = futures::future::join_all(units).await;
    assert!(done.iter().all(|unit| matches!(unit, Ok(1))), "each gets through: {done:?}");
    assert_eq!(world.count("SELECT count(*) FROM follower WHERE name LIKE 'of strict %'").await, UNITS);
    let again = db.figures().again.get() - before;
    assert!(again > 0, "of {UNITS} units none was refused at its COMMIT");
    eprintln!("of {UNITS} units the strict server had {again} run again");
}

#[test]
fn no_statement_asks_for_what_other_engines_lack() {
    let sources = ["app/src", "kit/src", "vault/src"].iter().flat_map(|folder| files(folder, &[".rs"]));
    let steps = ["migrations", "vault/migrations"].iter().flat_map(|folder| files(folder, &[".sql"]));
    let all: Vec<_> = sources.chain(steps).collect();
    assert!(all.len() > 150, "the sources are read: {}", all.len());
    for (path, text) in &all {
        let text = code(text);
        for word in LACKING {
            assert!(!text.contains(word), "{path} says {word}, which some engine lacks (docs/sql.md)");
        }
    }
}

#[test]
fn the_suite_runs_on_the_strict_server() {
    let script = files("scripts", &["test.sh"]).pop().expect("scripts/test.sh").1;
    assert!(script.contains("sh scripts/with-postgres.sh --strict $on_postgres"), "{script}");
}
