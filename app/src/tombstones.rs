//! The table and the journal of tombstones agree before anything is served.
//!
//! After a restore the journal knows of erasures that the database does not: they are done again, as the first time. What
//! only the table knows (a kill before the job that writes the journal, a journal that was lost) is written to the journal.

use crate::app::App;
use crate::trust::cancellation::erase_again;
use kit::db;
use policy::Control;
use std::collections::HashSet;
use vault::tombstone::{self, JournalError, Tombstone};
use vault::{Error, Standing};

/// How many rows of the table one unit reads.
const PAGE: i64 = 1000;

/// What was out of step, and no longer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Tombstones that only the journal had, and whose subjects are erased now.
    pub replayed: usize,
    /// Tombstones that only the table had, and the journal has now.
    pub noted: usize,
    /// Persons in the journal of whom there were keys: the key database is an older one.
    pub buried: usize,
}

impl App {
    /// Brings both to the same tombstones. May be repeated; a kill in the middle loses nothing.
    ///
    /// # Errors
    /// The journal is damaged or cannot be written, or a database cannot be reached. Nothing may be served then.
    pub async fn agree_on_tombstones(&self) -> Result<Agreed, crate::web::Error> {
        let journal = self.journal().clone();
        let written = tokio::task::spawn_blocking(move || journal.read()).await.map_err(crate::web::Error::fault)?;
        let mut written = match written {
            Ok(written) => written,
            // A new installation, or one whose erasures are older than the journal.
            Err(JournalError::Missing(_)) => Vec::new(),
            Err(error) => return Err(Error::from(error).into()),
        };
        let standing = self.tombstones().await?;
        let (mut in_journal, mut in_table) = (HashSet::new(), subjects(&standing));
        written.retain(|stone| in_journal.insert(*stone.subject.as_bytes()));
        let mut agreed = Agreed::default();
        for stone in written.iter().copied().filter(|stone| in_table.insert(*stone.subject.as_bytes())) {
            if policy::holds(Control::TombstonesReplayed) {
                let app = self.clone();
                self.db().write(move |tx| replay(tx, &app, stone)).await?;
                agreed.replayed += 1;
            }
        }
        // After that the database says again which classes the law has held.
        if policy::holds(Control::KeysOfErasedBuried) {
            agreed.buried = self.vault().bury(&written).await?;
        }
        let unknown = standing.into_iter().filter(|stone| !in_journal.contains(stone.subject.as_bytes()));
        let unknown: Vec<_> = unknown.collect();
        agreed.noted = unknown.len();
        if agreed.noted > 0 || !self.journal().path().exists() {
            // An empty one is made, too: once there is one, its absence means that it was lost.
            self.journal().note_all(unknown).await.map_err(Error::from)?;
        }
        if agreed != Agreed::default() {
            let Agreed { replayed, noted, buried } = agreed;
            tracing::info!(
                replayed,
                noted,
                buried,
                "recovered: the database, the journal or the keys were of another time"
            );
        }
        Ok(agreed)
    }

    async fn tombstones(&self) -> Result<Vec<Tombstone>, Error> {
        let (mut all, mut after) = (Vec::<Tombstone>::new(), None);
        loop {
            let page = self.db().read(move |tx| tombstone::following(tx, after, PAGE)).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = Some(last.subject);
            all.extend(page);
        }
    }
}

fn subjects(stones: &[Tombstone]) -> HashSet<[u8; 16]> {
    stones.iter().map(|stone| *stone.subject.as_bytes()).collect()
}

/// The tombstone with its first instant, and the erasure again where the subject lives.
fn replay(tx: &mut db::Tx, app: &App, stone: Tombstone) -> Result<(), crate::web::Error> {
    stone.set(tx)?;
    match vault::standing(tx, stone.subject)? {
        Some(Standing::Active | Standing::Blocked) => erase_again(tx, app, stone),
        Some(Standing::Destroyed) | None => Ok(()),
    }
}
