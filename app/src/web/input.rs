//! The body of a POST: urlencoded, multipart or flat JSON, read once, with one limit for each.

use super::body::{Kind, Patience};
use super::error::Error;
use super::fields::{Fields, Parse};
use super::file_name;
use super::flat::Flat;
use super::form::{Form, Upload};
use super::view::{Title, View};
use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use http::request::Parts;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The largest form without files, in bytes.
const FORM_LIMIT: usize = 256 * 1024;

/// The largest form with files, in bytes.
const UPLOAD_LIMIT: usize = 25 * 1024 * 1024;

/// The most values in a form, files among them; the largest form of ours has some thirty.
const MOST_VALUES: usize = 500;

/// How much a form of several parts may bring: only who is signed in sends files.
#[derive(Clone, Copy)]
pub(super) enum Files {
    /// Such a form is not read.
    None,
    /// Fields only, as a mail provider sends them.
    Fields,
    /// With files.
    Some,
}

impl Files {
    pub fn of(signed_in: bool, by_address: bool) -> Self {
        match (signed_in, by_address) {
            (true, _) => Self::Some,
            (false, true) => Self::Fields,
            (false, false) => Self::None,
        }
    }

    /// In bytes.
    fn limit(self) -> Result<usize, Error> {
        match self {
            Self::None => Err(Error::unauthenticated()),
            Self::Fields => Ok(FORM_LIMIT),
            Self::Some => Ok(UPLOAD_LIMIT),
        }
    }
}

/// What a POST brought, before a room has parsed it.
pub struct Input {
    zone: TimeZone,
    given: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
    /// Names that an object gave twice. A form may: a box of several that are ticked.
    twice: BTreeSet<String>,
}

impl Input {
    fn nothing(zone: TimeZone) -> Self {
        Self { zone, given: BTreeMap::new(), files: BTreeMap::new(), twice: BTreeSet::new() }
    }

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
            Err(refused) => Err(refused.on_page(page).await),
            parsed => parsed,
        }
    }

    /// Parses and acts; whichever of the two refuses the form, it is shown again on the page that `page` makes of it.
    ///
    /// # Errors
    /// 422 with every problem, on that page; what acting or making the page meets.
    pub async fn act_on<T: Parse, R, N: Into<Title>, V: View>(
        self,
        page: impl AsyncFnOnce(Form) -> Result<(N, V), Error>,
        act: impl AsyncFnOnce(T, Form) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let done = match self.parse_with_form() {
            Ok((parsed, form)) => act(parsed, form).await,
            Err(refused) => Err(refused),
        };
        match done {
            Err(refused) => Err(refused.on_page(page).await),
            done => done,
        }
    }

    /// Parses, and keeps the form for rules that are checked later.
    ///
    /// # Errors
    /// 422 with every problem and what was typed.
    pub fn parse_with_form<T: Parse>(self) -> Result<(T, Form), Error> {
        let mut fields = self.fields();
        let parsed = T::parse(&mut fields);
        fields.finish(parsed)
    }

    fn fields(self) -> Fields {
        let mut fields = Fields::new(self.zone, self.given, self.files);
        fields.twice = self.twice;
        fields
    }

    /// Nothing is expected but the token: for acts whose address says all.
    ///
    /// # Errors
    /// 422 when there are other fields.
    pub fn empty(self) -> Result<(), Error> {
        self.fields().finish(Some(())).map(drop)
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
        Self::nothing(TimeZone::UTC).json(values.to_string().as_bytes())
    }

    /// The token that a form carries beside its own fields, once.
    pub(super) fn token(&self) -> Option<&str> {
        match self.given.get("csrf").map(Vec::as_slice) {
            Some([token]) => Some(token),
            _ => None,
        }
    }

    /// Reads a request's body.
    ///
    /// # Errors
    /// 400, 408, 413 or 415.
    pub(super) async fn read(
        request: Request<Body>,
        files: Files,
        zone: TimeZone,
        patience: Patience,
    ) -> Result<Self, Error> {
        let input = Self::nothing(zone);
        let (head, body) = request.into_parts();
        match Kind::of(&head.headers)? {
            Kind::Form => input.urlencoded(&patience.read(body, FORM_LIMIT).await?),
            Kind::Json => input.json(&patience.read(body, FORM_LIMIT).await?),
            Kind::Multipart => {
                let body = patience.read(body, files.limit()?).await?;
                input.multipart(Request::from_parts(head, Body::from(body))).await
            }
            Kind::Nothing => {
                let body = patience.read(body, FORM_LIMIT).await?;
                if body.is_empty() { Ok(input) } else { Err(Error::unsupported()) }
            }
        }
    }

    fn urlencoded(mut self, body: &[u8]) -> Result<Self, Error> {
        // The parser would replace what is not UTF-8, and somebody else would read what nobody has typed.
        percent_encoding::percent_decode(body).decode_utf8().map_err(|_| Error::malformed("utf-8"))?;
        for (name, value) in url::form_urlencoded::parse(body).take(MOST_VALUES + 1) {
            self.given.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        self.bounded()
    }

    fn json(mut self, body: &[u8]) -> Result<Self, Error> {
        for (name, values) in Flat::read(body)?.fields {
            if self.given.contains_key(&name) {
                self.twice.insert(name.clone());
            }
            self.given.entry(name).or_default().extend(values);
        }
        self.bounded()
    }

    async fn multipart(mut self, mut request: Request<Body>) -> Result<Self, Error> {
        // The body was read within its own limit; the parser's, 2 MB, would refuse what the pages allow.
        DefaultBodyLimit::disable().apply(&mut request);
        let malformed = |_| Error::malformed("multipart");
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::malformed("multipart"))?;
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            count += 1;
            if count > MOST_VALUES {
                return Err(Error::malformed("too-many-fields"));
            }
            let field = part.name().unwrap_or("").to_owned();
            let name = part.file_name().map(file_name::base);
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

    fn bounded(self) -> Result<Self, Error> {
        let values: usize = self.given.values().map(|values| values.len().max(1)).sum();
        if values <= MOST_VALUES { Ok(self) } else { Err(Error::malformed("too-many-fields")) }
    }
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
