//! Back-ups: whole, apart, restored elsewhere, and nobody who was erased comes back with them.

mod command;
mod damage;
pub mod elsewhere;
mod erased;

use crate::people::PASSWORD;
use crate::sourcing::{draft, id, in_days, published_as, text};
use crate::world::World;
use app::backup::{Source, Taken};
use app::restore::{Restored, own_keys, restore};
use elsewhere::Elsewhere;

/// Data and keys of a world, in two folders below its own.
pub async fn taken(world: &World) -> (Taken, Taken) {
    own_keys(&world.app).await.unwrap();
    let (source, below) = (Source::of(&world.app), |name| world.folder.path().join(name));
    let data = source.data(&below("backup-data")).await.unwrap();
    (data, source.keys(&below("backup-keys")).await.unwrap())
}

#[tokio::test]
async fn what_was_backed_up_is_served_elsewhere_with_its_people_and_files() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    buyer
        .upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", "需求.pdf", b"%PDF the need")])
        .await
        .ok();
    let mut later = draft(&world);
    (later["questions_until"], later["deadline"]) = (in_days(&world, 20).into(), in_days(&world, 30).into());
    let (_, lot) = published_as(&world, &buyer, later).await;
    let (own, large) = (id(), vec![7u8; 60_000]);
    let fields = [("id", own.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", &large)]).await.ok();
    // A file that no row names is not backed up.
    let orphan = kit::blobs::BlobName::new(world.app.random());
    world.app.blobs().put(app::app::REGION, orphan, bytes::Bytes::from_static(b"nobody's")).await.unwrap();
    let (data, keys) = taken(&world).await;
    assert_eq!(std::fs::read_to_string(data.folder.join("files")).unwrap().lines().count(), 2);
    let there = Elsewhere::new(&world).await;
    let Restored { erased, buried, warnings, .. } = there.restore(&data, Some(&keys)).await.unwrap();
    assert_eq!((erased, buried, warnings), (0, 0, vec![]));
    let restored = there.serve().await;
    // Row by row it is the same, but for the sessions that were ended.
    let second = Source::of(&restored.app).data(&restored.folder.path().join("again")).await.unwrap();
    for (one, other) in data.manifest.tables.iter().zip(&second.manifest.tables) {
        assert_eq!((&one.name, &one.columns), (&other.name, &other.columns));
        if one.name != "login_session" {
            assert_eq!((one.rows, &one.sum), (other.rows, &other.sum), "{}", one.name);
        }
    }
    assert_eq!(buyer.at(&restored).get("/me").await.status.as_u16(), 401, "nobody stays signed in");
    let again = restored.visitor();
    again.sign_in(&buyer.phone, PASSWORD).await.ok();
    assert!(again.page("/me").await.ok().text.contains(&buyer.phone[7..]), "the phone number opens");
    let detail = again.get(&format!("/tenders/{tender}")).await.ok().json();
    let document = detail["documents"][0]["id"].as_str().unwrap_or_else(|| panic!("{detail}")).to_owned();
    let file = again.get(&format!("/documents/{document}")).await.ok();
    assert_eq!(file.text, "%PDF the need");
    restored.until(crate::sourcing::after(restored.clock.now(), 31)).await;
    let opened = restored.count("SELECT count(*) FROM lot WHERE state = 'failed'").await;
    assert!(opened > 0, "time goes on: a lot with one bid fails at its deadline");
}

/// From a database server to an embedded database, where there is a server; else as ever.
#[tokio::test]
async fn what_one_engine_gave_the_other_takes() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    published_as(&world, &buyer, draft(&world)).await;
    let (data, keys) = taken(&world).await;
    let there = Elsewhere::embedded(&world).await;
    there.restore(&data, Some(&keys)).await.unwrap();
    let restored = there.serve().await;
    let again = restored.visitor();
    again.sign_in(&buyer.phone, PASSWORD).await.ok();
    assert!(again.page("/me").await.ok().text.contains(&buyer.phone[7..]));
    restored.settle().await;
    assert_eq!(restored.visitor().get("/notices").await.ok().json()["notices"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn only_an_empty_target_is_taken_and_it_is_named() {
    let world = World::new().await;
    world.member("buyer").await;
    let (data, keys) = taken(&world).await;
    let there = Elsewhere::new(&world).await;
    let restored = there.restore(&data, Some(&keys)).await;
    assert!(restored.is_ok(), "{restored:?}");
    let again = there.restore(&data, None).await.unwrap_err().to_string();
    assert!(again.contains("main database is not empty"), "{again}");
    let mut other = Elsewhere::new(&world).await;
    other.config.key_database_url = there.config.key_database_url.clone();
    let full = other.restore(&taken(&world).await.0, Some(&taken(&world).await.1)).await.unwrap_err().to_string();
    assert!(full.contains("key database is not empty"), "{full}");
    let name = "ab".repeat(16);
    let stranger = kit::blobs::place(&other.config.data_dir.join("blobs"), app::app::REGION, name.parse().unwrap());
    std::fs::create_dir_all(stranger.parent().unwrap()).unwrap();
    std::fs::write(&stranger, "of another").unwrap();
    let foreign = other.restore(&data, None).await.unwrap_err().to_string();
    assert!(foreign.contains(&stranger.display().to_string()), "{foreign}");
    std::fs::remove_file(&stranger).unwrap();
    other.restore(&data, None).await.unwrap();
}

#[tokio::test]
async fn killed_in_the_middle_it_is_not_served_and_the_same_command_goes_on() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (data, keys) = taken(&world).await;
    let there = Elsewhere::new(&world).await;
    // As if it had ended after the keys: a file in its way stops it there.
    let name = "cd".repeat(16);
    let stranger = kit::blobs::place(&there.config.data_dir.join("blobs"), app::app::REGION, name.parse().unwrap());
    std::fs::create_dir_all(stranger.parent().unwrap()).unwrap();
    std::fs::write(&stranger, "in the way").unwrap();
    assert!(there.restore(&data, Some(&keys)).await.is_err());
    std::fs::remove_file(&stranger).unwrap();
    there.restore(&data, Some(&keys)).await.unwrap();
    // As if it had ended after the main database.
    let restored = there.serve().await;
    let half = "UPDATE restoration SET replayed_at = NULL";
    restored.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(half, &[])).await.unwrap();
    let refused = app::restore::check_restored(&restored.app).await.unwrap_err().to_string();
    assert!(refused.contains("run the same `ziyun restore` once more"), "{refused}");
    let (folder, config) = restored.close().await;
    let order = elsewhere::order(&data, Some(&keys));
    restore(&config, &order, &world.clock, world.app.random()).await.unwrap();
    let restored = World::of(
        policy::Versions::COMPILED,
        folder,
        config,
        (world.clock.clone(), kit::random::Random::seeded(3)),
        there.databases(),
    )
    .await;
    app::restore::check_restored(&restored.app).await.unwrap();
    restored.visitor().sign_in(&buyer.phone, PASSWORD).await.ok();
}
