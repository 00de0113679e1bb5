//! What must not compile. Each file is one way to get at personal data past the vault, and its snapshot the reasons that the
//! compiler gives, where. `compile_restored.rs` holds the same with the guard kept, so that nothing else is wrong with them.
//!
//! The compiler is asked directly, with the crates as this run built them: nothing is compiled once more.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the fixtures use.
const CRATES: [&str; 4] = ["vault", "policy", "serde", "serde_json"];

#[test]
fn ways_past_the_vault_do_not_compile() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = crates(here);
    let fixtures = fixtures(here, "compile_fail");
    assert!(fixtures.len() >= 12, "{fixtures:?}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("compile_fail");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for fixture in fixtures {
        let name = fixture.file_stem().unwrap().to_str().unwrap();
        let reasons = reasons(&compiled(here, &crates, &fixture));
        assert!(!reasons.is_empty(), "{name} compiles");
        settings.bind(|| insta::assert_snapshot!(name, reasons));
    }
}

/// Whatever else is wrong with the way this test asks would be wrong with these too.
#[test]
fn the_same_with_the_guard_restored_compiles() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = crates(here);
    let fixtures = fixtures(here, "compile_restored");
    assert!(fixtures.len() >= 6, "{fixtures:?}");
    for fixture in fixtures {
        let output = compiled(here, &crates, &fixture);
        assert!(output.status.success(), "{}: {}", fixture.display(), reasons(&output));
    }
}

fn fixtures(here: &Path, folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(here.join("tests").join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect();
    fixtures.sort();
    fixtures
}

/// `--extern` of each crate that a fixture may use, as the whole workspace was built: that is known to cargo alone.
fn crates(here: &Path) -> Vec<(String, PathBuf)> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--workspace", "--no-run", "--message-format", "json"]).current_dir(here);
    let output = cargo.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let artifacts = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let libraries = artifacts.filter(|one| one["profile"]["test"] == false && one["target"]["kind"][0] == "lib");
    let libraries: Vec<_> = libraries.collect();
    CRATES.map(|name| (name.to_owned(), library(&libraries, name))).to_vec()
}

/// What build scripts use is built with fewer features, beside what the program uses.
fn library(all: &[Value], name: &str) -> PathBuf {
    let own = all.iter().filter(|one| one["target"]["name"] == name);
    let whole = own.max_by_key(|one| one["features"].as_array().map_or(0, Vec::len)).expect("it was built");
    let files = whole["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
    files.filter(|file| file.ends_with(".rlib")).map(PathBuf::from).next().expect("a library")
}

fn compiled(here: &Path, crates: &[(String, PathBuf)], fixture: &Path) -> Output {
    let out = tempfile::tempdir().unwrap();
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--error-format", "json"]);
    rustc.arg("--out-dir").arg(out.path()).arg(fixture.strip_prefix(here).unwrap()).current_dir(here);
    for (name, file) in crates {
        rustc.arg("--extern").arg(format!("{name}={}", file.display()));
        rustc.arg("-L").arg(format!("dependency={}", file.parent().unwrap().display()));
    }
    rustc.stdin(Stdio::null()).output().unwrap()
}

/// Each error: where, which, what.
fn reasons(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let diagnostics = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut reasons = Vec::new();
    for error in diagnostics.filter(|one| one["level"] == "error") {
        let place = error["spans"].as_array().into_iter().flatten().find(|span| span["is_primary"] == true);
        // Without a place it only counts the others.
        let Some(place) = place else { continue };
        let (code, message) =
            (error["code"]["code"].as_str().unwrap_or("-"), error["message"].as_str().unwrap_or_default());
        let label = place["label"].as_str().map_or_else(String::new, |label| format!(" ({label})"));
        reasons.push(format!("{}:{} {code} {message}{label}", place["line_start"], place["column_start"]));
    }
    reasons.join("\n")
}
