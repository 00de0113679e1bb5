//! What is known of an issuer: its addresses and its keys, as it publishes them (OpenID Connect Discovery 1.0). Kept for an hour;
//! keys are asked for again when a token names one that is not known, at most once a minute, so that nobody has us ask for each of
//! their inventions.

use super::issuer::{Issuer, Trouble};
use super::jws::{self, Checked};
use crate::config::is_private;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// How long the addresses and keys are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long nobody asks for keys again.
const REST: SignedDuration = SignedDuration::from_mins(1);

/// Its addresses.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// Where people go.
    pub authorization_endpoint: Url,
    /// Where codes are redeemed.
    pub token_endpoint: Url,
    /// Where its keys lie.
    pub jwks_uri: Url,
    /// Whether it says its name with each answer (RFC 9207).
    pub names_itself: bool,
}

/// What is known, and since when.
#[derive(Default)]
pub struct Known {
    metadata: Option<(Metadata, Timestamp)>,
    keys: Option<(JwkSet, Timestamp)>,
}

#[derive(Deserialize)]
struct Published {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Whether what was learnt then is old. A clock that went back knows nothing.
fn is_old(since: Timestamp, life: SignedDuration, now: Timestamp) -> bool {
    let age = now.duration_since(since);
    age.is_negative() || age >= life
}

impl Known {
    /// Its addresses.
    pub async fn metadata(&mut self, issuer: &Issuer, now: Timestamp) -> Result<Metadata, Trouble> {
        if let Some((metadata, since)) = &self.metadata
            && !is_old(*since, KEPT, now)
        {
            return Ok(metadata.clone());
        }
        let name = &issuer.config.issuer;
        let at = format!("{}/.well-known/openid-configuration", name.trim_end_matches('/'));
        let at = at.parse().map_err(|_| Trouble::Metadata("its name is no address"))?;
        let published: Published = issuer.fetch(&at).await?;
        if published.issuer != *name {
            return Err(Trouble::Metadata("it calls itself otherwise"));
        }
        let all = [&published.authorization_endpoint, &published.token_endpoint, &published.jwks_uri];
        if !all.into_iter().all(is_private) {
            return Err(Trouble::Metadata("its addresses are not https"));
        }
        let metadata = Metadata {
            authorization_endpoint: published.authorization_endpoint,
            token_endpoint: published.token_endpoint,
            jwks_uri: published.jwks_uri,
            names_itself: published.authorization_response_iss_parameter_supported,
        };
        self.metadata = Some((metadata.clone(), now));
        Ok(metadata)
    }

    /// What a token says, once its signature is that of one of the issuer's keys.
    pub async fn verify(&mut self, issuer: &Issuer, token: &str, now: Timestamp) -> Result<Value, Trouble> {
        if self.keys.as_ref().is_none_or(|(_, since)| is_old(*since, KEPT, now)) {
            self.ask(issuer, now).await?;
        }
        match self.check(token)? {
            Checked::Holds(payload) => return Ok(payload),
            Checked::UnknownKey if self.keys.as_ref().is_some_and(|(_, since)| is_old(*since, REST, now)) => {}
            Checked::UnknownKey => return Err(Trouble::Token("no such key")),
        }
        self.ask(issuer, now).await?;
        match self.check(token)? {
            Checked::Holds(payload) => Ok(payload),
            Checked::UnknownKey => Err(Trouble::Token("no such key")),
        }
    }

    fn check(&self, token: &str) -> Result<Checked, Trouble> {
        let Some((keys, _)) = &self.keys else { return Ok(Checked::UnknownKey) };
        jws::check(token, keys).map_err(Trouble::Token)
    }

    async fn ask(&mut self, issuer: &Issuer, now: Timestamp) -> Result<(), Trouble> {
        let from = self.metadata(issuer, now).await?.jwks_uri;
        let keys: JwkSet = issuer.fetch(&from).await?;
        self.keys = Some((keys, now));
        Ok(())
    }
}
