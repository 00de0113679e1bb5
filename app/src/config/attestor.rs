//! The service that confirms facts of companies (核验服务), as the operator configures it: all of it, or none.

use super::check::{broken, entrusted, is_private};
use super::{Entrusted, Error, Settings};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where it is, what both sign with, and who runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestor {
    /// Where questions go.
    pub url: Url,
    /// Under which name it knows the secret: 1 to 64 letters, digits, `.`, `_`, `-`.
    pub key_id: String,
    /// The file of the secret.
    pub secret_file: PathBuf,
    /// How long it may take.
    pub patience: Duration,
    /// Who runs it, and until when the contract holds: without one nobody is entrusted (PIPL 21).
    pub who: Entrusted,
}

/// The keys that belong together.
const TOGETHER: [&str; 4] = ["attestor_url", "attestor_key_id", "attestor_secret_file", "entrusted_attestor"];

/// What the sources say, if they say anything.
pub(super) fn read(all: &Settings) -> Result<Option<Attestor>, Error> {
    let said = |key: &str| all.get(key).is_some();
    if !TOGETHER.iter().any(|key| said(key)) {
        return Ok(None);
    }
    if let Some(missing) = TOGETHER.into_iter().find(|key| !said(key)) {
        return Err(broken(all, missing, format!("{} belong together; set all of them, or none", TOGETHER.join(", "))));
    }
    let Some(who) = entrusted(all, "entrusted_attestor")? else { return Ok(None) };
    let secret_file = PathBuf::from(all.text("attestor_secret_file"));
    Ok(Some(Attestor { url: url(all)?, key_id: key_id(all)?, secret_file, patience: patience(all)?, who }))
}

/// Who gets the name of a person is spoken to over TLS, unless it is on this machine. The secret is no part of the address.
fn url(all: &Settings) -> Result<Url, Error> {
    let url = Url::parse(all.text("attestor_url")).ok();
    let is_bare = |url: &Url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let rule = "write https://HOST/PATH, without a password; the secret lies in attestor_secret_file";
    url.filter(|url| is_private(url) && is_bare(url)).ok_or_else(|| broken(all, "attestor_url", rule))
}

fn key_id(all: &Settings) -> Result<String, Error> {
    let text = all.text("attestor_key_id");
    let is_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=64).contains(&text.len()) && text.chars().all(is_one) {
        return Ok(text.to_owned());
    }
    Err(broken(all, "attestor_key_id", "1 to 64 letters, digits, dots, underscores or hyphens"))
}

fn patience(all: &Settings) -> Result<Duration, Error> {
    let seconds = all.text("attestor_timeout").parse().ok().filter(|seconds| (1..=60).contains(seconds));
    let rule = "write whole seconds from 1 to 60";
    seconds.map(Duration::from_secs).ok_or_else(|| broken(all, "attestor_timeout", rule))
}
