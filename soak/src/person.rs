//! Somebody with a browser of their own, an address of their own, and a server that may be gone at any moment.

use reqwest::header::ACCEPT;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of a request.
#[derive(Debug)]
pub enum Outcome {
    /// It was done; the whole answer has come.
    Done(Value),
    /// It was refused: status and code.
    Refused(u16, String),
    /// The program is gone, or does not know: it may have been done or not.
    Unknown,
}

/// A person.
#[derive(Clone)]
pub struct Person {
    client: Client,
    server: SocketAddr,
    token: OnceCell<String>,
}

impl Person {
    /// The `number`th person, from an address of loopback that nobody else has.
    pub fn new(server: SocketAddr, number: u32) -> Self {
        let [_, a, b, c] = (number + 1).to_be_bytes();
        let address = IpAddr::V4(Ipv4Addr::new(127, a + 1, b, c));
        // No TLS is spoken: nobody reads the system's certificates.
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).tls_certs_only([]);
        let client = client.local_address(address);
        let client = client.timeout(PATIENCE).user_agent("soak").build().expect("a client needs nothing");
        Self { client, server, token: OnceCell::new() }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Outcome {
        send(self.client.get(self.url(path))).await
    }

    /// Acts.
    pub async fn post(&self, path: &str, fields: &Value) -> Outcome {
        match self.token().await {
            Some(token) => send(self.client.post(self.url(path)).header("x-csrf-token", token).json(fields)).await,
            None => Outcome::Unknown,
        }
    }

    /// Acts with one file.
    pub async fn upload(&self, path: &str, fields: &Value, field: &'static str, content: Vec<u8>) -> Outcome {
        let Some(token) = self.token().await else { return Outcome::Unknown };
        let mut form = Form::new().text("csrf", token.to_owned());
        for (name, value) in fields.as_object().into_iter().flatten() {
            form = form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        form = form.part(field, Part::bytes(content).file_name("附件.bin"));
        send(self.client.post(self.url(path)).multipart(form)).await
    }

    /// Takes another form token with the next act: whoever signs in has another session.
    pub fn renew(&mut self) {
        self.token = OnceCell::new();
    }

    async fn token(&self) -> Option<&str> {
        let ask = async || match self.get("/session").await {
            Outcome::Done(session) => session["csrf"].as_str().map(str::to_owned).ok_or(()),
            _ => Err(()),
        };
        self.token.get_or_try_init(ask).await.ok().map(String::as_str)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server)
    }
}

/// An answer that was cut off is none; nor is one that says that nobody knows.
async fn send(request: RequestBuilder) -> Outcome {
    let Ok(response) = request.header(ACCEPT, "application/json").send().await else { return Outcome::Unknown };
    let status = response.status();
    let Ok(body) = response.text().await else { return Outcome::Unknown };
    let body: Value = serde_json::from_str(&body).unwrap_or(Value::String(body));
    match status.as_u16() {
        503 => Outcome::Unknown,
        code if status.is_success() || code == 303 => Outcome::Done(body),
        code => Outcome::Refused(code, body["code"].as_str().map_or_else(|| body.to_string(), str::to_owned)),
    }
}
