//! The house itself: who may call whom, how large a file may grow, that the documents speak of what is there.

use app::app::ROOMS;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Our crates, and which of ours each may depend on.
const CRATES: [(&str, &[&str]); 7] = [
    ("kit", &[]),
    ("policy", &[]),
    ("screens", &[]),
    ("notices", &[]),
    ("evidence", &["kit"]),
    ("vault", &["kit", "policy"]),
    ("sealing", &[]),
];

/// The wings of the house; a room is a module of one of them.
const WINGS: [&str; 6] = ["identity", "sourcing", "delivery", "trust", "reach", "operate"];

/// A company comes with its first account and invites others, and its people hear of what becomes of it: one household.
const TOGETHER: [&str; 3] = ["identity/account", "identity/company", "identity/people"];

/// No file of ours is longer.
const MOST_LINES: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The files under a folder with one of these endings, by their path from the root, and what is in them.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.extend((!["target", "node_modules", "dist", "out"].contains(&name.as_str())).then_some(path));
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// Code without comments.
pub fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn no_file_outgrows_the_house() {
    let folders =
        ["app", "kit", "vault", "policy", "evidence", "screens", "notices", "sealing", "bench", "soak", "ui", "e2e"];
    let all = folders.iter().flat_map(|folder| files(folder, &[".rs", ".ts", ".css", ".html", ".mjs"]));
    let long: Vec<_> = all.map(|(path, text)| (text.lines().count(), path)).filter(|(n, _)| *n > MOST_LINES).collect();
    assert!(long.is_empty(), "split these, one idea a file: {long:?}");
}

#[test]
fn lower_crates_know_no_higher_ones() {
    for (name, allowed) in CRATES {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let needs = |other: &str| {
            manifest
                .lines()
                .any(|line| line.strip_prefix(other).is_some_and(|rest| rest.trim_start().starts_with(['.', '='])))
        };
        for (other, _) in CRATES.iter().chain(&[("app", &[][..]), ("bench", &[]), ("soak", &[])]) {
            assert!(!needs(other) || *other == name || allowed.contains(other), "{name} must not depend on {other}");
        }
    }
}

/// `app/src/reach/notice/store.rs` is of `reach/notice`; a wing's own `mod.rs` is of no room.
fn room_of(path: &str) -> Option<String> {
    let mut parts = path.strip_prefix("app/src/")?.split('/');
    let (wing, room) = (parts.next()?, parts.next()?.trim_end_matches(".rs"));
    (WINGS.contains(&wing) && room != "mod").then(|| format!("{wing}/{room}"))
}

/// The rooms that a file's code names: `crate::reach::notice::…`, or several in braces.
fn named_rooms(text: &str) -> BTreeSet<String> {
    let text = code(text).replace(['\n', ' '], "");
    let mut rooms = BTreeSet::new();
    for wing in WINGS {
        for rest in text.split(&format!("crate::{wing}::")).skip(1) {
            for item in items(rest) {
                let room: String = item.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                rooms.extend((!room.is_empty()).then(|| format!("{wing}/{room}")));
            }
        }
    }
    rooms
}

/// The one item that a path goes on with, or those in its braces.
fn items(rest: &str) -> Vec<&str> {
    let Some(inside) = rest.strip_prefix('{') else { return vec![rest] };
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&inside[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn rooms_call_each_other_in_one_direction() {
    let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files("app/src", &[".rs"]) {
        let Some(room) = room_of(&path) else { continue };
        let is_together = |other: &str| TOGETHER.contains(&room.as_str()) && TOGETHER.contains(&other);
        let others = named_rooms(&text).into_iter().filter(|other| *other != room && !is_together(other));
        calls.entry(room.clone()).or_default().extend(others);
    }
    assert!(calls.len() > 5 && calls.values().any(|others| !others.is_empty()), "{calls:?}");
    while let Some(leaf) = calls.iter().find(|(_, others)| others.is_empty()).map(|(room, _)| room.clone()) {
        calls.remove(&leaf);
        let known: BTreeSet<_> = calls.keys().cloned().collect();
        calls.values_mut().for_each(|others| others.retain(|other| known.contains(other)));
    }
    let Some(mut room) = calls.keys().next() else { return };
    let mut way = vec![room];
    loop {
        room = calls[room].first().unwrap();
        if let Some(start) = way.iter().position(|earlier| *earlier == room) {
            way.push(room);
            panic!("these rooms call each other in a circle: {}", join(&way[start..], " → "));
        }
        way.push(room);
    }
}

fn join(rooms: &[&String], with: &str) -> String {
    rooms.iter().map(|room| room.as_str()).collect::<Vec<_>>().join(with)
}

#[test]
fn a_circle_would_be_seen() {
    let text = "use crate::reach::{notice::{self, Notice}, region};\n// crate::trust::policy\nlet x = crate::trust::consent::list();";
    let named: Vec<_> = named_rooms(text).into_iter().collect();
    assert_eq!(named, ["reach/notice", "reach/region", "trust/consent"]);
    assert_eq!(room_of("app/src/reach/region.rs").as_deref(), Some("reach/region"));
    assert_eq!(room_of("app/src/web/shell.rs"), None);
}

/// The documents that describe this repository.
fn documents() -> Vec<(String, String)> {
    let at_root = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
    let mut all: Vec<_> = at_root
        .iter()
        .map(|name| ((*name).to_owned(), fs::read_to_string(root().join(name)).unwrap_or_else(|_| panic!("{name}"))))
        .collect();
    all.extend(files("docs", &[".md"]));
    all
}

/// What stands between back-ticks, outside blocks of code.
fn spans(text: &str) -> Vec<&str> {
    let outside = text.split("\n```").step_by(2);
    outside.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn documents_speak_of_what_is_there() {
    let tops: BTreeSet<String> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let sources: String = CRATES
        .iter()
        .map(|(name, _)| *name)
        .chain(["app"])
        .flat_map(|folder| files(folder, &[".rs"]))
        .map(|(_, text)| text)
        .collect();
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap();
    // What a command writes is there after the command.
    let is_written = |span: &str| ignored.lines().any(|line| span.starts_with(line.trim_matches('/')));
    let mut gone = BTreeSet::new();
    for (document, text) in documents() {
        for span in spans(&text).into_iter().filter(|span| !span.contains("maintenance") && !span.contains('*')) {
            let is_path = span.split_once('/').is_some_and(|(top, _)| tops.contains(top)) || span.ends_with(".md");
            let known = if is_path && !span.contains(' ') {
                is_written(span) || root().join(span).exists() || root().join("docs").join(span).exists()
            } else if let Some((_, name)) = span.trim_end_matches("()").rsplit_once("::") {
                !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || sources.contains(name)
            } else {
                true
            };
            if !known {
                gone.insert(format!("{document}: {span}"));
            }
        }
    }
    assert!(gone.is_empty(), "named, but not there: {gone:#?}");
}

#[test]
fn documents_name_routes_that_exist() {
    let mut routes: BTreeSet<String> =
        ["GET /health", "GET /metrics", "GET /ready", "POST /log/cosignatures", "POST /session/linked/{issuer}/logout"]
            .map(str::to_owned)
            .into();
    routes.extend(app::trust::log::serve::PATHS.map(|path| format!("GET {path}")));
    for row in ROOMS.iter().flat_map(|room| (room.routes)().table().to_vec()) {
        routes.insert(format!("{} {}", row.method, row.path));
    }
    let mut gone = BTreeSet::new();
    for (document, text) in documents() {
        let named = spans(&text).into_iter().filter(|span| span.starts_with("GET /") || span.starts_with("POST /"));
        gone.extend(named.filter(|span| !routes.contains(*span)).map(|span| format!("{document}: {span}")));
    }
    assert!(gone.is_empty(), "no such route: {gone:#?}");
}
