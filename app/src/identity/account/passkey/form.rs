//! What comes back from `navigator.credentials`, in the JSON form of WebAuthn (Level 3, § 5.1): a text in a field of a form.

use super::challenge::Challenge;
use crate::web::{Broken, Fields, Parse, local_path};
use kit::id::Id;
use serde::de::DeserializeOwned;
use vault::PasskeyName;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// The longest answer that is read, in bytes: without attestation they have some hundreds.
const LONGEST: usize = 16 * 1024;

/// An answer of the form that browsers give, signed by nobody.
const ANSWER: &str = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":"AAAA"}}"#;
/// A new key of the form that browsers give.
const NEW: &str =
    r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}"#;

/// The proof of a passkey.
pub struct Answer {
    /// What it answers.
    pub challenge: Id<Challenge>,
    /// The answer.
    pub credential: PublicKeyCredential,
}

/// The proof, and where the reader was going.
pub struct Wanted {
    /// The proof.
    pub answer: Answer,
    /// A path of ours.
    pub next: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let challenge = fields.id("challenge");
        let credential = fields.like("credential", ANSWER).secret("credential", read);
        let next = fields.like("next", "/tenders").optional("next", local_path);
        let answer = Answer { challenge: challenge?, credential: credential? };
        Some(Self { answer, next: next?.unwrap_or_else(|| "/".to_owned()) })
    }
}

/// A new passkey.
pub struct New {
    /// What it answers.
    pub challenge: Id<Challenge>,
    /// The key.
    pub credential: RegisterPublicKeyCredential,
    /// What its person calls it: 1 to 60 characters.
    pub name: PasskeyName,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let challenge = fields.id("challenge");
        let name = fields.name("name", 1..=60).map(|name| name.parse());
        let name = match name {
            Some(Err(_)) => fields.wrong("name", "hidden-character"),
            name => name.and_then(Result::ok),
        };
        let credential = fields.like("credential", NEW).secret("credential", read);
        Some(Self { challenge: challenge?, credential: credential?, name: name? })
    }
}

fn read<T: DeserializeOwned>(text: String) -> Result<T, Broken> {
    if text.len() > LONGEST {
        return Err("passkey-form".into());
    }
    serde_json::from_str(&text).map_err(|_| "passkey-form".into())
}
