//! Figures for Prometheus: what they tell, what they must not tell, and a real Prometheus that reads them.

use crate::sourcing::{bid, id, published};
use crate::world::{Browser, World, listen};
use app::server::Stop;
use app::watch::{Listener, scrape};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Series with their values.
fn series(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit_once(' ').expect("a series and its value"))
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect()
}

/// Which series changed, but for those that time, memory and speed alone change.
fn changed(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>) -> BTreeSet<String> {
    let chance = |name: &str| {
        name.starts_with("process_")
            || name.contains("_bucket{")
            || name.contains("_sum")
            || name.starts_with("ziyun_clock")
            || name.starts_with("ziyun_disk")
            // Which units a server has run again is its own choice.
            || name.starts_with("ziyun_units_again")
            // Keep-alive connections of the test's own clients come and go.
            || name == "ziyun_connections"
    };
    after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value) && !chance(name))
        .map(|(name, _)| name.clone())
        .collect()
}

#[tokio::test]
async fn a_scrape_tells_what_an_operator_needs_and_the_public_has_no_such_page() {
    let world = World::new().await;
    let member = world.member("both").await;
    member.get("/me").await.ok();
    world.visitor().page("/notices").await.ok();
    world.visitor().get("/nowhere").await;
    let text = scrape(&world.app).await;
    let all = series(&text);
    let engine = if crate::world::server().is_some() { "postgres" } else { "sqlite" };
    for wanted in [
        r#"ziyun_requests_total{route="/notices",method="GET",status="2xx"} 1"#,
        r#"ziyun_requests_total{route="(none)",method="GET",status="4xx"} 1"#,
        r#"ziyun_request_seconds_count{route="/notices",method="GET"} 1"#,
        r#"ziyun_database_up{store="main"} 1"#,
        r#"ziyun_database_up{store="keys"} 1"#,
        r#"ziyun_units_queued{store="main",mode="write"} 0"#,
        r#"ziyun_units_failed_total{store="main",kind="full"} 0"#,
        r#"ziyun_follower_lag{follower="notice-tenders"} 0"#,
        r#"ziyun_follower_lag{follower="search-index"} 0"#,
        r#"ziyun_jobs_run_total{kind="(members)",outcome="done"} "#,
        r#"ziyun_openings_total{outcome="opened"} "#,
        r#"ziyun_openings_total{outcome="denied"} 0"#,
        r#"ziyun_disk_free_ratio{folder="data"} "#,
        &format!(r#"ziyun_build_info{{version="0.1.0",engine="{engine}"}} 1"#),
        "ziyun_requests_in_flight 0",
        "ziyun_search_documents 0",
        "process_start_time_seconds ",
    ] {
        assert!(text.lines().any(|line| line.starts_with(wanted)), "{wanted} is missing in\n{text}");
    }
    let count = |name: &str| all.get(name).copied().unwrap_or_default();
    assert!(count(r#"ziyun_unit_seconds_count{store="main",mode="write"}"#) > 3.0);
    assert!(count(r#"ziyun_unit_seconds_count{store="keys",mode="read"}"#) > 0.0);
    assert!(text.ends_with("# EOF\n"));
    assert_eq!(world.visitor().get("/metrics").await.status, 404);
    for value in ["13800", "person", "hengchuan", "127.0.0.1", "衡川"] {
        assert!(all.keys().all(|name| !name.contains(value)), "{value} is in a label:\n{text}");
    }
}

/// Leaves a job that cannot succeed.
async fn leave(world: &World, payload: &'static [u8]) {
    let enqueue = move |tx: &mut kit::db::Tx| {
        let now = tx.now();
        kit::job::enqueue(tx, "blob.discard", payload, now).map(drop)
    };
    world.app.db().write::<_, kit::db::Error>(enqueue).await.unwrap();
}

#[tokio::test]
async fn a_job_that_lies_dead_is_counted() {
    let world = World::new().await;
    leave(&world, b"nonsense").await;
    let due = series(&scrape(&world.app).await);
    assert_eq!(due[r#"ziyun_jobs{kind="(members)",state="due"}"#], 1.0);
    for _ in 0..kit::job::ATTEMPTS {
        world.pass(jiff::SignedDuration::from_hours(2)).await;
    }
    let dead = series(&scrape(&world.app).await);
    assert_eq!(dead[r#"ziyun_jobs{kind="(members)",state="dead"}"#], 1.0);
    assert_eq!(dead[r#"ziyun_jobs{kind="(members)",state="due"}"#], 0.0);
    assert_eq!(dead[r#"ziyun_jobs_run_total{kind="(members)",outcome="failed"}"#], kit::job::ATTEMPTS as f64);
}

async fn look(world: &World) -> BTreeMap<String, f64> {
    world.settle().await;
    series(&scrape(&world.app).await)
}

/// An ordinary act of a provider: a question, and a look at what became of it.
async fn ask(provider: &Browser, tender: &str) {
    let question = json!({"question_id": id(), "question": "备件更换是否需要逐次报验？"});
    provider.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    provider.get("/company").await.ok();
}

#[tokio::test]
async fn no_figure_tells_a_bid_from_another_act_before_the_hour() {
    let world = World::new().await;
    let (buyer, one, other) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let (tender, lot) = published(&world, &buyer).await;
    ask(&one, &tender).await;
    ask(&other, &tender).await;
    let before = look(&world).await;
    ask(&one, &tender).await;
    let asked = look(&world).await;
    let placed = bid(&other, &lot, "4,500,000").await;
    other.get(&format!("/bids/{placed}")).await.ok();
    let sealed = look(&world).await;
    let replaced = json!({"version": 1, "price": "4,200,000", "delivery_days": "45"});
    other.post(&format!("/bids/{placed}/replacement"), replaced).await.ok();
    other.get(&format!("/bids/{placed}/receipt")).await.ok();
    let again = look(&world).await;
    other.post(&format!("/bids/{placed}/withdrawal"), json!({"version": 2})).await.ok();
    other.get("/bids").await.ok();
    let withdrawn = look(&world).await;

    let names = |series: &BTreeMap<String, f64>| series.keys().cloned().collect::<BTreeSet<_>>();
    let ordinary = changed(&before, &asked);
    assert!(ordinary.contains(r#"ziyun_requests_total{route="(members)",method="POST",status="2xx"}"#), "{ordinary:?}");
    assert_eq!(names(&asked), names(&withdrawn), "bids bring no series of their own");
    for (what, from, to) in
        [("a bid", &asked, &sealed), ("a replacement", &sealed, &again), ("a withdrawal", &again, &withdrawn)]
    {
        let moved = changed(from, to);
        assert_eq!(ordinary, moved, "{what} moves the same series as a question");
        let common =
            |name: &String| name.contains("(members)") || !name.contains("route=") || name.contains("/session");
        assert!(moved.iter().all(common), "{moved:?}");
    }
}

/// Prometheus from Debian, if scripts/packages.sh could have it.
fn prometheus(program: &str) -> Option<PathBuf> {
    let fetched = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tools/prometheus/usr/bin").join(program);
    [fetched, Path::new("/usr/bin").join(program)].into_iter().find(|path| path.exists())
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/prometheus-rules.yml")
}

#[test]
fn every_figure_that_an_alert_rests_on_exists() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let text = runtime.block_on(async {
        let world = World::new().await;
        world.member("both").await.get("/me").await.ok();
        leave(&world, b"nonsense").await;
        scrape(&world.app).await
    });
    let rules = std::fs::read_to_string(rules()).unwrap();
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let named: BTreeSet<_> = rules
        .lines()
        .filter(|line| line.trim_start().starts_with("expr:"))
        .flat_map(|line| line.split(word))
        .filter(|word| word.starts_with("ziyun_") || word.starts_with("process_"))
        .collect();
    assert!(named.len() > 8, "{named:?}");
    for name in named {
        assert!(
            text.lines().any(|line| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} "))),
            "{name} is in no scrape"
        );
    }
    match prometheus("promtool") {
        Some(promtool) => {
            let checked = Command::new(promtool).args(["check", "rules"]).arg(self::rules()).output().unwrap();
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        }
        None => eprintln!("skipped: promtool is not there (scripts/packages.sh fetches Debian's prometheus)"),
    }
}

#[tokio::test]
async fn serve_and_work_answer_on_a_listener_of_their_own() {
    let here = crate::command::folder();
    for command in ["serve", "work"] {
        let (own, public) = (free_port(), "127.0.0.1:0");
        let mut child = crate::command::ziyun(here.path(), &[command, "--listen", public]);
        child.args(["--metrics-listen", &format!("127.0.0.1:{own}")]).stdout(Stdio::null()).stderr(Stdio::null());
        let running = Running(child.spawn().unwrap());
        let client = reqwest::Client::new();
        let scraped = async {
            loop {
                match client.get(format!("http://127.0.0.1:{own}/metrics")).send().await {
                    Ok(answer) => return answer,
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        let answer = tokio::time::timeout(Duration::from_secs(60), scraped).await.expect(command);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("ziyun_connections 0\n") && text.contains(r#"ziyun_database_up{store="main"} 1"#),
            "{text}"
        );
        let other = client.get(format!("http://127.0.0.1:{own}/notices")).send().await.unwrap();
        assert_eq!(other.status(), 404, "nothing else is there");
        Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
        drop(running);
    }
    let taken = listen();
    let mut child = crate::command::ziyun(here.path(), &["serve", "--listen", "127.0.0.1:0", "--metrics-listen"]);
    let refused = child.arg(taken.local_addr().unwrap().to_string()).output().unwrap();
    let said = crate::command::err(&refused);
    assert!(!refused.status.success() && said.contains("metrics_listen 127.0.0.1:"), "{said}");
}

/// A process of this test's own, ended with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn a_real_prometheus_scrapes_it() {
    let Some(program) = prometheus("prometheus") else {
        eprintln!("skipped: prometheus is not there (scripts/packages.sh fetches it from Debian)");
        return;
    };
    let world = World::new().await;
    world.visitor().page("/notices").await.ok();
    let mut config = world.app.config().clone();
    config.metrics_listen = Some(SocketAddr::from(([127, 0, 0, 1], free_port())));
    let target = Listener::bind(&config).await.unwrap().unwrap();
    let (_end, stop) = Stop::by_hand();
    let (app, address) = (world.app.clone(), target.address);
    tokio::spawn(async move { target.run(&app, &stop).await });

    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let config = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{}']\n\
         scrape_configs: [{{job_name: ziyun, static_configs: [{{targets: ['{address}']}}]}}]\n",
        rules().display()
    );
    std::fs::write(folder.path().join("prometheus.yml"), config).unwrap();
    let mut command = Command::new(program);
    command.current_dir(folder.path()).args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"]);
    command.arg(format!("--web.listen-address=127.0.0.1:{port}")).stdout(Stdio::null()).stderr(Stdio::null());
    let _running = Running(command.spawn().unwrap());

    let targets = until(port, "/api/v1/targets", "", |all| all["data"]["activeTargets"][0]["health"] == "up").await;
    assert_eq!(targets["data"]["activeTargets"][0]["lastError"], "");
    let query = "ziyun_requests_total{route=\"/notices\"}";
    let found = until(port, "/api/v1/query", query, |found| !found["data"]["result"][0].is_null()).await;
    assert_eq!(found["data"]["result"][0]["value"][1], "1");
    let rules = until(port, "/api/v1/rules", "", |all| all["data"]["groups"][0]["rules"][0]["health"] == "ok").await;
    assert!(rules["data"]["groups"][0]["rules"].as_array().unwrap().len() > 8);
}

/// Asks Prometheus, which is only starting, until it answers so.
async fn until(port: u16, path: &str, query: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let (client, begin) = (reqwest::Client::new(), Instant::now());
    let mut last = Value::Null;
    while begin.elapsed() < Duration::from_secs(60) {
        let request = client.get(format!("http://127.0.0.1:{port}{path}")).query(&[("query", query)]);
        if let Ok(answer) = request.send().await
            && let Ok(value) = answer.json().await
        {
            last = value;
        }
        if is_so(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{path} did not become so: {last}")
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    listen().local_addr().unwrap().port()
}
