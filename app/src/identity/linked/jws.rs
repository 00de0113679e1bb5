//! Signatures of tokens (JWS, RFC 7515): RS256 and ES256 with a key that the issuer publishes, and nothing else. A token says how it
//! is signed, but not what is taken: no signature at all (`none`) and a secret (`HS256`) are refused before any key is looked for,
//! so that a public key is never used as a secret (RFC 8725, § 3.1).

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use policy::Control;
use serde_json::Value;

/// The longest token that is read, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// What came of a check.
pub enum Checked {
    /// The signature holds; this is what it signs.
    Holds(Value),
    /// The token names a key that is not there.
    UnknownKey,
}

/// Checks a token against the keys of its issuer. Times are not its affair: they are compared with the program's clock.
///
/// # Errors
/// Why it does not hold.
pub fn check(token: &str, keys: &JwkSet) -> Result<Checked, &'static str> {
    if token.len() > LONGEST {
        return Err("it is too long");
    }
    let header = decode_header(token).map_err(|_| "it has no header that is known")?;
    let family = match header.alg {
        Algorithm::RS256 => AlgorithmFamily::Rsa,
        Algorithm::ES256 => AlgorithmFamily::Ec,
        _ => return Err("it is not signed with RS256 or ES256"),
    };
    let usable: Vec<_> = keys.keys.iter().filter_map(|jwk| usable(jwk, family)).collect();
    let key = match &header.kid {
        Some(kid) => usable.iter().find(|(name, _)| *name == Some(kid)),
        // Without a name there must be no choice.
        None if usable.len() == 1 => usable.first(),
        None => None,
    };
    let Some((_, key)) = key else { return Ok(Checked::UnknownKey) };
    let mut rules = Validation::new(header.alg);
    rules.required_spec_claims.clear();
    (rules.validate_exp, rules.validate_aud) = (false, false);
    match decode::<Value>(token, key, &rules) {
        Ok(token) => Ok(Checked::Holds(token.claims)),
        Err(_) if !policy::holds(Control::TokenSigned) => unsigned(token),
        Err(_) => Err("the signature is not that of the key"),
    }
}

/// A key for signatures of this family, and its name.
fn usable(jwk: &Jwk, family: AlgorithmFamily) -> Option<(Option<&String>, DecodingKey)> {
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok().filter(|key| key.family() == family)?;
    Some((jwk.common.key_id.as_ref(), key))
}

/// What a switched-off control lets through; the released program never comes here.
fn unsigned(token: &str) -> Result<Checked, &'static str> {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token)
        .map(|token| Checked::Holds(token.claims))
        .map_err(|_| "it cannot be read")
}
