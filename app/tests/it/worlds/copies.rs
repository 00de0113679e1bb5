//! The same world several times: stores that are copied while nobody uses them.

use crate::place::copy_of;
use crate::world::{World, beginning, server, usual};
use kit::random::Random;
use policy::Versions;
use std::path::Path;

/// So many worlds that are this one, and know nothing of each other.
pub async fn copies(world: World, many: usize) -> Vec<World> {
    let (now, (folder, _, databases)) = (world.clock.now(), world.parted().await);
    let mut worlds = Vec::new();
    for _ in 0..many {
        let here = tempfile::tempdir().expect("a temporary folder");
        copy(folder.path(), here.path());
        let mut config = usual(here.path());
        let mut own = Vec::new();
        if let (Some(server), Some(database)) = (server(), databases.first()) {
            own.push(copy_of(server, database).await);
            config.database_url = own[0].url();
        }
        let clock = beginning();
        clock.set(now);
        // Another chance than the first had, whose ids are taken; the same for all.
        worlds.push(World::of(Versions::COMPILED, here, config, (clock, Random::seeded(2)), own).await);
    }
    tokio::task::spawn_blocking(move || databases.iter().for_each(|one| one.remove().expect("it goes")))
        .await
        .expect("they are gone");
    worlds
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("what lies in it");
        let there = to.join(entry.file_name());
        if entry.file_type().expect("its kind").is_dir() {
            std::fs::create_dir_all(&there).expect("a folder like it");
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).expect("a copy");
        }
    }
}
