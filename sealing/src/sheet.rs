//! What a holder is asked for at the hour, and what the holder answers: the boxes of all envelopes of a tender at once.
//! The browser and `ziyun officer share` make the same answer of the same sheet.

use crate::share::Boxed;
use crate::{Identity, Shut};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sheet {
    /// The tender's id.
    pub tender: String,
    /// The holder's public key.
    pub holder: String,
    /// One an envelope.
    pub parts: Vec<Part>,
}

/// A holder's box of one envelope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The bid's id.
    pub bid: String,
    /// SHA-256 of the share, hexadecimal.
    pub sha256: String,
    /// An age file for the holder, in base64.
    pub share: String,
}

/// What is answered for one envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The bid's id.
    pub bid: String,
    /// The share in base64; none when its box holds none.
    pub share: Option<String>,
}

impl Sheet {
    /// Opens every box. One that holds no share is said to hold none, and is no reason to give no other.
    ///
    /// # Errors
    /// [`Shut::Box`] when the key is another holder's.
    pub fn answer(&self, key: &Identity) -> Result<Vec<Given>, Shut> {
        if key.to_public().to_string() != self.holder {
            return Err(Shut::Box);
        }
        let give = |part: &Part| {
            let (holder, sha256, share) = (self.holder.clone(), part.sha256.clone(), part.share.clone());
            let share = Boxed { holder, sha256, share }.open(key).ok();
            Given { bid: part.bid.clone(), share: share.map(|share| STANDARD.encode(share.bytes())) }
        };
        Ok(self.parts.iter().map(give).collect())
    }
}

impl Given {
    /// The share's bytes, as they were given.
    ///
    /// # Errors
    /// [`Shut::Share`] when they are not base64.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, Shut> {
        self.share.as_ref().map(|text| STANDARD.decode(text)).transpose().map_err(|_| Shut::Share)
    }
}
