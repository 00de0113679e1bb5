//! Where an upload stands, its beginning and its end.

use super::super::store::Bid;
use super::part::present;
use super::{Delivery, store};
use crate::app::App;
use crate::web::{At, Bidder, Error, Input};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::fmt::rfc2822::DateTimePrinter;
use kit::id::Id;

/// `POST /bids/{id}/uploads`: the upload of a bid's ciphertext, begun by the commitment or anew.
pub async fn create(
    State(app): State<App>,
    provider: Bidder,
    At(bid): At<Id<Bid>>,
    headers: HeaderMap,
    input: Input,
) -> Result<Response, Error> {
    input.empty()?;
    let length = announced(&headers)?;
    let theirs = app.clone();
    let awaited = app.db().write(move |tx| store::create(tx, &theirs, &provider, bid, length)).await?;
    let delivery = as_it_is(&app, awaited.delivery);
    let mut response = data(StatusCode::CREATED, &delivery)?;
    let location = HeaderValue::from_str(&format!("/uploads/{}", delivery.id)).map_err(Error::fault)?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `GET /uploads/{id}`, and HEAD: how much has come.
pub async fn show(State(app): State<App>, provider: Bidder, At(id): At<Id<Delivery>>) -> Result<Response, Error> {
    let theirs = app.clone();
    let awaited = app.db().read(move |tx| store::open(tx, &theirs, &provider, id)).await?;
    data(StatusCode::OK, &as_it_is(&app, awaited.delivery))
}

/// `DELETE /uploads/{id}`: what has come is thrown away; the commitment stands, and the upload can begin anew.
pub async fn end(State(app): State<App>, provider: Bidder, At(id): At<Id<Delivery>>) -> Result<Response, Error> {
    let theirs = app.clone();
    app.db().write(move |tx| store::end(tx, &theirs, &provider, id)).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// With the offset that its file bears out.
pub fn as_it_is(app: &App, delivery: Delivery) -> Delivery {
    let offset = if delivery.is_whole() { delivery.length } else { present(app, delivery.id, delivery.offset) };
    Delivery { offset, ..delivery }
}

/// The length of the whole, which is known; and metadata, of which nothing is kept.
fn announced(headers: &HeaderMap) -> Result<u64, Error> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let unread = || Error::malformed("upload-headers");
    let pair = |pair: &str| match pair.trim().split_once(' ') {
        Some((key, value)) => !key.is_empty() && STANDARD.decode(value).is_ok(),
        None => !pair.trim().is_empty(),
    };
    let metadata = text("upload-metadata").unwrap_or_default();
    if headers.contains_key("upload-defer-length") || !(metadata.is_empty() || metadata.split(',').all(pair)) {
        return Err(unread());
    }
    text("upload-length").and_then(|length| length.parse().ok()).ok_or_else(unread)
}

fn data(status: StatusCode, delivery: &Delivery) -> Result<Response, Error> {
    let body = serde_json::to_vec(delivery).map_err(Error::fault)?;
    let mut response = told(status, delivery, Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// An answer whose headers say where the upload stands.
pub(super) fn told(status: StatusCode, delivery: &Delivery, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("upload-offset", HeaderValue::from(delivery.offset));
    headers.insert("upload-length", HeaderValue::from(delivery.length));
    let until = DateTimePrinter::new().timestamp_to_rfc9110_string(&delivery.until).ok();
    if let Some(until) = until.and_then(|until| HeaderValue::from_str(&until).ok()) {
        headers.insert("upload-expires", until);
    }
    response
}
