//! Events with their proof in the log, for whoever holds no receipt of them: what happened, and that the log had it then.

use crate::key::PublicKey;
use crate::proven::Proof;
use crate::receipt::Flaw;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An event and the way from it to a signed root.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entered {
    /// Always `ziyun event v1`.
    pub format: EventFormat,
    /// The event in its canonical form, and that it is in the log.
    pub proof: Proof,
}

/// The format's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventFormat {
    /// The first.
    #[serde(rename = "ziyun event v1")]
    V1,
}

impl Entered {
    /// An event's proof.
    pub fn new(proof: Proof) -> Self {
        Self { format: EventFormat::V1, proof }
    }

    /// Reads it and checks it against a public key. Answers the event.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn verify(text: &str, key: &PublicKey) -> Result<Value, Flaw> {
        let entered: Self = serde_json::from_str(text).map_err(|_| Flaw::Malformed)?;
        entered.proof.is_in_log(key)?;
        serde_json::from_str(&entered.proof.event).map_err(|_| Flaw::Event)
    }
}
