//! The port to an issuer: what it publishes of itself, and the exchange of a code for an identity token.
//!
//! Requests go out with an end and a bound on what is read, and follow no redirect; unless the operator has said that an issuer lies
//! in their own network, they go to public addresses alone, whatever the issuer says that its addresses are.

use super::attempt::Way;
use super::claims::{Identity, identity};
use super::known::{Known, Metadata};
use super::order::Orders;
use crate::config;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use jiff::Timestamp;
use kit::outgoing::{Answer, Outgoing, Reach};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};
use zeroize::Zeroizing;

/// How long an issuer may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most that an answer may have, in bytes.
const MOST: usize = 64 * 1024;

/// Why the secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be read.
    #[error("{0}: it cannot be read: {1}")]
    Unread(String, std::io::Error),
    /// The secret of the orders.
    #[error("{0}")]
    Orders(String),
    /// It is no secret.
    #[error("{0}: it must hold one line of 16 to 512 visible ASCII characters")]
    Form(String),
}

/// Why an issuer's answer does not count. The log has it; the reader learns which of the two kinds it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It cannot be reached, is not well, or too slow.
    #[error("the issuer cannot be reached")]
    Unreachable(#[from] kit::outgoing::Error),
    /// Another status than success, a redirect among them.
    #[error("the issuer answered {0}")]
    Status(u16),
    /// More than an answer may have.
    #[error("the answer is longer than 64 KiB")]
    Oversized,
    /// What it publishes of itself is not as the specification has it.
    #[error("what the issuer publishes of itself does not hold: {0}")]
    Metadata(&'static str),
    /// What it says about the person does not count.
    #[error("the token does not hold: {0}")]
    Token(&'static str),
}

impl Trouble {
    /// Whether something came back, and was refused.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::Token(_))
    }
}

/// The issuers, with their secrets read. Clones share what is known of them.
#[derive(Clone)]
pub struct Issuers(Arc<[Issuer]>);

impl Issuers {
    /// Those that are configured.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn open(config: &[config::Issuer]) -> Result<Self, Unfit> {
        config.iter().map(Issuer::open).collect::<Result<Vec<_>, _>>().map(|all| Self(all.into()))
    }

    /// The one of this code.
    pub fn find(&self, code: &str) -> Option<&Issuer> {
        self.0.iter().find(|issuer| issuer.config.code == code)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Issuer> {
        self.0.iter()
    }
}

/// An issuer.
pub struct Issuer {
    /// As it is configured.
    pub config: config::Issuer,
    /// Where orders go, if it takes them.
    pub orders: Option<Orders>,
    outgoing: Outgoing,
    secret: Zeroizing<String>,
    known: Mutex<Known>,
}

impl Issuer {
    fn open(config: &config::Issuer) -> Result<Self, Unfit> {
        let path = || config.secret_file.display().to_string();
        let text = std::fs::read_to_string(&config.secret_file).map_err(|why| Unfit::Unread(path(), why))?;
        let secret = Zeroizing::new(text.trim().to_owned());
        let fits = (16..=512).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(Unfit::Form(path()));
        }
        let reach = if config.inside { Reach::Anywhere } else { Reach::Public };
        // One byte more than an answer has tells one that is too long.
        let outgoing = Outgoing::new(reach, PATIENCE, MOST + 1);
        let orders = Orders::open(config).map_err(Unfit::Orders)?;
        Ok(Self { config: config.clone(), orders, outgoing, secret, known: Mutex::default() })
    }

    /// What it finds a person by in an order, if it takes them.
    pub fn order_mark(&self, subject: &str) -> Option<Vec<u8>> {
        self.orders.as_ref().map(|orders| orders.mark(&self.config.issuer, subject))
    }

    /// Where a person goes.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn address(&self, way: &Way, now: Timestamp) -> Result<Url, Trouble> {
        let mut url = self.metadata(now).await?.authorization_endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &way.redirect)
            .append_pair("scope", "openid")
            .append_pair("state", &way.state)
            .append_pair("nonce", &way.nonce)
            .append_pair("code_challenge", &way.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Who the issuer says has come back with this code. `called`: the issuer's name as it came with the code.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn redeem(
        &self,
        way: &Way,
        (code, called): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<Identity, Trouble> {
        let metadata = self.metadata(now).await?;
        // RFC 9207, § 2.4: another's answer is not taken to this issuer, nor one without a name from who promises it.
        let is_ours = called.map_or(!metadata.names_itself, |called| called == self.config.issuer);
        if !is_ours {
            return Err(Trouble::Token("the answer is another issuer's"));
        }
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &way.redirect)
            .append_pair("code_verifier", &way.verifier)
            .finish();
        let mut request = request(Method::POST, Bytes::from(form));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        request.headers_mut().insert(AUTHORIZATION, self.basic());
        let answer = self.outgoing.send(&metadata.token_endpoint, request).await?;
        // A code that is not taken is a refusal (RFC 6749, § 5.2), and no trouble of the issuer's.
        if answer.status == 400 {
            return Err(Trouble::Token("the issuer does not take the code"));
        }
        let tokens: Tokens = read(&answer)?;
        let payload = self.verify(&tokens.id_token, now).await?;
        identity(&payload, (&self.config.issuer, &self.config.client_id), &way.nonce, now).map_err(Trouble::Token)
    }

    /// What a token of this issuer says, once its signature holds.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<serde_json::Value, Trouble> {
        self.metadata(now).await?;
        self.known.lock().await.verify(self, token, now).await
    }

    /// Whether it is there, under its own name.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn probe(&self, now: Timestamp) -> Result<(), Trouble> {
        self.metadata(now).await.map(drop)
    }

    async fn metadata(&self, now: Timestamp) -> Result<Metadata, Trouble> {
        self.known.lock().await.metadata(self, now).await
    }

    /// RFC 6749, § 2.3.1: both parts are encoded as in a form.
    fn basic(&self) -> HeaderValue {
        let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = Zeroizing::new(format!("{}:{}", part(&self.config.client_id), part(&self.secret)));
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(&*pair)))
            .unwrap_or_else(|_| HeaderValue::from_static("Basic"));
        value.set_sensitive(true);
        value
    }

    /// Reads a document that the issuer publishes.
    pub(super) async fn fetch<T: for<'de> Deserialize<'de>>(&self, from: &Url) -> Result<T, Trouble> {
        read(&self.outgoing.send(from, request(Method::GET, Bytes::new())).await?)
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

fn request(method: Method, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    request
}

fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, Trouble> {
    if !answer.status.is_success() {
        return Err(Trouble::Status(answer.status.as_u16()));
    }
    if answer.body.len() > MOST {
        return Err(Trouble::Oversized);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Trouble::Metadata("the answer is not the JSON that is expected"))
}
