//! Tenders whose hour has come: each is opened or has failed, with exactly what its bidders were told.

use crate::ledger::{Act, Bid, Ledger, Tender};
use crate::place::Place;
use kit::db::{Error, Row, Tx};
use kit::id::Id;
use kit::values;
use serde_json::json;
use std::collections::HashMap;

/// A lot with fewer sealed bids is not opened (open tenders and quotations; `profiles.toml`).
const LEAST: usize = 3;

/// Through so many kills a tender may stay closed before it is called missed.
const ROUNDS: u64 = 40;

/// A bid as its row and its receipts show it.
#[derive(Debug)]
struct Seen {
    state: String,
    version: usize,
    price: Option<i64>,
    sha256: Vec<u8>,
    receipts: Vec<String>,
}

/// Examines the tenders that were called and not examined yet; with `all`, those of the whole run. One that is still
/// waiting is missed after [`ROUNDS`].
///
/// # Errors
/// [`Error`] of the database.
pub async fn openings(place: &Place, ledger: &Ledger, round: u64, all: bool) -> Result<(), Error> {
    let called: Vec<Tender> = {
        let notes = ledger.notes();
        notes.tenders.iter().filter(|tender| tender.called.is_some() && (all || !tender.concluded)).cloned().collect()
    };
    for tender in called {
        let id: Id<()> = tender.id.parse().expect("an id");
        let (state, bids) = place.read(move |tx| read(tx, id)).await?;
        let concluded = matches!(state.as_str(), "evaluation" | "awarded" | "failed");
        if concluded {
            let known = ledger.notes().bids.get(&tender.lot).cloned().unwrap_or_default();
            compare(&tender, &state, &known, &bids).into_iter().for_each(|broken| ledger.violation(broken));
        }
        let missed = tender.called.is_some_and(|called| called + ROUNDS <= round);
        if !concluded && (missed || all) {
            ledger.violation(format!("tender {} is still {state}, called in round {:?}", tender.id, tender.called));
        }
        let mut notes = ledger.notes();
        if let Some(known) = notes.tenders.iter_mut().find(|known| known.id == tender.id) {
            known.concluded |= concluded || missed;
        }
    }
    Ok(())
}

fn read(tx: &mut Tx, tender: Id<()>) -> Result<(String, HashMap<String, Seen>), Error> {
    let state = tx.one("SELECT state FROM tender WHERE id = $1", values![tender], |row| row.next())?;
    let sql = "SELECT id, state, version, price, sha256 FROM bid WHERE tender = $1 ORDER BY lot, id";
    let rows = tx.all(sql, values![tender], |row: &mut Row<'_>| {
        let (id, state, version) = (row.next::<Id<()>>()?, row.next()?, row.next::<i64>()?);
        let version = usize::try_from(version).unwrap_or(0);
        Ok((id, Seen { state, version, price: row.next()?, sha256: row.next()?, receipts: Vec::new() }))
    })?;
    let mut bids = HashMap::new();
    for (id, mut seen) in rows {
        let sql = "SELECT receipt FROM bid_receipt WHERE bid = $1 ORDER BY version";
        seen.receipts = tx.all(sql, values![id], |row| row.next())?;
        bids.insert(id.to_string(), seen);
    }
    Ok((state, bids))
}

/// What is wrong with a tender after its hour.
fn compare(tender: &Tender, state: &str, known: &[Bid], rows: &HashMap<String, Seen>) -> Vec<String> {
    let mut broken = Vec::new();
    let (mut sealed, mut withdrawn) = (0, 0);
    for bid in known {
        let row = rows.get(&bid.id);
        let expected = bid.at(row.map_or(0, |row| row.version));
        let fits = match (row, expected) {
            (None, _) => bid.version() == 0,
            (Some(row), Some(Act::Withdrawn)) => {
                withdrawn += 1;
                row.state == "withdrawn" && row.price.is_none()
            }
            (Some(row), Some(Act::Sealed(price))) => {
                sealed += 1;
                match state {
                    "failed" => row.state == "sealed" && row.price.is_none(),
                    _ => row.state == "opened" && row.price == Some(price),
                }
            }
            (Some(_), None) => false,
        };
        if !fits {
            broken.push(format!(
                "bid {} of {state} tender {} is {row:?} after {:?} and {:?}",
                bid.id, tender.id, bid.versions, bid.open
            ));
        }
        broken.extend(row.and_then(|row| receipts(bid, row)));
    }
    if rows.len() != sealed + withdrawn {
        broken.push(format!(
            "tender {} has {} bids, {sealed} sealed and {withdrawn} withdrawn are known",
            tender.id,
            rows.len()
        ));
    }
    if (state == "failed") != (sealed < LEAST) {
        broken.push(format!("tender {} is {state} with {sealed} bids", tender.id));
    }
    broken
}

/// One sound receipt for each version, the last one of the envelope that lies there.
fn receipts(bid: &Bid, row: &Seen) -> Option<String> {
    let mut last = None;
    for (version, text) in (1..).zip(&row.receipts) {
        let key = serde_json::from_str::<serde_json::Value>(text).ok()?["key"].as_str()?.to_owned();
        match evidence::verify(text, &key) {
            Ok(sound) if sound.statement.get("version") == Some(&json!(version)) => last = Some(sound),
            wrong => return Some(format!("receipt {version} of bid {}: {wrong:?}", bid.id)),
        }
    }
    let hash: String = row.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let fits = last.is_some_and(|last| last.statement.get("envelope_sha256") == Some(&json!(hash)));
    (!fits || row.receipts.len() != row.version).then(|| {
        format!(
            "bid {} has {} receipts for {} versions, or the last is another's",
            bid.id,
            row.receipts.len(),
            row.version
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use evidence::Signer;

    fn bid(provider: usize, versions: &[Act], open: Option<Act>) -> Bid {
        Bid { versions: versions.to_vec(), open, ..Bid::new(format!("bid-{provider}"), provider, "lot") }
    }

    /// A row with a receipt for each version.
    fn row(state: &str, version: usize, price: Option<i64>) -> Seen {
        let receipt = |version: usize| {
            let statement = [("version".to_owned(), json!(version)), ("envelope_sha256".to_owned(), json!("07"))];
            serde_json::to_string(&Signer::from_seed(&[3; 32]).sign("bid", statement.into())).unwrap()
        };
        Seen { state: state.into(), version, price, sha256: vec![7], receipts: (1..=version).map(receipt).collect() }
    }

    /// Three bids that were told to their bidders, with what became of the first.
    fn caught(state: &str, known: &Bid, seen: Option<Seen>) -> usize {
        let tender = Tender {
            id: "t".into(),
            lot: "lot".into(),
            by_hands: false,
            by_committee: false,
            round: 1,
            called: Some(3),
            concluded: false,
        };
        let mut all = vec![known.clone()];
        let mut rows: HashMap<_, _> = seen.map(|row| (known.id.clone(), row)).into_iter().collect();
        for other in 1..=LEAST {
            all.push(bid(other, &[Act::Sealed(other as i64)], None));
            rows.insert(format!("bid-{other}"), row("opened", 1, Some(other as i64)));
        }
        compare(&tender, state, &all, &rows).len()
    }

    #[test]
    fn what_was_told_is_there_and_nothing_else() {
        let told = bid(0, &[Act::Sealed(100), Act::Sealed(90)], Some(Act::Withdrawn));
        assert_eq!(caught("evaluation", &told, Some(row("opened", 2, Some(90)))), 0);
        assert_eq!(caught("evaluation", &told, Some(row("withdrawn", 3, None))), 0, "nobody knows of the third");
        for wrong in [
            None,
            Some(row("opened", 1, Some(100))),
            Some(row("opened", 2, Some(100))),
            Some(row("sealed", 2, None)),
            Some(row("opened", 3, Some(90))),
            Some(row("withdrawn", 4, None)),
            Some(Seen { sha256: vec![8], ..row("opened", 2, Some(90)) }),
            Some(Seen { receipts: row("opened", 1, None).receipts, ..row("opened", 2, Some(90)) }),
        ] {
            let text = format!("{wrong:?}");
            assert!(caught("evaluation", &told, wrong) > 0, "{text}");
        }
        assert!(caught("failed", &told, Some(row("sealed", 2, None))) > 0, "there were enough");
    }
}
