//! Data keys, the key database and the root file.

use std::{fs, os::unix::fs::PermissionsExt};

use jiff::SignedDuration;
use kit::{random::Random, values};
use vault::{Error, Ip, RootKeys, Slot, Standing};

use crate::world::{PHONE, World, moving_worlds, worlds};

async fn count(world: &World) -> i64 {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM data_key";
    world.keys.read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap()
}

#[test]
fn processes_that_start_together_have_one_root_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let start = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        let start_one = || {
            let random = Random::system();
            start.wait();
            RootKeys::read_or_create(&path, &random).map(drop)
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(start_one)).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["root.key"], "no half-made file stays");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().filter(|line| !line.starts_with('#')).count(), 1);
}

#[tokio::test]
async fn processes_that_race_for_a_first_key_agree_on_one() {
    for world in worlds().await {
        let other = world.another();
        let (me, row) = (world.person().await, world.row());
        let phone = "13800138000".parse().unwrap();
        let seals = tokio::join!(
            world.vault.seal(PHONE, me, row, &phone),
            other.seal(PHONE, me, row, &phone),
            world.vault.seal(PHONE, me, row, &phone),
            other.seal(PHONE, me, row, &phone),
        );
        let key = |seal: Result<vault::Sealed<vault::Phone>, Error>| seal.unwrap().bytes()[1..17].to_vec();
        let keys = [key(seals.0), key(seals.1), key(seals.2), key(seals.3)];
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(count(&world).await, 1);
    }
}

#[tokio::test]
async fn without_the_key_row_a_cold_process_opens_nothing() {
    for world in worlds().await {
        let (me, row) = (world.person().await, world.row());
        let sealed = world.phone(me, row).await;
        world.keys.write::<_, kit::db::Error>(|tx| tx.execute("DELETE FROM data_key", &[])).await.unwrap();
        let cold = world.another();
        let answer = cold.open(&world.own(me), &sealed).await;
        assert!(matches!(answer, Err(Error::KeyGone(subject)) if subject == me), "{answer:?}");
    }
}

#[tokio::test]
async fn a_key_row_moved_to_another_person_does_not_unwrap() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, you, row) = (world.person().await, world.vault.new_subject(), world.row());
    world.phone(me, row).await;
    let steal = move |tx: &mut kit::db::Tx| tx.execute("UPDATE data_key SET subject = $1", values![you]);
    world.keys.write::<_, kit::db::Error>(steal).await.unwrap();
    let answer = world.vault.seal(PHONE, you, row, &"13800138000".parse().unwrap()).await;
    assert!(matches!(answer, Err(Error::Epoch(1))), "{answer:?}");
}

#[tokio::test]
async fn another_root_file_opens_nothing_and_an_added_epoch_still_opens_the_old() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, row) = (world.person().await, world.row());
    let sealed = world.phone(me, row).await;

    let foreign = RootKeys::create(&world.folder.path().join("foreign.key"), &world.random).unwrap();
    let answer = world.again("cn-1", foreign).open(&world.own(me), &sealed).await;
    assert!(matches!(answer, Err(Error::Epoch(1))), "{answer:?}");

    let path = world.root.clone();
    let rotated = fs::read_to_string(&path).unwrap() + &format!("2 {}\n", "ab".repeat(32));
    fs::write(&path, rotated).unwrap();
    let rotated = world.again("cn-1", RootKeys::read(&path).unwrap());
    assert_eq!(rotated.open(&world.own(me), &sealed).await.unwrap().expose(), "+8613800138000");
    let you = world.person().await;
    rotated.seal(PHONE, you, row, &"13800138000".parse().unwrap()).await.unwrap();
    let epochs = "SELECT epoch FROM data_key ORDER BY epoch";
    let epochs = world.keys.read::<_, kit::db::Error>(move |tx| tx.all(epochs, &[], |row| row.next::<i64>()));
    assert_eq!(epochs.await.unwrap(), [1, 2]);
}

/// A seal names its key in bytes 1 to 16.
#[tokio::test]
async fn the_ids_of_keys_count_within_a_process_and_tell_no_time() {
    let world = World::on_sqlite(Random::system()).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let (someone, row) = (world.vault.new_subject(), world.row());
        ids.push(world.phone(someone, row).await.bytes()[1..17].to_vec());
    }
    for (n, id) in ids.iter().enumerate() {
        assert_eq!((&id[..3], id[6] >> 4, id[8] >> 6), (&ids[0][..3], 8, 2), "one series, UUIDv8");
        assert_eq!(usize::from(id[5]), usize::from(ids[0][5]) + n, "{ids:?}");
    }
    let (someone, row) = (world.vault.new_subject(), world.row());
    let again = world.another().seal(PHONE, someone, row, &"13800138000".parse().unwrap()).await.unwrap();
    assert_ne!(again.bytes()[1..4], ids[0][..3], "another process has a series of its own");
}

#[test]
fn the_root_file_is_made_once_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    RootKeys::read_or_create(&path, &Random::system()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    RootKeys::read_or_create(&path, &Random::system()).unwrap();
    assert!(RootKeys::create(&path, &Random::system()).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_faulty_root_file_is_refused_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let fault = |content: &str, mode: u32| {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        RootKeys::read(&path).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let key = "0f".repeat(32);
    assert_eq!(fault(&format!("# remark\n\n1 {key} # first\n2 {key}\n"), 0o600), "");
    assert!(fault("", 0o600).contains("it holds no epoch key"));
    assert!(fault("1 abc\n", 0o600).contains("line 1"));
    assert!(fault(&format!("0 {key}\n"), 0o600).contains("line 1"));
    assert!(fault(&format!("1 {key}\n1 {key}\n"), 0o600).contains("epoch 1 stands twice"));
    assert!(fault(&format!("1 {key}\n"), 0o644).contains("chmod 600"));
    assert!(RootKeys::read(&folder.path().join("none")).is_err());
    assert!(!fault(&format!("x {key}\n"), 0o600).contains(&key), "a message shows no key");
}

#[tokio::test]
async fn keys_are_destroyed_for_good_and_only_of_who_is_destroyed() {
    for world in worlds().await {
        let (me, other) = (world.person().await, world.person().await);
        for subject in [me, other] {
            world.vault.seal(PHONE, subject, world.row(), &"13800138000".parse().unwrap()).await.unwrap();
        }
        let journal = world.journal();
        assert!(matches!(world.vault.destroy_keys(me, &journal).await, Err(Error::NotDestroyed(_))));
        assert_eq!(count(&world).await, 2);
        world.db.write(move |tx| vault::change_standing(tx, me, Standing::Destroyed)).await.unwrap();
        for _ in 0..2 {
            world.vault.destroy_keys(me, &journal).await.unwrap();
        }
        assert_eq!(count(&world).await, 1, "another's key stays");
    }
}

#[tokio::test]
async fn neither_the_file_of_the_keys_nor_its_log_holds_a_key_that_was_destroyed() {
    let world = World::on_sqlite(Random::system()).await;
    let (me, other) = (world.person().await, world.person().await);
    let mut wrapped = Vec::new();
    for subject in [me, other] {
        world.phone(subject, world.row()).await;
        let sql = "SELECT wrapped FROM data_key WHERE subject = $1";
        let read = move |tx: &mut kit::db::Tx| tx.one(sql, values![subject], |row| row.next::<Vec<u8>>());
        wrapped.push(world.keys.read::<_, kit::db::Error>(read).await.unwrap());
    }
    let lies_anywhere = |part: &[u8]| {
        fs::read_dir(world.folder.path()).unwrap().any(|file| {
            let content = fs::read(file.unwrap().path()).unwrap();
            content.windows(part.len()).any(|window| window == part)
        })
    };
    assert!(lies_anywhere(&wrapped[0]) && lies_anywhere(&wrapped[1]), "the files are the right ones");
    world.db.write(move |tx| vault::change_standing(tx, me, Standing::Destroyed)).await.unwrap();
    world.vault.destroy_keys(me, &world.journal()).await.unwrap();
    assert!(!lies_anywhere(&wrapped[0]), "while the database is open");
    assert!(lies_anywhere(&wrapped[1]), "another's key stays");
}

#[tokio::test]
async fn what_the_law_keeps_opens_for_nobody_and_ends_on_its_own_date() {
    for world in moving_worlds().await {
        let (me, row) = (world.person().await, world.row());
        let phone = world.phone(me, row).await;
        let ip: Slot<Ip> = Slot::new("login_session", "ip");
        world.vault.seal(ip, me, row, &"127.0.0.1".parse().unwrap()).await.unwrap();
        assert_eq!(count(&world).await, 2);
        let erase = move |tx: &mut kit::db::Tx| {
            vault::change_standing(tx, me, Standing::Destroyed)?;
            let (now, later) = (tx.now(), tx.now().checked_add(SignedDuration::from_hours(1)).unwrap());
            Ok::<_, Error>((vault::hold_keys(tx, me, now)?, vault::hold_keys(tx, me, later)?))
        };
        let (held, again) = world.db.write(erase).await.unwrap();
        assert_eq!(held, again, "it counts from the first time");
        let ends: Vec<_> = held.iter().map(|one| (one.class.id(), one.until.to_string())).collect();
        let ends: Vec<_> = ends.iter().map(|(class, until)| (*class, &until[..10])).collect();
        assert_eq!(ends, [("netlog_6m", "2027-05-23"), ("evidence_3y", "2029-11-23")]);
        world.vault.destroy_keys(me, &world.journal()).await.unwrap();
        assert_eq!(classes(&world).await, ["netlog_6m"]);
        assert!(matches!(world.vault.open(&world.own(me), &phone).await, Err(Error::Refused(_))));
        world.clock.set(held[0].until.checked_sub(SignedDuration::from_secs(1)).unwrap());
        world.vault.destroy_keys(me, &world.journal()).await.unwrap();
        assert_eq!(classes(&world).await, ["netlog_6m"], "a second before its end");
        world.clock.set(held[0].until);
        world.vault.destroy_keys(me, &world.journal()).await.unwrap();
        assert_eq!(count(&world).await, 0);
    }
}

async fn classes(world: &World) -> Vec<String> {
    let sql = "SELECT class FROM data_key ORDER BY class";
    world.keys.read::<_, kit::db::Error>(move |tx| tx.all(sql, &[], |row| row.next())).await.unwrap()
}
