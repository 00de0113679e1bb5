//! Shares of openings: what was acknowledged to an officer lies there until the tender is opened.

use crate::ledger::Ledger;
use crate::place::Place;
use kit::db::{Error, Tx};
use kit::id::Id;
use kit::values;
use std::collections::BTreeSet;

/// Looks for each share that was acknowledged, of the tenders that still wait for more.
///
/// # Errors
/// [`Error`] of the database.
pub async fn shares(place: &Place, ledger: &Ledger) -> Result<(), Error> {
    let known: Vec<_> = ledger.notes().shares.iter().cloned().collect();
    let (waiting, kept) = place.read(read).await?;
    for share in known.into_iter().filter(|(tender, _)| waiting.contains(tender)) {
        if !kept.contains(&share) {
            ledger.violation(format!("the share of {} of tender {} was acknowledged, and is gone", share.1, share.0));
        }
    }
    Ok(())
}

/// Tenders, and what lies for which of them.
type Lying = (BTreeSet<String>, BTreeSet<(String, String)>);

/// The tenders that wait for shares, and what lies there for them.
fn read(tx: &mut Tx) -> Result<Lying, Error> {
    let sql = "SELECT id FROM tender WHERE state = 'closed' AND hands IS NOT NULL ORDER BY id";
    let waiting: Vec<String> = tx.all(sql, values![], |row| Ok(row.next::<Id<()>>()?.to_string()))?;
    let sql = "SELECT tender, recipient FROM opening_share ORDER BY tender, recipient";
    let kept = tx.all(sql, values![], |row| Ok((row.next::<Id<()>>()?.to_string(), row.next::<String>()?)))?;
    Ok((waiting.into_iter().collect(), kept.into_iter().collect()))
}
