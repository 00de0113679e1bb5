//! Receipts (回执): what the bidder holds to prove that an envelope was received, and when.

use super::store::Bid;
use evidence::{Hash, Receipt, Signer};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;
use kit::values;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// What was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A first envelope, or a new one after a withdrawal.
    Submitted,
    /// Another envelope in its place.
    Replaced,
    /// It stands as it is after an amendment of its lot.
    Confirmed,
    /// The envelope was taken back.
    Withdrawn,
}

impl Act {
    /// Its code, which is also the end of its word's key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Replaced => "replaced",
            Self::Confirmed => "confirmed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Signs and stores the receipt of a bid's present version, with the event that is to name it. Answers its hash.
pub(super) fn store(tx: &mut Tx, bid: &Bid, act: Act, event: Id<Event>, signer: &Signer) -> Result<Hash, db::Error> {
    let now = tx.now();
    let mut statement = BTreeMap::from([
        ("bid".to_owned(), json!(bid.id)),
        ("tender".to_owned(), json!(bid.tender)),
        ("lot".to_owned(), json!(bid.lot)),
        ("version".to_owned(), json!(bid.version)),
        ("act".to_owned(), json!(act)),
        ("received_at".to_owned(), json!(bid.received_at)),
        ("envelope_sha256".to_owned(), json!(bid.sha256)),
        ("envelope_bytes".to_owned(), json!(bid.size)),
    ]);
    if let Some(line) = &bid.commitment {
        statement.insert("commitment".to_owned(), json!(line));
    }
    if bid.answers > 0 {
        statement.insert("amendment".to_owned(), json!(bid.answers));
    }
    if act == Act::Confirmed {
        statement.insert("confirmed_at".to_owned(), json!(now));
    }
    let receipt = signer.sign("bid", statement);
    let text = serde_json::to_string(&receipt).map_err(|e| db::Error::Engine(e.to_string()))?;
    tx.execute(
        "INSERT INTO bid_receipt (bid, version, act, at, receipt, event) VALUES ($1, $2, $3, $4, $5, $6)",
        values![bid.id, bid.version, act.code(), now, text, event],
    )?;
    receipt.sha256().map_err(|e| db::Error::Engine(e.to_string()))
}

/// The receipts of a bid, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, bid: Id<Bid>) -> Result<Vec<Receipt>, db::Error> {
    let sql = "SELECT receipt FROM bid_receipt WHERE bid = $1 ORDER BY version DESC";
    let texts = tx.all(sql, values![bid], |row| row.next::<String>())?;
    texts.iter().map(|text| serde_json::from_str(text).map_err(|e| db::Error::Engine(e.to_string()))).collect()
}

/// A receipt and the event that names it; receipts of before the log have none.
pub type Named = (Receipt, Option<Id<Event>>);

/// The newest receipt of a bid.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx, bid: Id<Bid>) -> Result<Option<Named>, db::Error> {
    let sql = "SELECT receipt, event FROM bid_receipt WHERE bid = $1 ORDER BY version DESC LIMIT 1";
    let stored = tx.first(sql, values![bid], |row| Ok((row.next::<String>()?, row.next()?)))?;
    let read = |(text, event): (String, _)| serde_json::from_str(&text).map(|receipt| (receipt, event));
    stored.map(read).transpose().map_err(|e| db::Error::Engine(e.to_string()))
}
