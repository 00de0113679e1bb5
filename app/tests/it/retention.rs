//! How long is kept what concerns persons: every table is declared, and evidence ends on its date.

use crate::world::World;
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// What a column is called that names a person, or holds a value of theirs, in whatever form.
fn is_personal(column: &str) -> bool {
    const WHOLE: [&str; 11] = [
        "subject",
        "subjects",
        "account",
        "absent",
        "substitute",
        "holder",
        "actor",
        "reader",
        "opener_subject",
        "ip",
        "user_agent",
    ];
    WHOLE.contains(&column) || column.starts_with("phone") || column.starts_with("email")
}

#[tokio::test]
async fn every_table_with_rows_of_persons_is_declared_with_its_end() {
    let world = World::new().await;
    let tables = world.app.db().read::<_, kit::db::Error>(kit::db::tables).await.unwrap();
    let found: BTreeMap<_, BTreeSet<_>> = tables
        .iter()
        .map(|table| {
            (table.name.as_str(), table.columns.iter().map(String::as_str).filter(|one| is_personal(one)).collect())
        })
        .filter(|(_, columns): &(_, BTreeSet<&str>)| !columns.is_empty())
        .collect();
    let declared: BTreeMap<_, BTreeSet<_>> =
        policy::KEPT_TABLES.iter().map(|table| (table.name, table.columns.iter().copied().collect())).collect();
    assert_eq!(found, declared, "declare each table in policy/retention.toml: its class, and what ends its rows");
    let routines: Vec<_> = app::app::ROOMS.iter().flat_map(|room| room.routines).map(|routine| routine.name).collect();
    for table in policy::KEPT_TABLES.iter().filter(|table| table.ends.contains(".sweep")) {
        let routine = table.ends.split(':').next().unwrap();
        assert!(routines.contains(&routine), "{}: there is no routine {routine}", table.name);
    }
}

#[tokio::test]
async fn evidence_about_who_left_ends_after_three_years_and_not_before() {
    let world = World::new().await;
    let (leaving, staying) = (world.member("buyer").await, world.member("buyer").await);
    for person in [&leaving, &staying] {
        person.get("/me").await.ok();
    }
    world.settle().await;
    let sql = "SELECT subject FROM account WHERE company IS NOT NULL ORDER BY created_at, id LIMIT 1";
    let subject = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap();
    world.app.db().write(move |tx| app::identity::account::erase(tx, subject)).await.unwrap();
    world.settle().await;
    let of_erased = "SELECT (SELECT count(*) FROM agreement a WHERE a.subject = t.subject) + \
         (SELECT count(*) FROM opening_subject o WHERE o.subject = t.subject) FROM tombstone t \
         JOIN account a ON a.subject = t.subject";
    assert!(world.count(of_erased).await > 1);
    world.pass(SignedDuration::from_hours(24 * 1090)).await;
    assert!(world.count(of_erased).await > 1, "three years are not over");
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    assert_eq!(world.count(of_erased).await, 0);
    assert_eq!(
        world.count("SELECT count(*) FROM agreement").await,
        2,
        "who stays keeps theirs, and so does the operator"
    );
}
