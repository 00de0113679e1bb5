//! Regions that are buckets: a file lies in its own and nowhere else, a store that is away loses nothing, and what was backed
//! up comes back.

use super::weed::{Weed, below, program};
use super::{choose, documented, files, folder};
use crate::backup::taken;
use crate::sourcing::{id, published};
use crate::world::{Browser, World};
use app::restore::{Order, restore};
use bytes::Bytes;
use kit::blobs::{BlobName, Blobs, Error};
use kit::random::Random;
use serde_json::json;
use std::os::unix::fs::MetadataExt;

/// Two stores, and a world whose regions they are; `default` is a folder.
async fn stage() -> Option<(World, Weed, Weed)> {
    let program = program()?;
    // One after the other: until the first listens, the second would find the same ports.
    let north = Weed::start(&program).await;
    let south = Weed::start(&program).await;
    let regions =
        vec![folder("default"), north.region("north", "ziyun-north").await, south.region("south", "ziyun-south").await];
    let world = World::configured(|config| config.data_regions = regions).await;
    Some((world, north, south))
}

/// Bytes that no store can make smaller and nobody else writes.
fn canary() -> Vec<u8> {
    Random::system().bytes::<96>().to_vec()
}

#[tokio::test]
async fn a_documents_bytes_are_found_in_its_region_alone() {
    let Some((world, north, south)) = stage().await else { return };
    let (buyer, other, bidder) =
        (world.member("buyer").await, world.member("buyer").await, world.member("provider").await);
    choose(&buyer, "north", "default").await.ok();
    choose(&other, "south", "default").await.ok();
    let (ours, theirs) = (canary(), canary());
    let (_, document) = documented(&world, &buyer, &ours).await;
    documented(&world, &other, &theirs).await;
    for (bytes, here, elsewhere) in [(&ours, &north, &south), (&theirs, &south, &north)] {
        assert!(here.holds(bytes), "not there");
        assert!(!elsewhere.holds(bytes), "elsewhere");

        assert!(!below(world.folder.path(), bytes), "neither on the machine that serves");
    }
    assert_eq!(buyer.get(&document).await.ok().text, String::from_utf8_lossy(&ours));
    let (_, lot) = published(&world, &buyer).await;
    let (own, large) = (id(), canary().repeat(1000));
    let fields = [("id", own.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", &large)]).await.ok();
    assert_eq!([files(&world, "default").await.len(), files(&world, "north").await.len()], [0, 2], "an envelope too");
    assert!(!north.holds(&large[..96]), "sealed");
    buyer.post(&format!("{document}/removal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!(files(&world, "north").await.len(), 1);
}

#[tokio::test]
async fn a_store_that_is_away_loses_nothing_and_stops_nobody_elsewhere() {
    let Some((world, mut north, _south)) = stage().await else { return };
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    choose(&buyer, "north", "default").await.ok();
    choose(&other, "south", "default").await.ok();
    let (tender, document) = documented(&world, &buyer, b"kept before").await;
    north.kill();
    let path = format!("/tenders/{tender}/documents");
    let upload =
        async |browser: &Browser| browser.upload(&path, &[], &[("documents", "b.bin", b"brought later")]).await;
    let refusal = upload(&buyer).await;
    assert_eq!((refusal.status.as_u16(), refusal.code()), (503, "busy".into()));
    assert_eq!(buyer.get(&document).await.status, 503);
    documented(&world, &other, b"elsewhere").await;
    north.run().await;
    let detail = buyer.get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(detail["documents"].as_array().unwrap().len(), 1, "no row without its file");
    assert_eq!(buyer.get(&document).await.ok().text, "kept before");
    upload(&buyer).await.ok();
}

#[tokio::test]
async fn a_bucket_keeps_what_a_folder_keeps() {
    let Some(program) = program() else { return };
    let weed = Weed::start(&program).await;
    let bucket = weed.region("north", "ziyun-rules").await.bucket.unwrap().open().unwrap();
    assert!(!format!("{bucket:?}").contains("not-a-secret"));
    let root = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(root.path(), [("north", Some(&bucket))]).unwrap();
    let name = BlobName::new(&Random::seeded(1));
    assert!(!blobs.has("north", name).await.unwrap());
    assert!(matches!(blobs.get("north", name).await, Err(Error::Missing { .. })));
    blobs.put("north", name, Bytes::from_static(b"first")).await.unwrap();
    assert!(matches!(blobs.put("north", name, Bytes::from_static(b"second")).await, Err(Error::Exists { .. })));
    assert_eq!(blobs.get("north", name).await.unwrap(), "first");
    assert_eq!((blobs.has("north", name).await.unwrap(), blobs.list("north").await.unwrap()), (true, vec![name]));
    let later = "2099-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(blobs.older("north", later).await.unwrap(), [name]);
    assert_eq!(blobs.remove_cut_off("north", later).await.unwrap(), 0);
    for _ in 0..2 {
        blobs.delete("north", name).await.unwrap();
    }
    assert!(blobs.list("north").await.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0, "no folder is made for it");
}

#[tokio::test]
async fn what_lies_in_buckets_is_backed_up_once_and_restored_into_empty_ones() {
    let Some((world, north, _south)) = stage().await else { return };
    let buyer = world.member("buyer").await;
    choose(&buyer, "north", "default").await.ok();
    let (_, document) = documented(&world, &buyer, b"kept").await;
    let (data, _) = taken(&world).await;
    documented(&world, &buyer, b"came later").await;
    let (again, keys) = taken(&world).await;
    let name = files(&world, "north").await;
    let copied = |folder: &std::path::Path| -> Vec<u64> {
        let of = |name: &String| kit::blobs::place(&folder.join("blobs"), "north", name.parse().unwrap());
        name.iter().filter_map(|name| Some(of(name).metadata().ok()?.ino())).collect()
    };
    let (first, second) = (copied(&data.folder), copied(&again.folder));
    assert_eq!((first.len(), second.len()), (1, 2));
    assert!(second.contains(&first[0]), "what an earlier back-up has is not fetched again");

    let there = crate::backup::elsewhere::Elsewhere::new(&world).await;
    let refused = there.restore(&again, Some(&keys)).await.unwrap_err().to_string();
    assert!(refused.contains("region north") && refused.contains("data_regions"), "{refused}");
    let mut config = there.config.clone();
    config.data_regions = vec![folder("default"), north.region("north", "ziyun-north-restored").await];
    let order = Order { data: again.folder.clone(), keys: Some(keys.folder.clone()), journal_lost: false };
    restore(&config, &order, &world.clock, &Random::seeded(4)).await.unwrap();
    let served = there.serve_as(config).await;
    let browser = served.visitor();
    browser.sign_in(&buyer.phone, crate::people::PASSWORD).await.ok();
    assert_eq!(browser.get(&document).await.ok().text, "kept");
    assert_eq!(files(&served, "north").await, files(&world, "north").await);
}

#[tokio::test]
async fn a_doctor_tells_a_sound_bucket_from_one_with_other_keys_and_from_one_that_is_away() {
    let Some((world, mut north, _south)) = stage().await else { return };
    let buyer = world.member("buyer").await;
    choose(&buyer, "north", "default").await.ok();
    documented(&world, &buyer, b"kept").await;
    let before = files(&world, "north").await;
    let told = async || {
        let mut command = crate::failure::program::on(&world, &["doctor"]);
        let regions: Vec<_> = world.app.config().data_regions.iter().map(ToString::to_string).collect();
        command.env("ZIYUN_DATA_REGIONS", regions.join(" | "));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let sound = told().await;
    assert!(sound.lines().any(|line| line.starts_with("ok    buckets") && line.contains("region north")), "{sound}");
    assert!(sound.contains("the newest 1 are there") && !sound.contains("not-a-secret"), "{sound}");
    assert_eq!(files(&world, "north").await, before, "what it tried is gone");
    let keys = north.folder.path().join("keys");
    let right = std::fs::read(&keys).unwrap();
    std::fs::write(&keys, "ziyun-test\nanother").unwrap();
    let wrong = told().await;
    assert!(wrong.lines().any(|line| line.starts_with("FAIL  buckets") && line.contains("region north")), "{wrong}");
    std::fs::write(&keys, right).unwrap();
    north.kill();
    let away = told().await;
    assert!(away.lines().any(|line| line.starts_with("FAIL  buckets") && line.contains("region north")), "{away}");
}
