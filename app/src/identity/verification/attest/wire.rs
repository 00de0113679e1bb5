//! What goes over the wire, and what an answer must be to count: docs/attestation.md, format 1. Pure: it knows no server.
//!
//! Both sides sign with one secret, each under a word of its own, so that a question sent back is no answer. An answer holds the
//! nonce of its question, the question's id and the digest of the values asked: it cannot be kept for later, used for
//! another case, or be about values that nobody has asked.

use super::facts::{Fact, digest};
use super::trouble::Trouble;
use aws_lc_rs::hmac;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::outgoing::Answer;
use policy::Control;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The most that an answer may have, in bytes.
pub const MOST: usize = 16 * 1024;

/// How far the clocks of both may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Characters of a token.
const TOKEN: std::ops::RangeInclusive<usize> = 8..=200;

const ASKED: &str = "ziyun-attestation-question-v1";
const ANSWERED: &str = "ziyun-attestation-answer-v1";

/// A question: its id, the same for each try, and the values. Without values it asks whether anybody is there.
pub struct Question {
    /// By which the service knows it again.
    pub id: Id<super::Attestation>,
    /// In the order of [`Fact::ALL`].
    pub values: Vec<(Fact, String)>,
}

/// What the service says, once it is known to be its answer to this question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// All values are those of its records; by this token it knows the answer again.
    Confirmed(String),
    /// These are not.
    Differs(Vec<Fact>),
    /// Its records do not tell.
    Unsaid,
}

impl Question {
    /// As it is sent once, with a nonce of its own.
    pub fn signed(&self, (key_id, key): (&str, &hmac::Key), now: Timestamp, nonce: &str) -> Request<Bytes> {
        let values: Map<_, _> =
            self.values.iter().map(|(fact, value)| (fact.code().to_owned(), json!(value))).collect();
        let body = json!({ "question": self.id.to_string(), "facts": Value::Object(values) }).to_string();
        let at = now.as_second().to_string();
        let signature = format!("v1={}", hex::encode(sign(key, ASKED, &at, nonce, body.as_bytes())));
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        let headers = [
            ("ziyun-key", key_id),
            ("ziyun-timestamp", at.as_str()),
            ("ziyun-nonce", nonce),
            ("ziyun-signature", signature.as_str()),
        ];
        for (name, value) in headers {
            // The configuration takes no other key ids; digits and hexadecimal always are a header's value.
            if let Ok(value) = HeaderValue::from_str(value) {
                request.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request
    }

    fn digest(&self) -> [u8; 32] {
        let values: Vec<_> = self.values.iter().map(|(fact, value)| (*fact, value.as_str())).collect();
        digest(&values)
    }

    /// What an answer says, if it is one to this question.
    ///
    /// # Errors
    /// [`Trouble`]: why it does not count.
    pub fn hear(&self, key: &hmac::Key, now: Timestamp, nonce: &str, answer: &Answer) -> Result<Said, Trouble> {
        if answer.status.is_redirection() {
            return Err(Trouble::Redirect);
        }
        if !answer.status.is_success() {
            return Err(Trouble::Status);
        }
        if answer.body.len() > MOST {
            return Err(Trouble::Oversized);
        }
        if policy::holds(Control::AnswerIsBound) {
            is_bound(key, now, nonce, answer)?;
        }
        let body: Body = serde_json::from_slice(&answer.body).map_err(|_| Trouble::Malformed)?;
        if policy::holds(Control::AnswerIsBound) {
            self.is_about(&body)?;
        }
        self.said(body)
    }

    /// It is about this question, and about the values that it asks.
    fn is_about(&self, body: &Body) -> Result<(), Trouble> {
        if body.question != self.id.to_string() {
            return Err(Trouble::AnotherQuestion);
        }
        if hex::decode(&body.facts_sha256).ok().as_deref() != Some(self.digest().as_slice()) {
            return Err(Trouble::OtherValues);
        }
        Ok(())
    }

    fn said(&self, body: Body) -> Result<Said, Trouble> {
        let is_asked = |fact: &Fact| self.values.iter().any(|(asked, _)| asked == fact);
        match (body.outcome, body.token) {
            (Outcome::Confirmed, Some(token)) if is_token(&token) && body.differs.is_empty() => {
                Ok(Said::Confirmed(token))
            }
            (Outcome::NotConfirmed, _) => {
                let facts: Option<Vec<_>> = body.differs.iter().map(|code| Fact::of(code).filter(is_asked)).collect();
                facts.filter(|facts| !facts.is_empty()).map(Said::Differs).ok_or(Trouble::Malformed)
            }
            (Outcome::CannotSay, _) => Ok(Said::Unsaid),
            (Outcome::Confirmed, _) => Err(Trouble::Malformed),
        }
    }
}

#[derive(Deserialize)]
struct Body {
    question: String,
    outcome: Outcome,
    facts_sha256: String,
    #[serde(default)]
    differs: Vec<String>,
    token: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Confirmed,
    NotConfirmed,
    CannotSay,
}

fn is_token(text: &str) -> bool {
    TOKEN.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// It comes from who has the secret, answers this request, and was made now.
fn is_bound(key: &hmac::Key, now: Timestamp, nonce: &str, answer: &Answer) -> Result<(), Trouble> {
    let header = |name| header(&answer.headers, name).ok_or(Trouble::Forged);
    let (at, theirs, signature) = (header("ziyun-timestamp")?, header("ziyun-nonce")?, header("ziyun-signature")?);
    let signature = signature.strip_prefix("v1=").and_then(|hex| hex::decode(hex).ok()).ok_or(Trouble::Forged)?;
    let signed = message(ANSWERED, at, theirs, &answer.body);
    hmac::verify(key, &signed, &signature).map_err(|_| Trouble::Forged)?;
    if theirs != nonce {
        return Err(Trouble::Replayed);
    }
    let made = at.parse().ok().and_then(|at| Timestamp::from_second(at).ok()).ok_or(Trouble::Stale)?;
    if made.duration_since(now).abs() > SKEW {
        return Err(Trouble::Stale);
    }
    Ok(())
}

/// A header that stands there once.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

fn sign(key: &hmac::Key, word: &str, at: &str, nonce: &str, body: &[u8]) -> hmac::Tag {
    hmac::sign(key, &message(word, at, nonce, body))
}

/// What is signed: word, time, nonce, a line each, and the body as it is sent.
fn message(word: &str, at: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    [format!("{word}\n{at}\n{nonce}\n").as_bytes(), body].concat()
}

#[cfg(test)]
mod tests;
