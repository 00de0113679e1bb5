//! Mails by a real SMTP server, aiosmtpd. Without one these tests skip themselves: `sh scripts/smtp.sh` has it.

use crate::people::{Applicant, PASSWORD};
use crate::world::{World, beginning, port};
use jiff::SignedDuration;
use kit::random::Random;
use policy::Versions;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command};
use tokio::net::TcpSocket;

#[expect(clippy::disallowed_methods, reason = "where the server's program lies is said by the environment")]
fn program() -> Option<String> {
    let program = std::env::var("ZIYUN_TEST_SMTP").ok();
    if program.is_none() {
        eprintln!("skipped 1 test of a real SMTP server: ZIYUN_TEST_SMTP names no program");
    }
    program
}

/// A server that puts what it takes into a folder (maildir).
struct Server(Child);

impl Server {
    async fn start(program: &str, port: u16, folder: &Path) -> Self {
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(program);
        command.args(["-n", "-l", &address, "-c", "aiosmtpd.handlers.Mailbox"]).arg(folder);
        let server = Self(command.spawn().expect("the server starts"));
        while tokio::net::TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What has come.
fn mails(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("new")).into_iter().flatten();
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

#[tokio::test]
async fn what_is_needed_waits_for_a_server_that_is_down_and_comes_once() {
    let Some(program) = program() else { return };
    let world = World::new().await;
    let who = Applicant::new("both");
    world.applicant(&who).await;
    world.settle().await;
    let (folder, mut config) = world.close().await;
    // Held, so that the world does not listen there itself, and without anybody who answers.
    let (port, held) = (port(), TcpSocket::new_v4().unwrap());
    held.bind(([127, 0, 0, 1], port).into()).unwrap();
    config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
    let world = World::of(Versions::COMPILED, folder, config, (beginning(), Random::seeded(2)), Vec::new()).await;
    let me = world.again_as(&who.phone).await;
    me.post("/me/password", json!({ "current": PASSWORD, "password": "sieben fette Ziegen im Nebel" })).await.ok();
    world.settle().await;
    drop(held);
    let mailbox = tempfile::tempdir().unwrap();
    let maildir = mailbox.path().join("mail");
    let server = Server::start(&program, port, &maildir).await;
    assert_eq!(mails(&maildir).len(), 0, "it was down");
    for _ in 0..3 {
        world.pass(SignedDuration::from_secs(5)).await;
    }
    let sent = mails(&maildir);
    for mail in &sent {
        assert!(mail.contains(&format!("To: {}", who.email)) && mail.contains("Message-ID: <"), "{mail}");
    }
    let subjects: BTreeSet<_> =
        sent.iter().map(|mail| mail.lines().find(|line| line.starts_with("Subject: "))).collect();
    assert_eq!((sent.len(), subjects.len()), (2, 2), "of the new browser and of the new password");
    world.stay_signed_in(2).await;
    world.pass(SignedDuration::from_hours(4)).await;
    assert_eq!(mails(&maildir).len(), 2, "once");
    drop(server);
}
