//! How a client uploads: what it commits to, and the requests of tus 1.0, by a browser's session or by a token.

use super::Stage;
use crate::sourcing::text;
use crate::world::{Answer, Browser};
use reqwest::{Method, RequestBuilder};
use sealing::Commitment;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

impl Stage {
    /// Commits to an envelope, as a first bid or in the place of the version before.
    pub(super) async fn commit(&self, provider: &Browser, bid: &str, line: &str, version: i64) -> Answer {
        match version {
            1 => {
                let form = json!({"id": bid, "commitment": line});
                provider.post(&format!("/lots/{}/commitments", self.lot), form).await
            }
            next => {
                let form = json!({"version": next - 1, "commitment": line});
                provider.post(&format!("/bids/{bid}/commitments"), form).await
            }
        }
    }

    /// The same, with where its ciphertext goes.
    pub(super) async fn committed(&self, provider: &Browser, bid: &str, envelope: &[u8], version: i64) -> Tus {
        let done = self.commit(provider, bid, &self.commitment(envelope, version), version).await.ok().json();
        Tus::of(provider, &text(&done, "upload")).await
    }

    /// A line about an envelope that has never been made.
    pub(super) fn line_of(&self, bytes: u64, version: i64) -> String {
        Commitment::of(bytes, [7; 32], "age1", (&self.tender, &self.lot, version)).line()
    }

    /// What others see of the tender.
    pub(super) async fn told_to_others(&self, others: &[&Browser]) -> Vec<String> {
        self.world.settle().await;
        let mut seen = Vec::new();
        for browser in others {
            for path in [format!("/tenders/{}", self.tender), format!("/lots/{}/bids", self.lot), "/notices".into()] {
                seen.push(browser.get(&path).await.text);
            }
        }
        // Each request has an id of its own.
        let strip = |text: String| text.split("\"request\"").next().unwrap_or_default().to_owned();
        seen.into_iter().map(strip).collect()
    }
}

/// An upload, and who uploads.
pub(super) struct Tus {
    pub browser: Browser,
    token: String,
    pub path: String,
}

impl Tus {
    pub async fn of(browser: &Browser, upload: &str) -> Self {
        Self { browser: browser.clone(), token: browser.token().await, path: format!("/uploads/{upload}") }
    }

    /// The same upload, for somebody else.
    pub async fn by(&self, browser: &Browser) -> Self {
        Self { browser: browser.clone(), token: browser.token().await, path: self.path.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.browser.request(method, path).header("x-csrf-token", &self.token);
        request.header("tus-resumable", "1.0.0")
    }

    pub async fn head(&self) -> Answer {
        self.browser.send(self.request(Method::HEAD, &self.path)).await
    }

    pub async fn offset(&self) -> u64 {
        self.head().await.ok().header("upload-offset").parse().unwrap()
    }

    pub fn piece(&self, offset: usize, bytes: &[u8]) -> RequestBuilder {
        let request = self.request(Method::PATCH, &self.path).header("upload-offset", offset.to_string());
        request.header("content-type", "application/offset+octet-stream").body(bytes.to_vec())
    }

    pub async fn patch(&self, offset: usize, bytes: &[u8]) -> Answer {
        self.browser.send(self.piece(offset, bytes)).await
    }

    /// A POST that stands for another method.
    pub fn meant(&self, method: &str) -> RequestBuilder {
        self.request(Method::POST, &self.path).header("x-http-method-override", method)
    }

    pub async fn end(&self) -> Answer {
        self.browser.send(self.request(Method::DELETE, &self.path)).await
    }

    pub async fn create(&self, bid: &str, length: usize) -> Answer {
        let request = self.request(Method::POST, &format!("/bids/{bid}/uploads"));
        self.browser.send(request.header("upload-length", length.to_string())).await
    }

    /// Begins to send a piece over a connection of its own, and stops after so many bytes; the connection is given back.
    pub async fn begin(&self, root: &str, secret: &str, (offset, length): (usize, usize), bytes: &[u8]) -> TcpStream {
        let host = root.trim_start_matches("http://");
        let mut line = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "PATCH {} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {secret}\r\nTus-Resumable: 1.0.0\r\n\
             Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\nContent-Length: {length}\r\n\r\n",
            self.path
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(bytes).await.unwrap();
        line.flush().await.unwrap();
        line
    }
}

/// Status and code.
pub(super) fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}
