//! The command line through its front door: the built binary.

use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program in a folder of its own, with nothing in its environment.
pub fn ziyun(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ziyun"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn fed(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn config_tells_value_and_origin_and_no_password() {
    let here = folder();
    std::fs::write(here.path().join("ziyun.toml"), "# ours\nzone = \"UTC\"\nlisten = \"127.0.0.1:1\"\n").unwrap();
    let output = ziyun(here.path(), &["config", "--log", "warn"])
        .env("ZIYUN_DATABASE_URL", "postgres://ziyun:geheim@localhost/ziyun")
        .env("ZIYUN_LISTEN", "127.0.0.1:2")
        .output()
        .unwrap();
    let text = out(&output);
    assert!(output.status.success(), "{}", err(&output));
    for line in [
        "zone = \"UTC\"  # ziyun.toml:2",
        "listen = \"127.0.0.1:2\"  # environment ZIYUN_LISTEN",
        "log = \"warn\"  # flag --log",
        "data_dir = \"data\"  # default",
        "database_url = \"postgres://ziyun:***@localhost/ziyun\"  # environment ZIYUN_DATABASE_URL",
        "# smtp_url is not set",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains("geheim"));
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1, "config writes nothing");
}

#[test]
fn what_is_unknown_is_refused_with_the_nearest() {
    let here = folder();
    let refused = |command: &mut Command, nearest: &str| {
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(nearest), "{nearest} is missing in {}", err(&output));
        assert_eq!(out(&output), "");
    };
    refused(ziyun(here.path(), &["config"]).env("ZIYUN_LISTN", "1"), "`ZIYUN_LISTEN`");
    refused(&mut ziyun(here.path(), &["config", "--listn", "1"]), "--listen");
    refused(&mut ziyun(here.path(), &["config", "--qqq", "1"]), "the nearest known is `--");
    refused(&mut ziyun(here.path(), &["serv"]), "unrecognized subcommand");
    std::fs::write(here.path().join("own.toml"), "\n\nkeydir = \"x\"\n").unwrap();
    refused(&mut ziyun(here.path(), &["config", "--config", "own.toml"]), "own.toml:3: there is no `keydir`");
    refused(&mut ziyun(here.path(), &["config", "--config", "none.toml"]), "none.toml");
}

#[test]
fn a_configuration_that_cannot_hold_is_printed_and_refused() {
    let output = ziyun(folder().path(), &["config", "--listen", "0.0.0.0:8080"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).contains("listen = \"0.0.0.0:8080\"  # flag --listen"));
    assert!(err(&output).contains("set tls_cert and tls_key"), "{}", err(&output));
}

#[test]
fn check_answers_each_line() {
    let here = folder();
    let answers = |arguments: &[&str], input: &str| {
        let output = fed(ziyun(here.path(), arguments), input);
        assert!(output.status.success(), "{}", err(&output));
        out(&output).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let uscc = answers(&["check", "uscc"], "91440515LU6H7TEK9D\r\n91440515LU6H7TEK9E\n\n");
    assert_eq!(uscc.len(), 3);
    assert_eq!(uscc[0], "ok");
    assert!(uscc[1].starts_with("bad: ") && uscc[2].starts_with("bad: empty"), "{uscc:?}");
    assert!(!uscc[1].contains("LU6H7TEK9E"), "an answer repeats no value");
    assert_eq!(answers(&["check", "resident-id"], "522633190704259023"), ["ok"]);
    assert_eq!(answers(&["check", "bank-card"], "6258026702627341"), ["ok"]);
    assert!(answers(&["check", "bank-card", "--verbose"], "6258026702627341")[0].contains("招商银行"));
    assert!(answers(&["check", "mobile"], "23800138000\n")[0].starts_with("bad: "));
    assert_eq!(answers(&["check", "mobile"], ""), Vec::<String>::new());
}

#[test]
fn a_folder_in_use_is_named_after_five_seconds() {
    let here = folder();
    std::fs::create_dir(here.path().join("data")).unwrap();
    let mut held = std::fs::File::create(here.path().join("data/lock")).unwrap();
    held.write_all(b"`ziyun serve`, process 4711\n").unwrap();
    held.lock().unwrap();
    let begin = std::time::Instant::now();
    let output = ziyun(here.path(), &["migrate"]).output().unwrap();
    assert!(begin.elapsed() >= std::time::Duration::from_secs(5));
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("data is in use by `ziyun serve`, process 4711"), "{}", err(&output));
    assert!(!here.path().join("data/ziyun.db").exists(), "nothing is written beside the holder");
    drop(held);
    let output = ziyun(here.path(), &["migrate"]).output().unwrap();
    assert!(output.status.success() && out(&output).starts_with("applied "), "{}", err(&output));
}

#[test]
fn another_schema_is_refused_and_told_what_to_do() {
    let here = folder();
    let migrate = || ziyun(here.path(), &["migrate"]).output().unwrap();
    let serve = || ziyun(here.path(), &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(migrate().status.success());
    assert_eq!(out(&migrate()), "nothing to apply\n");
    let future = "INSERT INTO schema_migration (name, hash, at) VALUES ('9999_future', 'x', 0)";
    change(here.path(), future);
    for output in [migrate(), serve()] {
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains("newer than this program: it knows 9999_future"), "{}", err(&output));
    }
    change(here.path(), "DELETE FROM schema_migration");
    let output = serve();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("run `ziyun migrate`"), "{}", err(&output));
    assert_eq!(out(&output), "", "it did not serve");
}

/// One statement, past the program.
pub fn change(folder: &Path, statement: &'static str) {
    let settings = kit::db::Settings::file(folder.join("data/ziyun.db"));
    let db = kit::db::Db::open(&settings, kit::clock::Clock::system(), kit::random::Random::system()).unwrap();
    let work = db.write::<u64, kit::db::Error>(move |tx| tx.execute(statement, &[]));
    tokio::runtime::Runtime::new().unwrap().block_on(work).unwrap();
}

#[test]
fn serve_answers_and_ends_in_order() {
    let here = folder();
    let mut child = ziyun(here.path(), &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("serving on http://").unwrap().to_owned();
    let mut connection = std::net::TcpStream::connect(&address).unwrap();
    connection.write_all(b"GET /health HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 200") && answer.ends_with("ok\n"), "{answer}");
    let other = ziyun(here.path(), &["serve", "--data-dir", "other/data", "--listen", &address]).output().unwrap();
    assert!(err(&other).contains("is taken by another program"), "{}", err(&other));
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_operator_is_added_once_and_with_a_good_password() {
    let here = folder();
    let add = |password: &str| {
        let arguments =
            ["operator", "add", "--phone", "13800138001", "--email", "operator@ziyun.example", "--duties", "all"];
        fed(ziyun(here.path(), &arguments), password)
    };
    let weak = add("passw0rd123\n");
    assert_eq!(weak.status.code(), Some(1));
    assert!(err(&weak).contains("the password is refused"), "{}", err(&weak));
    let made = add("violet-harbour-nine-kites\n");
    assert!(made.status.success() && out(&made).starts_with("account "), "{}", err(&made));
    let again = add("violet-harbour-nine-kites\n");
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("has an account already; nothing was changed"), "{}", err(&again));
    let forget =
        |account: &str| ziyun(here.path(), &["operator", "forget-factor", "--account", account]).output().unwrap();
    assert!(out(&forget("13800138001")).contains("there was no second factor"), "{}", err(&forget("13800138001")));
    assert!(err(&forget("13800138002")).contains("no account of the operator"));
    let database = std::fs::read(here.path().join("data/ziyun.db")).unwrap();
    let log = std::fs::read(here.path().join("data/ziyun.db-wal")).unwrap_or_default();
    for secret in ["13800138001", "operator@ziyun.example", "violet-harbour"] {
        let shows = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!shows(&database) && !shows(&log), "{secret} lies in the clear");
    }
}

#[test]
fn an_import_reports_its_rows_and_repeats_without_effect() {
    let here = folder();
    let good = r#"{"id":"n-1","sourceName":"某站（虚构）","title":"某系统招标公告","region":"浙江","date":"2026-08-21",
        "category":"招标公告","budget":"86.9万元","url":"https://notices.example/n/1"}"#;
    let lines = format!("{}\n\n{}\nno json\n", good.replace('\n', ""), r#"{"id":"n-2"}"#);
    std::fs::write(here.path().join("rows.jsonl"), lines).unwrap();
    let import = || ziyun(here.path(), &["import", "notices", "rows.jsonl"]).output().unwrap();
    let first = import();
    assert_eq!(first.status.code(), Some(1), "refused rows need somebody's eye: {}", err(&first));
    let report: Vec<String> = out(&first).lines().map(str::to_owned).collect();
    assert!(report[0].starts_with("rows.jsonl:3: refused: "), "{report:?}");
    assert!(report[1].starts_with("rows.jsonl:4: refused: a line is one JSON object"), "{report:?}");
    assert!(report[2].starts_with("3 rows read: 1 imported, 0 unchanged, 0 differ"), "{report:?}");
    assert!(out(&import()).contains("3 rows read: 0 imported, 1 unchanged"), "a second import changes nothing");
    let missing = ziyun(here.path(), &["import", "notices", "rows.jsonl", "none.jsonl"]).output().unwrap();
    assert!(err(&missing).contains("none.jsonl"), "every file is there before the first is read");
}

#[test]
fn verify_tells_a_sound_receipt_from_a_forged_one() {
    let folder = folder();
    let signer = evidence::Signer::from_seed(&[3; 32]);
    let receipt = signer.sign("bid", [("bid".to_owned(), serde_json::json!("b1"))].into());
    let text = serde_json::to_string(&receipt).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("log.pub"), signer.public_key()).unwrap();
    std::fs::write(path("sound.json"), &text).unwrap();
    std::fs::write(path("forged.json"), text.replace("b1", "b2")).unwrap();
    let sound = ziyun(folder.path(), &["verify", "--key", &path("log.pub"), &path("sound.json")]).output().unwrap();
    assert!(sound.status.success() && out(&sound).contains(r#""ok":true"#), "{}", out(&sound));
    let both = ["verify", "--key", &path("log.pub"), &path("sound.json"), &path("forged.json"), &path("absent.json")];
    let both = ziyun(folder.path(), &both).output().unwrap();
    assert_eq!((both.status.code(), out(&both).lines().count()), (Some(1), 3));
    assert!(out(&both).contains("the signature does not fit the statement"), "{}", out(&both));
}

#[test]
fn verify_without_a_key_says_whose_it_took() {
    let folder = folder();
    let signer = evidence::Signer::from_seed(&[3; 32]);
    let receipt = signer.sign("bid", [("bid".to_owned(), serde_json::json!("b1"))].into());
    std::fs::write(folder.path().join("one.json"), serde_json::to_string(&receipt).unwrap()).unwrap();
    let sound = ziyun(folder.path(), &["verify", "one.json"]).output().unwrap();
    let line: serde_json::Value = serde_json::from_str(&out(&sound)).unwrap();
    assert!(sound.status.success() && line["ok"] == true && line["kind"] == "bid", "{line}");
    assert!(line["reason"].as_str().unwrap().contains(&signer.public_key()), "{line}");
    std::fs::write(folder.path().join("one.json"), "{}").unwrap();
    assert_eq!(ziyun(folder.path(), &["verify", "one.json"]).output().unwrap().status.code(), Some(1));
}

#[test]
fn audit_compares_a_new_log_with_a_checkpoint_that_it_has_not_signed() {
    let folder = folder();
    let sound = ziyun(folder.path(), &["audit"]).output().unwrap();
    assert!(sound.status.success() && out(&sound).contains(r#""size":0"#), "{}{}", out(&sound), err(&sound));
    let note = evidence::Signer::from_seed(&[3; 32]).checkpoint(5, evidence::Hash::leaf(b""));
    std::fs::write(folder.path().join("checkpoint"), note).unwrap();
    let refused = ziyun(folder.path(), &["audit", "--checkpoint", "checkpoint"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("this log has not signed this checkpoint"), "{}", err(&refused));
}

/// Every vector of the data folder, where it stands: no answer differs.
#[test]
fn check_agrees_with_the_vectors() {
    for (kind, file) in [
        ("uscc", "uscc_gb32100.csv"),
        ("resident-id", "cn_resident_id_gb11643.csv"),
        ("bank-card", "bank_card_luhn.csv"),
    ] {
        let Ok(text) = std::fs::read_to_string(shared_data().join("vectors").join(file)) else {
            eprintln!("1 file skipped: {file} is not here");
            continue;
        };
        let rows: Vec<(&str, &str)> = text.lines().skip(1).map(|row| row.split_once(',').unwrap()).collect();
        let input: String = rows.iter().map(|(value, _)| format!("{value}\n")).collect();
        let output = fed(ziyun(folder().path(), &["check", kind]), &input);
        let answers: Vec<String> = out(&output).lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), rows.len(), "{kind}");
        for ((value, rest), answer) in rows.iter().zip(&answers) {
            assert_eq!(rest.starts_with("valid"), answer == "ok", "{kind} {value}: {answer}");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "where the optional data lie is asked of the machine")]
fn shared_data() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    std::env::var_os("SHARED_DATA_DIR").map_or(beside, PathBuf::from)
}
