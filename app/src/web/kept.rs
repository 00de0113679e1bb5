//! Public pages, kept for the next visitor.
//!
//! A page that depends on the public notices or on providers' pages alone is made once for all who are not signed in and want the same: path,
//! query, language, theme and representation. Before it is shown again the database is asked how far the publications
//! have come, so that no process shows a page without a notice that another has published; and within another second
//! it is made anew, because it tells how long deadlines are away. Nothing that counts sealed bids is part of it.

use super::assets::takes;
use super::context::{Accept, Context};
use super::error::Error;
use super::text::Locale;
use super::view::Page;
use crate::app::App;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, SET_COOKIE,
    VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use kit::db::{self, Db, Shared, Tx};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// How many bytes are kept at most, packed forms included.
const BOUND: usize = 16 << 20;

/// How many ask for the edition at the same time at most: without bound, since one answer is everybody's.
const ALL: usize = usize::MAX;

/// How far the publications have come in one snapshot, and what else a page of them is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    published: [i64; 4],
    index: u64,
    second: i64,
}

/// The pages that this process keeps.
pub struct Kept {
    published: Shared<(), Option<[i64; 4]>>,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    held: HashMap<Key, (Edition, Arc<Shown>)>,
    bytes: usize,
}

/// All that the page of a visitor depends on beside the edition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    path: String,
    query: String,
    locale: Locale,
    theme: &'static str,
    accept: Accept,
}

/// In a response: the page is to be kept once it is rendered.
#[derive(Clone)]
pub(super) struct Keep(Key, Edition);

/// A page as bytes, and packed as soon as somebody wants it so.
struct Shown {
    head: HeaderMap,
    plain: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

/// How a reader wants a page packed, and which form of it the reader has.
#[derive(Clone, Debug)]
pub struct Wanted {
    brotli: bool,
    gzip: bool,
    known: Option<HeaderValue>,
}

/// Answers with the page that is kept, or makes it.
///
/// # Errors
/// Of the page, or of the database.
pub async fn kept(
    app: &App,
    context: &Context,
    page: impl Future<Output = Result<Page, Error>>,
) -> Result<Response, Error> {
    let Some(key) = Key::of(context) else { return Ok(page.await?.into_response()) };
    let Some(edition) = app.kept().edition(app, context).await? else { return Ok(page.await?.into_response()) };
    if let Some(shown) = app.kept().find(&key, edition) {
        return Ok(shown.answer(&context.wanted));
    }
    let mut response = page.await?.into_response();
    response.extensions_mut().insert(Keep(key, edition));
    Ok(response)
}

/// What a visitor gets of a public page: with a tag to recognise it by, kept if it is to be, packed if that was done.
pub(super) fn shown(app: &App, context: &Context, keep: Option<Keep>, response: Response<Bytes>) -> Response {
    if response.headers().contains_key(SET_COOKIE) || response.status() != StatusCode::OK {
        return response.map(Body::from);
    }
    let shown = Arc::new(Shown::new(context, response));
    match keep {
        None => shown.whole(&context.wanted),
        Some(Keep(key, edition)) => {
            app.kept().keep(key, edition, shown.clone());
            shown.answer(&context.wanted)
        }
    }
}

impl Kept {
    /// None yet. `published` answers what changes with each publication, or `None` where that cannot be told cheaply.
    pub fn new(db: &Db, published: fn(&mut Tx) -> Result<Option<[i64; 4]>, db::Error>) -> Self {
        let read = move |tx: &mut Tx, askers: &[()]| Ok(vec![published(tx)?; askers.len()]);
        Self { published: Shared::reading(db, ALL, read), pages: Mutex::default() }
    }

    /// As it stands after the request was received. Those who ask at the same time share one read.
    async fn edition(&self, app: &App, context: &Context) -> Result<Option<Edition>, Error> {
        let published = self.published.ask(()).await?;
        let index = app.search().version() + app.directory().version();
        let second = context.now.as_second();
        Ok(published.map(|published| Edition { published, index, second }))
    }

    fn find(&self, key: &Key, wanted: Edition) -> Option<Arc<Shown>> {
        self.pages().find(key, wanted)
    }

    fn keep(&self, key: Key, edition: Edition, shown: Arc<Shown>) {
        self.pages().keep(key, edition, shown);
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn find(&self, key: &Key, wanted: Edition) -> Option<Arc<Shown>> {
        self.held.get(key).filter(|(edition, _)| *edition == wanted).map(|(_, shown)| shown.clone())
    }

    /// Where there is no room, pages of other editions go first, and then all.
    fn keep(&mut self, key: Key, edition: Edition, shown: Arc<Shown>) {
        if self.bytes + shown.weight() > BOUND {
            self.held.retain(|_, (kept, _)| *kept == edition);
            self.bytes = self.held.values().map(|(_, shown)| shown.weight()).sum();
        }
        if self.bytes + shown.weight() > BOUND {
            *self = Self::default();
        }
        self.bytes += shown.weight();
        if let Some((_, old)) = self.held.insert(key, (edition, shown)) {
            self.bytes -= old.weight();
        }
    }
}

impl Key {
    /// Of a visitor's request; nothing is kept for who is signed in.
    fn of(context: &Context) -> Option<Self> {
        let (path, query) = (context.path.clone(), context.query.clone());
        let (locale, theme, accept) = (context.locale, context.theme, context.accept);
        context.actor.oneself().is_none().then_some(Self { path, query, locale, theme, accept })
    }
}

impl Shown {
    fn new(context: &Context, response: Response<Bytes>) -> Self {
        let (parts, plain) = response.into_parts();
        let mut head = HeaderMap::new();
        for name in [CONTENT_TYPE, CONTENT_LANGUAGE] {
            head.extend(parts.headers.get(&name).map(|value| (name, value.clone())));
        }
        let tag = tag(&plain, &context.now.to_string());
        head.insert(ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits in quotes"));
        head.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        head.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
        Self { head, plain, brotli: OnceLock::new(), gzip: OnceLock::new() }
    }

    /// What it may come to weigh in all its forms, with its place in the map.
    fn weight(&self) -> usize {
        self.plain.len() * 3 / 2 + 1_000
    }

    /// Packed as it is wanted.
    fn answer(&self, wanted: &Wanted) -> Response {
        let (coding, body) = match (wanted.brotli, wanted.gzip) {
            (true, _) => ("br", self.brotli.get_or_init(|| brotli(&self.plain))),
            (_, true) => ("gzip", self.gzip.get_or_init(|| gzip(&self.plain))),
            _ => return self.whole(wanted),
        };
        let mut response = self.with(wanted, body);
        if response.status() == StatusCode::OK {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }

    fn whole(&self, wanted: &Wanted) -> Response {
        self.with(wanted, &self.plain)
    }

    fn with(&self, wanted: &Wanted, body: &Bytes) -> Response {
        let known = wanted.knows(&self.head[ETAG]);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(body.clone()) });
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        *response.headers_mut() = self.head.clone();
        response
    }
}

impl Wanted {
    /// What a request's head says. A form that the reader has is of use only where nothing else is to be told with it.
    pub(super) fn read(headers: &HeaderMap, may_be_known: bool) -> Self {
        let packs = headers.contains_key(ACCEPT_ENCODING);
        Self {
            brotli: packs && takes(headers, "br"),
            gzip: packs && takes(headers, "gzip"),
            known: headers.get(IF_NONE_MATCH).filter(|_| may_be_known).cloned(),
        }
    }

    /// RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`.
    fn knows(&self, tag: &HeaderValue) -> bool {
        let (Some(Ok(known)), Ok(tag)) = (self.known.as_ref().map(HeaderValue::to_str), tag.to_str()) else {
            return false;
        };
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        known.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag))
    }
}

/// A weak tag (RFC 9110, 8.8.1): two pages that differ only in the instant that the frame tells scripts are one to a
/// reader. Not where something counts down from that instant.
fn tag(page: &[u8], now: &str) -> String {
    let counts = memchr::memmem::find(page, b"data-until").is_some();
    let hash = match memchr::memmem::find(page, now.as_bytes()) {
        Some(at) if !counts => digest(&SHA256, &[&page[..at], &page[at + now.len()..]].concat()),
        _ => digest(&SHA256, page),
    };
    format!("W/\"{}\"", hex::encode(&hash.as_ref()[..12]))
}

fn brotli(plain: &Bytes) -> Bytes {
    let (mut packed, how) =
        (Vec::new(), BrotliEncoderParams { quality: 5, lgwin: 20, ..BrotliEncoderParams::default() });
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &how).expect("memory takes what is written");
    packed.into()
}

fn gzip(plain: &Bytes) -> Bytes {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(plain).expect("memory takes what is written");
    packer.finish().expect("memory takes what is written").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_what_it_shows() {
        let page = |now: &str, rest: &str| tag(format!("<html data-now=\"{now}\">{rest}").as_bytes(), now);
        assert_eq!(page("2026-11-23T01:00:00Z", "a"), page("2026-11-23T01:00:01Z", "a"));
        assert_ne!(page("2026-11-23T01:00:00Z", "a"), page("2026-11-23T01:00:00Z", "b"));
        let counting = |now| page(now, "<p data-until=\"\">");
        assert_ne!(counting("2026-11-23T01:00:00Z"), counting("2026-11-23T01:00:01Z"));
    }

    #[test]
    fn a_reader_may_know_several() {
        let wanted =
            |known: &'static str| Wanted { brotli: false, gzip: false, known: Some(HeaderValue::from_static(known)) };
        let tag = HeaderValue::from_static("W/\"2\"");
        for (known, same) in
            [("W/\"1\", W/\"2\"", true), ("\"2\"", true), ("*", true), ("W/\"1\"", false), ("2", false)]
        {
            assert_eq!(wanted(known).knows(&tag), same, "{known}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut pages = Pages::default();
        let shown = Arc::new(Shown {
            head: HeaderMap::new(),
            plain: Bytes::from(vec![0; 100_000]),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        });
        for number in 0..1000 {
            let edition = Edition { published: [0; 4], index: 0, second: number / 300 };
            let (path, query) = (format!("/{}", number % 700), String::new());
            let key = Key { path, query, locale: Locale::Zh, theme: "", accept: Accept::Html };
            pages.keep(key.clone(), edition, shown.clone());
            assert!(pages.find(&key, edition).is_some());
            assert!(pages.find(&key, Edition { index: 1, ..edition }).is_none());
            assert!(pages.bytes <= BOUND && pages.bytes == pages.held.len() * shown.weight(), "{number}");
        }
    }
}
