//! Styles, scripts and icons, embedded and served under addresses that carry their hash, so that they may be kept for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../ui/dist"]
struct Dist;

struct Asset {
    url: String,
    kind: &'static str,
    etag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// `GET /assets/{file}`: a file of `ui/dist` under its hashed name; anything else there is 404.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/assets/{file}", get(show))
}

/// The address of an asset by its plain name: `app.css` → `/assets/app-3f2a91c04d.css`.
///
/// # Panics
/// When `ui/` builds no such file: a slip in a template, which the test that renders every template meets.
pub fn url(name: &str) -> &'static str {
    match all().get(name) {
        Some(asset) => &asset.url,
        None => panic!("ui/ builds no file named {name}"),
    }
}

async fn show(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    let Some(asset) = all().values().find(|asset| asset.url["/assets/".len()..] == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, body) = asset.for_reader(&headers);
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|known| known == asset.etag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, asset.kind)], body).into_response()
    };
    let out = response.headers_mut();
    if let Some(encoding) = encoding {
        out.insert(CONTENT_ENCODING, encoding.parse().expect("a plain word"));
    }
    out.insert(ETAG, asset.etag.parse().expect("hexadecimal digits in quotes"));
    out.insert(VARY, "Accept-Encoding".parse().expect("a plain word"));
    out.insert(CACHE_CONTROL, "public, max-age=31536000, immutable".parse().expect("plain words"));
    response
}

impl Asset {
    fn new(name: &str, file: EmbeddedFile) -> Self {
        let hash = hex::encode(&file.metadata.sha256_hash()[..5]);
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let packed = |suffix: &str| Some(bytes(Dist::get(&format!("{name}.{suffix}"))?.data));
        Self {
            url: format!("/assets/{stem}-{hash}.{end}"),
            kind: kind(end),
            etag: format!("\"{hash}\""),
            plain: bytes(file.data),
            brotli: packed("br"),
            gzip: packed("gz"),
        }
    }

    fn for_reader(&self, headers: &HeaderMap) -> (Option<&'static str>, Bytes) {
        match (&self.brotli, &self.gzip) {
            (Some(packed), _) if takes(headers, "br") => (Some("br"), packed.clone()),
            (_, Some(packed)) if takes(headers, "gzip") => (Some("gzip"), packed.clone()),
            _ => (None, self.plain.clone()),
        }
    }
}

/// Every asset by its plain name.
fn all() -> &'static BTreeMap<String, Asset> {
    static ALL: OnceLock<BTreeMap<String, Asset>> = OnceLock::new();
    ALL.get_or_init(|| {
        Dist::iter()
            .filter(|name| !name.ends_with(".br") && !name.ends_with(".gz"))
            .filter_map(|name| Some((name.to_string(), Asset::new(&name, Dist::get(&name)?))))
            .collect()
    })
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn kind(end: &str) -> &'static str {
    match end {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// RFC 9110, 12.5.3, as far as browsers use it: named and not refused by `q=0`.
pub(super) fn takes(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|q| q > 0.0)
        })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = routes::<()>().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    }

    #[tokio::test]
    async fn every_asset_is_served_for_ever_with_its_type() {
        for (name, kind) in [
            ("app.css", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"),
            ("icons.svg", "image/svg+xml"),
            ("icon.svg", "image/svg+xml"),
        ] {
            let (status, headers, body) = ask(url(name), &[]).await;
            assert_eq!(status, StatusCode::OK, "{name}");
            assert_eq!(headers[CONTENT_TYPE], kind, "{name}");
            assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(headers.get(CONTENT_ENCODING), None);
            assert!(body.len() > 100, "{name}");
        }
    }

    #[tokio::test]
    async fn packed_where_the_reader_takes_it() {
        let plain = ask(url("app.css"), &[]).await.2;
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=0.8, br;q=0", Some("gzip")),
            ("GZIP", Some("gzip")),
            ("identity", None),
            ("br;q=0", None),
        ] {
            let (_, headers, body) = ask(url("app.css"), &[("accept-encoding", accept)]).await;
            let got = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(got, encoding, "{accept}");
            assert_eq!(headers[VARY], "Accept-Encoding");
            assert_eq!(body.len() < plain.len(), encoding.is_some(), "{accept}");
        }
    }

    #[tokio::test]
    async fn a_known_hash_is_not_sent_again() {
        let (_, headers, _) = ask(url("app.js"), &[]).await;
        let etag = headers[ETAG].to_str().unwrap();
        let (status, _, body) = ask(url("app.js"), &[("if-none-match", etag)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        let (status, _, _) = ask(url("app.js"), &[("if-none-match", "\"0000000000\"")]).await;
        assert_eq!(status, StatusCode::OK);
    }

    #[tokio::test]
    async fn no_other_name_is_served() {
        for path in ["/assets/app.css", "/assets/app-0000000000.css", "/assets/app.css.br", "/assets/..%2fapp.css"] {
            assert_eq!(ask(path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn addresses_carry_the_hash() {
        let address = url("app.css");
        let hash = address.strip_prefix("/assets/app-").and_then(|rest| rest.strip_suffix(".css")).unwrap();
        assert!(hash.len() == 10 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{address}");
    }
}
