//! A file as a download that no browser shows in place.

use super::error::Error;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The media type of every file that somebody has brought: nothing that a browser would run or draw.
pub const FILE: &str = "application/octet-stream";

/// The answer that is a file of somebody's, under the name that they gave it.
pub fn attachment(name: &str, content: impl Into<Body>) -> Response {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    answer(FILE, disposition, content)
}

/// The answer that is a file of the program's own making, under a name in ASCII.
pub fn file(media_type: &'static str, name: &str, content: impl Into<Body>) -> Response {
    answer(media_type, format!("attachment; filename=\"{name}\""), content)
}

/// JSON to be kept, as it is read by people, too: a file of this name and `.json`.
///
/// # Errors
/// 500 for what is no JSON.
pub fn json(name: &str, content: &impl Serialize) -> Result<Response, Error> {
    let text = serde_json::to_string_pretty(content).map_err(Error::fault)?;
    Ok(file("application/json", &format!("{name}.json"), text))
}

fn answer(media_type: &'static str, disposition: String, content: impl Into<Body>) -> Response {
    let headers = [("content-type", media_type.to_owned()), ("content-disposition", disposition)];
    (headers, content.into()).into_response()
}
