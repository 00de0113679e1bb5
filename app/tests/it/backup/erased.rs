//! Attacks with old back-ups: of data and of keys from before an erasure, without the journal, with other keys.

use super::elsewhere::{Elsewhere, order};
use super::taken;
use crate::people::PASSWORD;
use crate::world::World;
use app::app::App;
use app::identity::account::erase;
use app::restore::own_keys;
use kit::id::Id;
use kit::random::Random;
use std::fs;
use vault::Subject;

/// The person of a member's account, erased for good.
async fn erased(world: &World, phone: &str) -> Id<Subject> {
    let browser = world.visitor();
    browser.sign_in(phone, PASSWORD).await.ok();
    let sql = "SELECT a.subject FROM login_session s JOIN account a ON a.id = s.account \
               ORDER BY s.created_at DESC, s.id DESC LIMIT 1";
    let subject = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap();
    world.app.db().write(move |tx| erase(tx, subject)).await.unwrap();
    world.settle().await;
    subject
}

async fn keys(app: &App, subject: Id<Subject>) -> i64 {
    // What the law has kept stays shut until its own date.
    let sql = "SELECT count(*) FROM data_key WHERE subject = $1 AND class = 'operational'";
    let count = move |tx: &mut kit::db::Tx| tx.one(sql, kit::values![subject], |row| row.next());
    app.keys().read::<_, kit::db::Error>(count).await.unwrap()
}

#[tokio::test]
async fn older_keys_bring_nobody_back() {
    let world = World::new().await;
    let (leaving, staying) = (world.member("buyer").await, world.member("provider").await);
    let (data, old_keys) = taken(&world).await;
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let subject = erased(&world, &leaving.phone).await;
    assert_eq!(keys(&world.app, subject).await, 0);

    // Both older than the erasure.
    let there = Elsewhere::new(&world).await;
    let restored = there.restore(&data, Some(&old_keys)).await.unwrap();
    assert_eq!((restored.erased, restored.buried), (1, 1));
    let there = there.serve().await;
    assert_eq!(keys(&there.app, subject).await, 0, "no key of theirs is left, before any job has run");
    assert_eq!(there.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1);
    let back = there.visitor();
    back.sign_in(&leaving.phone, PASSWORD).await;
    let page = back.page("/me").await;
    assert!(!page.status.is_success() && !page.text.contains(&leaving.phone[7..]), "{}", page.text);
    let stays = there.visitor();
    stays.sign_in(&staying.phone, PASSWORD).await.ok();
    assert!(stays.page("/me").await.ok().text.contains(&staying.phone[7..]), "the living are readable");
    there.settle().await;

    // Only the keys older: the data know of the erasure.
    let (new_data, _) = taken(&world).await;
    let there = Elsewhere::new(&world).await;
    let restored = there.restore(&new_data, Some(&old_keys)).await.unwrap();
    assert_eq!((restored.erased, restored.buried), (0, 1));
    assert!(restored.warnings.iter().any(|one| one.contains("older than that of the data")), "{:?}", restored.warnings);
    assert_eq!(keys(&there.serve().await.app, subject).await, 0);
}

#[tokio::test]
async fn without_the_journal_nothing_is_restored_until_somebody_answers_for_it() {
    let world = World::new().await;
    let leaving = world.member("buyer").await;
    let (data, old_keys) = taken(&world).await;
    erased(&world, &leaving.phone).await;
    let there = Elsewhere::new(&world).await;
    fs::remove_file(&there.config.tombstone_journal).unwrap();
    let refused = there.restore(&data, Some(&old_keys)).await.unwrap_err().to_string();
    assert!(refused.contains("tombstones.jsonl is not there") && refused.contains("--journal-lost"), "{refused}");
    assert!(!there.config.data_dir.exists(), "nothing was touched");
    let mut lost = order(&data, Some(&old_keys));
    lost.journal_lost = true;
    let restored = there.ordered(&lost).await.unwrap();
    assert!(restored.warnings.iter().any(|one| one.contains("has to be erased again")), "{:?}", restored.warnings);
    let there = there.serve().await;
    assert_eq!(there.count("SELECT journal_lost FROM restoration").await, 1, "it stays on record");
}

#[tokio::test]
async fn keys_that_are_gone_or_of_another_installation_stop_the_start() {
    let world = World::new().await;
    world.member("buyer").await;
    let (data, _) = taken(&world).await;
    let other = World::new().await;
    let (_, foreign) = taken_as(&other).await;
    let there = Elsewhere::new(&world).await;
    let refused = there.restore(&data, Some(&foreign)).await.unwrap_err().to_string();
    assert!(refused.contains("another installation's"), "{refused}");
    let gone = there.restore(&data, None).await.unwrap_err().to_string();
    assert!(gone.contains("keys.db is not there") && gone.contains("--keys-from"), "{gone}");
    // A root key of another installation, and none at all.
    fs::remove_file(&there.config.root_key_file).unwrap();
    let rootless = there.restore(&data, None).await.unwrap_err().to_string();
    assert!(rootless.contains("root.key"), "{rootless}");
    // The running installation with its key database moved away: new keys would be made and mixed with the old.
    own_keys(&world.app).await.unwrap();
    let mut config = world.app.config().clone();
    let elsewhere = tempfile::tempdir().unwrap();
    config.key_database_url = format!("sqlite:{}/keys.db", elsewhere.path().display());
    config.node_dir = elsewhere.path().join("node");
    let app = App::open(config, world.clock.clone(), Random::seeded(9), &[]).await.unwrap();
    let refused = own_keys(&app).await.map_err(|error| error.to_string());
    assert!(
        refused.as_ref().is_err_and(|why| why.contains("not the one that this database was made with")),
        "{refused:?}"
    );
}

/// Of an installation with secrets of its own: worlds draw the same random numbers.
async fn taken_as(world: &World) -> (app::backup::Taken, app::backup::Taken) {
    let (data, mut keys) = taken(world).await;
    keys.manifest.installation = "of another".into();
    keys.manifest.write(&keys.folder).unwrap();
    (data, keys)
}
