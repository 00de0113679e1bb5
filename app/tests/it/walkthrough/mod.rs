//! The walk-through of CONTRIBUTING.md, taken at its word: the room that it adds stands here, text for text. It is compiled
//! with the tests, served by a program that has it beside its own, and asked by the test that the guide writes for it. That
//! the guide adds it to places of the program's own is compared: each line that something goes before is there, once.

mod maintenance;
mod reach;

use kit::db::Migration;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};

pub use reach::maintenance::ROOM;

const GUIDE: &str = include_str!("../../../../CONTRIBUTING.md");
const STEP: (&str, &str) = ("0900_maintenance", include_str!("migrations/0900_maintenance.sql"));

/// A world whose program has the room.
pub struct World(crate::world::World);

impl World {
    /// A new, empty one.
    pub async fn new() -> Self {
        let step = Migration { name: STEP.0.to_owned(), sql: STEP.1.to_owned() };
        Self(crate::world::World::hosting(&[&ROOM], vec![step]).await)
    }
}

impl Deref for World {
    type Target = crate::world::World;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// A block of code, and where it belongs.
struct Block {
    path: String,
    /// The line that it goes before; a new file has none.
    before: Option<String>,
    text: String,
}

/// Blocks stand under ``New file `PATH`:`` or ``In `PATH`, before `LINE`:``.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = GUIDE.lines();
    while let Some(line) = lines.next() {
        let parts: Vec<&str> = line.split('`').collect();
        let (path, before) = match parts[..] {
            ["New file ", path, ":"] => (path, None),
            ["In ", path, ", before ", line, ":"] => (path, Some(line.to_owned())),
            _ => continue,
        };
        let code = lines.by_ref().skip_while(|line| !line.starts_with("```")).skip(1);
        let text = code.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        blocks.push(Block { path: path.to_owned(), before, text });
    }
    blocks
}

/// Where a new file of the guide stands here.
fn here(path: &str) -> PathBuf {
    let inner = path.strip_prefix("app/src/").or_else(|| path.strip_prefix("app/tests/it/")).unwrap_or(path);
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/walkthrough").join(inner)
}

#[test]
fn what_the_guide_adds_is_what_stands_here() {
    for block in blocks().iter().filter(|block| block.before.is_none()) {
        // The world that hosts the room has another name.
        let told = block.text.replace("use crate::world::World;", "use crate::walkthrough::World;");
        let there = fs::read_to_string(here(&block.path)).unwrap_or_default();
        assert_eq!(there, told, "{} is not as CONTRIBUTING.md tells it", block.path);
    }
}

#[test]
fn each_line_that_something_goes_before_is_there_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for block in blocks() {
        let Some(before) = block.before else {
            assert!(!root.join(&block.path).exists(), "{} is there already", block.path);
            continue;
        };
        let there = fs::read_to_string(root.join(&block.path)).unwrap();
        assert_eq!(there.matches(&format!("{before}\n")).count(), 1, "{} has the line once: {before}", block.path);
    }
}

#[test]
fn a_room_touches_three_places_outside_its_folder() {
    let blocks = blocks();
    let outside = blocks.iter().map(|block| block.path.as_str());
    let outside =
        outside.filter(|path| !path.starts_with("app/src/reach/maintenance/") && !path.starts_with("app/tests/"));
    assert_eq!(
        outside.collect::<Vec<_>>(),
        ["app/src/reach/mod.rs", "app/src/app.rs", "migrations/0900_maintenance.sql"]
    );
}

#[tokio::test]
async fn its_page_and_its_data_are_served_by_the_frame() {
    let world = World::new().await;
    let page = world.visitor().page("/maintenance").await.ok().text;
    assert!(page.contains("没有计划中的维护") && !page.contains('⟦'), "{page}");
    assert_eq!(world.visitor().get("/maintenance").await.ok().text, r#"{"windows":[]}"#);
    let known = world.app.table().into_iter().filter(|row| row.path.starts_with("/maintenance")).count();
    assert_eq!(known, 3);
}
