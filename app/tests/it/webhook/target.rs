//! The other end: a receiver on loopback, and how one checks a signature, written from the standard alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A receiver that notes what it is sent and answers as it was told, with 204 when it was not.
#[derive(Clone)]
pub struct Target {
    pub address: String,
    heard: Arc<Mutex<Vec<Request>>>,
    answers: Arc<Mutex<VecDeque<Says>>>,
    always: Arc<Mutex<Option<Always>>>,
}

/// What a receiver says to each request, where that depends on the request.
type Always = Box<dyn Fn(&Request) -> Says + Send>;

/// What a receiver does next.
#[derive(Clone)]
pub enum Says {
    /// These bytes, and hangs up.
    Bytes(Vec<u8>),
    /// Nothing, for as long as the connection stands.
    Nothing,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: String,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Which of the signatures that came is that of this secret.
    pub fn signed_by(&self, secret: &str) -> Option<usize> {
        let wanted = signature(secret, self.header("webhook-id"), self.header("webhook-timestamp"), &self.body);
        self.header("webhook-signature").split(' ').position(|one| one == wanted)
    }
}

/// `v1,` and the base64 of HMAC-SHA256 (RFC 2104) over `id.timestamp.body`, under the bytes behind `whsec_`.
pub fn signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let mut key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert!((24..=64).contains(&key.len()), "the standard wants 24 to 64 bytes");
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(format!("{id}.{timestamp}.{body}")).finalize();
    let outer = Sha256::new().chain_update(pad(0x5C)).chain_update(inner).finalize();
    format!("v1,{}", STANDARD.encode(outer))
}

/// An answer of this status without a body.
pub fn status(line: &str) -> Says {
    Says::Bytes(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into_bytes())
}

impl Target {
    pub async fn new() -> Self {
        let listener = TcpListener::from_std(crate::world::listen()).unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let target = Self { address, heard: Arc::default(), answers: Arc::default(), always: Arc::default() };
        let serving = target.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    let request = read(&mut stream).await;
                    let next = serving.answers.lock().unwrap().pop_front();
                    let always = || serving.always.lock().unwrap().as_ref().map(|says| says(&request));
                    let next = next.or_else(always);
                    serving.heard.lock().unwrap().push(request);
                    match next.unwrap_or_else(|| status("204 No Content")) {
                        // Who has read enough may be gone.
                        Says::Bytes(bytes) => drop(stream.write_all(&bytes).await),
                        Says::Nothing => drop(stream.read(&mut [0]).await),
                    }
                });
            }
        });
        target
    }

    pub fn port(&self) -> &str {
        self.address.rsplit_once(':').unwrap().1.trim_end_matches("/hook")
    }

    pub fn heard(&self) -> Vec<Request> {
        self.heard.lock().unwrap().clone()
    }

    /// The types of the messages, in the order in which they came.
    pub fn kinds(&self) -> Vec<String> {
        self.heard().iter().map(Request::kind).collect()
    }

    /// The ids of the messages, in the order in which they came.
    pub fn ids(&self) -> Vec<String> {
        self.heard().iter().map(|one| one.header("webhook-id").to_owned()).collect()
    }

    /// What it says from now on, whatever it is asked.
    pub fn acknowledges(&self, says: impl Fn(&Request) -> Says + Send + 'static) {
        *self.always.lock().unwrap() = Some(Box::new(says));
    }

    pub fn answers(&self, all: impl IntoIterator<Item = Says>) {
        self.answers.lock().unwrap().extend(all);
    }
}

/// A whole request, by its length.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Request {
    let mut heard = Vec::new();
    loop {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.unwrap();
        assert!(read > 0, "a whole request");
        heard.extend_from_slice(&some[..read]);
        let text = String::from_utf8_lossy(&heard).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let request = Request { head: head.to_owned(), body: body.to_owned() };
        if request.header("content-length").parse::<usize>().unwrap() == body.len() {
            return request;
        }
    }
}
