//! Receipts: what the program acknowledged, signed, so that its holder can prove it without the program.
//!
//! A receipt is a JSON file with the statement, the algorithm and an Ed25519 signature over the canonical form of the
//! statement (keys sorted, no white space). The public key is published as one line of text: `log.pub`.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// What stands before the key in `log.pub`.
const PREFIX: &str = "ed25519:";

/// A signed statement.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SignedReceipt")]
pub struct Receipt {
    /// What kind of statement: `bid`.
    pub kind: String,
    /// The statement: flat, ids and hashes, no personal value.
    pub statement: BTreeMap<String, Value>,
    /// The key that signed, as in `log.pub`.
    pub key: String,
    /// Base64 of the signature.
    pub signature: String,
}

/// Why a receipt does not prove anything.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Flaw {
    /// Not a receipt at all.
    #[error("this is not a receipt")]
    Malformed,
    /// Signed by a key other than the expected.
    #[error("the receipt names another key than the one given")]
    OtherKey,
    /// The statement was changed, or the key did not sign it.
    #[error("the signature does not fit the statement")]
    Signature,
}

/// The key that signs.
#[derive(Clone)]
pub struct Signer(Arc<Ed25519KeyPair>);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.public_key())
    }
}

impl Signer {
    /// The key pair of this secret seed.
    ///
    /// # Panics
    /// Never: any 32 bytes are a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Arc::new(Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed")))
    }

    /// The public key as one line: `ed25519:BASE64`.
    pub fn public_key(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0.public_key().as_ref()))
    }

    /// Signs a statement.
    pub fn sign(&self, kind: &str, statement: BTreeMap<String, Value>) -> Receipt {
        let signature = self.0.sign(&message(kind, &statement));
        Receipt {
            kind: kind.to_owned(),
            statement,
            key: self.public_key(),
            signature: STANDARD.encode(signature.as_ref()),
        }
    }
}

/// Checks a receipt's text against a public key (a line as in `log.pub`).
///
/// # Errors
/// [`Flaw`].
pub fn verify(text: &str, public_key: &str) -> Result<Receipt, Flaw> {
    let receipt: Receipt = serde_json::from_str(text).map_err(|_| Flaw::Malformed)?;
    if receipt.key != public_key.trim() {
        return Err(Flaw::OtherKey);
    }
    let key = public_key.trim().strip_prefix(PREFIX).ok_or(Flaw::Malformed)?;
    let key = STANDARD.decode(key).map_err(|_| Flaw::Malformed)?;
    let signature = STANDARD.decode(&receipt.signature).map_err(|_| Flaw::Malformed)?;
    UnparsedPublicKey::new(&ED25519, key)
        .verify(&message(&receipt.kind, &receipt.statement), &signature)
        .map_err(|_| Flaw::Signature)?;
    Ok(receipt)
}

fn message(kind: &str, statement: &BTreeMap<String, Value>) -> Vec<u8> {
    let mut message = format!("ziyun receipt v1\n{kind}\n").into_bytes();
    serde_json::to_writer(&mut message, statement).expect("a map of JSON values is JSON");
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn receipt() -> (Signer, Receipt) {
        let signer = Signer::from_seed(&[3; 32]);
        let statement =
            BTreeMap::from([("bid".to_owned(), json!("b1")), ("at".to_owned(), json!("2026-11-23T02:00:00Z"))]);
        let receipt = signer.sign("bid", statement);
        (signer, receipt)
    }

    #[test]
    fn a_receipt_verifies_with_its_key_and_no_other() {
        let (signer, receipt) = receipt();
        let text = serde_json::to_string_pretty(&receipt).unwrap();
        assert_eq!(verify(&text, &signer.public_key()).unwrap().kind, "bid");
        let other = Signer::from_seed(&[4; 32]).public_key();
        assert_eq!(verify(&text, &other).unwrap_err(), Flaw::OtherKey);
        assert_eq!(verify("{}", &other).unwrap_err(), Flaw::Malformed);
    }

    #[test]
    fn a_receipt_of_another_kind_or_time_does_not_verify() {
        let (signer, mut receipt) = receipt();
        receipt.kind = "award".into();
        let text = serde_json::to_string(&receipt).unwrap();
        assert_eq!(verify(&text, &signer.public_key()).unwrap_err(), Flaw::Signature);
    }

    proptest! {
        #[test]
        fn no_changed_statement_verifies(field in "[a-z]{1,8}", value in ".*") {
            let (signer, mut receipt) = receipt();
            prop_assume!(receipt.statement.get(&field) != Some(&json!(value)));
            receipt.statement.insert(field, json!(value));
            let text = serde_json::to_string(&receipt).unwrap();
            prop_assert_eq!(verify(&text, &signer.public_key()).unwrap_err(), Flaw::Signature);
        }
    }
}
