//! Files beside the database: a row that names one finds it.

use crate::ledger::Ledger;
use crate::place::Place;
use kit::blobs::{BlobName, Blobs, is_there};
use kit::db::{Error, Table, Tx, tables};
use std::collections::HashSet;

/// The columns that name a file, in whichever table has both: one that is new is looked at without being told here.
const COLUMNS: [&str; 2] = ["region", "blob"];

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
    let names_files = |table: &Table| COLUMNS.iter().all(|name| table.columns.iter().any(|column| column == name));
    let mut all = Vec::new();
    for table in tables(tx)?.into_iter().filter(names_files) {
        let sql = format!("SELECT region, blob FROM {} WHERE blob IS NOT NULL", table.name);
        all.extend(tx.all(&sql, &[], |row| Ok((row.next()?, row.next()?)))?);
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

#[cfg(test)]
mod tests {
    use super::*;
    use kit::clock::Clock;
    use kit::db::{Db, Settings};
    use kit::random::Random;

    #[tokio::test]
    async fn the_schema_says_which_tables_name_files() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::file(folder.path().join("ziyun.db")).threads(1);
        let db = Db::open(&settings, Clock::system(), Random::system()).unwrap();
        let made = db.write::<_, Error>(|tx| {
            for sql in [
                "CREATE TABLE bid_file (id BYTEA PRIMARY KEY, region TEXT NOT NULL, blob TEXT NOT NULL)",
                "CREATE TABLE company (id BYTEA PRIMARY KEY, region TEXT NOT NULL)",
                "CREATE TABLE consortium (id BYTEA PRIMARY KEY)",
                "ALTER TABLE consortium ADD COLUMN region TEXT",
                "ALTER TABLE consortium ADD COLUMN blob TEXT",
                "INSERT INTO bid_file (id, region, blob) VALUES ('1', 'default', 'offer')",
                "INSERT INTO company (id, region) VALUES ('2', 'north')",
                "INSERT INTO consortium (id, region, blob) VALUES ('3', 'default', 'agreement'), ('4', NULL, NULL)",
            ] {
                tx.execute(sql, &[])?;
            }
            Ok(())
        });
        made.await.unwrap();
        let mut found = db.read(named).await.unwrap();
        found.sort_unstable();
        let file = |name: &str| ("default".to_owned(), name.to_owned());
        assert_eq!(found, [file("agreement"), file("offer")]);
    }
}
