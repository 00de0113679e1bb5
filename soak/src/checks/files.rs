//! Files beside the database: a row that names one finds it.

use crate::ledger::Ledger;
use crate::place::Place;
use kit::blobs::{BlobName, Blobs, is_there};
use kit::db::{Error, Tx};
use kit::values;
use std::collections::HashSet;

/// The tables that name files.
const TABLES: [&str; 4] = ["bid", "bid_file", "final_offer", "tender_document"];

/// Looks for the file of each row that names one. One that is missing is asked for again: the row may have been replaced
/// between the two looks.
///
/// # Errors
/// [`Error`] of the database.
pub async fn files(place: &Place, ledger: &Ledger) -> Result<(), Error> {
    let root = place.blobs();
    let is_missing =
        |(region, name): &(String, String)| name.parse().map_or(true, |name| !is_there(&root, region, name));
    let missing: HashSet<_> = place.read(named).await?.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (region, name) in place.read(named).await?.into_iter().filter(|file| missing.contains(file)) {
        ledger.violation(format!("a row names file {name} of region {region}, which is not there"));
    }
    Ok(())
}

fn named(tx: &mut Tx) -> Result<Vec<(String, String)>, Error> {
    let mut all = Vec::new();
    for table in TABLES {
        let sql = format!("SELECT region, blob FROM {table} WHERE blob IS NOT NULL ORDER BY id");
        all.extend(tx.all(&sql, values![], |row| Ok((row.next()?, row.next()?)))?);
    }
    Ok(all)
}

/// How many files no row names: kills between a file and its row leave them, and the program removes them when they are
/// old enough.
///
/// # Errors
/// What the database or the folder says.
pub async fn orphans(place: &Place) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
    let rows = place.read(named).await?;
    let named: HashSet<BlobName> = rows.iter().filter_map(|(_, name)| name.parse().ok()).collect();
    let blobs = Blobs::local(&place.blobs(), &["default"])?;
    Ok(blobs.list("default").await?.into_iter().filter(|name| !named.contains(name)).count())
}
