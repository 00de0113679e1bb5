//! Proven receipts: a receipt, the event that names it, and the way from that event to a root that the log signed.

use crate::checkpoint::Note;
use crate::epoch::{Entry, climb, commitment};
use crate::hash::{Hash, bytes_of};
use crate::key::PublicKey;
use crate::proof::is_included;
use crate::receipt::{Flaw, Receipt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A receipt with its proof.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ProvenReceipt")]
pub struct Proven {
    /// Always `ziyun receipt v2`.
    pub format: Format,
    /// The receipt, as it was handed out at once.
    pub receipt: Receipt,
    /// That it is in the log.
    pub proof: Proof,
}

/// The format's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReceiptFormat")]
pub enum Format {
    /// The second: with a proof. The first is the receipt alone and has no such line.
    #[serde(rename = "ziyun receipt v2")]
    V2,
}

/// The way from an event to a signed root.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InclusionProof")]
pub struct Proof {
    /// The event, in the canonical form whose commitment stands in the slot; its body names the receipt by hash.
    pub event: String,
    /// The event's salt: 32 hexadecimal digits.
    pub salt: String,
    /// The epoch: tens of seconds since 1970.
    pub epoch: u64,
    /// The slot in the epoch's subtree.
    pub slot: u16,
    /// The slot's siblings on the way to the root of the epoch's subtree: sixteen.
    pub path: Vec<Hash>,
    /// The number of the epoch's entry in the log, from 0.
    pub entry: u64,
    /// The entry's siblings on the way to the log's root.
    pub inclusion: Vec<Hash>,
    /// The signed checkpoint with this root.
    pub checkpoint: String,
}

impl Proven {
    /// A receipt with its proof.
    pub fn new(receipt: Receipt, proof: Proof) -> Self {
        Self { format: Format::V2, receipt, proof }
    }

    /// Checks receipt and proof.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn check(&self, key: &PublicKey) -> Result<(), Flaw> {
        self.receipt.check(key)?;
        self.proof.check(&self.receipt, key)
    }
}

/// What an event that a receipt was given for says of it.
#[derive(Deserialize)]
struct Event {
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    receipt_sha256: Hash,
}

impl Proof {
    fn check(&self, receipt: &Receipt, key: &PublicKey) -> Result<(), Flaw> {
        let event: Event = serde_json::from_str(&self.event).map_err(|_| Flaw::Event)?;
        if event.body.receipt_sha256 != receipt.sha256()? {
            return Err(Flaw::Event);
        }
        self.is_in_log(key)
    }

    /// Checks that the log with this key has the event, whatever it tells.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn is_in_log(&self, key: &PublicKey) -> Result<(), Flaw> {
        let note = Note::parse(&self.checkpoint).filter(|note| note.is_of(key)).ok_or(Flaw::Checkpoint)?;
        let salt = bytes_of(&self.salt).ok_or(Flaw::Malformed)?;
        let committed = commitment(&salt, EVENT, &self.event);
        let root = climb(self.slot, committed, &self.path).ok_or(Flaw::Inclusion)?;
        let entry = Entry::Epoch(self.epoch, root).hash();
        let holds = is_included(entry, self.entry, note.checkpoint.size, &self.inclusion, note.checkpoint.root);
        if holds { Ok(()) } else { Err(Flaw::Inclusion) }
    }
}

/// The kind of commitments to events.
pub const EVENT: &str = "event";

/// Checks a receipt's text, with or without proof, against a public key (a line as in `log.pub`).
///
/// # Errors
/// [`Flaw`].
pub fn verify(text: &str, public_key: &str) -> Result<Receipt, Flaw> {
    let key = PublicKey::parse(public_key).ok_or(Flaw::Malformed)?;
    match read(text)? {
        Either::Proven(proven) => proven.check(&key).map(|()| proven.receipt),
        Either::Plain(receipt) => receipt.check(&key).map(|()| receipt),
    }
}

/// The key that a receipt names; it proves nothing of whose it is.
///
/// # Errors
/// [`Flaw::Malformed`].
pub fn named_key(text: &str) -> Result<String, Flaw> {
    Ok(match read(text)? {
        Either::Proven(proven) => proven.receipt.key,
        Either::Plain(receipt) => receipt.key,
    })
}

enum Either {
    Proven(Box<Proven>),
    Plain(Receipt),
}

fn read(text: &str) -> Result<Either, Flaw> {
    let value: Value = serde_json::from_str(text).map_err(|_| Flaw::Malformed)?;
    // Read again from the text: a value has forgotten fields that stood there twice.
    let read = if value.get("format").is_some() {
        serde_json::from_str(text).map(|proven| Either::Proven(Box::new(proven)))
    } else {
        serde_json::from_str(text).map(Either::Plain)
    };
    read.map_err(|_| Flaw::Malformed)
}
