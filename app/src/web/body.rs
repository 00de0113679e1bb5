//! The body of a request: what it says it is, and how long one waits for it.

use super::error::Error;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What a body says it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// There is none.
    Nothing,
}

impl Kind {
    /// As the head says it, once, in UTF-8 and not packed.
    ///
    /// # Errors
    /// 415.
    pub fn of(headers: &HeaderMap) -> Result<Self, Error> {
        let only = |name: HeaderName| {
            let mut values = headers.get_all(name).iter();
            let first = values.next().map_or(Ok(""), |value| value.to_str().map_err(|_| Error::unsupported()))?;
            if values.next().is_some() { Err(Error::unsupported()) } else { Ok(first.to_ascii_lowercase()) }
        };
        if !["", "identity"].contains(&only(CONTENT_ENCODING)?.trim()) {
            return Err(Error::unsupported());
        }
        let given = only(CONTENT_TYPE)?;
        let mut parts = given.split(';').map(str::trim);
        let kind = parts.next().unwrap_or("");
        let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim() == "charset");
        if charset.is_some_and(|(_, value)| !["utf-8", "utf8"].contains(&value.trim().trim_matches('"'))) {
            return Err(Error::unsupported());
        }
        match kind {
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            "application/json" => Ok(Self::Json),
            "multipart/form-data" => Ok(Self::Multipart),
            "" => Ok(Self::Nothing),
            _ => Err(Error::unsupported()),
        }
    }
}

/// How long one waits for a body: so long for its beginning, and a second more for each 16 KB that have come. Who sends
/// a byte now and then does not hold a connection, and who has a slow line may send a large file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience(pub Duration);

/// Bytes that earn a second.
const PACE: usize = 16 * 1024;

impl Patience {
    /// The whole body, if it comes in time and is no larger than `limit`.
    ///
    /// # Errors
    /// 400 `body-broken` when it breaks off, 408, 413.
    pub async fn read(self, mut body: Body, limit: usize) -> Result<Bytes, Error> {
        let begun = Instant::now();
        let mut read = BytesMut::new();
        loop {
            let earned = Duration::from_secs((read.len() / PACE) as u64);
            let frame = timeout_at(begun + self.0 + earned, body.frame()).await.map_err(|_| Error::too_slow())?;
            let Some(frame) = frame else { return Ok(read.freeze()) };
            let frame = frame.map_err(|_| Error::malformed("body-broken"))?;
            let Ok(data) = frame.into_data() else { continue };
            if read.len() + data.len() > limit {
                return Err(Error::too_large());
            }
            read.extend_from_slice(&data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(&str, &str)]) -> Result<Kind, u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        Kind::of(&headers).map_err(|error| error.status.as_u16())
    }

    #[test]
    fn what_is_told_once_and_in_utf_8_is_believed() {
        let told = |kind: &str| of(&[("content-type", kind)]);
        assert_eq!(told("Application/JSON ; Charset=\"UTF-8\""), Ok(Kind::Json));
        assert_eq!(told("multipart/form-data; boundary=charset"), Ok(Kind::Multipart));
        assert_eq!(of(&[]), Ok(Kind::Nothing));
        for kind in ["application/json; charset=utf-16", "application/x-www-form-urlencoded;charset=gbk", "text/plain"]
        {
            assert_eq!(told(kind), Err(415), "{kind}");
        }
        let json = ("content-type", "application/json");
        assert_eq!(of(&[json, ("content-type", "text/plain")]), Err(415));
        assert_eq!(of(&[json, ("content-encoding", "gzip")]), Err(415));
    }
}
