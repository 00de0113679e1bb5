//! The PostgreSQL server is restarted under the running program.

use super::program::{Program, on, until};
use crate::sourcing::{draft, text};
use crate::world::{Browser, World, server};
use kit::clock::Clock;
use kit::db::Error;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// A server of this test alone; it goes with it.
struct Cluster {
    child: Child,
    url: String,
    restart: String,
}

impl Cluster {
    fn start() -> Self {
        // A command in the background has no input but this way.
        let tell = r#"echo "$ZIYUN_TEST_DATABASE_URL"; echo "$ZIYUN_TEST_POSTGRES_RESTART"; exec cat <&3"#;
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"exec 3<&0; exec sh scripts/with-postgres.sh sh -c "$1""#, "sh", tell]);
        shell.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || lines.next().expect("a server starts").unwrap();
        Self { url: next(), restart: next(), child }
    }

    /// `fast`: sessions are ended in order; `immediate`: as if the machine had crashed.
    async fn restart(&self, mode: &'static str) {
        let mut command = Command::new(&self.restart);
        command.arg(mode).stdout(Stdio::null());
        let done = tokio::task::spawn_blocking(move || command.status().unwrap()).await.unwrap();
        assert!(done.success(), "the server starts again");
    }

    /// A statement outside any transaction.
    async fn order(&self, sql: &'static str) {
        let url = self.url.clone();
        let order = move || postgres::Client::connect(&url, postgres::NoTls).unwrap().batch_execute(sql).unwrap();
        tokio::task::spawn_blocking(order).await.unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What a restless buyer has been answered.
#[derive(Default)]
struct Heard {
    acknowledged: BTreeSet<String>,
    refused: Vec<String>,
}

/// How many drafts were acknowledged, and whether that is enough.
#[derive(Default)]
struct Progress {
    count: AtomicUsize,
    enough: AtomicBool,
}

impl Progress {
    /// Waits for so many more.
    async fn more(&self, many: usize) {
        let before = self.count.load(Ordering::SeqCst);
        until("the buyers are served", async || (self.count.load(Ordering::SeqCst) >= before + many).then_some(()))
            .await;
    }
}

/// Draws up drafts until told to end; one that is refused is sent again, as it is, until it is acknowledged.
async fn draw_up(buyer: &Browser, token: &str, draft: impl Fn() -> Value, progress: &Progress) -> Heard {
    let mut heard = Heard::default();
    while !progress.enough.load(Ordering::SeqCst) {
        let draft = draft();
        loop {
            let answer = buyer.post_with(token, "/tenders", &draft).await;
            if answer.status.is_success() {
                heard.acknowledged.insert(text(&draft, "id"));
                progress.count.fetch_add(1, Ordering::SeqCst);
                break;
            }
            heard.refused.push(format!("{} {}", answer.status.as_u16(), answer.code()));
            // As a person would, only sooner.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    heard
}

#[tokio::test]
async fn a_server_restarted_under_requests_loses_nothing_and_all_goes_on() {
    if server().is_none() {
        eprintln!("skipped 1 test of a restarted server: ZIYUN_TEST_DATABASE_URL names no server");
        return;
    }
    let cluster = tokio::task::spawn_blocking(Cluster::start).await.unwrap();
    let world = World::on_servers(&cluster.url, &cluster.url, Clock::system()).await;
    let buyer = world.member("buyer").await;
    let mut program = Program::start(&world, |_| {}).await;
    let buyer = buyer.at_root(&program.root);
    let (token, progress) = (buyer.token().await, Progress::default());
    let drafts = || draw_up(&buyer, &token, || draft(&world), &progress);
    let disturb = async {
        for mode in ["fast", "immediate"] {
            progress.more(5).await;
            cluster.restart(mode).await;
        }
        progress.more(5).await;
        progress.enough.store(true, Ordering::SeqCst);
    };
    let (one, two, three, ()) = tokio::join!(drafts(), drafts(), drafts(), disturb);
    assert!(program.is_running());
    let heard = [one, two, three];
    let refused: BTreeSet<_> = heard.iter().flat_map(|heard| &heard.refused).map(String::as_str).collect();
    assert!(!refused.is_empty(), "the restarts were felt");
    assert!(refused.iter().all(|answer| ["503 busy", "503 outcome-unknown"].contains(answer)), "{refused:?}");
    let acknowledged: BTreeSet<_> = heard.iter().flat_map(|heard| heard.acknowledged.clone()).collect();
    assert_eq!(rows(&world, "SELECT id FROM tender").await, acknowledged, "what was acknowledged, and nothing else");
    let events = "SELECT tender FROM event WHERE kind = 'tender.drafted'";
    assert_eq!(rows(&world, events).await, acknowledged, "each with its event");
    assert_eq!(
        world.count("SELECT count(*) FROM event WHERE kind = 'tender.drafted'").await,
        acknowledged.len() as i64
    );

    // A server that does not flush is told apart.
    let doctor = || on(&world, &["doctor"]).output().unwrap();
    assert!(!String::from_utf8_lossy(&doctor().stdout).contains("may lose"), "it flushes");
    cluster.order("ALTER SYSTEM SET fsync = off").await;
    cluster.restart("fast").await;
    let told = doctor();
    let text = String::from_utf8_lossy(&told.stdout);
    let line = text.lines().find(|line| line.starts_with("FAIL  database ")).unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("may lose what it acknowledged") && line.contains("fsync = off"), "{line}");
    assert_eq!(told.status.code(), Some(1));
}

/// The ids that a statement finds, each once.
async fn rows(world: &World, sql: &'static str) -> BTreeSet<String> {
    let read = move |tx: &mut kit::db::Tx| tx.all(sql, &[], |row| row.next::<kit::id::Id<()>>());
    let ids = world.app.db().read::<_, Error>(read).await.unwrap();
    ids.iter().map(ToString::to_string).collect()
}
