//! `/styles`: every part has its section, in both languages, and needs no cookie.

use crate::world::World;
use std::collections::BTreeSet;
use std::path::Path;

/// The parts by their files.
fn files() -> BTreeSet<String> {
    let folder = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/styles").join(name);
    let all = ["parts", "domain"].map(folder).into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    all.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_part_has_its_section() {
    let world = World::new().await;
    let visitor = world.visitor();
    let listed = visitor.get("/styles").await.ok().json();
    let listed: BTreeSet<_> =
        listed["parts"].as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, files(), "the files of ui/src/styles/parts and domain");
    for language in ["zh-CN", "en"] {
        let page = visitor.page(&format!("/styles?lang={language}")).await.ok().text;
        for part in &listed {
            assert!(page.contains(&format!("id=\"part-{part}\"")), "{part} has no section");
        }
        assert!(!page.contains('⟦'), "{page}");
        assert!(!page.contains("name=\"csrf\""), "a public page without a form of its own needs no cookie");
    }
}
