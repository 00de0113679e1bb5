//! Pages that open at the same time are recorded together, and stay apart in everything else.

use std::{
    pin::pin,
    task::{Context, Waker},
};

use tokio::{runtime, task::JoinSet};
use vault::{Error, Id, Phone, Refusal, Sealed, Standing, Subject};

use crate::world::{PHONE, World, worlds};

/// People with a phone each, whose last digits are their number.
async fn people(world: &World, count: usize) -> Vec<(Id<Subject>, Sealed<Phone>)> {
    let mut people = Vec::new();
    for number in 0..count {
        let (person, row) = (world.person().await, world.row());
        let phone = format!("138001380{number:02}").parse().unwrap();
        people.push((person, world.vault.seal(PHONE, person, row, &phone).await.unwrap()));
    }
    people
}

/// All open their own at once. The answers in their order.
async fn open(world: &World, people: Vec<(Id<Subject>, Sealed<Phone>)>) -> Vec<Result<Phone, Error>> {
    let mut pages = JoinSet::new();
    for (number, (person, sealed)) in people.into_iter().enumerate() {
        let (vault, grant) = (world.vault.clone(), world.own(person));
        pages.spawn(async move { (number, vault.open(&grant, &sealed).await) });
    }
    let mut answers = pages.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn count(world: &World, what: &'static str) -> i64 {
    let sql = format!("SELECT CAST(count({what}) AS BIGINT) FROM opening");
    world.db.read::<_, kit::db::Error>(move |tx| tx.one(&sql, &[], |row| row.next())).await.unwrap()
}

#[tokio::test]
async fn pages_at_the_same_time_share_a_transaction_and_a_refused_one_is_refused_alone() {
    for world in worlds().await {
        let people = people(&world, 40).await;
        let blocked = people[7].0;
        let block = move |tx: &mut kit::db::Tx| vault::change_standing(tx, blocked, Standing::Blocked);
        world.db.write(block).await.unwrap();
        let mut expected: Vec<_> = people.iter().map(|(person, _)| ("opened", person.as_bytes().to_vec())).collect();
        expected[7].0 = "denied";

        for (number, answer) in open(&world, people).await.into_iter().enumerate() {
            match answer {
                Ok(phone) => assert_eq!(phone.expose(), format!("+86138001380{number:02}")),
                Err(Error::Refused(refusals)) => assert_eq!(refusals, [Refusal::Blocked(blocked)]),
                Err(error) => panic!("page {number}: {error}"),
            }
        }
        let openings = world.openings().await;
        let mut found: Vec<_> =
            openings.iter().map(|(outcome, subjects, _)| (outcome.as_str(), subjects.clone())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        assert!(count(&world, "DISTINCT at").await < 10, "all rows of a transaction have its instant");
    }
}

#[tokio::test]
async fn if_the_shared_record_cannot_be_written_no_page_opens_and_the_next_ones_do() {
    for world in worlds().await {
        let people = people(&world, 12).await;
        let rename = async |sql: &'static str| {
            world.db.write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[])).await.unwrap();
        };
        rename("ALTER TABLE opening RENAME TO out_of_reach").await;
        for answer in open(&world, people.clone()).await {
            assert!(matches!(answer, Err(Error::Db(_))), "{answer:?}");
        }
        rename("ALTER TABLE out_of_reach RENAME TO opening").await;
        assert_eq!(count(&world, "*").await, 0);
        assert!(open(&world, people).await.iter().all(Result::is_ok));
        assert_eq!(count(&world, "*").await, 12);
    }
}

#[tokio::test]
async fn a_reader_who_leaves_takes_no_other_page_along() {
    for world in worlds().await {
        let mut people = people(&world, 12).await;
        let (first, sealed) = people.remove(0);
        {
            let grant = world.own(first);
            let mut leaving = pin!(world.vault.open(&grant, &sealed));
            assert!(leaving.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert!(open(&world, people).await.iter().all(Result::is_ok));
        assert_eq!(count(&world, "*").await, 12, "what had begun is on record, though nobody saw it");
    }
}

#[tokio::test]
async fn work_that_was_begun_goes_on_when_the_runtime_of_who_asked_ends() {
    let world = World::on_sqlite(kit::random::Random::system()).await;
    let people = people(&world, 3).await;
    let other = runtime::Builder::new_current_thread().build().unwrap();
    let (me, sealed) = people[0].clone();
    let grant = world.own(me);
    let mut asked = pin!(world.vault.open(&grant, &sealed));
    {
        let _inside = other.enter();
        assert!(asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    other.shutdown_background();
    assert!(asked.await.is_ok());
    assert!(open(&world, people).await.iter().all(Result::is_ok));
}
