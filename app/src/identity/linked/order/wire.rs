//! What goes over the wire, and what an answer must be to count: docs/sign-in-through.md, orders of format 1. Pure: it knows no server.
//!
//! Both sides sign with one secret, each under a word of its own, so that an order sent back is no answer. An answer holds the nonce
//! and the id of its order: it cannot be kept for later or be about another.

use crate::identity::account::link::order::Waiting;
use aws_lc_rs::hmac;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use jiff::{SignedDuration, Timestamp};
use kit::outgoing::Answer;
use policy::Control;
use serde::Deserialize;
use serde_json::json;

/// The most that an answer may have, in bytes.
pub const MOST: usize = 4 * 1024;

/// How far the clocks of both may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

const ORDERED: &str = "ziyun-order-v1";
const ANSWERED: &str = "ziyun-order-answer-v1";
/// Why an answer does not count, where that may be for several reasons.
const FORGED: &str = "forged";
const MALFORMED: &str = "malformed";
const STALE: &str = "stale";

const SUBJECT: &str = "ziyun-order-subject-v1";

/// What an affiliate finds the person by.
pub fn mark(key: &hmac::Key, issuer: &str, subject: &str) -> Vec<u8> {
    hmac::sign(key, format!("{SUBJECT}\n{issuer}\n{subject}").as_bytes()).as_ref().to_vec()
}

/// An order as it is sent once, with a nonce of its own.
pub fn signed(order: &Waiting, (issuer, key): (&str, &hmac::Key), now: Timestamp, nonce: &str) -> Request<Bytes> {
    let body = json!({
        "order": order.id.to_string(), "kind": order.kind.code(), "issuer": issuer,
        "subject": hex::encode(&order.mark), "made_at": order.made_at.to_string(),
    });
    let (body, at) = (body.to_string(), now.as_second().to_string());
    let signature = format!("v1={}", hex::encode(hmac::sign(key, &message(ORDERED, &at, nonce, body.as_bytes()))));
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    for (name, value) in [("ziyun-timestamp", &at), ("ziyun-nonce", &nonce.to_owned()), ("ziyun-signature", &signature)]
    {
        // Digits and hexadecimal always are a header's value.
        if let Ok(value) = HeaderValue::from_str(value) {
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request
}

#[derive(Deserialize)]
struct Body {
    order: String,
    outcome: String,
}

/// Whether an answer acknowledges this order.
///
/// # Errors
/// Why it does not, as a code.
pub fn hear(
    order: &Waiting,
    key: &hmac::Key,
    now: Timestamp,
    nonce: &str,
    answer: &Answer,
) -> Result<(), &'static str> {
    if !answer.status.is_success() {
        return Err("status");
    }
    if answer.body.len() > MOST {
        return Err("oversized");
    }
    if policy::holds(Control::OrderAcknowledged) {
        is_bound(key, now, nonce, answer)?;
    }
    let body: Body = serde_json::from_slice(&answer.body).map_err(|_| MALFORMED)?;
    if body.order != order.id.to_string() {
        return Err("another-order");
    }
    if body.outcome == "done" { Ok(()) } else { Err("not-done") }
}

/// It comes from who has the secret, answers this request, and was made now.
fn is_bound(key: &hmac::Key, now: Timestamp, nonce: &str, answer: &Answer) -> Result<(), &'static str> {
    let header = |name| header(&answer.headers, name).ok_or(FORGED);
    let (at, theirs, signature) = (header("ziyun-timestamp")?, header("ziyun-nonce")?, header("ziyun-signature")?);
    let signature = signature.strip_prefix("v1=").and_then(|hex| hex::decode(hex).ok()).ok_or(FORGED)?;
    hmac::verify(key, &message(ANSWERED, at, theirs, &answer.body), &signature).map_err(|_| FORGED)?;
    if theirs != nonce {
        return Err("replayed");
    }
    let made = at.parse().ok().and_then(|at| Timestamp::from_second(at).ok()).ok_or(STALE)?;
    if made.duration_since(now).abs() > SKEW { Err(STALE) } else { Ok(()) }
}

/// A header that stands there once.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

/// What is signed: word, time, nonce, a line each, and the body as it is sent.
fn message(word: &str, at: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    [format!("{word}\n{at}\n{nonce}\n").as_bytes(), body].concat()
}
