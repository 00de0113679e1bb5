//! A client of the program's own JSON: one cookie jar, acts with the form token, answers as they came.

use reqwest::header::ACCEPT;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client as Http, RequestBuilder};
use serde_json::Value;
use std::time::Duration;

/// Something that did not go as it should.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Failed(String);

impl Failed {
    /// A sentence.
    pub fn because(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        Self(format!("no answer: {error}"))
    }
}

impl From<crate::web::Error> for Failed {
    fn from(error: crate::web::Error) -> Self {
        Self(format!("{error:?}"))
    }
}

impl From<sealing::Shut> for Failed {
    fn from(shut: sealing::Shut) -> Self {
        Self(shut.to_string())
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Somebody's browser.
#[derive(Clone)]
pub(super) struct Client {
    http: Http,
    root: String,
}

/// What came back.
pub(super) struct Answer {
    /// The status.
    pub status: u16,
    /// The body as JSON; null when it is none.
    pub json: Value,
    /// The body as it came.
    pub text: String,
    /// What was asked, for messages.
    asked: String,
}

impl Client {
    /// An empty cookie jar, for the server at this root.
    pub fn new(root: &str) -> Result<Self, Failed> {
        let http = Http::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
        Ok(Self { http: http.timeout(Duration::from_secs(30)).build()?, root: root.to_owned() })
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Result<Answer, Failed> {
        answer(format!("GET {path}"), self.http.get(self.url(path))).await
    }

    /// Reads a file. Answers the status with its bytes.
    pub async fn bytes(&self, path: &str) -> Result<(u16, Vec<u8>), Failed> {
        let response = self.http.get(self.url(path)).send().await?;
        Ok((response.status().as_u16(), response.bytes().await?.to_vec()))
    }

    /// Acts, with flat fields.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failed> {
        self.send(path, &Value::Object(object(fields))).await
    }

    /// Acts, with fields of which some stand several times.
    pub async fn send(&self, path: &str, fields: &Value) -> Result<Answer, Failed> {
        let request = self.http.post(self.url(path)).header("x-csrf-token", self.token().await?).json(fields);
        answer(format!("POST {path}"), request).await
    }

    /// Acts without fields, for bytes.
    pub async fn take(&self, path: &str) -> Result<(u16, Vec<u8>), Failed> {
        let request = self.http.post(self.url(path)).header("x-csrf-token", self.token().await?);
        let response = request.header(ACCEPT, "application/json").send().await?;
        Ok((response.status().as_u16(), response.bytes().await?.to_vec()))
    }

    /// Acts, with a file.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&'static str, &'static str, Vec<u8>),
    ) -> Result<Answer, Failed> {
        let (field, name, content) = file;
        let mut form = Form::new().text("csrf", self.token().await?);
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        form = form.part(field, Part::bytes(content).file_name(name));
        answer(format!("POST {path}"), self.http.post(self.url(path)).multipart(form)).await
    }

    async fn token(&self) -> Result<String, Failed> {
        Ok(self.get("/session").await?.ok()?["csrf"].as_str().unwrap_or_default().to_owned())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

async fn answer(asked: String, request: RequestBuilder) -> Result<Answer, Failed> {
    let response = request.header(ACCEPT, "application/json").send().await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    Ok(Answer { status, json: serde_json::from_str(&text).unwrap_or_default(), text, asked })
}

impl Answer {
    /// The data, when the request succeeded.
    pub fn ok(self) -> Result<Value, Failed> {
        if (200..300).contains(&self.status) { Ok(self.json) } else { Err(self.unexpected("success")) }
    }

    /// The problem, when the request was refused with this status and code.
    pub fn refused(self, status: u16, code: &str) -> Result<Value, Failed> {
        let is_it = self.status == status && self.json["code"] == code;
        if is_it { Ok(self.json) } else { Err(self.unexpected(&format!("{status} {code}"))) }
    }

    fn unexpected(&self, expected: &str) -> Failed {
        let shown: String = self.text.chars().take(400).collect();
        Failed(format!("{}: {expected} expected, {} came: {shown}", self.asked, self.status))
    }
}

/// A text in an answer.
pub(super) fn text(value: &Value, pointer: &str) -> Result<String, Failed> {
    match value.pointer(pointer) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other @ Value::Number(_)) => Ok(other.to_string()),
        _ => Err(Failed(format!("the answer has nothing at {pointer}: {value}"))),
    }
}

/// Fields as an object; a name that stands several times has a list.
fn object(fields: &[(&str, &str)]) -> serde_json::Map<String, Value> {
    let mut object = serde_json::Map::new();
    for (name, value) in fields {
        match object.get_mut(*name) {
            None => drop(object.insert((*name).to_owned(), Value::from(*value))),
            Some(Value::Array(several)) => several.push(Value::from(*value)),
            Some(one) => *one = Value::Array(vec![one.take(), Value::from(*value)]),
        }
    }
    object
}
