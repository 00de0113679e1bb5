//! Stores beside the databases: the search index of a node, and the outbox.

use super::program::{Program, node, until};
use crate::people::Applicant;
use crate::sourcing::{draft, published_as};
use crate::world::{Browser, World, server};
use jiff::SignedDuration;
use kit::clock::Clock;
use serde_json::json;
use std::path::{Path, PathBuf};

/// The files below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// How many notices a search finds.
async fn found(visitor: &Browser, words: &str) -> usize {
    let answer = visitor.get(&format!("/notices?words={words}")).await.ok().json();
    answer["notices"].as_array().map_or(0, Vec::len)
}

/// What happens to a folder.
type Damage = fn(&Path);

const DAMAGES: [(&str, Damage); 4] = [
    ("the folder is gone", |search| std::fs::remove_dir_all(search).unwrap()),
    ("each file is half as long", |search| {
        for path in below(&search.join("files")) {
            let content = std::fs::read(&path).unwrap();
            std::fs::write(&path, &content[..content.len() / 2]).unwrap();
        }
    }),
    ("a byte of each file of a segment is another", |search| {
        let files = below(&search.join("files"));
        let segments =
            files.iter().filter(|path| !path.extension().is_some_and(|kind| kind == "json" || kind == "lock"));
        for path in segments {
            let mut content = std::fs::read(path).unwrap();
            if let Some(byte) = content.get_mut(3) {
                *byte ^= 0xff;
                std::fs::write(path, content).unwrap();
            }
        }
    }),
    ("a file of a segment is gone", |search| {
        let files = below(&search.join("files"));
        std::fs::remove_file(files.iter().find(|path| path.extension().is_some_and(|kind| kind == "store")).unwrap())
            .unwrap();
    }),
];

#[tokio::test]
async fn a_search_index_that_is_damaged_or_gone_is_made_anew_at_the_next_start() {
    if server().is_some() {
        return;
    }
    let world = World::timed(Clock::system()).await;
    let buyer = world.member("buyer").await;
    for title in ["岚河通信云平台设备维保服务采购", "岚河机房空调采购"] {
        let mut draft = draft(&world);
        draft["title"] = json!(title);
        published_as(&world, &buyer, draft).await;
    }
    let search = node(world.folder.path()).join("search");
    for damage in std::iter::once(None).chain(DAMAGES.iter().map(Some)) {
        let what = damage.map_or("as new", |(what, damage)| {
            damage(&search);
            what
        });
        let program = Program::start(&world, |_| {}).await;
        let visitor = world.visitor().at_root(&program.root);
        let both = async || (found(&visitor, "岚河").await == 2 && found(&visitor, "空调").await == 1).then_some(());
        until(&format!("{what}: the search finds all"), both).await;
    }
}

#[tokio::test]
async fn a_search_folder_that_is_removed_under_the_running_program_is_made_anew() {
    if server().is_some() {
        return;
    }
    let world = World::timed(Clock::system()).await;
    let buyer = world.member("buyer").await;
    let mut first = draft(&world);
    first["title"] = json!("岚河通信云平台设备维保服务采购");
    published_as(&world, &buyer, first).await;
    let program = Program::start(&world, |_| {}).await;
    let visitor = world.visitor().at_root(&program.root);
    until("the search finds the first", async || (found(&visitor, "岚河").await == 1).then_some(())).await;
    std::fs::remove_dir_all(node(world.folder.path())).unwrap();
    let mut second = draft(&world);
    second["title"] = json!("岚河机房空调采购");
    published_as(&world, &buyer, second).await;
    until("the search finds both", async || (found(&visitor, "岚河").await == 2).then_some(())).await;
}

#[tokio::test]
async fn an_outbox_that_cannot_be_written_delays_a_message_and_loses_none() {
    let world = World::new().await;
    let outbox = world.app.config().outbox_dir.clone();
    let applicant = Applicant::new("provider");
    std::fs::remove_dir_all(&outbox).unwrap();
    // A file where the folder should be: even who may write everywhere cannot write below it.
    std::fs::write(&outbox, "").unwrap();
    let visitor = world.visitor();
    let registration = visitor.post("/registrations", applicant.form()).await.ok();
    world.settle().await;
    let waiting = "SELECT count(*) FROM job WHERE dead = 0 AND attempts > 0 AND error IS NOT NULL";
    assert_eq!(world.count(waiting).await, 2, "both codes wait for another try");
    world.pass(SignedDuration::from_secs(2)).await;
    assert_eq!(world.count(waiting).await, 2);
    std::fs::remove_file(&outbox).unwrap();
    world.pass(SignedDuration::from_secs(5)).await;
    let left = world.count("SELECT count(*) FROM job WHERE kind <> 'log.audit'").await;
    assert_eq!((world.messages().len(), left), (2, 0), "each came, once");
    let codes = world.codes(&applicant).await;
    visitor.post(&format!("{}/confirmation", registration.header("location")), codes).await.ok();
}
