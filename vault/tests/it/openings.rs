//! No record, no plaintext.

use kit::random::Random;
use policy::purpose;
use vault::{Error, Grant, Id, Refusal, Standing, Subject};

use crate::world::{EMAIL, Job, PHONE, World, worlds};

async fn stand(world: &World, subject: Id<Subject>, standing: Standing) -> Result<(), Error> {
    world.db.write(move |tx| vault::change_standing(tx, subject, standing)).await
}

#[tokio::test]
async fn an_opening_says_who_what_why_and_for_whom_and_never_the_value() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        let job = Job(me);
        let grant = Grant::<purpose::Notification, _>::new(&job, world.request());
        world.vault.open(&grant, &sealed).await.unwrap();
        let words = ["phone", "notification", "contract", "delivery", "mail"].map(String::from);
        assert_eq!(world.openings().await, [("opened".into(), me.as_bytes().to_vec(), words)]);
    }
}

#[tokio::test]
async fn a_page_is_one_opening_with_each_person_once() {
    for world in worlds().await {
        let mut sealed = Vec::new();
        let mut people = Vec::new();
        for _ in 0..75 {
            let person = world.person().await;
            people.push(person);
            sealed.push(world.phone(person, world.row()).await);
        }
        sealed.push(world.phone(people[3], world.row()).await);
        assert_eq!(world.vault.open_many(&world.list(), &sealed).await.unwrap().len(), 76);
        people.sort();
        let packed: Vec<u8> = people.iter().flat_map(|id| *id.as_bytes()).collect();
        let openings = world.openings().await;
        assert_eq!(openings.len(), 1);
        assert_eq!(openings[0].1, packed);
    }
}

#[tokio::test]
async fn values_come_in_the_order_of_their_seals() {
    let world = World::on_sqlite(Random::system()).await;
    let mut sealed = Vec::new();
    for number in 0..20 {
        let (person, row) = (world.person().await, world.row());
        let phone = format!("138001380{number:02}").parse().unwrap();
        sealed.push(world.vault.seal(PHONE, person, row, &phone).await.unwrap());
    }
    let opened = world.vault.open_many(&world.list(), &sealed).await.unwrap();
    let ends: Vec<_> = opened.iter().map(|phone| phone.expose()[12..].parse::<u8>().unwrap()).collect();
    assert_eq!(ends, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_fields_of_a_person_are_one_opening() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let phone = world.phone(me, row).await;
    let email = world.vault.seal(EMAIL, me, row, &"Wang@Example.CN".parse().unwrap()).await.unwrap();
    let (phone, email) = world.vault.open_both(&world.own(me), &phone, &email).await.unwrap();
    assert_eq!((phone.expose(), email.expose()), ("+8613800138000", "wang@example.cn"));
    let openings = world.openings().await;
    assert_eq!(openings.len(), 1);
    assert_eq!((openings[0].2[0].as_str(), openings[0].2[2].as_str()), ("email,phone", "contract,contract"));
}

#[tokio::test]
async fn an_empty_page_opens_nothing_and_records_nothing() {
    let world = World::on_sqlite(Random::system()).await;
    assert!(world.vault.open_many::<vault::Phone, _, _>(&world.list(), &[]).await.unwrap().is_empty());
    assert!(world.openings().await.is_empty());
}

#[tokio::test]
async fn if_the_opening_cannot_be_recorded_nothing_is_opened() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        World::take_table(&world.db, "opening").await;
        let answer = world.vault.open(&world.own(me), &sealed).await;
        assert!(matches!(answer, Err(Error::Db(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn the_record_stands_before_anything_is_decrypted() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        let mut damaged = sealed.bytes().to_vec();
        *damaged.last_mut().unwrap() ^= 1;
        let answer = world.vault.open(&world.own(me), &PHONE.load(damaged, me, row)).await;
        assert!(matches!(answer, Err(Error::Unreadable)), "{answer:?}");
        assert_eq!(world.openings().await.len(), 1);
    }
}

#[tokio::test]
async fn blocked_destroyed_and_unknown_subjects_are_refused_and_the_attempt_is_recorded() {
    for world in worlds().await {
        let (blocked, destroyed, unknown) = (world.person().await, world.person().await, world.vault.new_subject());
        for (subject, refusal) in [
            (blocked, Refusal::Blocked(blocked)),
            (destroyed, Refusal::Destroyed(destroyed)),
            (unknown, Refusal::NotEnrolled(unknown)),
        ] {
            let sealed = world.phone(subject, world.row()).await;
            match refusal {
                Refusal::Blocked(_) => stand(&world, subject, Standing::Blocked).await.unwrap(),
                Refusal::Destroyed(_) => stand(&world, subject, Standing::Destroyed).await.unwrap(),
                _ => {}
            }
            let answer = world.vault.open(&world.own(subject), &sealed).await;
            let Err(Error::Refused(refusals)) = answer else { panic!("{answer:?}") };
            assert_eq!(refusals, [refusal]);
        }
        let denied: Vec<_> =
            world.openings().await.into_iter().map(|(outcome, subjects, _)| (outcome, subjects)).collect();
        let expected = [blocked, destroyed, unknown].map(|id| ("denied".to_owned(), id.as_bytes().to_vec()));
        assert_eq!(denied, expected);
    }
}

#[tokio::test]
async fn one_refused_person_closes_the_whole_page() {
    let world = World::on_sqlite(Random::system()).await;
    let (one, other) = (world.person().await, world.person().await);
    let sealed = [world.phone(one, world.row()).await, world.phone(other, world.row()).await];
    stand(&world, other, Standing::Blocked).await.unwrap();
    assert!(matches!(world.vault.open_many(&world.list(), &sealed).await, Err(Error::Refused(_))));
    let openings = world.openings().await;
    assert_eq!((openings.len(), openings[0].0.as_str(), &openings[0].1[..]), (1, "denied", &other.as_bytes()[..]));
    stand(&world, other, Standing::Active).await.unwrap();
    assert_eq!(world.vault.open_many(&world.list(), &sealed).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_grant_about_me_does_not_open_you() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, you) = (world.person().await, world.person().await);
    let sealed = world.phone(you, world.row()).await;
    let answer = world.vault.open(&world.own(me), &sealed).await;
    let Err(Error::Refused(refusals)) = answer else { panic!("{answer:?}") };
    assert_eq!(refusals, [Refusal::OutOfScope(you)]);
    assert_eq!(world.openings().await[0].0, "denied");
}

#[tokio::test]
async fn if_the_refusal_cannot_be_recorded_that_is_said() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, you) = (world.person().await, world.person().await);
    let sealed = world.phone(you, world.row()).await;
    World::take_table(&world.db, "opening").await;
    assert!(matches!(world.vault.open(&world.own(me), &sealed).await, Err(Error::Db(_))));
}

#[tokio::test]
async fn destruction_binds_a_process_that_has_the_key_in_memory_and_is_final() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        world.vault.open(&world.own(me), &sealed).await.unwrap();
        stand(&world, me, Standing::Destroyed).await.unwrap();
        assert!(matches!(world.vault.open(&world.own(me), &sealed).await, Err(Error::Refused(_))));
        assert!(matches!(stand(&world, me, Standing::Active).await, Err(Error::NotEnrolled(_))));
        let standing = world.db.read(move |tx| vault::standing(tx, me)).await.unwrap();
        assert_eq!(standing, Some(Standing::Destroyed));
    }
}

#[tokio::test]
async fn a_key_of_another_generation_than_the_standing_says_is_not_used_even_from_memory() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let sealed = world.phone(me, row).await;
    let raise = |tx: &mut kit::db::Tx| tx.execute("UPDATE subject SET generation = 2", &[]);
    world.db.write::<_, kit::db::Error>(raise).await.unwrap();
    let answer = world.vault.open(&world.own(me), &sealed).await;
    assert!(matches!(answer, Err(Error::KeyGone(_))), "{answer:?}");
}
