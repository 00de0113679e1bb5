//! Uploads that resume: what [tus 1.0](https://tus.io/protocols/resumable-upload) asks of every request and every answer, whichever
//! room takes the bytes. Its routes declare themselves ([`Op::resumable`](super::Op::resumable)); PATCH and DELETE are for them alone,
//! and their bodies go to the handler unread.

use super::error::Error;
use crate::app::App;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// The one version that is spoken.
const VERSION: &str = "1.0.0";

/// In which version who asks speaks.
pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");

/// Which method is meant by a POST, for who can send no other.
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// A request with the method that it stands for: a POST to where bytes come that names PATCH or DELETE, and nothing else. It has to prove
/// what either would have to by itself: the header gives no right, and a form of another site's page cannot send it.
///
/// # Errors
/// 405 for another method, or several.
pub(super) fn as_meant(app: &App, mut request: Request) -> Result<Request, Error> {
    let path = request.extensions().get::<MatchedPath>();
    let is_taken = *request.method() == Method::POST && path.is_some_and(|path| app.takes_pieces(path.as_str()));
    let mut given = request.headers().get_all(OVERRIDE).iter();
    let (Some(first), true) = (given.next(), is_taken) else { return Ok(request) };
    let meant = match (first.as_bytes(), given.next()) {
        (b"PATCH", None) => Method::PATCH,
        (b"DELETE", None) => Method::DELETE,
        _ => return Err(Error::method()),
    };
    *request.method_mut() = meant;
    Ok(request)
}

/// Whether a request is for such a route.
pub(super) fn is_asked(app: &App, extensions: &Extensions) -> bool {
    extensions.get::<MatchedPath>().is_some_and(|path| app.is_resumable(path.as_str()))
}

/// What is spoken here: the answer to OPTIONS, for anybody.
pub(super) fn spoken(app: &App) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert("tus-extension", HeaderValue::from_static("creation,expiration,checksum,termination"));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha1,sha256"));
    headers.insert("tus-max-size", HeaderValue::from(app.config().envelope_limit));
    sign(headers);
    response
}

/// Refuses who speaks another version. Who only reads where an upload stands speaks plain HTTP.
///
/// # Errors
/// 412 `tus-version`.
pub(super) fn speaks(method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    let spoken = headers.get(RESUMABLE).is_some_and(|version| version == VERSION);
    if spoken || *method == Method::GET {
        return Ok(());
    }
    Err(Error::of(StatusCode::PRECONDITION_FAILED, "tus-version"))
}

/// What every answer says.
pub(super) fn sign(headers: &mut HeaderMap) {
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert("tus-version", HeaderValue::from_static(VERSION));
}
