//! Where files lie: in the data centre that their company chose, and in no other; folders here, buckets in [`s3`].

mod s3;
mod weed;

use crate::account::refused;
use crate::backup::elsewhere::Elsewhere;
use crate::backup::taken;
use crate::colleague::colleague;
use crate::people::PASSWORD;
use crate::sourcing::{after, bid, draft, id, published, text};
use crate::verification::{CASE, give, photo};
use crate::world::{Answer, Browser, World};
use app::config::{BucketAt, Config, DataRegion};
use app::restore::{Order, restore};
use kit::blobs::{BlobName, place};
use kit::random::Random;
use policy::Versions;
use serde_json::json;
use std::collections::BTreeSet;

const PLACE: &str = "/company/data-region";

/// A region that is a folder.
pub fn folder(name: &str) -> DataRegion {
    DataRegion { name: name.into(), zh: format!("{name} 数据中心"), en: format!("Centre {name}"), bucket: None }
}

/// Files in a bucket of this host, which nobody asks for anything.
pub fn with_bucket(config: &mut Config, host: &str) {
    let secret_file = config.key_dir.join("bucket");
    std::fs::create_dir_all(&config.key_dir).unwrap();
    std::fs::write(&secret_file, "id\nsecret\n").unwrap();
    let endpoint = format!("https://{host}/").parse().unwrap();
    let bucket = BucketAt { endpoint, name: "ziyun".into(), region: "cn-north-1".into(), secret_file };
    config.data_regions = vec![DataRegion { bucket: Some(bucket), ..folder("default") }];
}

async fn world() -> World {
    World::configured(|config| config.data_regions = ["default", "north", "south"].map(folder).to_vec()).await
}

pub async fn choose(owner: &Browser, region: &str, seen: &str) -> Answer {
    owner.post(PLACE, json!({ "region": region, "seen": seen })).await
}

/// The names of the files in a region.
pub async fn files(world: &World, region: &str) -> BTreeSet<String> {
    world.app.blobs().list(region).await.unwrap().iter().map(ToString::to_string).collect()
}

/// How many files are in each of these regions.
async fn counts<const N: usize>(world: &World, regions: [&str; N]) -> [usize; N] {
    let mut counts = [0; N];
    for (count, region) in counts.iter_mut().zip(regions) {
        *count = files(world, region).await.len();
    }
    counts
}

const ALL: [&str; 3] = ["default", "north", "south"];

/// A draft with one document: the tender, and the document's address.
pub async fn documented(world: &World, buyer: &Browser, content: &[u8]) -> (String, String) {
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", "需求.bin", content)]).await.ok();
    let detail = buyer.get(&format!("/tenders/{tender}")).await.ok().json();
    (tender, format!("/documents/{}", text(&detail["documents"][0], "id")))
}

#[tokio::test]
async fn an_owner_chooses_among_what_is_configured_and_everybody_of_the_company_sees_it() {
    let world = world().await;
    let owner = world.member("both").await;
    let shown = owner.get(PLACE).await.ok().json();
    assert_eq!((&shown["chosen"], shown["centres"].as_array().unwrap().len()), (&json!("default"), 3));
    let page = owner.page(PLACE).await.ok().text;
    assert!(page.contains("north 数据中心") && !page.contains('⟦'), "{page}");
    for wrong in ["east", "../north", "North"] {
        refused(&choose(&owner, wrong, "default").await, "region", "choice");
    }
    refused(&owner.post(PLACE, json!({ "seen": "default" })).await, "region", "required");
    assert_eq!(choose(&owner, "north", "default").await.ok().json()["chosen"], "north");
    choose(&owner, "north", "default").await.ok();
    let stale = choose(&owner, "south", "default").await;
    assert_eq!((stale.status.as_u16(), stale.code()), (412, "stale".into()), "another window has chosen meanwhile");
    let bidder = colleague(&world, &owner, &["bidder"]).await;
    let seen = bidder.get(PLACE).await.ok().json();
    assert_eq!((&seen["chosen"], &seen["may_choose"]), (&json!("north"), &json!(false)));
    assert!(!bidder.page(PLACE).await.ok().text.contains("<form class=\"form\""));
    assert_eq!(choose(&bidder, "south", "north").await.status, 403);
    let other = world.member("buyer").await;
    assert_eq!(other.get(PLACE).await.ok().json()["chosen"], "default", "another company's choice is its own");
}

#[tokio::test]
async fn documents_envelopes_and_pages_lie_in_the_chosen_region_and_in_no_other() {
    let world = world().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    choose(&buyer, "north", "default").await.ok();
    choose(&bidder, "south", "default").await.ok();
    let (_, document) = documented(&world, &buyer, b"%PDF the need").await;
    assert_eq!(counts(&world, ALL).await, [0, 1, 0]);
    let (_, lot) = published(&world, &buyer).await;
    let (own, large) = (id(), vec![7u8; 60_000]);
    let fields = [("id", own.as_str()), ("price", "100"), ("delivery_days", "30")];
    bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", &large)]).await.ok();
    assert_eq!(counts(&world, ALL).await, [0, 2, 0], "where its bidder keeps its own files would tell who bids");
    for yuan in ["200", "300"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    assert_eq!(counts(&world, ALL).await, [0, 3, 0], "the file of the envelope");
    let begun = world.applicant(&crate::people::Applicant::new("provider")).await;
    choose(&begun, "south", "default").await.ok();
    give(&begun, "licence", &photo()).await.ok();
    assert_eq!(counts(&world, ALL).await, [0, 3, 1]);

    // Another choice moves nothing: what is there stays readable, and goes from where it is.
    let buyer = world.again(&buyer).await;
    choose(&buyer, "south", "north").await.ok();
    assert_eq!(buyer.get(&document).await.ok().text, "%PDF the need");
    documented(&world, &buyer, b"%PDF another").await;
    assert_eq!(counts(&world, ALL).await, [0, 3, 2]);
    buyer.post(&format!("{document}/removal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!(counts(&world, ALL).await, [0, 2, 2]);
    assert_eq!(begun.get(CASE).await.ok().json()["case"]["steps"][0]["pages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_region_that_is_configured_no_more_loses_nothing_and_takes_nothing() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    choose(&buyer, "north", "default").await.ok();
    let (tender, document) = documented(&world, &buyer, b"%PDF the need").await;
    let node = tempfile::tempdir().unwrap();
    let mut config = world.app.config().clone();
    config.node_dir = node.path().join("node");
    config.data_regions.retain(|region| region.name != "north");
    let made = (world.clock.clone(), Random::seeded(2));
    let without = World::of(Versions::COMPILED, node, config, made, Vec::new()).await;
    let there = buyer.at(&without);
    let path = format!("/tenders/{tender}/documents");
    let refusal = there.upload(&path, &[], &[("documents", "a.pdf", b"%PDF 2")]).await;
    assert_eq!((refusal.status.as_u16(), refusal.code()), (503, "busy".into()));
    assert_eq!(there.get(&document).await.status, 503);
    choose(&there, "south", "north").await.ok();
    there.upload(&path, &[], &[("documents", "a.pdf", b"%PDF 2")]).await.ok();
    assert_eq!(buyer.get(&document).await.ok().text, "%PDF the need");
}

#[tokio::test]
async fn files_without_a_row_are_swept_in_every_region() {
    let world = world().await;
    for region in ALL {
        let name = BlobName::new(world.app.random());
        world.app.blobs().put(region, name, "nobody's".into()).await.unwrap();
        let file = place(world.app.blobs().root(), region, name);
        let file = std::fs::File::options().append(true).open(file).unwrap();
        let written = file.metadata().unwrap().modified().unwrap();
        file.set_modified(written - app::sweep::AGE.unsigned_abs() * 2).unwrap();
    }
    world.pass(app::sweep::EVERY).await;
    assert_eq!(counts(&world, ALL).await, [0, 0, 0]);
}

#[tokio::test]
async fn all_regions_are_backed_up_and_come_back_into_those_that_are_named() {
    let world = world().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    choose(&buyer, "north", "default").await.ok();
    let (_, document) = documented(&world, &buyer, b"in the north").await;
    documented(&world, &other, b"at home").await;
    let (data, keys) = taken(&world).await;
    let there = Elsewhere::new(&world).await;
    let refused = there.restore(&data, Some(&keys)).await.unwrap_err().to_string();
    assert!(refused.contains("region north") && refused.contains("data_regions"), "{refused}");
    let mut config = there.config.clone();
    config.data_regions = ["default", "north"].map(folder).to_vec();
    let order = Order { data: data.folder.clone(), keys: Some(keys.folder.clone()), journal_lost: false };
    restore(&config, &order, &world.clock, &Random::seeded(4)).await.unwrap();
    let served = there.serve_as(config).await;
    assert_eq!(counts(&served, ["default", "north"]).await, [1, 1]);
    let browser = served.visitor();
    browser.sign_in(&buyer.phone, PASSWORD).await.ok();
    assert_eq!(browser.get(&document).await.ok().text, "in the north");
}
