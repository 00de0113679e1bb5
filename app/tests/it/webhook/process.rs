//! Processes that share the work, or die in the middle of it; and a library of somebody else's that checks what comes.

use super::target::{Target, read};
use super::{id, look, register, trial};
use crate::command::ziyun;
use crate::sourcing::published;
use crate::world::{World, port, server};
use kit::clock::Clock;
use kit::outgoing::Reach;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

#[tokio::test]
async fn of_two_processes_one_delivers_each_thing_once() {
    let Some([a, b]) = World::two_configured(|config| config.webhook_reach = Reach::Anywhere).await else { return };
    let buyer = a.member("buyer").await;
    let (one, two) = (Target::new().await, Target::new().await);
    let (hook, _) = register(&buyer, &one.address, &["tender.published"]).await;
    register(&buyer, &two.address, &["tender.published"]).await;
    for _ in 0..3 {
        published(&a, &buyer).await;
        trial(&buyer.at(&b), &hook).await;
    }
    for _ in 0..3 {
        let (first, second) = tokio::join!(a.app.settle(), b.app.settle());
        first.unwrap();
        second.unwrap();
    }
    let mut ids = one.ids();
    assert_eq!((ids.len(), two.ids().len()), (6, 3));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "each once");
    let page = look(&buyer, &hook).await;
    assert!(page["deliveries"].as_array().unwrap().iter().all(|one| one["tries"] == 1), "{page}");
    assert_eq!(a.count("SELECT count(*) FROM job WHERE kind = 'webhook.deliver'").await, 0);
}

/// `ziyun serve` on the stores of a world that was closed.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(folder: &Path, config: &app::config::Config) -> Process {
    let mut command = ziyun(folder, &["serve", "--log", "error"]);
    let folders = [
        ("DATA", &config.data_dir),
        ("KEY", &config.key_dir),
        ("OUTBOX", &config.outbox_dir),
        ("NODE", &config.node_dir),
    ];
    for (name, folder) in folders {
        command.env(format!("ZIYUN_{name}_DIR"), folder);
    }
    command.env("ZIYUN_LISTEN", format!("127.0.0.1:{}", port())).env("ZIYUN_WEBHOOK_REACH", "anywhere");
    Process(command.stdout(Stdio::null()).spawn().unwrap())
}

#[tokio::test]
async fn a_process_that_is_killed_before_it_notes_the_answer_sends_the_same_message_again() {
    if server().is_some() {
        eprintln!("skipped: of a world that is closed only an embedded database stays");
        return;
    }
    let world = World::configured(|config| config.webhook_reach = Reach::Anywhere).await;
    let listener = TcpListener::from_std(crate::world::listen()).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let buyer = world.member("buyer").await;
    let (hook, secret) = register(&buyer, &url, &["tender.published"]).await;
    let left = trial(&buyer, &hook).await;
    let (folder, config) = world.close().await;
    let accept = async || {
        let (mut stream, _) = tokio::time::timeout(Duration::from_secs(60), listener.accept()).await.unwrap().unwrap();
        (read(&mut stream).await, stream)
    };
    // SIGKILL while it waits for the answer: whoever receives it has it, and the program does not know.
    let mut process = serve(folder.path(), &config);
    let (first, _stream) = accept().await;
    process.0.kill().unwrap();
    process.0.wait().unwrap();
    let _process = serve(folder.path(), &config);
    let (second, mut stream) = accept().await;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    for request in [&first, &second] {
        assert_eq!(request.header("webhook-id"), format!("msg_{left}"));
        assert_eq!(request.signed_by(&secret), Some(0));
    }
    assert_eq!(first.body, second.body);
}

/// What docs/webhooks.md says in Python.
const PYTHON: &str = "
import json, sys
from standardwebhooks.webhooks import Webhook
given = json.load(sys.stdin)
print(Webhook(given['secret']).verify(given['body'], given['headers'])['type'])
";

#[tokio::test]
async fn the_library_of_the_standard_believes_it_and_nothing_else() {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tools/webhooks/bin/python");
    if !python.exists() {
        eprintln!("skipped: there is no target/tools/webhooks with standardwebhooks of PyPI (docs/webhooks.md)");
        return;
    }
    // The library compares the time with its own.
    let world = World::made(Clock::system(), |config| config.webhook_reach = Reach::Anywhere).await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, old) = register(&buyer, &target.address, &["tender.published"]).await;
    let path = format!("/company/webhooks/{hook}/secret");
    let new = crate::sourcing::text(&buyer.post(&path, json!({})).await.ok().json(), "secret");
    trial(&buyer, &hook).await;
    world.settle().await;
    let request = target.heard().remove(0);
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!(request.header(name)))).collect();
    let verify = |secret: &str, body: &str| {
        let mut child = Command::new(&python);
        child.args(["-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        let given = json!({ "secret": secret, "body": body, "headers": headers }).to_string();
        child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    for secret in [&new, &old] {
        assert_eq!(verify(secret, &request.body).as_deref(), Some("webhook.test"));
    }
    assert_eq!(verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &request.body), None);
    assert_eq!(verify(&new, &request.body.replace(&hook, &id())), None);
}
