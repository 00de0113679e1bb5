//! How far a restore has come, as each database says of itself.

use super::load::{is_empty, load};
use crate::app::migrations;
use crate::backup::Error;
use crate::backup::manifest::Manifest;
use kit::db::{self, Db, Tx};
use kit::values;
use std::path::PathBuf;

/// Fills the key database, unless it was filled from this back-up before.
pub async fn keys(target: &Db, folder: PathBuf, manifest: Manifest) -> Result<(), Error> {
    target
        .write(move |tx| {
            if is_empty(tx)? {
                load(tx, &folder, &manifest, &vault::key_migrations())?;
                let now = tx.now();
                tx.execute("INSERT INTO restored (backup, at) VALUES ($1, $2)", values![&manifest.id, now])?;
                return Ok(());
            }
            let sql = "SELECT backup FROM restored WHERE backup = $1";
            let same = has_table(tx, "restored")?
                && tx.first(sql, values![&manifest.id], |row| row.next::<String>())?.is_some();
            let what = "the key database is not empty: move it away, or leave out --keys-from and keep it";
            if same { Ok(()) } else { Err(Error::Refused(what.into())) }
        })
        .await
}

/// Fills the main database and marks it as not to be served yet; one that this back-up has filled and marked is as good.
pub async fn main(target: &Db, folder: PathBuf, manifest: Manifest, journal_lost: bool) -> Result<(), Error> {
    target
        .write(move |tx| {
            if is_empty(tx)? {
                load(tx, &folder, &manifest, &migrations())?;
                let now = tx.now();
                tx.execute(
                    "INSERT INTO restoration (backup, taken_at, loaded_at, journal_lost) VALUES ($1, $2, $3, $4)",
                    values![&manifest.id, manifest.taken_at, now, journal_lost],
                )?;
                return Ok(());
            }
            let sql = "SELECT backup FROM restoration WHERE backup = $1 AND replayed_at IS NULL";
            let begun = has_table(tx, "restoration")?
                && tx.first(sql, values![&manifest.id], |row| row.next::<String>())?.is_some();
            let what = "the main database is not empty: restore into an empty one (another database_url, or data_dir)";
            if begun { Ok(()) } else { Err(Error::Refused(what.into())) }
        })
        .await
}

fn has_table(tx: &mut Tx, name: &str) -> Result<bool, db::Error> {
    Ok(db::tables(tx)?.iter().any(|table| table.name == name))
}
