//! Keys: the one that signs, and how public keys are written.

use crate::checkpoint::{Checkpoint, LOG};
use crate::hash::Hash;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// What stands before the key in `log.pub`.
const PREFIX: &str = "ed25519:";

/// The key that signs receipts and checkpoints.
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

    /// The public key as one line, as `log.pub` has it: `ed25519:BASE64`.
    pub fn public_key(&self) -> String {
        self.key().to_string()
    }

    /// The public key.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().try_into().expect("a key of Ed25519 has 32 bytes"))
    }

    /// Signs the checkpoint of a tree of this log: a signed note.
    pub fn checkpoint(&self, size: u64, root: Hash) -> String {
        let key = self.key();
        let checkpoint = Checkpoint { origin: key.origin(), size, root };
        let text = checkpoint.to_string();
        let blob = [&key.id(&checkpoint.origin, LOG)[..], &self.sign_bytes(text.as_bytes())].concat();
        format!("{text}\n— {} {}\n", checkpoint.origin, STANDARD.encode(blob))
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// An Ed25519 public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From a line as in `log.pub`.
    pub fn parse(line: &str) -> Option<Self> {
        let bytes = STANDARD.decode(line.trim().strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The log's name in checkpoints. It is made of the key, so that no two logs share one.
    pub fn origin(&self) -> String {
        format!("ziyun/{}", &Hash::of(&[&self.0]).to_string()[..16])
    }

    /// The key as C2SP signed-note writes it for verifiers: `NAME+ID+BASE64`.
    pub fn verifier(&self) -> String {
        let origin = self.origin();
        let id = hex::encode(self.id(&origin, LOG));
        let key = STANDARD.encode([&[LOG][..], &self.0].concat());
        format!("{origin}+{id}+{key}")
    }

    /// The four bytes by which a signature of `name` in a note tells its key.
    pub(crate) fn id(&self, name: &str, algorithm: u8) -> [u8; 4] {
        let hash = Hash::of(&[name.as_bytes(), b"\n", &[algorithm], &self.0]);
        hash.as_bytes()[..4].try_into().expect("a hash is longer")
    }

    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verifier key of a log in use that signs notes, as its operator publishes it.
    #[test]
    fn keys_are_told_by_the_ids_of_signed_notes() {
        let key = STANDARD.decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").unwrap();
        assert_eq!(key[0], LOG);
        let key = PublicKey::from_bytes(key[1..].try_into().unwrap());
        assert_eq!(hex::encode(key.id("sum.golang.org", LOG)), "033de0ae");
        assert_eq!(PublicKey::parse(&key.to_string()), Some(key));
    }
}
