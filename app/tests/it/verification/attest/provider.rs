//! The other end: a service that confirms facts, written from docs/attestation.md alone; it plays well, or it does not.

use crate::webhook::target::{Request, read};
use app::config::{Attestor, Config, Entrusted};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does next; nothing said, it confirms.
#[derive(Clone, Debug)]
pub enum Plays {
    /// Confirms every fact.
    Confirms,
    /// Its records have these otherwise.
    Differs(&'static [&'static str]),
    /// Its records do not tell.
    Unsaid,
    /// Says nothing, for as long as the connection stands.
    Hangs,
    /// Begins to answer, and goes on by one byte a while.
    Drips,
    /// Is not well.
    Down,
    /// Confirms values that nobody has asked.
    Lies,
    /// Says what it has said before, to another request.
    Replays,
    /// Answers for another case.
    Mistakes,
    /// Leads there.
    Redirects(String),
    /// Pours.
    Floods,
    /// Has another secret.
    Forges,
    /// Signs nothing.
    Unsigned,
    /// Sends the question back, signed as it came.
    Echoes,
    /// Answers with the time of an hour ago.
    Late,
    /// Speaks of something else.
    Babbles,
}

/// The service.
#[derive(Clone)]
pub struct Provider {
    pub address: String,
    heard: Arc<Mutex<Vec<Request>>>,
    plays: Arc<Mutex<VecDeque<Plays>>>,
    said: Arc<Mutex<Option<Vec<u8>>>>,
}

/// What both sign with.
pub const SECRET: [u8; 32] = [9; 32];

/// HMAC-SHA256 (RFC 2104), as `v1=` and hexadecimal.
pub fn sign(secret: &[u8], word: &str, at: &str, nonce: &str, body: &str) -> String {
    let mut key = secret.to_vec();
    key.resize(64, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(format!("{word}\n{at}\n{nonce}\n{body}")).finalize();
    format!("v1={}", hex::encode(Sha256::new().chain_update(pad(0x5C)).chain_update(inner).finalize()))
}

fn digest(facts: &Value) -> String {
    let text = |text: &str| format!("{}:{text},", text.len());
    let known = ["name", "credit_code", "representative", "person_name", "person_number"];
    let told = known.iter().filter_map(|fact| Some(text(fact) + &text(facts[*fact].as_str()?)));
    hex::encode(Sha256::digest(told.collect::<String>()))
}

fn response(headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

/// An answer to a request, signed with this secret at this time.
fn signed(secret: &[u8], at: &str, request: &Request, body: &Value) -> Vec<u8> {
    let (nonce, body) = (request.header("ziyun-nonce"), body.to_string());
    let signature = sign(secret, "ziyun-attestation-answer-v1", at, nonce, &body);
    response(&[("ziyun-timestamp", at), ("ziyun-nonce", nonce), ("ziyun-signature", &signature)], &body)
}

impl Provider {
    pub async fn new() -> Self {
        let listener = TcpListener::from_std(crate::world::listen()).unwrap();
        let address = format!("http://{}/questions", listener.local_addr().unwrap());
        let provider = Self { address, heard: Arc::default(), plays: Arc::default(), said: Arc::default() };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        provider
    }

    /// Has the program ask it: with time for an answer, until the contract's last day.
    pub fn configure(&self, config: &mut Config, until: &str) {
        let secret_file = config.data_dir.parent().unwrap().join("attestor.secret");
        std::fs::write(&secret_file, format!("{}\n", STANDARD.encode(SECRET))).unwrap();
        config.attestor = Some(Attestor {
            url: self.address.parse().unwrap(),
            key_id: "ziyun-1".into(),
            secret_file,
            patience: Duration::from_millis(500),
            who: Entrusted::parse(&format!("信核数据; dpo@attest.example; 华东; {until}")).unwrap(),
        });
    }

    pub fn plays(&self, all: impl IntoIterator<Item = Plays>) {
        self.plays.lock().unwrap().extend(all);
    }

    pub fn heard(&self) -> Vec<Request> {
        self.heard.lock().unwrap().clone()
    }

    async fn serve(self, mut stream: TcpStream) {
        let request = read(&mut stream).await;
        let play = self.plays.lock().unwrap().pop_front().unwrap_or(Plays::Confirms);
        self.heard.lock().unwrap().push(request.clone());
        match &play {
            Plays::Hangs => drop(stream.read(&mut [0]).await),
            Plays::Drips => {
                for byte in self.answer(&Plays::Confirms, &request) {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            play => {
                let answer = self.answer(play, &request);
                // Who has read enough may be gone.
                drop(stream.write_all(&answer).await);
                *self.said.lock().unwrap() = Some(answer);
            }
        }
    }

    fn answer(&self, play: &Plays, request: &Request) -> Vec<u8> {
        let (asked, at) = (request.json(), request.header("ziyun-timestamp"));
        let mut body = json!({
            "question": asked["question"], "outcome": "confirmed", "token": "att_5e1f0b77",
            "facts_sha256": digest(&asked["facts"]),
        });
        if asked["facts"] == json!({}) {
            body["outcome"] = json!("cannot-say");
        }
        match play {
            Plays::Differs(facts) => (body["outcome"], body["differs"]) = (json!("not-confirmed"), json!(facts)),
            Plays::Unsaid => body["outcome"] = json!("cannot-say"),
            Plays::Lies => {
                let mut facts = asked["facts"].clone();
                facts["representative"] = json!("欧阳无名");
                body["facts_sha256"] = json!(digest(&facts));
            }
            Plays::Mistakes => body["question"] = json!("01980000-0000-7000-8000-000000000001"),
            Plays::Floods => body["more"] = json!("x".repeat(4_000_000)),
            Plays::Babbles => body["outcome"] = json!("perhaps"),
            _ => {}
        }
        match play {
            Plays::Down => b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec(),
            Plays::Replays => self.said.lock().unwrap().clone().expect("something was said before"),
            Plays::Redirects(to) => {
                format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
            }
            Plays::Forges => signed(&[8; 32], at, request, &body),
            Plays::Unsigned => response(&[("ziyun-timestamp", at)], &body.to_string()),
            Plays::Echoes => {
                let names = ["ziyun-timestamp", "ziyun-nonce", "ziyun-signature"];
                response(&names.map(|name| (name, request.header(name))), &request.body)
            }
            Plays::Late => signed(&SECRET, &(at.parse::<i64>().unwrap() - 3600).to_string(), request, &body),
            _ => signed(&SECRET, at, request, &body),
        }
    }
}
