//! What a bidder commits to before the deadline: one line that binds an envelope to its place.
//!
//! ```text
//! {"bytes":6480,"envelope":"SHA-256","format":"ziyun bid commitment v1","lot":"…","recipient":"SHA-256","tender":"…","version":1}
//! ```
//!
//! `envelope` is the hash of all its bytes and so of its first line, the shares and the content; `recipient` the hash of the
//! public half of its own key. The form is canonical: names in this order, no white space, hashes in small hexadecimal.

use crate::hands::Envelope;
use crate::{Shut, sha256};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "ziyun bid commitment v1";

/// A commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// The length of the envelope.
    pub bytes: u64,
    /// SHA-256 of the envelope, hexadecimal.
    pub envelope: String,
    format: String,
    /// The lot's id.
    pub lot: String,
    /// SHA-256 of the envelope's recipient, hexadecimal.
    pub recipient: String,
    /// The tender's id.
    pub tender: String,
    /// Which version of the bid, from 1.
    pub version: i64,
}

impl Commitment {
    /// To an envelope in this place.
    ///
    /// # Errors
    /// [`Shut::Format`].
    pub fn to(bytes: &[u8], (tender, lot, version): (&str, &str, i64)) -> Result<Self, Shut> {
        let envelope = Envelope::read(bytes)?;
        Ok(Self {
            bytes: bytes.len() as u64,
            envelope: sha256(bytes),
            format: FORMAT.to_owned(),
            lot: lot.to_owned(),
            recipient: sha256(envelope.recipient().as_bytes()),
            tender: tender.to_owned(),
            version,
        })
    }

    /// To an envelope that is too large to be in memory: its length, the hash of all its bytes, and the public half of its key.
    pub fn of(bytes: u64, envelope: [u8; 32], recipient: &str, (tender, lot, version): (&str, &str, i64)) -> Self {
        Self {
            bytes,
            envelope: hex::encode(envelope),
            format: FORMAT.to_owned(),
            lot: lot.to_owned(),
            recipient: sha256(recipient.as_bytes()),
            tender: tender.to_owned(),
            version,
        }
    }

    /// The hash of all the envelope's bytes; none when it is not written as one.
    pub fn envelope_sha256(&self) -> Option<[u8; 32]> {
        let mut hash = [0; 32];
        hex::decode_to_slice(&self.envelope, &mut hash).ok()?;
        (hex::encode(hash) == self.envelope).then_some(hash)
    }

    /// Reads a line that somebody gave.
    ///
    /// # Errors
    /// [`Shut::Commitment`] unless it is the canonical one.
    pub fn read(line: &str) -> Result<Self, Shut> {
        let read: Self = serde_json::from_str(line).map_err(|_| Shut::Commitment)?;
        if read.format == FORMAT && read.line() == line { Ok(read) } else { Err(Shut::Commitment) }
    }

    /// The canonical line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("a commitment is JSON")
    }

    /// SHA-256 of the line, hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(self.line().as_bytes())
    }

    /// Whether these bytes in this place are what was committed to.
    ///
    /// # Errors
    /// [`Shut::Format`], [`Shut::Commitment`].
    pub fn holds(&self, bytes: &[u8], place: (&str, &str, i64)) -> Result<(), Shut> {
        if Self::to(bytes, place)? == *self { Ok(()) } else { Err(Shut::Commitment) }
    }
}
