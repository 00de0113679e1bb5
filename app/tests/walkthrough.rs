//! The walk-through of CONTRIBUTING.md, taken at its word: its blocks are applied to a copy of this repository, which is
//! compiled, tested and asked for the new room's page and JSON.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const GUIDE: &str = include_str!("../../CONTRIBUTING.md");

/// The folder of the example.
const ROOM: &str = "app/src/reach/maintenance/";

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

#[test]
fn a_room_touches_three_places_outside_its_folder() {
    let blocks = blocks();
    let outside: Vec<&str> = blocks.iter().map(|block| block.path.as_str()).collect();
    let outside: Vec<&str> =
        outside.into_iter().filter(|path| !path.starts_with(ROOM) && !path.starts_with("app/tests/")).collect();
    assert_eq!(outside, ["app/src/reach/mod.rs", "app/src/app.rs", "migrations/0900_maintenance.sql"]);
    assert!(blocks.iter().filter(|block| block.path.starts_with(ROOM)).all(|block| block.before.is_none()));
}

#[test]
fn the_walk_through_compiles_and_answers() {
    let copy = Copy::of_this_repository();
    for block in blocks() {
        copy.apply(&block);
    }
    let tested = copy.cargo(&["--offline", "test", "--workspace", "--test", "it", "--", "maintenance::"]);
    assert!(tested.contains("test maintenance::the_operator_announces_and_everybody_reads ... ok"), "{tested}");
    let serving = Serving::start(&copy);
    let page = serving.get("/maintenance", "text/html");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("没有计划中的维护"), "{page}");
    assert!(!page.contains('⟦'), "a text is missing: {page}");
    let data = serving.get("/maintenance", "application/json");
    assert!(data.starts_with("HTTP/1.1 200") && data.contains(r#"{"windows":[]}"#), "{data}");
}

/// This repository's sources once more, with a target folder of its own in which the dependencies are already built.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

/// What a working folder has beside sources; the program's own stores at its top only.
const NOT_COPIED: [&str; 4] = [".git", "target", "node_modules", "out"];
const STORES: [&str; 5] = ["data", "keys", "node", "outbox", "demo-data"];

impl Copy {
    /// It lies in the target folder, so that a second run finds what the first compiled.
    fn of_this_repository() -> Self {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("walkthrough");
        let copy = Self { root: place.join("ziyun"), target: place.join("target") };
        // What an earlier run put here must not answer for this one.
        let _ = fs::remove_dir_all(&copy.root);
        copy_folder(original, &copy.root);
        std::os::unix::fs::symlink(original.join("ui/node_modules"), copy.root.join("ui/node_modules")).unwrap();
        let built = std::env::current_exe().unwrap();
        let profile = built.ancestors().nth(2).unwrap();
        for part in ["deps", "build", ".fingerprint"] {
            share(&profile.join(part), &copy.target.join("debug").join(part));
        }
        copy
    }

    fn apply(&self, block: &Block) {
        let path = self.root.join(&block.path);
        let text = match &block.before {
            None => {
                assert!(!path.exists(), "{} is there already", block.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                block.text.clone()
            }
            Some(anchor) => {
                let there = fs::read_to_string(&path).unwrap();
                let found: Vec<_> = there.match_indices(&format!("{anchor}\n")).collect();
                assert_eq!(found.len(), 1, "{} has the line once: {anchor}", block.path);
                format!("{}{}{}", &there[..found[0].0], block.text, &there[found[0].0..])
            }
        };
        fs::write(path, text).unwrap();
    }

    /// Answers what cargo and the tests said.
    fn cargo(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).env("CARGO_TARGET_DIR", &self.target).current_dir(&self.root);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{said}");
        said
    }
}

/// Copies with the times of change, by which cargo and npm judge what is new.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let is_store = from.join("Cargo.lock").exists() && STORES.iter().any(|name| entry.file_name() == *name);
        if is_store || NOT_COPIED.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&from, &to);
        } else {
            copy_file(&from, &to);
        }
    }
}

fn copy_file(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    let changed = fs::metadata(from).unwrap().modified().unwrap();
    File::options().append(true).open(to).unwrap().set_modified(changed).unwrap();
}

/// Lends what is built of every crate but `app` to another target folder: large files as links, since nobody writes into
/// those, small ones as copies. What is there already stays.
fn share(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    fs::create_dir_all(to).unwrap();
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let (from, to) = (entry.path(), to.join(&name));
        let is_own = ["app-", "libapp-", "it-", "ziyun-", "walkthrough-"].iter().any(|own| name.starts_with(own));
        let kind = entry.file_type().unwrap();
        if is_own || name.ends_with(".o") || (kind.is_file() && to.exists()) {
            continue;
        }
        if kind.is_dir() {
            share(&from, &to);
        } else if entry.metadata().unwrap().len() < 65_536 || fs::hard_link(&from, &to).is_err() {
            copy_file(&from, &to);
        }
    }
}

/// The program of the copy, serving a new installation.
struct Serving {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Serving {
    fn start(copy: &Copy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_port();
        let mut command = Command::new(copy.target.join("debug/ziyun"));
        command.args(["serve", "--listen", &address.to_string()]).current_dir(folder.path()).env_clear();
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut serving = Self { child, address, _folder: folder };
        let mut line = String::new();
        BufReader::new(serving.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("serving on"), "{line}");
        serving
    }

    fn get(&self, path: &str, accept: &str) -> String {
        let mut connection = TcpStream::connect(self.address).unwrap();
        let host = self.address;
        write!(connection, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port below the ephemeral ones.
fn free_port() -> SocketAddr {
    let start = 18_000 + std::process::id() % 1_900;
    let ports = (start..start + 100).filter_map(|port| u16::try_from(port).ok());
    let mut free =
        ports.map(|port| SocketAddr::from(([127, 0, 0, 1], port))).filter(|at| TcpListener::bind(at).is_ok());
    free.next().expect("a free port below 32768")
}
