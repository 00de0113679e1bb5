//! The log of a program that serves: one line a request, which names no person, no address, no path.

use crate::command::{folder, ziyun};
use crate::world::World;
use app::app::App;
use app::config::Config;
use app::web::{Error, Op, Page, Room, Routes, Texts, Who};
use kit::clock::Clock;
use kit::random::Random;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A program that serves, with its log kept.
pub struct Served {
    child: Child,
    pub root: String,
    _out: BufReader<ChildStdout>,
}

impl Served {
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = ziyun(folder, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.args(more).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let root = line.trim().strip_prefix("serving on ").unwrap().to_owned();
        Self { child, root, _out: out }
    }

    /// SIGKILL: nothing is finished, nothing is said. Answers which process it was.
    pub fn kill(mut self) -> u32 {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child.id()
    }

    /// Asks it to end, and answers all that it logged.
    pub fn end(mut self) -> String {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

fn lines(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
}

const SECRET: &str = "kanarienvogel-6472";

#[tokio::test]
async fn one_line_a_request_without_anything_personal() {
    let here = folder();
    let served = Served::start(here.path(), &[]);
    let client = reqwest::Client::builder()
        .user_agent(SECRET)
        .local_address("127.0.71.94".parse::<std::net::IpAddr>().unwrap())
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let get = |path: &str| client.get(format!("{}{path}", served.root)).header("x-forwarded-for", "203.0.113.77");
    let answer = get(&format!("/notices?words={SECRET}")).header("accept", "text/html").send().await.unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let imposed = "01980000-0000-4000-8000-000000000077";
    let other = get(&format!("/{SECRET}")).header("x-request-id", imposed).send().await.unwrap();
    assert_ne!(other.headers()["x-request-id"], imposed, "only a declared proxy may give ids");
    let assets = get("/health").send().await.unwrap();
    assert!(assets.headers().contains_key("x-request-id"));
    client
        .post(format!("{}/session", served.root))
        .json(&serde_json::json!({"account": SECRET, "password": SECRET}))
        .send()
        .await
        .unwrap();
    get(&format!("/bids/{imposed}")).send().await.unwrap();
    let log = served.end();
    for secret in [SECRET, imposed, "203.0.113.77", "127.0.71.94", "/bids"] {
        assert!(!log.contains(secret), "{secret} is in\n{log}");
    }
    let all = lines(&log);
    let requests: Vec<_> = all.iter().filter(|line| line["target"] == "access").collect();
    assert_eq!(requests.len(), 5, "{log}");
    let first = requests[0];
    assert_eq!(first["span"]["request"], id);
    for (field, value) in [("method", "GET"), ("route", "/notices"), ("actor", "visitor"), ("level", "INFO")] {
        assert_eq!(first[field], value, "{first}");
    }
    assert_eq!((first["status"].as_i64(), first["ms"].is_u64()), (Some(200), true), "{first}");
    let routes: Vec<_> = requests.iter().map(|line| line["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["/notices", "(none)", "/health", "/session", "(members)"]);
}

#[tokio::test]
async fn a_declared_proxy_gives_the_id_and_the_level_is_configured() {
    let here = folder();
    let served =
        Served::start(here.path(), &["--trusted-proxy", "1", "--log-format", "text", "--log", "info,access=warn"]);
    let id = "01980000-0000-4000-8000-000000000077";
    let client = reqwest::Client::new();
    let get = |id: &'static str| client.get(format!("{}/notices", served.root)).header("x-request-id", id).send();
    assert_eq!(get(id).await.unwrap().headers()["x-request-id"], id);
    assert_ne!(get("../../etc").await.unwrap().headers()["x-request-id"], "../../etc");
    let log = served.end();
    assert!(log.contains("serving") && !log.contains("/notices") && !log.contains('{'), "{log}");
}

static BROKEN: Room = Room::new(
    "broken",
    || {
        Routes::new().get(
            "/broken",
            Who::Anyone,
            Op::file("test.broken", "Breaks", "text/plain"),
            async || -> Result<Page, Error> { panic!("about {SECRET}") },
        )
    },
    Texts { zh: "", en: "" },
);

#[tokio::test]
async fn a_panic_is_answered_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::under(folder.path());
    config.log = "off".into();
    let app = App::open(config, Clock::system(), Random::system(), &[&BROKEN]).await.unwrap();
    app.migrate().await.unwrap();
    let world = World::serving(app.clone(), folder).await;
    let answer = world.visitor().get("/broken").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["request"].as_str(), Some(answer.header("x-request-id")));
    assert!(!answer.text.contains(SECRET), "{}", answer.text);
    let page = world.visitor().page("/broken").await;
    assert_eq!((page.status.as_u16(), page.text.contains(SECRET)), (500, false));
    assert!(app::watch::scrape(&app).await.contains("ziyun_panics_total 2"));
    world.visitor().get("/notices").await.ok();
}

#[tokio::test]
async fn lines_are_written_while_it_runs_and_outlive_a_kill() {
    let here = folder();
    let mut served = Served::start(here.path(), &[]);
    let log = BufReader::new(served.child.stderr.take().unwrap());
    let (told, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
    reqwest::get(format!("{}/notices", served.root)).await.unwrap();
    // The stated window is half a second; a busy machine may take longer.
    let found = std::iter::from_fn(|| lines.recv_timeout(Duration::from_secs(20)).ok());
    assert!(
        found.into_iter().any(|line| line.contains("\"route\":\"/notices\"")),
        "nothing is kept back until the end"
    );
    served.child.kill().unwrap();
    served.child.wait().unwrap();
}

#[tokio::test]
async fn a_process_without_its_databases_says_so() {
    let Some(mut world) = World::on_server(Clock::system()).await else { return };
    let visitor = world.visitor();
    let told = async |path| {
        let answer = visitor.get(path).await;
        (answer.status.as_u16(), answer.text)
    };
    world.lose_database().await;
    assert_eq!(told("/ready").await, (503, "no key database\n".into()));
    assert_eq!(told("/health").await, (200, "ok\n".into()));
    world.lose_database().await;
    assert_eq!(told("/ready").await, (503, "no database\n".into()));
    assert_eq!(told("/health").await, (503, "no database\n".into()));
    let scraped = app::watch::scrape(&world.app).await;
    for store in ["main", "keys"] {
        let line = |begin: String| scraped.lines().find(|line| line.starts_with(&begin)).unwrap_or_default();
        assert!(line(format!("ziyun_database_up{{store=\"{store}\"}}")).contains("} 0"), "{scraped}");
        let gone = line(format!("ziyun_units_failed_total{{store=\"{store}\""));
        assert!(!gone.is_empty(), "{scraped}");
    }
    assert!(!scraped.contains("ziyun_follower_lag{") && scraped.ends_with("# EOF\n"), "{scraped}");
}

#[tokio::test]
async fn a_process_with_another_schema_is_alive_but_not_ready() {
    let world = World::new().await;
    let visitor = world.visitor();
    assert_eq!(visitor.get("/ready").await.ok().text, "ready\n");
    let future = "INSERT INTO schema_migration (name, hash, at) VALUES ('9999_future', 'x', 0)";
    world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(future, &[])).await.unwrap();
    let answer = visitor.get("/ready").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (503, "another schema\n"));
    assert_eq!(visitor.get("/health").await.ok().text, "ok\n");
}
