//! A seal opens in its place and nowhere else.

use kit::random::Random;
use vault::{Error, Id, Ip, RootKeys, Sealed, Slot, UserAgent};

use crate::world::{PHONE, World, worlds};

#[track_caller]
fn unreadable<T: std::fmt::Debug>(answer: Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Unreadable)), "{answer:?}");
}

#[tokio::test]
async fn what_was_sealed_opens_again_also_in_another_process() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        let stored = PHONE.load(sealed.bytes().to_vec(), me, row);
        let other = world.another();
        for vault in [&world.vault, &other] {
            assert_eq!(vault.open(&world.own(me), &stored).await.unwrap().expose(), "+8613800138000");
        }
    }
}

#[tokio::test]
async fn two_seals_of_one_value_differ() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    assert_ne!(world.phone(me, row).await.bytes(), world.phone(me, row).await.bytes());
}

#[tokio::test]
async fn moved_to_another_row_column_table_or_person_it_does_not_open() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row, other) = (world.person().await, world.row(), world.person().await);
    let bytes = world.phone(me, row).await.bytes().to_vec();
    world.phone(other, row).await;

    unreadable(world.vault.open(&world.own(me), &PHONE.load(bytes.clone(), me, world.row())).await);
    unreadable(
        world
            .vault
            .open(&world.own(me), &Slot::new("account", "email").load(bytes.clone(), me, row) as &Sealed<vault::Phone>)
            .await,
    );
    unreadable(
        world
            .vault
            .open(&world.own(me), &Slot::new("member", "phone").load(bytes.clone(), me, row) as &Sealed<vault::Phone>)
            .await,
    );
    let moved = world.vault.open(&world.own(other), &PHONE.load(bytes, other, row)).await;
    assert!(matches!(moved, Err(Error::KeyGone(_) | Error::Unreadable)), "{moved:?}");
}

#[tokio::test]
async fn in_another_region_it_does_not_open() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let sealed = world.phone(me, row).await;
    let elsewhere = world.again("cn-2", RootKeys::read(&world.root).unwrap());
    unreadable(elsewhere.open(&world.own(me), &sealed).await);
}

#[tokio::test]
async fn a_changed_or_missing_byte_is_noticed_anywhere() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let bytes = world.phone(me, row).await.bytes().to_vec();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let answer = world.vault.open(&world.own(me), &PHONE.load(flipped, me, row)).await;
        assert!(matches!(answer, Err(Error::Unreadable | Error::KeyGone(_))), "byte {at}: {answer:?}");
        let answer = world.vault.open(&world.own(me), &PHONE.load(bytes[..at].to_vec(), me, row)).await;
        unreadable(answer);
    }
}

#[tokio::test]
async fn a_seed_repeats_every_byte() {
    let mut seals = Vec::new();
    for _ in 0..2 {
        let world = World::on_sqlite(Random::seeded(42)).await;
        let (me, row) = (world.person().await, world.row());
        seals.push((me, world.phone(me, row).await.bytes().to_vec()));
    }
    assert_eq!(seals[0], seals[1]);
}

#[tokio::test]
async fn fields_of_different_retention_have_different_keys() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let key = |bytes: &[u8]| bytes[1..17].to_vec();
    let ip = world.vault.seal(Slot::<Ip>::new("session", "ip"), me, row, &"192.0.2.1".parse().unwrap()).await.unwrap();
    let agent: UserAgent = "Mozilla/5.0".parse().unwrap();
    let agent = world.vault.seal(Slot::<UserAgent>::new("session", "agent"), me, row, &agent).await.unwrap();
    assert_eq!(key(ip.bytes()), key(agent.bytes()), "both are kept as network logs");
    assert_ne!(key(ip.bytes()), key(world.phone(me, row).await.bytes()));
}

#[tokio::test]
async fn nothing_of_a_value_or_a_key_stands_in_the_databases_files() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let bytes = world.phone(me, row).await.bytes().to_vec();
    world
        .db
        .write::<_, kit::db::Error>(|tx| tx.execute("CREATE TABLE account (phone BYTEA NOT NULL)", &[]))
        .await
        .unwrap();
    let stored = bytes.clone();
    let insert =
        move |tx: &mut kit::db::Tx| tx.execute("INSERT INTO account (phone) VALUES ($1)", kit::values![&stored]);
    world.db.write::<_, kit::db::Error>(insert).await.unwrap();
    world.vault.open(&world.own(me), &PHONE.load(bytes.clone(), me, row)).await.unwrap();

    let (mut ciphertext, mut files) = (false, 0);
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
        assert!(!holds(b"13800138000"));
        ciphertext |= holds(&bytes);
        files += 1;
    }
    assert!(ciphertext && files >= 2, "the files that were searched are the right ones");
}

#[test]
fn debug_shows_the_place_only() {
    let sealed = PHONE.load(b"secret".to_vec(), Id::from_bytes([1; 16]), Id::<()>::from_bytes([2; 16]));
    assert_eq!(format!("{sealed:?}"), "Sealed(account.phone)");
}
