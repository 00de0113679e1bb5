//! Files that no row names are removed when they are old, and no others.

use crate::sourcing::{bid, draft, id, in_days, published, text};
use crate::world::World;
use app::app::{REGION, ROOMS};
use app::sweep;
use bytes::Bytes;
use jiff::SignedDuration;
use kit::blobs::BlobName;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

impl World {
    fn file(&self, name: &str) -> PathBuf {
        self.app.config().data_dir.join("blobs").join(REGION).join(&name[..2]).join(&name[2..])
    }

    /// Lets a file look as if it had been written so long ago.
    fn age(&self, name: &str, by: SignedDuration) {
        age(&self.file(name), by);
    }

    /// A file whose row never came.
    async fn orphan(&self) -> String {
        let name = BlobName::new(self.app.random());
        self.app.blobs().put(REGION, name, Bytes::from_static(b"nobody's")).await.unwrap();
        name.to_string()
    }

    async fn files(&self) -> BTreeSet<String> {
        self.app.blobs().list(REGION).await.unwrap().iter().map(ToString::to_string).collect()
    }
}

fn age(file: &Path, by: SignedDuration) {
    let file = File::options().append(true).open(file).unwrap();
    let written = file.metadata().unwrap().modified().unwrap();
    file.set_modified(written - by.unsigned_abs()).unwrap();
}

#[tokio::test]
async fn old_files_that_no_row_names_are_removed_and_all_others_stay() {
    let world = World::new().await;
    let (buyer, bidder) = (world.member("buyer").await, world.member("provider").await);
    // A document; an envelope too large for its row; after an opening, the file that was in an envelope.
    let (large, days) = (vec![7u8; 60_000], |days| in_days(&world, days));
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", "需求.pdf", b"%PDF")]).await.ok();
    let (_, opened) = published(&world, &buyer).await;
    let mut later = draft(&world);
    (later["questions_until"], later["deadline"]) = (days(20).into(), days(30).into());
    let (_, sealed) = crate::sourcing::published_as(&world, &buyer, later).await;
    for _ in 0..2 {
        bid(&world.member("provider").await, &opened, "200").await;
    }
    for lot in [&opened, &sealed] {
        let own = id();
        let fields = [("id", own.as_str()), ("price", "100"), ("delivery_days", "30")];
        bidder.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.pdf", &large)]).await.ok();
    }
    world.pass(SignedDuration::from_hours(24 * 11)).await;
    let named = world.files().await;
    assert_eq!(named.len(), 4, "a document, two envelopes, the file of one");
    let (old, young) = (world.orphan().await, world.orphan().await);
    let hour = SignedDuration::from_hours(1);
    named.iter().chain([&old]).for_each(|name| world.age(name, sweep::AGE + hour));
    world.age(&young, sweep::AGE - hour);
    // Of a put that was cut off.
    let [cut_off, under_way] = [&old, &young].map(|name| world.file(name).with_file_name(format!("{}#1", &name[2..])));
    for (file, by) in [(&cut_off, sweep::AGE + hour), (&under_way, sweep::AGE - hour)] {
        fs::write(file, "half").unwrap();
        age(file, by);
    }
    world.settle().await;
    assert!(world.files().await.contains(&old), "nobody looks before it is time");
    world.pass(sweep::EVERY).await;
    let mut left = named.clone();
    left.insert(young.clone());
    assert_eq!(world.files().await, left);
    assert_eq!((cut_off.exists(), under_way.exists()), (false, true));
    // Whatever clock the program has: a file is as old as the machine that wrote it says.
    world.pass(SignedDuration::from_hours(24 * 30)).await;
    assert_eq!(world.files().await, left);
}

#[tokio::test]
async fn of_many_old_files_each_is_looked_for() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    for n in 0..15u8 {
        let name = format!("{n}.pdf");
        buyer.upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", &name, &[n])]).await.ok();
    }
    let named = world.files().await;
    for _ in 0..150 {
        world.orphan().await;
    }
    let all = world.files().await;
    assert_eq!((named.len(), all.len()), (15, 165));
    all.iter().for_each(|name| world.age(name, sweep::AGE * 2));
    world.pass(sweep::EVERY).await;
    assert_eq!(world.files().await, named);
}

/// A table that is forgotten would lose its files.
#[test]
fn every_table_that_names_files_is_told_by_a_room() {
    let mut named = BTreeSet::new();
    for step in app::app::migrations() {
        let added = step.sql.lines().filter_map(|line| line.strip_suffix(" ADD COLUMN blob TEXT;"));
        let tables: Vec<_> = added.map(|line| line.trim_start_matches("ALTER TABLE ").to_owned()).collect();
        assert_eq!(step.sql.matches("ADD COLUMN blob").count(), tables.len(), "{}: teach this test", step.name);
        named.extend(tables);
        for table in step.sql.split("CREATE TABLE ").skip(1) {
            let (name, rest) = table.split_once(" (").unwrap();
            let columns = rest.split("\n);").next().unwrap();
            if columns.lines().any(|line| line.trim_start().starts_with("blob ")) {
                named.insert(name.to_owned());
            }
        }
    }
    let told: BTreeSet<_> = ROOMS.iter().flat_map(|room| room.files).map(|table| (*table).to_owned()).collect();
    assert_eq!(named, told);
}
