//! Receipts: what the program acknowledged, signed, so that its holder can prove it without the program.
//!
//! A receipt is a JSON file with the statement, the algorithm and an Ed25519 signature over the canonical form of the
//! statement (keys sorted, no white space). The public key is published as one line of text: `log.pub`.

use crate::hash::Hash;
use crate::key::{PublicKey, Signer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// A signed statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// The event in the proof is about another receipt.
    #[error("the event in the proof does not name this receipt")]
    Event,
    /// The checkpoint was changed, or the key did not sign it.
    #[error("the checkpoint in the proof is not signed by the key")]
    Checkpoint,
    /// Event, salt, slot, path or inclusion proof were changed, or are of another log.
    #[error("the proof does not lead from the event to the root in the checkpoint")]
    Inclusion,
}

impl Signer {
    /// Signs a statement.
    pub fn sign(&self, kind: &str, statement: BTreeMap<String, Value>) -> Receipt {
        let signature = STANDARD.encode(self.sign_bytes(&message(kind, &statement)));
        Receipt { kind: kind.to_owned(), statement, key: self.public_key(), signature }
    }
}

impl Receipt {
    /// The hash by which an event names this receipt: SHA-256 of what was signed and of the signature's bytes.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] for a signature that is no base64.
    pub fn sha256(&self) -> Result<Hash, Flaw> {
        let signature = STANDARD.decode(&self.signature).map_err(|_| Flaw::Malformed)?;
        Ok(Hash::of(&[&message(&self.kind, &self.statement), &signature]))
    }

    /// Checks the signature, and that it is of `key`.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn check(&self, key: &PublicKey) -> Result<(), Flaw> {
        if self.key != key.to_string() {
            return Err(Flaw::OtherKey);
        }
        let signature = STANDARD.decode(&self.signature).map_err(|_| Flaw::Malformed)?;
        let holds = key.has_signed(&message(&self.kind, &self.statement), &signature);
        if holds { Ok(()) } else { Err(Flaw::Signature) }
    }
}

fn message(kind: &str, statement: &BTreeMap<String, Value>) -> Vec<u8> {
    let mut message = format!("ziyun receipt v1\n{kind}\n").into_bytes();
    serde_json::to_writer(&mut message, statement).expect("a map of JSON values is JSON");
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify;
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
