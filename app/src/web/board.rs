//! What the operator announces to everybody, on top of every page until its end: what this process last read of it.

use super::error::Error;
use super::text::Locale;
use crate::app::App;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use std::sync::{Arc, Mutex, PoisonError};

/// How old what is known may be.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// How many stand on top of a page: the newest.
const MOST: i64 = 3;

/// A line on top of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulletin {
    /// The announcement.
    pub id: Id<Bulletin>,
    title_zh: String,
    title_en: String,
    ends_at: Timestamp,
}

impl Bulletin {
    /// What is announced.
    pub fn title(&self, locale: Locale) -> &str {
        locale.pick(&self.title_zh, &self.title_en)
    }

    /// Whether it still stands.
    pub fn stands(&self, now: Timestamp) -> bool {
        now < self.ends_at
    }
}

/// All of them.
pub type Bulletins = Arc<[Bulletin]>;

/// What this process last read, and when.
#[derive(Default)]
pub struct Board(Mutex<Option<(Timestamp, Bulletins)>>);

impl Board {
    /// What is announced, a second old at most by the program's clock.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub async fn read(&self, app: &App) -> Result<Bulletins, Error> {
        let now = app.clock().now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, bulletins)) = known
            && now.duration_since(at).abs() < FRESH
        {
            return Ok(bulletins);
        }
        let bulletins: Bulletins = app.db().read::<_, db::Error>(standing).await?.into();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, bulletins.clone()));
        Ok(bulletins)
    }

    /// Reads anew the next time: this process has just changed it. Others do so within a second.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn standing(tx: &mut Tx) -> Result<Vec<Bulletin>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id, title_zh, title_en, ends_at FROM announcement WHERE state = 'published' AND ends_at > $1 \
               ORDER BY published_at DESC, id DESC LIMIT $2";
    tx.all(sql, values![now, MOST], |row| {
        Ok(Bulletin { id: row.next()?, title_zh: row.next()?, title_en: row.next()?, ends_at: row.next()? })
    })
}
