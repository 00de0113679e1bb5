//! Two real processes on one PostgreSQL: either is killed at any moment, the other goes on, and nothing happens twice.

use crate::command::ziyun;
use crate::people::Applicant;
use crate::sourcing::{bid, published, text};
use crate::world::{World, port};
use kit::clock::Clock;
use kit::db::Error;
use kit::values;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// `ziyun serve`, beside others on the same stores.
struct Process {
    child: Child,
    root: String,
}

impl Process {
    /// Starts one and waits until it serves.
    async fn start(world: &World, node: &str) -> Self {
        let (config, port) = (world.app.config(), port());
        let mut command = ziyun(world.folder.path(), &["serve", "--log", "error"]);
        let folders: [(&str, &PathBuf); 3] =
            [("DATA", &config.data_dir), ("KEY", &config.key_dir), ("OUTBOX", &config.outbox_dir)];
        for (name, folder) in folders {
            command.env(format!("ZIYUN_{name}_DIR"), folder);
        }
        command.env("ZIYUN_NODE_DIR", world.folder.path().join(node));
        command.env("ZIYUN_DATABASE_URL", &config.database_url).env("ZIYUN_KEY_DATABASE_URL", &config.key_database_url);
        command.env("ZIYUN_LISTEN", format!("127.0.0.1:{port}"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            told.read_line(&mut line).map(|_| line)
        });
        let line = line.await.unwrap().unwrap();
        let root = line.trim().strip_prefix("serving on ").unwrap_or_else(|| panic!("it does not serve: {line}"));
        Self { root: root.to_owned(), child }
    }

    /// SIGKILL: nothing is finished, nothing is said.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const TENDERS: usize = 9;

/// No tender can be published so shortly before its deadline: the hours are moved behind the counter.
async fn hours_come(world: &World) {
    let moved = world.app.db().write::<_, Error>(|tx| {
        let (now, ids) = (tx.now(), tx.all("SELECT id FROM tender ORDER BY id", &[], |row| row.next::<Vec<u8>>())?);
        for (n, id) in ids.into_iter().enumerate() {
            let deadline = now.as_microsecond() + 500_000 * (n as i64 + 1);
            let sql = "UPDATE tender SET questions_until = $1, deadline = $2, next_check = $1 WHERE id = $3";
            tx.execute(sql, values![now, deadline, id])?;
        }
        Ok(())
    });
    moved.await.unwrap();
}

#[tokio::test]
async fn either_of_two_processes_is_killed_and_the_other_goes_on() {
    let Some(world) = World::on_server(Clock::system()).await else { return };
    let buyer = world.member("buyer").await;
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    let mut tenders = Vec::new();
    for _ in 0..TENDERS {
        let (tender, lot) = published(&world, &buyer).await;
        for (provider, yuan) in providers.iter().zip(["300", "100", "200"]) {
            bid(provider, &lot, yuan).await;
        }
        tenders.push(tender);
    }
    let mut nodes = [Process::start(&world, "one").await, Process::start(&world, "two").await];
    hours_come(&world).await;
    let mut applicants = Vec::new();
    for round in 0..6 {
        let (dying, other) = (round % 2, nodes[1 - round % 2].root.clone());
        nodes[dying].kill();
        // Who was signed in at the one that died goes on at the other, and newcomers are served.
        buyer.at_root(&other).get("/tenders").await.ok();
        let applicant = Applicant::new("provider");
        world
            .visitor_from(&format!("127.0.1.{}", round + 1))
            .at_root(&other)
            .post("/registrations", applicant.form())
            .await
            .ok();
        applicants.push(applicant);
        nodes[dying] = Process::start(&world, if dying == 0 { "one" } else { "two" }).await;
    }
    let patience = Instant::now() + Duration::from_secs(60);
    let left = "SELECT (SELECT count(*) FROM job WHERE kind <> 'log.audit') \
                + (SELECT count(*) FROM event WHERE seq IS NULL) \
                + (SELECT count(*) FROM tender WHERE state <> 'evaluation')";
    while world.count(left).await > 0 && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (sql, count) in [
        (left, 0),
        ("SELECT count(*) FROM event WHERE kind = 'tender.closed'", TENDERS as i64),
        ("SELECT count(*) FROM event WHERE kind = 'tender.opened'", TENDERS as i64),
        ("SELECT count(*) FROM notice", TENDERS as i64),
        ("SELECT max(seq) - count(*) FROM event", 0),
    ] {
        assert_eq!(world.count(sql).await, count, "{sql}");
    }
    for tender in &tenders {
        for node in &nodes {
            let record = buyer.at_root(&node.root).get(&format!("/tenders/{tender}/opening")).await.ok().json();
            let prices: Vec<_> =
                record["lots"][0]["bids"].as_array().unwrap().iter().map(|bid| bid["price"].clone()).collect();
            assert_eq!(prices, [10_000, 20_000, 30_000], "{tender} is opened, once and whole");
            assert_eq!(text(&record["tender"], "id"), *tender);
        }
    }
    let messages = world.messages();
    for applicant in applicants {
        let reached = |to: &str| messages.iter().filter(|message| message.to.contains(to)).count();
        assert_eq!((reached(&applicant.phone), reached(&applicant.email)), (1, 1), "each code came, once");
    }
}

/// A session of half an hour's lead cannot be waited for: its hours are moved behind the counter.
async fn auction_begins(world: &World) {
    let moved = world.app.db().write::<_, Error>(|tx| {
        let now = tx.now().as_microsecond();
        let ends = now + 3_600_000_000;
        tx.execute("UPDATE auction SET starts_at = $1, ends_at = $2, next_check = $1", values![now, ends])?;
        tx.execute("UPDATE tender SET auction_check = $1, next_check = $1 WHERE state = 'auction'", values![now])
    });
    moved.await.unwrap();
}

#[tokio::test]
async fn an_offer_that_was_acknowledged_is_there_when_its_process_is_killed() {
    let Some(world) = World::on_server(Clock::system()).await else { return };
    let buyer = world.member("buyer").await;
    let mut bidders = Vec::new();
    for _ in 0..3 {
        bidders.push(world.member("provider").await);
    }
    let form = crate::auction::open;
    let (_, lot, _) = crate::auction::published_with(&world, (&buyer, &bidders), form, &["300", "100", "200"]).await;
    let mut node = Process::start(&world, "one").await;
    hours_come(&world).await;
    let patience = Instant::now() + Duration::from_secs(60);
    while world.count("SELECT count(*) FROM auction").await == 0 && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    auction_begins(&world).await;
    let path = format!("/lots/{lot}/offers");
    for (round, bidder) in bidders.iter().enumerate() {
        let form = serde_json::json!({"id": crate::sourcing::id(), "amount": (99 - round).to_string()});
        let taken = bidder.at_root(&node.root).post(&path, form.clone()).await.ok().json();
        node.kill();
        node = Process::start(&world, "one").await;
        let again = bidder.at_root(&node.root).post(&path, form).await.ok().json();
        assert_eq!(again, taken, "the same offer, and no second one");
    }
    let shown = buyer.at_root(&node.root).get(&format!("/lots/{lot}/auction")).await.ok().json();
    assert_eq!((&shown["best"], &shown["last"]), (&serde_json::json!(9700), &serde_json::json!(4)));
}
