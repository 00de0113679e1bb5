//! clamd: what it finds is refused, and while it is silent nothing is taken in.

use super::{CASE, give, pages, photo, refusal};
use crate::account::refused;
use crate::people::Applicant;
use crate::world::World;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// How a small clamd behaves.
#[derive(Clone, Copy)]
enum Habit {
    /// Reads the whole stream; finds what holds this word.
    Finds(&'static str),
    /// Reads, and closes without a word.
    Hangs,
    /// Answers what is no verdict.
    Errs,
}

/// A small clamd on a port of loopback: it reads chunks as the protocol has them, and answers once.
async fn scanner(habit: Habit) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut content = Vec::new();
            loop {
                let length = stream.read_u32().await.unwrap() as usize;
                if length == 0 {
                    break;
                }
                let start = content.len();
                content.resize(start + length, 0);
                stream.read_exact(&mut content[start..]).await.unwrap();
            }
            let finds = |word: &str| content.windows(word.len()).any(|part| part == word.as_bytes());
            let answer: &[u8] = match habit {
                Habit::Finds(word) if finds(word) => b"stream: Eicar-Test-Signature FOUND\0",
                Habit::Finds(_) => b"stream: OK\0",
                Habit::Hangs => b"",
                Habit::Errs => b"INSTREAM size limit exceeded. ERROR\0",
            };
            stream.write_all(answer).await.ok();
        }
    });
    address
}

async fn world(scanner: SocketAddr) -> World {
    World::configured(|config| config.clamd_address = Some(scanner)).await
}

#[tokio::test]
async fn what_it_finds_is_refused_and_what_it_does_not_is_drawn() {
    let world = world(scanner(Habit::Finds("Canon")).await).await;
    let member = world.applicant(&Applicant::new("provider")).await;
    refused(&give(&member, "licence", &photo()).await, "pages", "file-virus");
    let clean = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!(pages(&clean, "licence").len(), 0);
    let other = self::world(scanner(Habit::Finds("EICAR")).await).await;
    let member = other.applicant(&Applicant::new("provider")).await;
    give(&member, "licence", &photo()).await.ok();
}

#[tokio::test]
async fn while_it_is_silent_nothing_is_taken_in() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for scanner in [scanner(Habit::Hangs).await, scanner(Habit::Errs).await, gone] {
        let world = world(scanner).await;
        let member = world.applicant(&Applicant::new("provider")).await;
        assert_eq!(refusal(&give(&member, "licence", &photo()).await), (503, "scanner-silent".into()));
        assert_eq!(world.app.blobs().list("default").await.unwrap().len(), 0);
    }
}
