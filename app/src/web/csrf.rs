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

/// Refuses a POST that another site's page made the browser send.
///
/// # Errors
/// 403 `cross-site`.
pub(super) fn same_site(context: &Context, headers: &HeaderMap) -> Result<(), Error> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("invalid"));
    if !matches!(header("sec-fetch-site"), None | Some("same-origin" | "none")) {
        return Err(Error::forbidden("cross-site"));
    }
    match header("origin") {
        None => Ok(()),
        Some(origin) if origin.split_once("://").is_some_and(|(_, host)| host == context.host) => Ok(()),
        Some(_) => Err(Error::forbidden("cross-site")),
    }
}
