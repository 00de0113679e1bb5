//! What a token must say to count. Pure: it knows no issuer and no clock.
//!
//! OpenID Connect Core 1.0, § 3.1.3.7 (identity tokens), and Back-Channel Logout 1.0, § 2.6 (logout tokens). Whatever else a token
//! says of the person, such as a name or an e-mail, is not even read.

use jiff::{SignedDuration, Timestamp};
use policy::Control;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How far the clocks of both may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// How old a token may be when it arrives.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// How long a logout token that was taken is remembered: no longer does it count.
pub const REMEMBERED: SignedDuration = SignedDuration::from_mins(12);

/// The longest name of a person, a session or a token.
const LONGEST: usize = 255;

const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whom an issuer speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What it calls the person.
    pub subject: String,
    /// What it calls their session there.
    pub session: Option<String>,
}

/// Who is to be signed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// What the issuer calls the token.
    pub id: String,
    /// What it calls the person.
    pub subject: Option<String>,
    /// What it calls the session that is over; none: all of the person's.
    pub session: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: Option<String>,
    aud: Audience,
    azp: Option<String>,
    exp: Option<i64>,
    iat: i64,
    nonce: Option<String>,
    sid: Option<String>,
    jti: Option<String>,
    events: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn holds(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Several(all) => all.iter().any(|one| one == client),
        }
    }

    fn is_several(&self) -> bool {
        matches!(self, Self::Several(all) if all.len() > 1)
    }
}

/// Whom an identity token speaks of.
///
/// # Errors
/// Why it does not count.
pub fn identity(
    payload: &Value,
    (issuer, client): (&str, &str),
    nonce: &str,
    now: Timestamp,
) -> Result<Identity, &'static str> {
    let claims = read(payload)?;
    if policy::holds(Control::TokenForUs) {
        is_for(&claims, issuer, client)?;
        is_now(&claims, now)?;
        claims.exp.ok_or("it does not say until when it holds")?;
        if claims.nonce.as_deref() != Some(nonce) {
            return Err("it answers another sign-in");
        }
    }
    let subject = claims.sub.filter(|text| is_name(text)).ok_or("it names nobody")?;
    Ok(Identity { subject, session: named(claims.sid)? })
}

/// Whom a logout token signs out.
///
/// # Errors
/// Why it does not count.
pub fn logout(payload: &Value, (issuer, client): (&str, &str), now: Timestamp) -> Result<Logout, &'static str> {
    let claims = read(payload)?;
    is_for(&claims, issuer, client)?;
    is_now(&claims, now)?;
    if !claims.events.as_ref().and_then(|events| events.get(LOGOUT)).is_some_and(Value::is_object) {
        return Err("it is no order to sign out");
    }
    // An identity token that somebody sends here must not pass for an order.
    if claims.nonce.is_some() {
        return Err("it has a nonce");
    }
    let id = claims.jti.filter(|text| is_name(text)).ok_or("it has no name of its own")?;
    let (subject, session) = (named(claims.sub)?, named(claims.sid)?);
    if subject.is_none() && session.is_none() {
        return Err("it names neither a person nor a session");
    }
    Ok(Logout { id, subject, session })
}

fn read(payload: &Value) -> Result<Claims, &'static str> {
    Claims::deserialize(payload).map_err(|_| "a claim is missing, or of another form")
}

fn is_for(claims: &Claims, issuer: &str, client: &str) -> Result<(), &'static str> {
    if claims.iss != issuer {
        return Err("another issuer has made it");
    }
    if !claims.aud.holds(client) {
        return Err("it is made for somebody else");
    }
    let party = claims.azp.as_deref();
    if party.is_some_and(|party| party != client) || claims.aud.is_several() && party.is_none() {
        return Err("it was given to somebody else");
    }
    Ok(())
}

fn is_now(claims: &Claims, now: Timestamp) -> Result<(), &'static str> {
    let at = |second: i64| Timestamp::from_second(second).map_err(|_| "its time is none");
    let age = now.duration_since(at(claims.iat)?);
    if age < -SKEW {
        return Err("it was made in the future");
    }
    if age > FRESH + SKEW {
        return Err("it is old");
    }
    match claims.exp {
        Some(exp) if now.duration_since(at(exp)?) >= SKEW => Err("its time is over"),
        _ => Ok(()),
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) && text.trim() == text
}

fn named(text: Option<String>) -> Result<Option<String>, &'static str> {
    match text {
        Some(text) if !is_name(&text) => Err("a name in it is too long, or not ASCII"),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests;
