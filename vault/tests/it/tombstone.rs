//! Tombstones, in the table and in the journal.

use std::{fs, thread};

use jiff::Timestamp;
use kit::values;
use vault::{
    Error, Id, Standing, Subject,
    tombstone::{self, Journal, JournalError, Tombstone},
};

use crate::world::{PHONE, World, worlds};

fn stone(number: u8) -> Tombstone {
    let at = Timestamp::from_microsecond(1_700_000_000_000_000 + i64::from(number)).unwrap();
    Tombstone { subject: Id::from_bytes([number; 16]), at }
}

async fn keys(world: &World, subject: Id<Subject>) -> i64 {
    let sql = "SELECT count(*) FROM data_key WHERE subject = $1";
    world.keys.read::<_, kit::db::Error>(move |tx| tx.one(sql, values![subject], |row| row.next())).await.unwrap()
}

#[tokio::test]
async fn no_key_goes_before_the_journal_has_the_tombstone() {
    for world in worlds().await {
        let me = world.person().await;
        world.phone(me, world.row()).await;
        world.db.write(move |tx| vault::change_standing(tx, me, Standing::Destroyed)).await.unwrap();
        let set = world.db.read(move |tx| tombstone::find(tx, me)).await.unwrap().unwrap();
        let nowhere = Journal::at(world.folder.path().join("no/such/folder.jsonl"));
        let refused = world.vault.destroy_keys(me, &nowhere).await;
        assert!(matches!(refused, Err(Error::Journal(_))), "{refused:?}");
        assert_eq!(keys(&world, me).await, 1, "the key stays until its end can be told");
        world.vault.destroy_keys(me, &world.journal()).await.unwrap();
        assert_eq!((keys(&world, me).await, world.journal().read().unwrap()), (0, vec![set]));
    }
}

#[tokio::test]
async fn who_is_blocked_has_none_and_the_first_instant_holds() {
    for world in worlds().await {
        let me = world.person().await;
        world.vault.seal(PHONE, me, world.row(), &"13800138000".parse().unwrap()).await.unwrap();
        let block = move |tx: &mut kit::db::Tx| vault::change_standing(tx, me, Standing::Blocked);
        world.db.write(block).await.unwrap();
        assert_eq!(world.db.read(move |tx| tombstone::find(tx, me)).await.unwrap(), None);
        let first = Tombstone { subject: me, at: stone(1).at };
        world.db.write(move |tx| first.set(tx)).await.unwrap();
        world.db.write(move |tx| vault::change_standing(tx, me, Standing::Destroyed)).await.unwrap();
        assert_eq!(world.db.read(move |tx| tombstone::find(tx, me)).await.unwrap(), Some(first));
    }
}

#[test]
fn a_torn_last_line_was_never_acknowledged_and_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("tombstones.jsonl"));
    assert!(matches!(journal.read(), Err(JournalError::Missing(_))));
    journal.append(&[stone(1), stone(2)]).unwrap();
    let whole = fs::read(journal.path()).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in first..whole.len() {
        fs::write(journal.path(), &whole[..cut]).unwrap();
        assert_eq!(journal.read().unwrap(), [stone(1)], "cut at {cut}");
        journal.append(&[stone(3)]).unwrap();
        assert_eq!(journal.read().unwrap(), [stone(1), stone(3)], "cut at {cut}");
    }
    for cut in 0..first {
        fs::write(journal.path(), &whole[..cut]).unwrap();
        journal.append(&[stone(3)]).unwrap();
        assert_eq!(journal.read().unwrap(), [stone(3)], "cut at {cut}");
    }
}

#[test]
fn whatever_is_changed_in_a_whole_line_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("tombstones.jsonl"));
    journal.append(&[stone(1), stone(2), stone(3)]).unwrap();
    let whole = fs::read(journal.path()).unwrap();
    let lines: Vec<_> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    for at in 0..lines[1].len() - 1 {
        let mut changed = whole.clone();
        changed[lines[0].len() + at] ^= 1;
        fs::write(journal.path(), &changed).unwrap();
        let found = journal.read();
        assert!(matches!(found, Err(JournalError::Damaged { line: 2 | 3, .. })), "byte {at}: {found:?}");
    }
    // Without any end of line it is no torn line either.
    fs::write(journal.path(), "x".repeat(5000)).unwrap();
    assert!(matches!(journal.read(), Err(JournalError::Damaged { line: 1, .. })));
    assert!(journal.append(&[stone(4)]).is_err());
}

#[test]
fn those_who_append_at_the_same_time_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("tombstones.jsonl"));
    thread::scope(|scope| {
        for writer in 0..8_u8 {
            let journal = journal.clone();
            scope.spawn(move || (0..16).for_each(|n| journal.append(&[stone(writer * 16 + n)]).unwrap()));
        }
    });
    let mut read = journal.read().unwrap();
    read.sort_by_key(|one| one.at);
    assert_eq!(read, (0..128).map(stone).collect::<Vec<_>>());
}
