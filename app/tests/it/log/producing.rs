//! How it grows, and what of it is served.

use super::{after, begun, checkpoint, entries, file, path, tree};
use crate::sourcing::{bid, published};
use crate::world::World;
use evidence::{Hash, proof};
use kit::db::Tx;
use kit::event::{self, Fact, Scope};

/// What a stranger sees of a log: every file's status, size and headers, but not the hashes in it.
async fn seen(world: &World) -> Vec<(String, u16, usize, String)> {
    let size = checkpoint(world).await.checkpoint.size;
    let mut paths: Vec<_> = ["/log/checkpoint", "/log/key", "/log/cosigned"].map(str::to_owned).into();
    for count in (1..=size + 2).step_by(7).chain([size, size + 1]) {
        paths.extend([path("0", count), path("entries", count), path("1", count)]);
    }
    let mut seen = Vec::new();
    for path in paths {
        let file = file(world, &path).await;
        let mut headers: Vec<_> = file
            .headers
            .iter()
            .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        seen.push((path, file.status, file.bytes.len(), headers.join("\n")));
    }
    seen
}

#[tokio::test]
async fn growth_sizes_and_times_are_the_same_with_and_without_activity() {
    let (busy, idle) = (begun(World::new().await).await, begun(World::new().await).await);
    let buyer = busy.member("buyer").await;
    let (_, lot) = published(&busy, &buyer).await;
    for yuan in ["4,500,000", "4,300,000", "4,700,000"] {
        bid(&busy.member("provider").await, &lot, yuan).await;
    }
    for world in [&busy, &idle] {
        world.until(after(300)).await;
    }
    let (first, second) = (seen(&busy).await, seen(&idle).await);
    assert_eq!(first, second);
    assert!(first.iter().any(|(path, status, ..)| path == "/log/tile/0/000.p/29" && *status == 200), "{first:?}");
    let taken = busy.count("SELECT count(*) FROM log_slot").await;
    assert!(taken > 10 && idle.count("SELECT count(*) FROM log_slot").await == 0, "{taken}");
    // After an hour in which nobody was there, one entry stands for the gap.
    bid(&busy.member("provider").await, &lot, "4,100,000").await;
    for world in [&busy, &idle] {
        world.until(after(3900)).await;
        world.until(after(3930)).await;
    }
    assert_eq!(seen(&busy).await, seen(&idle).await);
}

#[tokio::test]
async fn an_entry_is_shown_five_seconds_after_its_epoch_and_not_before() {
    let world = begun(World::new().await).await;
    world.until(after(60)).await;
    world.until(after(65)).await;
    world.clock.set(after(65));
    let earlier = checkpoint(&world).await.checkpoint.size;
    assert_eq!(world.count("SELECT size FROM log_head").await as u64, earlier + 1, "it is there");
    world.clock.set(after(65));
    assert_eq!(file(&world, &path("0", earlier + 1)).await.status, 404, "and not shown");
    world.clock.set(after(70));
    assert_eq!(checkpoint(&world).await.checkpoint.size, earlier + 1);
    assert_eq!(file(&world, &path("0", earlier + 1)).await.status, 200);
}

#[tokio::test]
async fn a_stranger_makes_the_same_tree_of_the_entries_and_sees_it_only_grow() {
    let world = begun(World::new().await).await;
    world.member("buyer").await;
    world.until(after(200)).await;
    let earlier = checkpoint(&world).await.checkpoint;
    world.member("provider").await;
    // More than a tile: five hundred seconds at a time are not yet an outage.
    for step in 1..=6 {
        world.until(after(200 + 500 * step)).await;
    }
    let later = checkpoint(&world).await.checkpoint;
    assert!(later.size > 300 && earlier.size >= 19, "{earlier:?} {later:?}");
    let mut all = entries(&world, 256).await;
    let rest = file(&world, &format!("/log/tile/entries/001.p/{}", later.size - 256)).await.bytes;
    all.extend(rest.chunks(51).map(|entry| entry[2..].to_vec()));
    assert_eq!(tree(&all).root(), later.root);
    assert_eq!(tree(&all[..earlier.size as usize]).root(), earlier.root);
    assert!(all.iter().all(|entry| entry.len() == 49));
    let epochs: Vec<_> = all.iter().map(|entry| u64::from_be_bytes(entry[1..9].try_into().unwrap())).collect();
    assert!(epochs.windows(2).all(|two| two[1] == two[0] + 1), "one for each ten seconds: {epochs:?}");
    // The tile above holds the root of the first 256.
    let tile = file(&world, "/log/tile/1/000.p/1").await.bytes;
    assert_eq!(tile, tree(&all[..256]).root().as_bytes());
    let hashes: Vec<_> = all.iter().map(|entry| Hash::leaf(entry)).collect();
    let mut node = |place| super::node(&hashes, place);
    let path = proof::consistency(earlier.size, later.size, &mut node).unwrap();
    assert!(proof::is_consistent((earlier.size, earlier.root), (later.size, later.root), &path));
}

#[tokio::test]
async fn an_outage_is_one_entry() {
    let world = begun(World::new().await).await;
    world.until(after(60)).await;
    let earlier = checkpoint(&world).await.checkpoint.size;
    world.until(after(86_400)).await;
    let size = checkpoint(&world).await.checkpoint.size;
    assert_eq!(size, earlier + 2, "the epoch that was open, and the gap");
    let last = entries(&world, size).await.pop().unwrap();
    let number = |at: usize| u64::from_be_bytes(last[at..at + 8].try_into().unwrap());
    assert_eq!((last[0], &last[17..]), (2, &[0; 32][..]));
    assert_eq!(number(9) + 1, after(86_400).as_second() as u64 / 10, "up to now");
    assert!(number(9) - number(1) > 8_000);
}

/// Something that happens.
#[derive(serde::Serialize)]
struct Happened {
    n: u8,
}

impl Fact for Happened {
    const KIND: &'static str = "test.happened";
}

#[tokio::test]
async fn what_does_not_fit_goes_into_the_next_epoch() {
    let world = begun(World::new().await).await;
    world.until(after(55)).await;
    let happen = |tx: &mut Tx| {
        tx.execute("UPDATE log_head SET filled = 65533 WHERE id = 1", &[])?;
        (0..5).try_for_each(|n| event::record(tx, Scope::default(), &Happened { n }).map(drop))
    };
    world.app.db().write::<_, kit::db::Error>(happen).await.unwrap();
    world.until(after(90)).await;
    let in_epoch = "SELECT count(*) FROM log_slot WHERE epoch = (SELECT min(epoch) FROM log_slot)";
    assert_eq!(world.count(in_epoch).await, 3);
    assert_eq!(world.count("SELECT count(*) FROM log_slot").await, 5);
    assert_eq!(world.count("SELECT max(epoch) - min(epoch) FROM log_slot").await, 1);
}

#[tokio::test]
async fn two_processes_make_one_log() {
    let Some([a, b]) = World::two().await else { return };
    futures::future::join(a.settle(), b.settle()).await;
    a.member("buyer").await;
    for step in 1..=10 {
        a.clock.set(after(50 * step));
        futures::future::join(a.settle(), b.settle()).await;
    }
    let size = checkpoint(&a).await.checkpoint;
    assert_eq!(size, checkpoint(&b).await.checkpoint);
    assert_eq!(
        a.count("SELECT count(*) FROM log_entry").await,
        a.count("SELECT max(last_epoch) - min(first_epoch) + 1 FROM log_entry").await
    );
    assert!(app::trust::log::audit::audit(&b.app, None).await.unwrap().ok);
}

#[tokio::test]
async fn files_are_the_same_for_everybody_and_kept_by_caches() {
    let world = begun(World::new().await).await;
    world.until(after(100)).await;
    for (path, kept) in [
        ("/log/checkpoint".to_owned(), "public, max-age=1"),
        ("/log/key".to_owned(), "public, max-age=3600"),
        (path("0", 3), "public, max-age=31536000, immutable"),
        (path("entries", 3), "public, max-age=31536000, immutable"),
    ] {
        let file = file(&world, &path).await;
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.headers["cache-control"], kept, "{path}");
        assert!(!file.headers.contains_key("set-cookie"), "{path}");
    }
    for path in
        ["/log/tile/0/0", "/log/tile/0/000", "/log/tile/7/000", "/log/tile/0/000.p/999", "/log/tile/x", "/log/cosigned"]
    {
        assert_eq!(file(&world, path).await.status, 404, "{path}");
    }
    let page = world.visitor().page("/log").await.ok();
    assert!(page.text.contains("透明日志") && !page.text.contains('⟦') && page.header("set-cookie").is_empty());
    let shown = world.visitor().get("/log").await.ok().json();
    let newest = checkpoint(&world).await.checkpoint;
    assert_eq!(
        (shown["size"].as_u64(), shown["root"].as_str()),
        (Some(newest.size), Some(newest.root.to_string().as_str()))
    );
}
