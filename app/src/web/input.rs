//! The body of a POST: urlencoded, multipart or flat JSON, read once, with one limit for each.

use super::error::Error;
use super::fields::{Fields, Parse};
use super::form::{Form, Upload};
use super::view::{Title, View};
use aws_lc_rs::digest;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The largest form without files, in bytes.
const FORM_LIMIT: usize = 256 * 1024;

/// The largest form with files, in bytes.
const UPLOAD_LIMIT: usize = 25 * 1024 * 1024;

/// What a POST brought, before a room has parsed it.
pub struct Input {
    zone: TimeZone,
    given: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
}

impl Input {
    /// Parses into a room's type.
    ///
    /// # Errors
    /// 422 with every problem and what was typed.
    pub fn parse<T: Parse>(self) -> Result<T, Error> {
        self.parse_with_form().map(|(parsed, _)| parsed)
    }

    /// Parses into a room's type; a refused form is shown again on the page, with its title, that `page` makes of it.
    ///
    /// # Errors
    /// 422 with every problem, on that page; what making the page meets.
    pub async fn parse_on<T: Parse, N: Into<Title>, V: View>(
        self,
        page: impl AsyncFnOnce(Form) -> Result<(N, V), Error>,
    ) -> Result<T, Error> {
        match self.parse() {
            Err(Error { form: Some(form), .. }) => {
                let (title, view) = page((*form).clone()).await?;
                Err(Error::invalid((*form).clone()).on(title, |_| view))
            }
            parsed => parsed,
        }
    }

    /// Parses, and keeps the form for rules that are checked later.
    ///
    /// # Errors
    /// 422 with every problem and what was typed.
    pub fn parse_with_form<T: Parse>(self) -> Result<(T, Form), Error> {
        let mut fields = Fields::new(self.zone, self.given, self.files);
        let parsed = T::parse(&mut fields);
        fields.finish(parsed)
    }

    /// Nothing is expected but the token: for acts whose address says all.
    ///
    /// # Errors
    /// 422 when there are other fields.
    pub fn empty(self) -> Result<(), Error> {
        Fields::new(self.zone, self.given, self.files).finish(Some(())).map(drop)
    }

    /// A hash of this input to this address, the same however it was written.
    pub(super) fn fingerprint(&self, address: &str) -> [u8; 32] {
        let mut hash = digest::Context::new(&digest::SHA256);
        let mut add = |part: &[u8]| {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(address.as_bytes());
        for (name, values) in &self.given {
            add(&(values.len() as u64).to_be_bytes());
            std::iter::once(name).chain(values).for_each(|text| add(text.as_bytes()));
        }
        for (name, files) in &self.files {
            add(&(files.len() as u64).to_be_bytes());
            add(name.as_bytes());
            files.iter().for_each(|file| [file.name.as_bytes(), &file.content[..]].into_iter().for_each(&mut add));
        }
        hash.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    /// What this JSON brings, as if it had been sent: for the examples of the API's description.
    pub(super) fn of(values: &serde_json::Value) -> Result<Self, Error> {
        let input = Self { zone: TimeZone::UTC, given: BTreeMap::new(), files: BTreeMap::new() };
        input.json(values.to_string().as_bytes())
    }

    /// The token that a form carries beside its own fields.
    pub(super) fn token(&self) -> Option<&str> {
        self.given.get("csrf").and_then(|values| values.first()).map(String::as_str)
    }

    /// Reads a request's body. Only who is signed in may send files.
    ///
    /// # Errors
    /// 400, 413 or 415.
    pub(super) async fn read(request: Request<Body>, signed_in: bool, zone: TimeZone) -> Result<Self, Error> {
        let input = Self { zone, given: BTreeMap::new(), files: BTreeMap::new() };
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => input.urlencoded(&body(request, FORM_LIMIT).await?),
            "application/json" => input.json(&body(request, FORM_LIMIT).await?),
            "multipart/form-data" if signed_in => input.multipart(request).await,
            "multipart/form-data" => Err(Error::unauthenticated()),
            "" => {
                let body = body(request, FORM_LIMIT).await?;
                if body.is_empty() { Ok(input) } else { Err(Error::unsupported()) }
            }
            _ => Err(Error::unsupported()),
        }
    }

    fn urlencoded(mut self, body: &[u8]) -> Result<Self, Error> {
        for (name, value) in url::form_urlencoded::parse(body) {
            self.given.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Ok(self)
    }

    fn json(mut self, body: &[u8]) -> Result<Self, Error> {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(body).map_err(|_| Error::malformed("json"))?;
        for (name, value) in object {
            let values = match value {
                serde_json::Value::Array(values) => values,
                one => vec![one],
            };
            for value in values {
                let text = match value {
                    serde_json::Value::String(text) => text,
                    serde_json::Value::Number(number) => number.to_string(),
                    serde_json::Value::Bool(yes) => yes.to_string(),
                    serde_json::Value::Null => String::new(),
                    _ => return Err(Error::malformed("json-nested")),
                };
                self.given.entry(name.clone()).or_default().push(text);
            }
        }
        Ok(self)
    }

    async fn multipart(mut self, request: Request<Body>) -> Result<Self, Error> {
        let (parts, content) = request.into_parts();
        let content = axum::body::to_bytes(content, UPLOAD_LIMIT).await.map_err(|_| Error::too_large())?;
        let request = Request::from_parts(parts, Body::from(content));
        let malformed = |_| Error::malformed("multipart");
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::malformed("multipart"))?;
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            let field = part.name().unwrap_or("").to_owned();
            let name = part.file_name().map(base_name);
            let content = part.bytes().await.map_err(malformed)?;
            match name {
                Some(name) if name.is_empty() && content.is_empty() => {}
                Some(name) => self.files.entry(field).or_default().push(Upload { name, content }),
                None => {
                    let text = String::from_utf8(content.into()).map_err(|_| Error::malformed("utf-8"))?;
                    self.given.entry(field).or_default().push(text);
                }
            }
        }
        Ok(self)
    }
}

async fn body(request: Request<Body>, limit: usize) -> Result<Bytes, Error> {
    axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| Error::too_large())
}

/// A file's name without folders, control characters and excess: what a browser of another system may send.
fn base_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = base.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.is_empty() && !name.is_empty() { "file".to_owned() } else { clean }
}

/// The input waits in the request, read and checked by the shell; the handler takes it once.
#[derive(Clone)]
pub(super) struct Waiting(pub Arc<Mutex<Option<Input>>>);

impl<S: Send + Sync> FromRequestParts<S> for Input {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let waiting = parts.extensions.get::<Waiting>();
        let taken = waiting.and_then(|waiting| waiting.0.lock().unwrap_or_else(|e| e.into_inner()).take());
        taken.ok_or_else(|| Error::fault("a handler takes the input of a request that has none"))
    }
}
