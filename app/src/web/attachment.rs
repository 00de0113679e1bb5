//! A file as a download that no browser shows in place.

use axum::body::Body;
use axum::response::{IntoResponse, Response};

/// The media type of every file that somebody has brought: nothing that a browser would run or draw.
pub const FILE: &str = "application/octet-stream";

/// The answer that is a file of this name.
pub fn attachment(name: &str, content: impl Into<Body>) -> Response {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let headers = [("content-type", FILE.to_owned()), ("content-disposition", disposition)];
    (headers, content.into()).into_response()
}
