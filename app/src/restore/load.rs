//! The tables of a back-up, loaded into an empty database as part of one unit: all of them, or nothing.

use crate::backup::manifest::Manifest;
use crate::backup::{Error, OWN, Rows, names, table_file};
use kit::db::{self, Migration, Tx, apply, tables};
use std::path::Path;

/// How many rows are in memory at a time.
const TOGETHER: usize = 256;

/// Makes the schema that the back-up had, and fills it.
///
/// # Errors
/// [`Error::Refused`] for a schema that this program does not know, [`Error::Damaged`], [`Error::Db`].
pub fn load(tx: &mut Tx, folder: &Path, manifest: &Manifest, steps: &[Migration]) -> Result<(), Error> {
    let known = manifest.schema.len() <= steps.len()
        && manifest.schema.iter().zip(steps).all(|((name, _), step)| *name == step.name);
    if !known {
        let what = "the back-up was made by a newer program, or by another: restore it with the one that made it";
        return Err(Error::Refused(what.into()));
    }
    apply(tx, &steps[..manifest.schema.len()])?;
    let sql = "SELECT name, hash FROM schema_migration ORDER BY name";
    let applied: Vec<(String, String)> = tx.all(sql, &[], |row| Ok((row.next()?, row.next()?)))?;
    if applied != manifest.schema {
        return Err(Error::Refused(
            "a step of the back-up's schema was changed since: use the program that made it".into(),
        ));
    }
    let tables: Vec<_> = tables(tx)?.into_iter().filter(|table| !OWN.contains(&table.name.as_str())).collect();
    // What the steps themselves have filled in.
    for table in tables.iter().rev() {
        tx.execute(&format!("DELETE FROM \"{}\"", table.name), &[])?;
    }
    for table in &tables {
        let file = manifest.tables.iter().find(|file| file.name == table.name);
        let file = file
            .filter(|file| file.columns == table.columns)
            .ok_or_else(|| Error::Refused(format!("the back-up has no table {} as its schema makes it", table.name)))?;
        let head = format!("INSERT INTO \"{}\" ({})", table.name, names(&table.columns));
        let mut rows = Rows::open(&table_file(folder, &table.name), table.columns.len(), file.rows)?;
        loop {
            let some = rows.next(TOGETHER)?;
            if some.is_empty() {
                break;
            }
            tx.insert(&head, &some, "")?;
        }
    }
    Ok(())
}

/// Whether there is nothing in it yet, not even a schema.
pub fn is_empty(tx: &mut Tx) -> Result<bool, db::Error> {
    Ok(tables(tx)?.is_empty())
}
