//! Two checks of every POST that a cookie authorises: where it comes from, and that it carries the form's token.

use super::context::Context;
use super::error::Error;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;

/// Makes and checks form tokens.
#[derive(Clone)]
pub struct Tokens(hmac::Key);

impl Tokens {
    /// Tokens under this key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The token of a session's or a form cookie's secret.
    pub fn of(&self, secret: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, secret.as_bytes()))
    }

    /// Checks the token that came with a request.
    ///
    /// # Errors
    /// 403 `csrf`: the page was open too long, or the form is not ours.
    pub fn check(&self, context: &Context, given: Option<&str>) -> Result<(), Error> {
        let refused = || Error::forbidden("csrf");
        let secret = context.known_form_secret().ok_or_else(refused)?;
        let given = URL_SAFE_NO_PAD.decode(given.ok_or_else(refused)?).map_err(|_| refused())?;
        hmac::verify(&self.0, secret.as_bytes(), &given).map_err(|_| refused())
    }
}

/// Refuses a POST that another site's page made the browser send. `own` is our origin as this request names it
/// (RFC 6454): a page that was loaded in another way than we are reached is another site's.
///
/// # Errors
/// 403 `cross-site`.
pub(super) fn same_site(own: &str, headers: &HeaderMap) -> Result<(), Error> {
    let from = only(headers, "sec-fetch-site").is_none_or(|site| ["same-origin", "none"].contains(&site));
    let page = only(headers, "origin").is_none_or(|origin| origin.eq_ignore_ascii_case(own));
    if from && page { Ok(()) } else { Err(Error::forbidden("cross-site")) }
}

/// A header; what is given twice, or is no text, says nothing that could be believed.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(if values.next().is_some() { "" } else { first.to_str().unwrap_or("") })
}
