//! Where push messages go: a folder in development and in the demo, a server of `ntfy` (<https://ntfy.sh>, free software, run by
//! the operator) in production. Its applications for phones and browsers subscribe to a topic; ours are random to all but
//! their reader, and name nobody.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::{Error, folder};
use crate::id::Id;
use crate::outgoing::{Outgoing, Reach};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most that is read of its answer, in bytes.
const MOST: usize = 64 * 1024;

/// A push message to whoever listens to a topic.
#[derive(Clone, PartialEq, Eq)]
pub struct PushMessage {
    /// The same for each attempt to send this message.
    pub id: Id<PushMessage>,
    /// When it was written.
    pub at: Timestamp,
    /// The topic: letters, digits, `_` and `-`, 64 at most.
    pub topic: String,
    /// One line.
    pub title: String,
    /// The whole message.
    pub text: String,
    /// Where it leads.
    pub link: String,
}

/// Without topic and words.
impl fmt::Debug for PushMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushMessage").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

/// The port for push messages.
#[derive(Clone)]
pub enum Push {
    /// Writes `ID.json` into this folder.
    Folder(PathBuf),
    /// Publishes at a server.
    Server(Server),
}

/// A server of `ntfy`, and our right to publish there.
#[derive(Clone)]
pub struct Server {
    outgoing: Outgoing,
    root: Url,
    bearer: HeaderValue,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Push::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            Push::Server(server) => f.debug_tuple("Server").field(&server.root.host_str()).finish(),
        }
    }
}

/// What a file holds, and what the server is told (its "publish as JSON").
#[derive(Serialize)]
struct Published<'a> {
    topic: &'a str,
    title: &'a str,
    message: &'a str,
    click: &'a str,
}

impl Push {
    /// Writes `OUTBOX/push/ID.json`.
    pub fn folder(outbox: &Path) -> Push {
        Push::Folder(outbox.join("push"))
    }

    /// Publishes at a server: `https://:TOKEN@push.example.org`.
    ///
    /// # Errors
    /// [`Error::Gateway`] when the address is none.
    pub fn server(address: &str) -> Result<Push, Error> {
        let mut root: Url = address.parse().map_err(|_| Error::Gateway)?;
        let token = root.password().filter(|token| !token.is_empty()).ok_or(Error::Gateway)?.to_owned();
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Error::Gateway)?;
        bearer.set_sensitive(true);
        let bare = root.set_password(None).and_then(|()| root.set_username(""));
        if bare.is_err() || !matches!(root.scheme(), "https" | "http") {
            return Err(Error::Gateway);
        }
        root.set_path("/");
        Ok(Push::Server(Server { outgoing: Outgoing::new(Reach::Anywhere, PATIENCE, MOST), root, bearer }))
    }

    /// Where a topic is listened to; nowhere without a server.
    pub fn address(&self, topic: &str) -> Option<String> {
        match self {
            Push::Folder(_) => None,
            Push::Server(server) => server.root.join(topic).ok().map(String::from),
        }
    }

    /// Sends. A folder finds that this id was written before.
    ///
    /// # Errors
    /// [`Error`]; see [`Error::is_passing`].
    pub async fn send(&self, message: &PushMessage) -> Result<(), Error> {
        let PushMessage { id, topic, title, text, link, .. } = message;
        let published = Published { topic, title, message: text, click: link };
        let content = serde_json::to_vec(&published).expect("texts are always JSON");
        match self {
            Push::Folder(path) => folder::deliver(path.clone(), format!("{id}.json"), content).await,
            Push::Server(server) => server.publish(content).await,
        }
    }
}

impl Server {
    async fn publish(&self, content: Vec<u8>) -> Result<(), Error> {
        let mut request = Request::new(Bytes::from(content));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.headers_mut().insert(AUTHORIZATION, self.bearer.clone());
        let answer = self.outgoing.send(&self.root, request).await.map_err(|_| Error::NotTaken { code: None })?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(Error::NotTaken { code: Some(answer.status.as_u16().into()) })
    }
}
