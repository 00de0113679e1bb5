//! The demo, as people start it: the journey on both databases, and what it refuses.

use crate::command::{err, folder, out, ziyun};
use crate::world::server;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The demo, on the test server where there is one.
fn demo(here: &Path, arguments: &[&str]) -> Command {
    let mut command = ziyun(here, &["demo"]);
    command.args(arguments);
    if let Some(url) = server() {
        command.env("ZIYUN_DATABASE_URL", url).env("ZIYUN_DATABASE_CONNECTIONS", "3");
    }
    command
}

#[test]
fn the_journey_holds_and_leaves_what_it_should() {
    let here = folder();
    let output = demo(here.path(), &["--once", "--json", "--data", "d"]).output().unwrap();
    let report: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("no JSON: {}", err(&output)));
    let steps = report["steps"].as_array().unwrap();
    let failed: Vec<_> = steps.iter().filter(|step| step["ok"] != true).collect();
    assert!(output.status.success() && report["ok"] == true, "{failed:#?}\n{}", err(&output));
    assert!(steps.len() >= 57 && steps.iter().all(|step| step["ok"] == true && step["detail"].is_string()));
    let tried: Vec<_> = steps.iter().flat_map(|step| step["tried"].as_array().cloned().unwrap_or_default()).collect();
    let why =
        |what: &str| tried.iter().find(|one| one["what"].as_str().unwrap().contains(what)).unwrap()["refused"].clone();
    for (what, refused) in [
        ("gives a share early", "409 opening-not-waiting"),
        ("a copy without any key", "the shares do not open with the platform's key"),
        ("a copy with the root key", "0 of 2 shares"),
        ("the operator, with the platform's key and one officer's", "1 of 2 shares"),
        ("all three officers, without the platform's key", "the shares do not open with the platform's key"),
        ("the hour to a day before", "422 amendment-earlier"),
        ("asked for before the hour", "409 opening-not-yet"),
        ("sends after the hour", "409 deadline-passed"),
        ("not invited reads the tender", "404 not-found"),
        ("the lead bids before the member has agreed", "409 consortium-incomplete"),
        ("before 2 of three were heard", "409 negotiation-unequal"),
        ("the key of final offers", "409 opening-not-yet"),
    ] {
        assert_eq!(why(what), refused, "{what}");
    }
    assert!(tried.len() >= 20 && report["checks"].as_u64() > Some(100), "{report:#}");

    let left = here.path().join("d");
    let key = std::fs::read_to_string(left.join("log.pub")).unwrap();
    let receipts: Vec<_> =
        std::fs::read_dir(left.join("receipts")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(receipts.len(), 9);
    for receipt in &receipts {
        evidence::verify(&std::fs::read_to_string(receipt).unwrap(), &key).unwrap();
    }
    let proofs: Vec<_> = std::fs::read_dir(left.join("proofs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(proofs.len(), 7);
    for proof in &proofs {
        evidence::verify(&std::fs::read_to_string(proof).unwrap(), &key).unwrap();
    }
    let files = receipts.iter().chain(&proofs).map(|path| path.to_str().unwrap());
    let arguments: Vec<_> = ["verify", "--key", "d/log.pub"].into_iter().chain(files).collect();
    let verified = ziyun(here.path(), &arguments).output().unwrap();
    assert!(verified.status.success() && out(&verified).lines().count() == 16, "{}", out(&verified));
    if server().is_none() {
        let audited = ziyun(here.path(), &["audit", "--data-dir", "d/data"]).output().unwrap();
        assert!(
            audited.status.success() && out(&audited).starts_with(r#"{"ok":true"#),
            "{}{}",
            out(&audited),
            err(&audited)
        );
    }
    assert!(left.join("data").is_dir() && left.join("outbox/mail").is_dir() && left.join("outbox/sms").is_dir());
    assert!(!left.join("data/root.key").exists() && !left.join("data/outbox").exists());

    let again = demo(here.path(), &["--once", "--data", "d"]).output().unwrap();
    assert!(err(&again).contains("holds a demo already"), "{}", err(&again));

    let later = Playing::start(demo(here.path(), &["--data", "d", "--listen", "127.0.0.1:0"])).end();
    assert!(later.contains("caigou@lanzhi.example"), "{later}");
    assert_eq!(counted(&left, "consent_event"), 0, "the main job is whole with every additional function off");
    assert!(counted(&left, "opening") > 0, "and what it needed was opened on other grounds");
    remove_databases(&left);
}

/// The whole of it on the embedded database only; what goes at the end of it does so when it is ended before, too.
#[test]
fn a_journey_without_a_folder_leaves_nothing() {
    if server().is_some() {
        return;
    }
    let here = folder();
    let output = demo(here.path(), &["--once", "--seed", "7", "--clock", "2026-11-23T09:00:00+08:00"])
        .env("TMPDIR", here.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    let told = out(&output);
    assert!(told.contains("2026-11-29T02:00:00"), "the clock began where it was told to: {told}");
    let attempts = told.lines().filter(|line| line.trim_start().starts_with("tried: ") && line.contains("  refused: "));
    assert!(attempts.count() >= 20 && told.lines().all(|line| !line.starts_with("FAILED")), "{told}");
    assert!(told.lines().last().is_some_and(|line| line.ends_with(": all held")), "{told}");
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
}

#[test]
fn a_journey_that_is_ended_leaves_nothing() {
    let here = folder();
    let mut command = demo(here.path(), &["--once"]);
    let mut child = command.env("TMPDIR", here.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = told.next().unwrap().unwrap();
    assert!(first.contains("the program answers"), "{first}");
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1);
    terminate(&child);
    // Read to its end: who writes to nobody is ended by that.
    told.for_each(drop);
    let ended = child.wait_with_output().unwrap();
    let said = err(&ended);
    assert!(!ended.status.success() && said.contains("ended before"), "{said}");
    assert!(!said.contains("stays behind"), "{said}");
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_demo_is_made_once_shows_its_pages_and_goes_on() {
    let here = folder();
    let start = || Playing::start(demo(here.path(), &["--data", "d", "--listen", "127.0.0.1:0"]));
    let playing = start();
    pages(&playing).await;
    let (first, second) = (playing.end(), start().end());
    assert_eq!(accounts(&first).len(), 15, "{first}");
    assert_eq!(accounts(&second), accounts(&first), "the same people with the same passwords");
    if server().is_some() {
        let arguments = ["demo", "--data", "d", "--listen", "127.0.0.1:0"];
        let refused = ziyun(here.path(), &arguments).output().unwrap();
        assert!(err(&refused).contains("name it by ZIYUN_DATABASE_URL"), "{}", err(&refused));
    }
    remove_databases(&here.path().join("d"));
}

/// They show accounts, codes and a clock that moves.
async fn pages(playing: &Playing) {
    let root = playing.told.lines().find_map(|line| line.trim().strip_prefix("http://")).unwrap().to_owned();
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let json = async |path: &str| {
        let request = client.get(format!("http://{root}{path}")).header("accept", "application/json");
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let page = async |path: &str| {
        let request = client.get(format!("http://{root}{path}")).header("accept", "text/html");
        request.send().await.unwrap().text().await.unwrap()
    };
    let people = json("/demo").await;
    assert_eq!(people["accounts"].as_array().unwrap().len(), 15);
    assert!(page("/demo").await.contains("caigou@lanzhi.example"));
    let messages = json("/demo/mailbox").await;
    let codes = messages["messages"].as_array().unwrap().iter().filter(|message| message["code"].is_string());
    assert_eq!(codes.count(), 21, "two for each who registered, and a contact's at the public door");
    let listed = json("/opportunities").await;
    assert_eq!(listed["tenders"].as_array().unwrap().len(), 4, "four tenders take bids, beside one for the invited");

    let csrf = json("/session").await["csrf"].as_str().unwrap().to_owned();
    let advance = async |by: &str| {
        let request = client.post(format!("http://{root}/demo/clock")).header("x-csrf-token", &csrf);
        let request = request.header("accept", "application/json").json(&serde_json::json!({ "by": by }));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let before = json("/demo/clock").await;
    let next: jiff::Timestamp = before["next_event"].as_str().unwrap().parse().unwrap();
    let (status, after) = advance("event").await;
    let now: jiff::Timestamp = after["now"].as_str().unwrap().parse().unwrap();
    assert!(status == 201 && now >= next && now < next + jiff::SignedDuration::from_mins(1), "{after}");
    let (_, day) = advance("day").await;
    let later: jiff::Timestamp = day["now"].as_str().unwrap().parse().unwrap();
    assert!(later.duration_since(now) >= jiff::SignedDuration::from_hours(24), "{day}");
    assert_eq!(advance("back").await.0, 422);
}

#[test]
fn what_cannot_be_a_demo_is_refused_and_told_how() {
    let here = folder();
    let refused = |arguments: &[&str], way_out: &str| {
        let output = demo(here.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains(way_out), "{way_out} is missing in {}", err(&output));
    };
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["--listen", &address], "choose another address with --listen");
    refused(&["--once", "--data", "d", "--listen", &address], "choose another address with --listen");
    refused(&["--listen", "0.0.0.0:8080", "--trusted-proxy", "1"], "--listen 127.0.0.1:PORT");
    std::fs::create_dir(here.path().join("full")).unwrap();
    std::fs::write(here.path().join("full/other"), "x").unwrap();
    refused(&["--data", "full", "--listen", "127.0.0.1:0"], "choose another folder with --data");
}

/// The lines of the announcement that name an account.
fn accounts(told: &str) -> Vec<&str> {
    told.lines().filter(|line| line.contains(".example")).collect()
}

/// A demo that runs.
struct Playing {
    child: Child,
    told: String,
}

impl Playing {
    /// Starts one and reads what it announces.
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut told = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            told.push_str(&line);
            told.push('\n');
            if line.starts_with("End with") {
                break;
            }
        }
        Self { child, told }
    }

    /// Asks it to end, waits until it has, and answers what it announced.
    fn end(mut self) -> String {
        terminate(&self.child);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.told
    }
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// How many rows a table of the demo's main database has.
fn counted(folder: &Path, table: &str) -> i64 {
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("demo.json")).unwrap()).unwrap();
    let settings = match (server(), kept["databases"][0].as_str()) {
        (Some(server), Some(name)) => kit::db::Settings::new(kit::db::Scratch::named(server, name).url()),
        _ => kit::db::Settings::file(folder.join("data/ziyun.db")),
    };
    let db = kit::db::Db::open(&settings, kit::clock::Clock::system(), kit::random::Random::system()).unwrap();
    let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table}");
    let work = db.read::<i64, kit::db::Error>(move |tx| tx.one(&sql, &[], |row| row.next()));
    tokio::runtime::Runtime::new().unwrap().block_on(work).unwrap()
}

/// Drops the databases that a kept demo has on the test server.
fn remove_databases(folder: &Path) {
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("demo.json")).unwrap()).unwrap();
    for name in kept["databases"].as_array().into_iter().flatten() {
        kit::db::Scratch::named(server().unwrap(), name.as_str().unwrap()).remove().unwrap();
    }
}
