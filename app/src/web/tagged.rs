//! Public files that a reader asks for again and again: sent once, and then told to be the same.

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use jiff::{SignedDuration, Timestamp};

/// How old a change must be to be known by its second alone: within one, another may follow (RFC 9110, 8.8.2.2).
const SETTLED: SignedDuration = SignedDuration::from_secs(2);

/// When a file was changed last, and when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    /// The last change.
    pub at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// The text with its tag, or nothing for who has it. The tag is a weak one (RFC 9110, 8.8.1), since it is packed on the way.
pub fn tagged(
    media_type: &'static str,
    text: String,
    kept: &'static str,
    changed: Option<Changed>,
    headers: &HeaderMap,
) -> Response {
    let hash = digest(&SHA256, text.as_bytes());
    let tag = format!("W/\"{}\"", hex::encode(&hash.as_ref()[..12]));
    let is_known = is_known(&tag, changed, headers);
    let head = [(CONTENT_TYPE, media_type.to_owned()), (ETAG, tag), (CACHE_CONTROL, kept.to_owned())];
    let mut response = match is_known {
        true => (StatusCode::NOT_MODIFIED, head, Body::empty()).into_response(),
        false => (head, text).into_response(),
    };
    let told = changed.and_then(|changed| DateTimePrinter::new().timestamp_to_rfc9110_string(&changed.at).ok());
    if let Some(told) = told.and_then(|told| HeaderValue::from_str(&told).ok()) {
        response.headers_mut().insert(LAST_MODIFIED, told);
    }
    response
}

/// A tag says it alone where there is one (RFC 9110, 13.2.2).
fn is_known(tag: &str, changed: Option<Changed>, headers: &HeaderMap) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return known.flat_map(|list| list.split(',')).any(|one| one.trim() == tag || one.trim() == "*");
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let since = since.and_then(|text| DateTimeParser::new().parse_timestamp(text).ok());
    changed.zip(since).is_some_and(|(changed, since)| {
        let settled = changed.at.checked_add(SETTLED).is_ok_and(|at| at <= changed.now);
        settled && changed.at.as_second() <= since.as_second()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: http::HeaderName, value: &str, age: i64) -> (StatusCode, HeaderMap) {
        let at = "2026-11-23T01:00:00.5Z".parse::<Timestamp>().expect("an instant");
        let now = at.checked_add(SignedDuration::from_secs(age)).expect("an instant");
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("a value"));
        let response = tagged("text/plain", "a".into(), "public", Some(Changed { at, now }), &headers);
        (response.status(), response.headers().clone())
    }

    #[test]
    fn who_has_it_gets_nothing() {
        let (_, headers) = asked(IF_NONE_MATCH, "W/\"other\"", 60);
        assert_eq!(headers[LAST_MODIFIED], "Mon, 23 Nov 2026 01:00:00 GMT");
        let tag = headers[ETAG].to_str().expect("a tag").to_owned();
        assert_eq!(asked(IF_NONE_MATCH, &tag, 60).0, StatusCode::NOT_MODIFIED);
        assert_eq!(asked(IF_MODIFIED_SINCE, "Mon, 23 Nov 2026 01:00:00 GMT", 60).0, StatusCode::NOT_MODIFIED);
        assert_eq!(asked(IF_MODIFIED_SINCE, "Mon, 23 Nov 2026 00:59:59 GMT", 60).0, StatusCode::OK);
        assert_eq!(
            asked(IF_MODIFIED_SINCE, "Mon, 23 Nov 2026 01:00:00 GMT", 1).0,
            StatusCode::OK,
            "another may follow"
        );
        assert_eq!(asked(IF_MODIFIED_SINCE, "yesterday", 60).0, StatusCode::OK);
    }
}
