//! Whatever is changed in a back-up is found before anything is restored, by the file's name.

use super::elsewhere::Elsewhere;
use super::taken;
use crate::sourcing::{draft, text};
use crate::world::World;
use std::fs;
use std::path::{Path, PathBuf};

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(every_file(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

#[tokio::test]
async fn a_file_that_is_damaged_truncated_exchanged_or_missing_is_named_and_nothing_is_touched() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", "需求.pdf", b"%PDF")]).await.ok();
    let (data, keys) = taken(&world).await;
    let there = Elsewhere::new(&world).await;
    let files = [every_file(&data.folder), every_file(&keys.folder)].concat();
    assert!(files.len() > 30, "{files:?}");
    let refused = async |path: &Path, how: &str| {
        let error = there.restore(&data, Some(&keys)).await.expect_err(how).to_string();
        assert!(error.contains(&path.display().to_string()), "{how}: {error}");
    };
    for path in &files {
        // A file of the installation itself may be linked: its copy is changed, not it.
        let whole = fs::read(path).unwrap();
        let rewrite = |content: &[u8]| {
            fs::remove_file(path).unwrap();
            fs::write(path, content).unwrap();
        };
        if !whole.is_empty() {
            let mut changed = whole.clone();
            changed[whole.len() / 2] ^= 0x20;
            rewrite(&changed);
            refused(path, "damaged").await;
            rewrite(&whole[..whole.len() - 1]);
            refused(path, "truncated").await;
        }
        rewrite(&[whole.as_slice(), b"x"].concat());
        refused(path, "longer").await;
        fs::remove_file(path).unwrap();
        refused(path, "missing").await;
        fs::write(path, &whole).unwrap();
    }
    let [one, other] = ["account", "subject"].map(|name| data.folder.join("tables").join(format!("{name}.rows")));
    let kept = fs::read(&one).unwrap();
    fs::copy(&other, &one).unwrap();
    refused(&one, "exchanged").await;
    fs::write(&one, kept).unwrap();
    assert!(!there.config.data_dir.exists(), "nothing was touched");
    there.restore(&data, Some(&keys)).await.unwrap();
}
