//! Attacks, a file for each theme: what somebody who means harm would send, through the front door. `docs/security.md`
//! lists the themes.

mod cache;
mod code;
mod confusion;
mod csrf;
mod factor;
mod hardened;
mod header;
mod http2;
mod limit;
mod log;
mod passkey;
mod path;
mod pollution;
mod redirect;
mod session;
mod slow;
mod stranger;
mod twice;
mod upload;

use crate::people::PASSWORD;
use crate::world::{Answer, Browser, World};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back on a bare connection.
pub struct Heard {
    pub status: u16,
    /// The lines of the head.
    pub head: Vec<String>,
    pub body: String,
}

impl Heard {
    /// A header's values, or none.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.iter().filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }
}

/// Sends bytes as they are, which no client would, and hears what comes until the connection ends.
pub async fn raw(address: SocketAddr, request: &[u8]) -> Heard {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Who refuses a head does not read on.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let heard = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    heard.expect("the connection ends").ok();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    Heard { status, head: head.lines().map(str::to_owned).collect(), body: body.to_owned() }
}

/// A GET of this target, letter for letter, with more lines of head.
pub async fn get(world: &World, target: &str, lines: &str) -> Heard {
    let head = format!("GET {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{lines}\r\n", world.address());
    raw(world.address(), head.as_bytes()).await
}

/// The cookie of somebody's login session, begun anew.
pub async fn session(person: &Browser) -> String {
    cookie(&person.sign_in(&person.phone, PASSWORD).await.ok(), "session").expect("a session")
}

/// A cookie that an answer sets: name and value.
pub fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let named = all.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with(&format!("{name}=")));
    named.map(str::to_owned)
}
