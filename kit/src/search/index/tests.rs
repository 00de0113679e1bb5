//! The folder: kept, replaced, damaged, removed, shared.

use super::super::Query;
use super::*;

fn document(number: u8, title: &str) -> Document {
    let (labels, body) = (Vec::new(), String::new());
    Document { id: [number; 16], title: title.into(), body, labels, at: 0, amount: None, due: None }
}

fn count(index: &Index, words: &str) -> usize {
    index.search(&Query { words: words.into(), ..Query::default() }).expect("an answer").total
}

#[test]
fn documents_and_cursor_are_there_after_reopening() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path()).expect("an index");
    assert_eq!(index.cursor(), 0);
    index.apply(&[document(1, "机房空调")], 17).expect("applied");
    drop(index);
    let index = Index::open(dir.path()).expect("reopened");
    assert_eq!((index.cursor(), count(&index, "空调")), (17, 1));
    index.apply(&[], 18).expect("a cursor alone");
    assert_eq!(index.cursor(), 18);
    index.skip(25);
    index.skip(20);
    assert_eq!(index.cursor(), 25);
    drop(index);
    assert_eq!(Index::open(dir.path()).expect("reopened").cursor(), 18, "a skip is forgotten, not lost");
}

#[test]
fn putting_again_replaces() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path()).expect("an index");
    index.apply(&[document(1, "机房空调"), document(2, "机房空调")], 1).expect("applied");
    index.apply(&[document(1, "办公家具"), document(1, "办公桌椅")], 2).expect("applied");
    assert_eq!((count(&index, "空调"), count(&index, "家具"), count(&index, "桌椅")), (1, 0, 1));
    assert_eq!(index.len(), 2);
}

#[test]
fn an_older_layout_and_a_damaged_folder_are_made_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let fill = || {
        let index = Index::open(dir.path()).expect("an index");
        assert_eq!((index.cursor(), index.is_empty()), (0, true));
        index.apply(&[document(1, "机房空调")], 9).expect("applied");
    };
    fill();
    std::fs::write(dir.path().join("layout"), "0").expect("written");
    fill();
    std::fs::write(dir.path().join("files").join("meta.json"), "{").expect("written");
    fill();
    let index = Index::open(dir.path()).expect("an index");
    assert_eq!(index.len(), 1);
    index.wipe().expect("wiped");
    assert_eq!((index.cursor(), index.is_empty()), (0, true));
}

#[test]
fn one_folder_serves_one_process() {
    let dir = tempfile::tempdir().expect("a folder");
    let _first = Index::open(dir.path()).expect("an index");
    assert!(matches!(Index::open(dir.path()), Err(Error::Busy(_))));
}

#[test]
fn readers_and_a_writer_work_side_by_side() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path()).expect("an index");
    std::thread::scope(|scope| {
        scope.spawn(|| (1..=5).for_each(|n| index.apply(&[document(n, "机房")], i64::from(n)).expect("applied")));
        scope.spawn(|| (0..50).for_each(|_| assert!(count(&index, "机房") <= 5)));
    });
    assert_eq!(count(&index, "机房"), 5);
}

#[test]
fn a_folder_that_is_removed_under_an_open_index_is_made_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("node").join("search");
    let index = Index::open(&folder).expect("an index");
    index.apply(&[document(1, "机房空调")], 7).expect("applied");
    std::fs::remove_dir_all(dir.path().join("node")).expect("removed");
    let before = index.version();
    index.apply(&[document(2, "机房空调")], 8).expect("made anew");
    assert_eq!((index.cursor(), index.len()), (0, 0), "the follower begins again");
    assert!(index.version() > before, "what was kept of the old one is not shown");
    index.apply(&[document(1, "机房空调"), document(2, "机房空调")], 8).expect("applied");
    assert_eq!((index.cursor(), count(&index, "空调")), (8, 2));
    assert!(matches!(Index::open(&folder), Err(Error::Busy(_))), "it is locked as before");
    drop(index);
    assert_eq!(Index::open(&folder).expect("reopened").cursor(), 8);
}

#[test]
fn a_byte_that_changed_is_found_at_the_next_opening() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path()).expect("an index");
    index.apply(&[document(1, "机房空调")], 7).expect("applied");
    drop(index);
    let entries = std::fs::read_dir(dir.path().join("files")).expect("files");
    let store = entries
        .map(|entry| entry.expect("a file").path())
        .find(|path| path.extension().is_some_and(|kind| kind == "store"));
    let store = store.expect("a store of documents");
    let mut content = std::fs::read(&store).expect("read");
    content[2] ^= 1;
    std::fs::write(&store, content).expect("written");
    let index = Index::open(dir.path()).expect("an index");
    assert_eq!((index.cursor(), index.len()), (0, 0), "made anew");
}
