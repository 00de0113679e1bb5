//! Signatures as Standard Webhooks has them (<https://www.standardwebhooks.com>, version 1): HMAC-SHA256 over id, time and body.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request};
use jiff::Timestamp;
use kit::random::Random;
use std::fmt;
use zeroize::Zeroizing;

/// A secret that a company's program checks signatures with.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A new one of 32 bytes.
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes::<32>().to_vec()))
    }

    /// As it was kept.
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// To be kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As its company's program takes it: `whsec_…`.
    pub fn expose(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&*self.0))
    }

    fn signature(&self, signed: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, signed.as_bytes())))
    }
}

/// A message, signed with each of these secrets: while one takes the place of another, both hold.
pub fn signed(id: &str, at: Timestamp, body: String, secrets: &[Secret]) -> Request<Bytes> {
    let at = at.as_second().to_string();
    let signed = format!("{id}.{at}.{body}");
    let signatures: Vec<_> = secrets.iter().map(|secret| secret.signature(&signed)).collect();
    let signatures = signatures.join(" ");
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    let headers = [("webhook-id", id), ("webhook-timestamp", at.as_str()), ("webhook-signature", signatures.as_str())];
    for (name, value) in headers {
        // Ids, digits and base64 are always a header's value.
        if let Ok(value) = HeaderValue::from_str(value) {
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = Secret::from_bytes(Zeroizing::new(key));
        let body = r#"{"test": 2432232314}"#.to_owned();
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let request = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body, &[secret.clone(), secret.clone()]);
        let one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(request.headers()["webhook-signature"], format!("{one} {one}"));
        assert_eq!(request.headers()["webhook-timestamp"], "1614265330");
        assert_eq!(format!("{secret:?}"), "Secret");
        assert!(secret.expose().starts_with("whsec_MfKQ"));
    }
}
