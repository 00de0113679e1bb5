//! The transparency log: it grows by the clock alone, proves what receipts say, and shows what was done to it.

mod audit;
mod producing;
mod proof;
mod witness;

use crate::world::{START, World};
use evidence::checkpoint::Note;
use evidence::{Hash, Place, Tree};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use reqwest::header::HeaderMap;

/// So long after the beginning, and five seconds: an entry of a whole number of tens of seconds has just been shown, and
/// the next is ten seconds away.
fn after(seconds: i64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::from_secs(seconds + 5)
}

/// Has the log begun in the first ten seconds, however long the world took to open.
async fn begun(world: World) -> World {
    world.until(after(-4)).await;
    world
}

/// A file of the log as a stranger gets it.
struct File {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

async fn file(world: &World, path: &str) -> File {
    let response = world.visitor().request(Method::GET, path).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    File { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}

/// The newest checkpoint, its signature checked with the published key.
async fn checkpoint(world: &World) -> Note {
    let (note, key) = (file(world, "/log/checkpoint").await, file(world, "/log/key").await);
    let key = evidence::PublicKey::parse(std::str::from_utf8(&key.bytes).unwrap()).unwrap();
    let note = Note::parse(std::str::from_utf8(&note.bytes).unwrap()).unwrap();
    assert!(note.is_of(&key));
    note
}

/// The path of the tile, or bundle, with the first so many.
fn path(kind: &str, count: u64) -> String {
    if count == 256 { format!("/log/tile/{kind}/000") } else { format!("/log/tile/{kind}/000.p/{count}") }
}

/// The first entries of the log, from its bundle.
async fn entries(world: &World, count: u64) -> Vec<Vec<u8>> {
    let bundle = file(world, &path("entries", count)).await.bytes;
    let (mut rest, mut entries) = (&bundle[..], Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, later) = after.split_at(usize::from(u16::from_be_bytes(*length)));
        entries.push(entry.to_vec());
        rest = later;
    }
    assert_eq!(entries.len() as u64, count);
    entries
}

/// The tree that a stranger makes of the entries.
fn tree(entries: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| drop(tree.append(Hash::leaf(entry))));
    tree
}

/// A perfect subtree of the hashes of a tile of level 0.
fn node(hashes: &[Hash], place: Place) -> Result<Hash, Place> {
    let (first, count) = ((place.index << place.level) as usize, 1 << place.level);
    hashes.get(first..first + count).map(|hashes| evidence::tile::fold(hashes.to_vec())).ok_or(place)
}
