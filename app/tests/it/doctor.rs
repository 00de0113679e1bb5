//! `ziyun doctor`: each thing is broken in turn, and the line that says so is looked for.

use crate::command::{change, err, folder, out, ziyun};
use crate::world::{listen, server};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder in which the databases, the keys and the root key have been made.
fn installed() -> TempDir {
    let here = folder();
    let made = ziyun(here.path(), &["migrate"]).output().unwrap();
    assert!(made.status.success(), "{}", err(&made));
    here
}

fn doctor(folder: &Path) -> Command {
    let mut command = ziyun(folder, &["doctor"]);
    command.env("ZIYUN_LISTEN", format!("127.0.0.1:{}", listen().local_addr().unwrap().port()));
    command
}

/// All lines, and whether it ended well.
fn examined(mut command: Command) -> (String, bool) {
    let output = command.output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
    (out(&output), output.status.success())
}

/// The line of a check must begin with this state and hold all these words; a failure alone ends badly.
#[track_caller]
fn finds(command: Command, state: &str, check: &str, words: &[&str]) {
    let (text, well) = examined(command);
    let begin = format!("{state:<5} {check} ");
    let found = text.lines().find(|line| line.starts_with(&begin) && words.iter().all(|word| line.contains(word)));
    assert!(found.is_some(), "no line `{begin}` with {words:?} in\n{text}");
    assert_eq!(well, !text.lines().any(|line| line.starts_with("FAIL ")), "{text}");
    assert!(state != "FAIL" || !well);
}

/// Every file below, with its content; but for where those who read a database tell each other where they are.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(tree(&path));
            all.insert(path.display().to_string(), vec![]);
        } else if !path.to_string_lossy().ends_with("-shm") {
            all.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn a_sound_installation_gets_no_failure_and_nothing_is_changed() {
    let empty = folder();
    let (text, well) = examined(doctor(empty.path()));
    assert!(well && text.contains("database") && text.contains("is not there yet"), "{text}");
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "it made nothing");

    let here = installed();
    let before = tree(here.path());
    let (text, well) = examined(doctor(here.path()));
    assert!(well, "{text}");
    for line in [
        "ok    database       SQLite 3.",
        "ok    key database   SQLite 3.",
        "ok    clock ",
        "ok    jobs           0 due",
        "ok    followers ",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line} is missing in\n{text}");
    }
    assert!(text.contains("opens what the key database holds") && text.contains("set smtp_url"), "{text}");
    let after = tree(here.path());
    let other: Vec<_> = before
        .iter()
        .chain(&after)
        .filter(|(name, _)| before.get(*name) != after.get(*name))
        .map(|(name, _)| name)
        .collect();
    assert!(other.is_empty(), "it changed {other:?}");
    let mut json = doctor(here.path());
    json.arg("--json");
    let findings: Vec<serde_json::Value> = serde_json::from_str(&examined(json).0).unwrap();
    assert!(findings.iter().any(|one| one["check"] == "database" && one["state"] == "ok"), "{findings:?}");
    assert!(findings.iter().all(|one| one["state"] == "ok" || one["todo"].is_string()), "{findings:?}");
}

#[test]
fn a_setting_that_cannot_hold() {
    let here = folder();
    let mut command = doctor(here.path());
    command.env("ZIYUN_ZONE", "Mars/Olympus");
    finds(command, "FAIL", "configuration ", &["Mars/Olympus", "ziyun config"]);
    let mut public = doctor(here.path());
    public.env("ZIYUN_TRUSTED_PROXY", "1");
    finds(public, "warn", "configuration ", &["privacy_contact"]);
    let mut anywhere = doctor(here.path());
    anywhere.env("ZIYUN_WEBHOOK_REACH", "anywhere");
    finds(anywhere, "warn", "configuration ", &["webhook_reach = public"]);
    let reached = |address: &str| {
        let mut command = doctor(here.path());
        command.env("ZIYUN_PUBLIC_URL", address);
        command
    };
    finds(reached("https://192.0.2.7"), "warn", "configuration ", &["no passkeys", "public_url"]);
    assert!(!examined(reached("https://ziyun.example")).0.contains("passkeys"));
}

#[test]
fn keys_that_are_open_missing_or_of_another_installation() {
    let here = installed();
    let root = here.path().join("keys/root.key");
    std::fs::set_permissions(&root, PermissionsExt::from_mode(0o644)).unwrap();
    finds(doctor(here.path()), "FAIL", "keys          ", &["others can read it", "chmod 600"]);
    std::fs::write(&root, format!("1 {}\n", "ab".repeat(32))).unwrap();
    std::fs::set_permissions(&root, PermissionsExt::from_mode(0o600)).unwrap();
    finds(doctor(here.path()), "FAIL", "keys          ", &["does not open what the key database holds"]);
    std::fs::write(&root, "1 nonsense\n").unwrap();
    finds(doctor(here.path()), "FAIL", "keys          ", &["line 1"]);
    std::fs::remove_file(&root).unwrap();
    finds(doctor(here.path()), "FAIL", "keys          ", &["nothing personal can be opened", "restore"]);

    let here = installed();
    std::fs::set_permissions(here.path().join("keys"), PermissionsExt::from_mode(0o755)).unwrap();
    finds(doctor(here.path()), "warn", "key_dir       ", &["others can look into", "chmod 700"]);
    std::fs::rename(here.path().join("keys"), here.path().join("data/hidden")).unwrap();
    std::os::unix::fs::symlink("data/hidden", here.path().join("keys")).unwrap();
    finds(doctor(here.path()), "FAIL", "key_dir       ", &["by a link", "move them out"]);
}

#[test]
fn a_database_that_is_another_or_none() {
    let here = installed();
    change(here.path(), "INSERT INTO schema_migration (name, hash, at) VALUES ('9999_future', 'x', 0)");
    finds(doctor(here.path()), "FAIL", "database      ", &["newer than this program: it knows 9999_future"]);
    change(here.path(), "DELETE FROM schema_migration WHERE name > '0010'");
    finds(doctor(here.path()), "FAIL", "database      ", &["older than this program", "ziyun migrate"]);
    for log in ["data/ziyun.db-wal", "data/ziyun.db-shm", "keys/keys.db-wal", "keys/keys.db-shm"] {
        std::fs::remove_file(here.path().join(log)).ok();
    }
    std::fs::write(here.path().join("data/ziyun.db"), "no database at all, only some words of no meaning".repeat(50))
        .unwrap();
    finds(doctor(here.path()), "FAIL", "database      ", &["cannot be used", "restore it from a back-up"]);
    std::fs::write(here.path().join("keys/keys.db"), "neither is this".repeat(100)).unwrap();
    finds(doctor(here.path()), "FAIL", "key database  ", &["cannot be used"]);
    let mut gone = doctor(here.path());
    gone.env("ZIYUN_DATABASE_URL", "postgres://nobody:geheim@127.0.0.1:1/none");
    finds(gone, "FAIL", "database      ", &["no connection", "nobody:***@", "see that the server runs"]);
}

#[test]
fn work_that_stands_still() {
    let here = installed();
    change(
        here.path(),
        "INSERT INTO job (id, kind, payload, run_at, attempts, dead, error, created_at) VALUES \
         (x'01980000000070008000000000000001', 'blob.discard', x'', 0, 8, 1, 'no such folder', 0)",
    );
    finds(
        doctor(here.path()),
        "warn",
        "jobs          ",
        &["1 were given up", "blob.discard 01980000-0000-7000-8000-000000000001"],
    );
    change(here.path(), "UPDATE job SET dead = 0, deaths = 3");
    let troubled = &["1 do not succeed", "(8 tries failed, 3 processes in a row ended)", "mend the cause"];
    finds(doctor(here.path()), "warn", "jobs          ", troubled);
    finds(
        doctor(here.path()),
        "FAIL",
        "jobs          ",
        &["due for more than five minutes: 1 blob.discard", "ziyun work"],
    );
    change(here.path(), "DELETE FROM job");
    change(here.path(), "UPDATE sequencer SET last = 5000");
    change(here.path(), "INSERT INTO follower (name, seq) VALUES ('notice-tenders', 7)");
    finds(doctor(here.path()), "warn", "followers     ", &["notice-tenders is 4993 events behind"]);
    let index = kit::search::Index::open(&here.path().join("node/search")).unwrap();
    index.apply(&[], 9000).unwrap();
    finds(doctor(here.path()), "warn", "search        ", &["another database's"]);
    index.wipe().unwrap();
    finds(doctor(here.path()), "ok", "search        ", &["node/search"]);
    drop(index);
    std::fs::write(here.path().join("node/search/files/meta.json"), "{").unwrap();
    finds(doctor(here.path()), "warn", "search        ", &["remove the folder"]);
}

#[test]
fn a_file_that_is_gone_and_a_deadline_that_passed() {
    let here = installed();
    change(
        here.path(),
        "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
         VALUES (x'01', 'C', 'K', 1, 0, 'approved', 0, 1)",
    );
    change(
        here.path(),
        "INSERT INTO tender (id, company, number, title, method, regime, category, region, summary, budget_shown, state, \
         questions_until, deadline, zone, questions_closed, next_check, created_at, version) \
         VALUES (x'01', x'01', 'N', 'T', 'open', 'enterprise', 'other', '36', '', 0, 'published', 0, 0, 'UTC', 0, \
         9223372036854775807, 0, 1)",
    );
    finds(doctor(here.path()), "ok", "deadlines     ", &["none has passed"]);
    finds(doctor(here.path()), "ok", "files         ", &["newest 0"]);
    change(here.path(), "UPDATE tender SET next_check = 1795000000000000");
    finds(doctor(here.path()), "FAIL", "deadlines     ", &["nobody acted", "ziyun work"]);
    change(
        here.path(),
        "INSERT INTO tender_document (id, tender, name, size, sha256, region, blob, created_at) \
         VALUES (x'01', x'01', 'n', 1, x'00', 'default', '00112233445566778899aabbccddeeff', 0)",
    );
    finds(doctor(here.path()), "FAIL", "files         ", &["1 of the newest 1", "of the same time"]);
    let folder = here.path().join("data/blobs/default/00");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("112233445566778899aabbccddeeff"), "x").unwrap();
    finds(doctor(here.path()), "ok", "files         ", &["newest 1"]);
}

#[test]
fn a_clock_that_went_back() {
    let here = installed();
    change(
        here.path(),
        "INSERT INTO event (id, seq, at, kind, v, body, salt) \
         VALUES (x'01980000000070008000000000000001', 1, 7983792000000000, 'x', 1, '{}', x'00')",
    );
    finds(doctor(here.path()), "FAIL", "clock         ", &["it went back", "2222-", "NTP"]);
}

#[test]
fn folders_that_cannot_be_used() {
    let here = installed();
    std::fs::write(here.path().join("outbox-file"), "").unwrap();
    let mut command = doctor(here.path());
    command.env("ZIYUN_OUTBOX_DIR", "outbox-file");
    finds(command, "FAIL", "outbox_dir    ", &["is no folder"]);
    let mut command = doctor(here.path());
    command.env("ZIYUN_NODE_DIR", "outbox-file/node");
    finds(command, "FAIL", "node_dir      ", &["cannot be made"]);
}

#[test]
fn a_certificate_that_ended_or_is_not_its_keys() {
    let here = folder();
    let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls");
    for name in ["ended.pem", "long.pem", "key.pem"] {
        std::fs::copy(pem.join(name), here.path().join(name)).unwrap();
    }
    std::fs::set_permissions(here.path().join("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
    let with = |cert: &str, key: &str| {
        let mut command = doctor(here.path());
        command.env("ZIYUN_TLS_CERT", cert).env("ZIYUN_TLS_KEY", key);
        command
    };
    finds(with("long.pem", "key.pem"), "ok", "tls           ", &["more days"]);
    finds(with("ended.pem", "key.pem"), "FAIL", "tls           ", &["ended", "renew it"]);
    finds(with("long.pem", "none.pem"), "FAIL", "tls           ", &["none.pem"]);
    std::fs::set_permissions(here.path().join("key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
    finds(with("long.pem", "key.pem"), "warn", "tls           ", &["others can read", "chmod 600"]);
}

#[test]
fn a_port_that_is_taken_by_others_or_by_the_program_itself() {
    let here = installed();
    let taken = listen();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = ziyun(here.path(), &["doctor"]);
    command.env("ZIYUN_LISTEN", &address);
    // The taker accepts and says nothing we would say.
    std::thread::spawn(move || {
        taken.set_nonblocking(false).unwrap();
        while let Ok((mut stream, _)) = taken.accept() {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother").ok();
        }
    });
    finds(command, "FAIL", "port          ", &["taken by another program"]);

    let mut serve = ziyun(here.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut serving = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("serving on http://").unwrap().to_owned();
    let mut command = ziyun(here.path(), &["doctor"]);
    command.env("ZIYUN_LISTEN", &address);
    let (text, well) = examined(command);
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(well && text.contains(&format!("ziyun serves on {address}")), "{text}");
    let (text, well) = examined(doctor(here.path()));
    assert!(well && text.contains("ok    database "), "after a kill the log is read too:\n{text}");
}

#[test]
fn a_mail_server_that_answers_or_not() {
    let here = folder();
    let with = |url: String| {
        let mut command = doctor(here.path());
        command.env("ZIYUN_SMTP_URL", url);
        command
    };
    finds(with("smtp://127.0.0.1:1".into()), "FAIL", "mail          ", &["smtp_url"]);
    let post = listen();
    post.set_nonblocking(false).unwrap();
    let url = format!("smtp://{}", post.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = post.accept().unwrap();
        stream.write_all(b"220 post.example\r\n").unwrap();
        for line in BufReader::new(stream.try_clone().unwrap()).lines() {
            let answer: &[u8] = if line.unwrap().starts_with("QUIT") { b"221 bye\r\n" } else { b"250 ok\r\n" };
            stream.write_all(answer).unwrap();
        }
    });
    finds(with(url), "ok", "mail          ", &["the server answers"]);
}

#[test]
fn a_server_is_asked_for_version_clock_and_schema() {
    let Some(server) = server() else { return };
    let random = kit::random::Random::system();
    let database = kit::db::Scratch::create(server, "ziyun_doctor", &random).unwrap();
    let here = folder();
    let on_server = |arguments: &[&str]| {
        let mut command = ziyun(here.path(), arguments);
        command.env("ZIYUN_DATABASE_URL", database.url());
        command
    };
    finds(on_server(&["doctor"]), "FAIL", "database      ", &["has no schema yet; run `ziyun migrate`"]);
    assert!(on_server(&["migrate"]).output().unwrap().status.success());
    finds(on_server(&["doctor"]), "ok", "database      ", &["PostgreSQL 1", "schema "]);
    finds(on_server(&["doctor"]), "ok", "clock         ", &["+08:00"]);
    database.remove().unwrap();
}
