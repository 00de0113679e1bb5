//! All tables of a database, copied within one unit: on one snapshot.

use super::files::Named;
use super::manifest::TableFile;
use super::{Error, rows};
use jiff::Timestamp;
use kit::db::{Tx, tables};
use std::collections::BTreeSet;
use std::path::Path;

/// Tables that say of a database how it was made: a restored one has its own.
pub const OWN: [&str; 3] = ["schema_migration", "restoration", "restored"];

/// What was copied.
pub struct Found {
    pub at: Timestamp,
    pub schema: Vec<(String, String)>,
    pub tables: Vec<TableFile>,
    /// The files that rows name.
    pub named: BTreeSet<Named>,
}

/// Copies every table into `folder/tables`. `with_files` are those whose columns `region` and `blob` name a file.
pub fn copy(tx: &mut Tx, folder: &Path, with_files: &[&str]) -> Result<Found, Error> {
    let at = tx.now();
    let sql = "SELECT name, hash FROM schema_migration ORDER BY name";
    let schema = tx.all(sql, &[], |row| Ok((row.next()?, row.next()?)))?;
    let mut copied = Vec::new();
    for table in tables(tx)?.into_iter().filter(|table| !OWN.contains(&table.name.as_str())) {
        let path = folder.join("tables").join(format!("{}.rows", table.name));
        let (rows, sum) = rows::copy(tx, &table, &path)?;
        copied.push(TableFile { name: table.name, columns: table.columns, rows, sum });
    }
    let mut named = BTreeSet::new();
    for table in with_files {
        tx.each(&format!("SELECT region, blob FROM {table} WHERE blob IS NOT NULL"), |row| {
            named.insert((row.next()?, row.next()?));
            Ok(())
        })?;
    }
    Ok(Found { at, schema, tables: copied, named })
}
