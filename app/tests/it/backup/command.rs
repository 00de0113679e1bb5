//! The commands, beside a program that serves.

use crate::command::{err, folder, out, ziyun};
use crate::logs::Served;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

fn folder_of(text: &str, kind: &str) -> PathBuf {
    let line = text.lines().find(|line| line.contains(&format!("ziyun-{kind}-")));
    PathBuf::from(line.unwrap_or_else(|| panic!("no {kind} in {text}")))
}

#[test]
fn they_back_up_beside_serve_restore_elsewhere_and_prune() {
    let here = folder();
    let run = |arguments: &[&str]| ziyun(here.path(), arguments).output().unwrap();
    let early = run(&["backup", "--to", "b"]);
    assert!(err(&early).contains("there is nothing to back up"), "{}", err(&early));
    let served = Served::start(here.path(), &[]);
    let both = run(&["backup", "--to", "b", "--keys-to", "k"]);
    assert!(both.status.success(), "{}", err(&both));
    let (data, keys) = (folder_of(&out(&both), "data"), folder_of(&out(&both), "keys"));
    assert!(out(&both).contains("delete it by "), "{}", out(&both));
    assert!(keys.display().to_string().contains("-delete-by-"));
    let whole = run(&["backup", "--check", &data.display().to_string()]);
    assert!(out(&whole).ends_with("whole\n"), "{}", out(&whole));
    for (arguments, word) in [
        (&["backup", "--to", "b", "--keys-to", "b/keys"][..], "apart"),
        (&["backup", "--keys-to", "data/k"], "outside data_dir"),
        (&["backup", "--to", "."], "journal of tombstones"),
        (&["backup"], "--to"),
    ] {
        let refused = run(arguments);
        assert!(!refused.status.success() && err(&refused).contains(word), "{arguments:?}: {}", err(&refused));
    }
    served.end();
    // What a kill leaves does not hinder the next.
    fs::create_dir_all(here.path().join("b/part/tables")).unwrap();
    fs::write(here.path().join("b/part/tables/half.rows"), "half").unwrap();
    assert!(run(&["backup", "--to", "b"]).status.success());
    assert!(!here.path().join("b/part").exists());

    let there = folder();
    for name in ["keys/root.key", "journal/tombstones.jsonl"] {
        let target = there.path().join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(here.path().join(name), target).unwrap();
    }
    let [data, keys] = [data, keys].map(|path| here.path().join(path).display().to_string());
    let restored = ziyun(there.path(), &["restore", "--from", &data, "--keys-from", &keys]).output().unwrap();
    assert!(restored.status.success(), "{}", err(&restored));
    assert!(out(&restored).contains("erased again: 0"), "{}", out(&restored));
    let doctor = ziyun(there.path(), &["doctor"]).output().unwrap();
    assert!(doctor.status.success(), "{}", out(&doctor));
    Served::start(there.path(), &[]).end();

    let prune = || out(&run(&["backup", "--keys-to", "k", "--prune"]));
    assert_eq!(prune(), "", "its day has not come");
    let old = here.path().join("k/ziyun-keys-20200101T000000Z-00000000-delete-by-20200115");
    fs::create_dir(&old).unwrap();
    assert!(prune().contains("removed k/ziyun-keys-2020"));
    assert!(!old.exists() && PathBuf::from(&keys).exists());
}

/// The same order after each kill comes to the same end.
#[test]
fn a_restore_that_is_killed_again_and_again_comes_to_its_end() {
    let here = folder();
    Served::start(here.path(), &[]).end();
    let both = ziyun(here.path(), &["backup", "--to", "b", "--keys-to", "k"]).output().unwrap();
    let [data, keys] =
        ["data", "keys"].map(|kind| here.path().join(folder_of(&out(&both), kind)).display().to_string());
    let there = folder();
    for name in ["keys/root.key", "journal/tombstones.jsonl"] {
        let target = there.path().join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(here.path().join(name), target).unwrap();
    }
    let order = ["restore", "--from", data.as_str(), "--keys-from", keys.as_str()];
    let mut ended = false;
    for milliseconds in (0..3000).step_by(15) {
        let mut child = ziyun(there.path(), &order).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        // Killed after its last step, it finds what it has done.
        ended = output.status.success() || err(&output).contains("the main database is not empty");
        if ended {
            break;
        }
    }
    assert!(ended, "three seconds are enough");
    Served::start(there.path(), &[]).end();
}
