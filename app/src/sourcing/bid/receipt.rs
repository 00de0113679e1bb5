//! Receipts (回执): what the bidder holds to prove that an envelope was received, and when.

use super::joint;
use super::store::Bid;
use evidence::{Hash, Receipt, Signer};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;
use kit::values;
use serde::Serialize;
use serde_json::{Value, json};
use std::cmp::Reverse;
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
    /// The ciphertext that was committed to has come whole.
    Arrived,
}

impl Act {
    /// Its code, which is also the end of its word's key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Replaced => "replaced",
            Self::Confirmed => "confirmed",
            Self::Withdrawn => "withdrawn",
            Self::Arrived => "arrived",
        }
    }
}

/// What the receipts of a bid say in common.
fn statement(tx: &mut Tx, bid: &Bid, act: Act) -> Result<BTreeMap<String, Value>, db::Error> {
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
    if bid.awaits_ciphertext {
        statement.insert("ciphertext".to_owned(), json!("awaited"));
    }
    if let Some(id) = bid.consortium {
        let agreed = hex::encode(joint::agreed(tx, id)?);
        statement.insert("consortium".to_owned(), json!(id));
        statement.insert("agreement_sha256".to_owned(), json!(agreed));
    }
    if bid.answers > 0 {
        statement.insert("amendment".to_owned(), json!(bid.answers));
    }
    Ok(statement)
}

/// Signs and stores the receipt of a bid's present version, with the event that is to name it. Answers its hash.
pub(super) fn store(tx: &mut Tx, bid: &Bid, act: Act, event: Id<Event>, signer: &Signer) -> Result<Hash, db::Error> {
    let (now, mut statement) = (tx.now(), statement(tx, bid, act)?);
    if act == Act::Confirmed {
        statement.insert("confirmed_at".to_owned(), json!(now));
    }
    let receipt = signer.sign("bid", statement);
    tx.execute(
        "INSERT INTO bid_receipt (bid, version, act, at, receipt, event) VALUES ($1, $2, $3, $4, $5, $6)",
        values![bid.id, bid.version, act.code(), now, text(&receipt)?, event],
    )?;
    receipt.sha256().map_err(|e| db::Error::Engine(e.to_string()))
}

/// The same of a ciphertext that has come whole, beside the receipt of its commitment, which stays: that one says that the bid was in time.
pub(super) fn store_arrival(tx: &mut Tx, bid: &Bid, event: Id<Event>, signer: &Signer) -> Result<Hash, db::Error> {
    let (now, mut statement) = (tx.now(), statement(tx, bid, Act::Arrived)?);
    statement.insert("arrived_at".to_owned(), json!(now));
    let receipt = signer.sign("bid", statement);
    tx.execute(
        "INSERT INTO bid_arrival (bid, version, at, receipt, event) VALUES ($1, $2, $3, $4, $5)",
        values![bid.id, bid.version, now, text(&receipt)?, event],
    )?;
    receipt.sha256().map_err(|e| db::Error::Engine(e.to_string()))
}

fn text(receipt: &Receipt) -> Result<String, db::Error> {
    serde_json::to_string(receipt).map_err(|e| db::Error::Engine(e.to_string()))
}

/// The receipts of a bid, newest first: what arrived came after the act of its version.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, bid: Id<Bid>) -> Result<Vec<Receipt>, db::Error> {
    let mut texts = Vec::new();
    for (sql, is_arrival) in [
        ("SELECT version, receipt FROM bid_receipt WHERE bid = $1 ORDER BY version", false),
        ("SELECT version, receipt FROM bid_arrival WHERE bid = $1 ORDER BY version", true),
    ] {
        let all = tx.all(sql, values![bid], |row| Ok((row.next::<i64>()?, is_arrival, row.next::<String>()?)))?;
        texts.extend(all);
    }
    texts.sort_by_key(|(version, is_arrival, _)| Reverse((*version, *is_arrival)));
    let texts = texts.iter().map(|(_, _, text)| text);
    texts.map(|text| serde_json::from_str(text).map_err(|e| db::Error::Engine(e.to_string()))).collect()
}

/// A receipt and the event that names it; receipts of before the log have none.
pub type Named = (Receipt, Option<Id<Event>>);

/// The newest receipt of what was done to a bid.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx, bid: Id<Bid>) -> Result<Option<Named>, db::Error> {
    named(tx, bid, "SELECT receipt, event FROM bid_receipt WHERE bid = $1 ORDER BY version DESC LIMIT 1")
}

/// The receipt of the ciphertext that came last.
///
/// # Errors
/// [`db::Error`].
pub fn arrival(tx: &mut Tx, bid: Id<Bid>) -> Result<Option<Named>, db::Error> {
    named(tx, bid, "SELECT receipt, event FROM bid_arrival WHERE bid = $1 ORDER BY version DESC LIMIT 1")
}

fn named(tx: &mut Tx, bid: Id<Bid>, sql: &str) -> Result<Option<Named>, db::Error> {
    let stored = tx.first(sql, values![bid], |row| Ok((row.next::<String>()?, row.next()?)))?;
    let read = |(text, event): (String, _)| serde_json::from_str(&text).map(|receipt| (receipt, event));
    stored.map(read).transpose().map_err(|e| db::Error::Engine(e.to_string()))
}
