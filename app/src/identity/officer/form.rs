//! What enrolling a key asks, and what proves that one has it.

use super::store::Key;
use crate::web::{Fields, Parse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::id::Id;
use sealing::{Recipient, keeping};

/// A key about to be enrolled.
#[derive(Clone)]
pub struct New {
    /// The row to be made.
    pub id: Id<Key>,
    /// The public half, `age1…`.
    pub recipient: String,
    /// The secret half: an age file under a passphrase.
    pub kept: Vec<u8>,
}

/// What was decrypted of the challenge.
pub struct Proof(pub Vec<u8>);

/// What the description of the API shows: a public key, and a file of which only the header is real.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const KEPT: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIDE2CkFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUEKLS0tIA==";

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("recipient", RECIPIENT).like("kept", KEPT);
        let id = fields.id("id");
        let key = |text: &str| text.parse::<Recipient>().map(|key| key.to_string()).map_err(|_| "officer-recipient");
        let recipient = fields.parse("recipient", key);
        let file = |text: &str| STANDARD.decode(text).ok().filter(|file| keeping::is_kept(file)).ok_or("officer-kept");
        let kept = fields.parse("kept", file);
        Some(Self { id: id?, recipient: recipient?, kept: kept? })
    }
}

/// The secret half for a passkey, and which one.
#[derive(Clone)]
pub struct Wrapped(pub (Vec<u8>, String));

/// An example of such a file, of which only the header is real, and of what names a passkey.
const WRAPPED: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IGFnZS1lbmNyeXB0aW9uLm9yZy9maWRvMnByZiBBQUFBQUFBQUFBQUFBQUFBQUFBQUFBCkFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUEKLS0tIA==";
const HINT: &str = "AGE-PLUGIN-FIDO2PRF-1QYQSZQGPQYQSZQGPQYQSZQGP";

impl Parse for Wrapped {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("wrapped", WRAPPED).like("hint", HINT);
        let file =
            |text: &str| STANDARD.decode(text).ok().filter(|file| keeping::is_wrapped(file)).ok_or("officer-wrapped");
        let wrapped = fields.parse("wrapped", file);
        let hint = fields
            .parse("hint", |text| if keeping::is_hint(text) { Ok(text.to_owned()) } else { Err("officer-wrapped") });
        Some(Self((wrapped?, hint?)))
    }
}

impl Parse for Proof {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("answer", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        fields.secret("answer", |text| STANDARD.decode(text.trim()).map_err(|_| "officer-answer")).map(Self)
    }
}
