//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): an integrator's act that is sent again under its key is
//! answered as it was the first time.
//!
//! The key's row is written before the act, its answer after it. A process that dies in between leaves a row without an
//! answer; after [`ABANDONED`] the same request may run again. That is safe because acts are: what is made carries its
//! own id, what is changed the version that was seen, files are known by name and content, so that a second run finds what
//! the first has done. (`app/tests/it/attack/twice.rs` does so to every act that tokens reach.)

use super::bearer::Bearer;
use super::context::Context;
use super::error::Error;
use super::input::Waiting;
use crate::app::App;
use crate::identity::company::Company;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{Method, StatusCode};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// An act without an answer for so long has lost its process.
const ABANDONED: SignedDuration = SignedDuration::from_secs(60);
/// The largest answer that is kept, in bytes.
const LARGEST: usize = 1024 * 1024;

/// A key with the request that came under it.
#[derive(Clone)]
pub(super) struct Key {
    company: Id<Company>,
    key: Vec<u8>,
    request: [u8; 32],
    /// Of this run of the act.
    run: Id<Key>,
}

/// What a key's row says.
pub(super) enum Begun {
    /// Nobody has done this yet: do it, then [`Key::keep`] the answer.
    First,
    /// It was done, and answered like this.
    Again(Kept),
}

/// The hash of the request, and its answer once there is one.
type Found = ([u8; 32], Option<Kept>);

/// An answer that is kept.
pub(super) struct Kept {
    status: i64,
    kind: String,
    location: Option<String>,
    body: Vec<u8>,
}

impl Key {
    /// The key of a request, if an integrator has sent one with an act.
    ///
    /// # Errors
    /// 400 `idempotency-key`: it is sent twice, empty, longer than 255 characters, or none of ASCII.
    pub(super) fn of(app: &App, context: &Context, request: &Request) -> Result<Option<Self>, Error> {
        let mut given = request.headers().get_all("idempotency-key").iter();
        let (Some(first), Some(bearer)) = (given.next(), &context.bearer) else { return Ok(None) };
        if request.method() != Method::POST {
            return Ok(None);
        }
        let text = first.to_str().ok().map(|text| text.trim_matches('"')).unwrap_or("");
        if given.next().is_some() || text.is_empty() || text.len() > 255 {
            return Err(Error::malformed("idempotency-key"));
        }
        Ok(fingerprint(context, request).map(|request| Self::new(app, bearer, text, request)))
    }

    fn new(app: &App, bearer: &Bearer, text: &str, request: [u8; 32]) -> Self {
        let key = digest(&SHA256, text.as_bytes()).as_ref().to_vec();
        Self { company: bearer.company, key, request, run: app.random().id() }
    }

    /// Notes that the act begins, or finds that it was done.
    ///
    /// # Errors
    /// 422 `idempotency-mismatch` when another request came under this key, 409 `idempotency-in-flight` while the first is
    /// under way.
    pub(super) async fn begin(&self, app: &App) -> Result<Begun, Error> {
        let key = self.clone();
        app.db().write(move |tx| key.begin_in(tx)).await
    }

    fn begin_in(&self, tx: &mut Tx) -> Result<Begun, Error> {
        let now = tx.now();
        let inserted = tx.execute(
            "INSERT INTO idempotency_key (company, key_hash, request_hash, run, begun_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (company, key_hash) DO NOTHING",
            values![self.company, &self.key, self.request, self.run, now],
        )?;
        if inserted == 1 {
            return Ok(Begun::First);
        }
        let (request, kept) = self.find(tx)?.ok_or(db::Error::Missing)?;
        if request != self.request {
            return Err(Error::mismatch());
        }
        if let Some(kept) = kept {
            return Ok(Begun::Again(kept));
        }
        let before = now.checked_sub(ABANDONED).unwrap_or(now);
        let taken_over = tx.execute(
            "UPDATE idempotency_key SET run = $1, begun_at = $2 \
             WHERE company = $3 AND key_hash = $4 AND status IS NULL AND begun_at <= $5",
            values![self.run, now, self.company, &self.key, before],
        )?;
        if taken_over == 1 { Ok(Begun::First) } else { Err(Error::conflict("idempotency-in-flight")) }
    }

    fn find(&self, tx: &mut Tx) -> Result<Option<Found>, db::Error> {
        tx.first(
            "SELECT request_hash, status, kind, location, body FROM idempotency_key WHERE company = $1 AND key_hash = $2",
            values![self.company, &self.key],
            |row| {
                let (request, status): ([u8; 32], Option<i64>) = (row.next()?, row.next()?);
                let kind: Option<String> = row.next()?;
                let location = row.next()?;
                let body: Option<Vec<u8>> = row.next()?;
                let kept = status.map(|status| Kept {
                    status,
                    kind: kind.unwrap_or_default(),
                    location,
                    body: body.unwrap_or_default(),
                });
                Ok((request, kept))
            },
        )
    }

    /// Keeps the answer for who asks again; one that says nothing of the act is forgotten, so that it can be tried anew.
    /// The answer itself is given in any case: what was done is done.
    pub(super) async fn keep(self, app: &App, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let text =
            |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
        let kept = is_final(parts.status).then(|| Kept {
            status: i64::from(parts.status.as_u16()),
            kind: text(CONTENT_TYPE).unwrap_or_default(),
            location: text(LOCATION),
            body: body.to_vec(),
        });
        let done = app.db().write::<_, db::Error>(move |tx| self.keep_in(tx, kept.as_ref())).await;
        if let Err(error) = done {
            tracing::warn!(%error, "an answer could not be kept under its idempotency key");
        }
        Response::from_parts(parts, Body::from(body))
    }

    fn keep_in(&self, tx: &mut Tx, kept: Option<&Kept>) -> Result<(), db::Error> {
        match kept {
            Some(kept) => tx.execute(
                "UPDATE idempotency_key SET status = $1, kind = $2, location = $3, body = $4 \
                 WHERE company = $5 AND key_hash = $6 AND run = $7",
                values![kept.status, &kept.kind, kept.location.clone(), &kept.body, self.company, &self.key, self.run],
            )?,
            None => tx.execute(
                "DELETE FROM idempotency_key WHERE company = $1 AND key_hash = $2 AND run = $3",
                values![self.company, &self.key, self.run],
            )?,
        };
        Ok(())
    }
}

/// Whether an answer is that of the act: not of a limit, a right or a fault that may be gone the next time.
fn is_final(status: StatusCode) -> bool {
    let passing = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    !status.is_server_error() && !passing.contains(&status)
}

/// What was asked: address and input, however the body was written.
fn fingerprint(context: &Context, request: &Request) -> Option<[u8; 32]> {
    let waiting = request.extensions().get::<Waiting>()?;
    let input = waiting.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    input.as_ref().map(|input| input.fingerprint(&format!("{}?{}", context.path, context.query)))
}

impl Kept {
    /// The same answer once more.
    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            u16::try_from(self.status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
        if let Ok(kind) = HeaderValue::from_str(&self.kind) {
            headers.insert(CONTENT_TYPE, kind);
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            headers.insert(LOCATION, location);
        }
        response
    }
}

/// Removes answers older than a day, a few at a time. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub async fn sweep(app: &App) -> Result<usize, db::Error> {
    let old = |tx: &mut Tx| {
        let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
        let sql =
            "SELECT company, key_hash FROM idempotency_key WHERE begun_at < $1 ORDER BY begun_at, key_hash LIMIT 100";
        tx.all(sql, values![before], |row| Ok((row.next::<Id<Company>>()?, row.next::<Vec<u8>>()?)))
    };
    let old = app.db().read(old).await?;
    if old.is_empty() {
        return Ok(0);
    }
    let remove = move |tx: &mut Tx| {
        for (company, key) in &old {
            tx.execute("DELETE FROM idempotency_key WHERE company = $1 AND key_hash = $2", values![*company, key])?;
        }
        Ok(old.len())
    };
    app.db().write(remove).await
}
