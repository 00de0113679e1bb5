//! What a feed says beyond the list: what came later in the life of each notice.

use super::super::row::Notice;
use super::super::store::{Summary, filled, slots};
use jiff::Timestamp;
use kit::db::{Error, Tx};
use kit::id::Id;
use std::collections::BTreeMap;

/// What came later, and when the page changed last.
#[derive(Default)]
pub struct Later {
    /// When the last notice of the same tender was published.
    notices: BTreeMap<Id<Notice>, Timestamp>,
    /// When the last of it came to us.
    pub changed: Option<Timestamp>,
}

impl Later {
    /// When an entry was updated: an amendment of its tender, or the tender's end, is an update of each earlier notice.
    pub fn updated(&self, row: &Summary) -> Timestamp {
        self.notices.get(&row.id).copied().map_or(row.published.at, |later| later.max(row.published.at))
    }
}

/// What came later than these.
pub fn later(tx: &mut Tx, rows: &[Summary]) -> Result<Later, Error> {
    if rows.is_empty() {
        return Ok(Later::default());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let (slots, values) = (slots(), filled(&ids));
    let sql = format!(
        "SELECT one.id, CAST(max(later.published_at) AS BIGINT) FROM notice one JOIN notice later ON later.tender = one.tender \
         WHERE one.id IN ({slots}) AND one.tender IS NOT NULL AND later.tender IS NOT NULL GROUP BY one.id"
    );
    let notices = tx.all(&sql, &values, |row| Ok((row.next()?, row.next()?)))?.into_iter().collect();
    let sql = format!("SELECT CAST(max(created_at) AS BIGINT) FROM notice WHERE id IN ({slots})");
    let arrived: Option<Timestamp> = tx.one(&sql, &values, |row| row.next())?;
    let later = Later { notices, changed: None };
    let changed = rows.iter().map(|row| later.updated(row)).chain(arrived).max();
    Ok(Later { changed, ..later })
}
