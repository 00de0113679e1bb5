//! Units on SQLite, and on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server.

use super::*;
use crate::values;
use std::sync::atomic::{AtomicU32, Ordering};

struct Place {
    db: Db,
    _folder: tempfile::TempDir,
}

fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::file(folder.path().join("test.db"));
    Place { db: Db::open(&settings, Clock::system(), Random::system()).unwrap(), _folder: folder }
}

fn places() -> Vec<Place> {
    places_with(4)
}

#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
fn places_with(threads: usize) -> Vec<Place> {
    let mut places = vec![sqlite()];
    if let Ok(url) = std::env::var("ZIYUN_TEST_DATABASE_URL") {
        let settings = Settings::new(url).threads(threads);
        let db = Db::open(&settings, Clock::system(), Random::system()).unwrap();
        places.push(Place { db, _folder: tempfile::tempdir().unwrap() });
    }
    places
}

async fn table(db: &Db, name: &'static str) {
    let create = format!("CREATE TABLE {name} (id BIGINT PRIMARY KEY, word TEXT NOT NULL, more BYTEA)");
    db.write::<_, Error>(move |tx| {
        tx.execute(&format!("DROP TABLE IF EXISTS {name}"), &[])?;
        tx.execute(&create, &[])
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn parameters_are_bound_by_number_not_by_appearance() {
    for place in places() {
        let swapped = place.db.read::<_, Error>(|tx| {
            tx.one("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)", values!["one", "two"], |row| {
                Ok((row.next::<String>()?, row.next::<String>()?, row.next::<String>()?))
            })
        });
        assert_eq!(swapped.await.unwrap(), ("two".into(), "one".into(), "two".into()));
    }
}

#[tokio::test]
async fn a_failing_unit_leaves_nothing_and_its_neighbours_stand() {
    for place in places() {
        table(&place.db, "neighbour").await;
        let units = (0..100i64).map(|number| {
            place.db.write::<_, Error>(move |tx| {
                tx.execute("INSERT INTO neighbour (id, word) VALUES ($1, $2)", values![number, "a"])?;
                match number % 10 {
                    3 => Err(Error::Missing),
                    4 => tx.execute("INSERT INTO neighbour (id, word) VALUES ($1, NULL)", values![-number]),
                    5 => panic!("a unit that panics"),
                    _ => Ok(1),
                }
            })
        });
        let results = futures::future::join_all(units).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 70);
        assert!(results.iter().any(|result| matches!(result, Err(Error::Constraint(_)))));
        assert!(results.iter().any(|result| matches!(result, Err(Error::Panicked))));
        let count = place.db.read::<i64, Error>(|tx| tx.one("SELECT count(*) FROM neighbour", &[], |row| row.next()));
        assert_eq!(count.await.unwrap(), 70);
    }
}

/// Each wave begins where nobody has refused yet, so that its batches have no savepoints; what a unit made, be it rows or a
/// table, is gone with it, also where the unit had been run beside those that stand.
#[tokio::test]
async fn who_refuses_what_it_had_begun_leaves_nothing_where_units_share_a_transaction() {
    for place in places() {
        table(&place.db, "begun").await;
        let write = |number: i64, refuses: bool| {
            place.db.write::<_, Error>(move |tx| {
                tx.execute("INSERT INTO begun (id, word) VALUES ($1, $2)", values![number, "a"])?;
                if refuses {
                    tx.execute("UPDATE begun SET word = 'b' WHERE id <> $1", values![number])?;
                    tx.execute("CREATE TABLE begun_beside (id BIGINT)", &[])?;
                    return Err(Error::Missing);
                }
                Ok(())
            })
        };
        for wave in 0..3 {
            let mut units: Vec<_> = (0..40).map(|number| write(wave * 1000 + number, false)).collect();
            units.insert(20, write(wave * 1000 + 500, true));
            let results = futures::future::join_all(units).await;
            assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 40);
            let calm = (0..70).map(|number| write(wave * 1000 + 600 + number, false));
            for unit in calm {
                unit.await.unwrap();
            }
        }
        let rows = "SELECT count(*), count(CASE WHEN word = 'a' THEN 1 END) FROM begun";
        let rows =
            place.db.read::<_, Error>(move |tx| tx.one(rows, &[], |row| Ok((row.next::<i64>()?, row.next::<i64>()?))));
        assert_eq!(rows.await.unwrap(), (330, 330));
        let beside = place.db.write::<_, Error>(|tx| tx.execute("CREATE TABLE begun_beside (id BIGINT)", &[]));
        beside.await.unwrap();
        place.db.write::<_, Error>(|tx| tx.execute("DROP TABLE begun_beside", &[])).await.unwrap();
    }
}

#[tokio::test]
async fn a_spent_transaction_cannot_be_talked_into_success() {
    for place in places() {
        table(&place.db, "spent").await;
        let result = place.db.write::<_, Error>(|tx| {
            drop(tx.execute("INSERT INTO spent (id) VALUES (1)", &[]));
            drop(tx.execute("INSERT INTO spent (id, word) VALUES (2, 'b')", &[]));
            Ok(())
        });
        drop(result.await);
        let count = place.db.read::<i64, Error>(|tx| tx.one("SELECT count(*) FROM spent", &[], |row| row.next()));
        assert_eq!(count.await.unwrap(), 0);
    }
}

#[tokio::test]
async fn competing_units_add_up() {
    for place in places_with(16) {
        table(&place.db, "sum").await;
        let insert = place.db.write::<_, Error>(|tx| tx.execute("INSERT INTO sum (id, word) VALUES (0, 'x')", &[]));
        insert.await.unwrap();
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let units = (0..300).map(|_| {
            place.db.write::<_, Error>(|tx| {
                RUNS.fetch_add(1, Ordering::SeqCst);
                let id: i64 = tx.one("SELECT id FROM sum", &[], |row| row.next())?;
                tx.execute("UPDATE sum SET id = $1", values![id + 1])
            })
        });
        let done = futures::future::join_all(units).await;
        assert!(done.iter().all(Result::is_ok), "each gets through, however many compete: {done:?}");
        let id: i64 =
            place.db.read::<_, Error>(|tx| tx.one("SELECT id FROM sum", &[], |row| row.next())).await.unwrap();
        assert_eq!(id, 300);
        assert!(RUNS.load(Ordering::SeqCst) >= 300);
    }
}

#[tokio::test]
async fn a_long_unit_gets_through_among_short_ones() {
    for place in places_with(8) {
        table(&place.db, "patience").await;
        let insert = "INSERT INTO patience (id, word) VALUES (0, 'x')";
        place.db.write::<_, Error>(move |tx| tx.execute(insert, &[])).await.unwrap();
        let add = |pause| {
            place.db.write::<_, Error>(move |tx| {
                let id: i64 = tx.one("SELECT id FROM patience", &[], |row| row.next())?;
                std::thread::sleep(pause);
                tx.execute("UPDATE patience SET id = $1", values![id + 1])
            })
        };
        let through = AtomicU32::new(0);
        let long = async {
            let result = add(std::time::Duration::from_millis(20)).await;
            through.store(1, Ordering::SeqCst);
            result
        };
        let short = || async {
            while through.load(Ordering::SeqCst) == 0 {
                drop(add(std::time::Duration::ZERO).await);
            }
        };
        let (result, _) = tokio::join!(long, futures::future::join_all((0..6).map(|_| short())));
        assert_eq!(result.unwrap(), 1);
    }
}

#[tokio::test]
async fn many_rows_go_in_few_statements_and_come_back_in_their_types() {
    for place in places() {
        table(&place.db, "many").await;
        let rows = (0..200i64)
            .map(|n| vec![Value::from(n), Value::from("字"), Value::from(vec![0u8, 255])])
            .collect::<Vec<_>>();
        let written =
            place.db.write::<_, Error>(move |tx| tx.insert("INSERT INTO many (id, word, more)", &rows, "")).await;
        assert_eq!(written.unwrap(), 200);
        let read = place.db.read::<_, Error>(|tx| {
            tx.all("SELECT id, word, more FROM many WHERE id >= $1 ORDER BY id", values![198], |row| {
                Ok((row.next::<i64>()?, row.next::<String>()?, row.next::<Option<Vec<u8>>>()?))
            })
        });
        assert_eq!(read.await.unwrap()[1], (199, "字".into(), Some(vec![0, 255])));
        let keys: Vec<i64> = (0..200i64).rev().step_by(3).collect();
        let among = place.db.read::<Vec<i64>, Error>(move |tx| {
            tx.among(&keys, |places| format!("SELECT id FROM many WHERE id IN ({places})"), |row| row.next())
        });
        let mut found = among.await.unwrap();
        found.sort_unstable();
        assert_eq!(found, (1..200i64).step_by(3).collect::<Vec<_>>());
        let wrong = place.db.read::<String, Error>(|tx| tx.one("SELECT id FROM many", &[], |row| row.next()));
        assert!(matches!(wrong.await, Err(Error::Column { index: 0, .. })));
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for place in places() {
        table(&place.db, "readonly").await;
        let result = place.db.read::<_, Error>(|tx| tx.execute("INSERT INTO readonly (id, word) VALUES (1, 'x')", &[]));
        assert!(result.await.is_err());
    }
}

#[tokio::test]
async fn migrations_apply_once_and_refuse_a_changed_or_newer_schema() {
    let place = sqlite();
    let step = |name: &str, sql: &str| Migration { name: name.into(), sql: sql.into() };
    let first = step("0001_a", "-- a table;\nCREATE TABLE a (id BIGINT);\nCREATE INDEX a_id ON a (id);\n");
    let second = step("0002_b", "ALTER TABLE a ADD COLUMN word TEXT;\n");
    assert!(
        matches!(place.db.check_schema(vec![first.clone()]).await, Err(Error::Schema(why)) if why.contains("ziyun migrate"))
    );
    assert_eq!(place.db.migrate(vec![first.clone()]).await.unwrap(), ["0001_a"]);
    assert!(place.db.migrate(vec![first.clone()]).await.unwrap().is_empty());
    assert!(
        matches!(place.db.check_schema(vec![first.clone(), second.clone()]).await, Err(Error::Schema(why)) if why.contains("older"))
    );
    assert_eq!(place.db.migrate(vec![first.clone(), second]).await.unwrap(), ["0002_b"]);
    assert!(matches!(place.db.migrate(vec![first.clone()]).await, Err(Error::Schema(why)) if why.contains("newer")));
    let changed = step("0001_a", "CREATE TABLE a (id TEXT);\n");
    assert!(matches!(place.db.migrate(vec![changed]).await, Err(Error::Schema(why)) if why.contains("changed")));
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
async fn each_connection_commits_durably_whatever_the_database_says() {
    let Ok(server) = std::env::var("ZIYUN_TEST_DATABASE_URL") else { return };
    let random = Random::system();
    let scratch = Scratch::create(&server, "ziyun_durable", &random).unwrap();
    for (default, in_force) in [("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")] {
        let order = format!("ALTER DATABASE \"{}\" SET synchronous_commit = {default}", scratch.name());
        let at = server.clone();
        std::thread::spawn(move || postgres::alone(&at, &order)).join().unwrap().unwrap();
        let db = Db::open(&Settings::new(scratch.url()).threads(1), Clock::system(), random.clone()).unwrap();
        let setting = "SELECT current_setting('synchronous_commit'), current_setting('fsync')";
        let read = move |tx: &mut Tx| tx.one(setting, &[], |row| Ok((row.next::<String>()?, row.next::<String>()?)));
        assert_eq!(db.read::<_, Error>(read).await.unwrap(), (in_force.into(), "on".into()), "beside {default}");
        assert_eq!(db.read(about).await.unwrap().unfit, Vec::<String>::new());
    }
    scratch.remove().unwrap();
}

/// The end of a read is not waited for; it is sent all the same, and the server holds no snapshot for who has been answered.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
async fn who_has_read_leaves_no_transaction_behind() {
    let Ok(server) = std::env::var("ZIYUN_TEST_DATABASE_URL") else { return };
    let random = Random::system();
    let scratch = Scratch::create(&server, "ziyun_read", &random).unwrap();
    let open = || Db::open(&Settings::new(scratch.url()).threads(1), Clock::system(), random.clone()).unwrap();
    let (reader, observer) = (open(), open());
    let number = || reader.read::<i64, Error>(|tx| tx.one("SELECT CAST($1 AS BIGINT)", values![7], |row| row.next()));
    let states = "SELECT state FROM pg_stat_activity WHERE datname = current_database() \
                  AND query NOT LIKE '%pg_stat_activity%' AND backend_type = 'client backend'";
    for _ in 0..20 {
        assert_eq!(number().await.unwrap(), 7);
        while observer.read(move |tx| tx.all(states, &[], |row| row.next::<String>())).await.unwrap() != ["idle"] {
            tokio::task::yield_now().await;
        }
        let refused = reader.read::<i64, Error>(|tx| {
            tx.one("SELECT CAST($1 AS BIGINT)", values![7], |row| row.next::<i64>())?;
            Err(Error::Missing)
        });
        assert!(refused.await.is_err());
        assert!(reader.read::<_, Error>(|_| Ok(())).await.is_ok(), "a unit that asks nothing");
    }
    drop((reader, observer));
    scratch.remove().unwrap();
}

/// The first time a connection meets a statement it is sent with its values, later it is kept prepared: both say the same of each type.
#[tokio::test]
async fn a_statement_says_the_same_the_first_time_and_the_third() {
    for place in places_with(1) {
        table(&place.db, "thrice").await;
        for number in 0..3_i64 {
            let more = (number != 1).then(|| vec![0_u8, 255, u8::try_from(number).unwrap()]);
            let words = ["it's \\x00", "字\n", ""][usize::try_from(number).unwrap()];
            let insert = place.db.write::<_, Error>(move |tx| {
                let sql = "INSERT INTO thrice (id, word, more) VALUES ($1, $2, $3)";
                tx.execute(sql, values![i64::MIN + number, words, more.clone()])
            });
            assert_eq!(insert.await.unwrap(), 1);
            let more = (number != 1).then(|| vec![0_u8, 255, u8::try_from(number).unwrap()]);
            let asked = more.clone();
            let read = place.db.read::<_, Error>(move |tx| {
                let sql = "SELECT id, word, more, substr(word, $4, 1) FROM thrice \
                           WHERE id = $1 AND word = $2 AND (more = $3 OR more IS NULL) AND word <> $5";
                tx.one(sql, values![i64::MIN + number, words, asked.clone(), 1, 7], |row| {
                    Ok((
                        row.next::<i64>()?,
                        row.next::<String>()?,
                        row.next::<Option<Vec<u8>>>()?,
                        row.next::<String>()?,
                    ))
                })
            });
            let first = words.chars().next().map(String::from).unwrap_or_default();
            assert_eq!(read.await.unwrap(), (i64::MIN + number, words.to_owned(), more, first));
        }
    }
}

/// What is sent together with the beginning of a transaction is in it.
#[tokio::test]
async fn the_first_statement_is_part_of_the_transaction() {
    for place in places() {
        table(&place.db, "together").await;
        let counts = place.db.write::<_, Error>(|tx| {
            let count = "SELECT count(*) FROM together";
            let before: i64 = tx.one(count, &[], |row| row.next())?;
            tx.execute("INSERT INTO together (id, word) VALUES (1, 'a')", &[])?;
            Ok((before, tx.one(count, &[], |row| row.next::<i64>())?))
        });
        assert_eq!(counts.await.unwrap(), (0, 1));
        let refused = place.db.write::<i64, Error>(|tx| {
            tx.one("SELECT count(*) FROM together", &[], |row| row.next::<i64>())?;
            tx.execute("DELETE FROM together", &[])?;
            Err(Error::Missing)
        });
        assert!(refused.await.is_err());
        let left = place.db.read::<i64, Error>(|tx| tx.one("SELECT count(*) FROM together", &[], |row| row.next()));
        assert_eq!(left.await.unwrap(), 1);
    }
}
