//! Where the lists of a kind lie, and every query that is the same for all kinds. A list is its holder's: another's is not there.

use super::Import;
use super::list::{Counts, State, Summary};
use crate::identity::account::Account;
use crate::web::{Error, Locale};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use policy::period;

/// How long what is kept of a list that is over can still be read.
const READABLE: SignedDuration = SignedDuration::from_hours(24);

/// Whose a list is: a company's, or somebody's of the operator.
pub type Holder = [u8; 16];

/// The tables of a kind of list. Their columns are those of `member_import` and `member_import_row`.
pub struct Shelf {
    /// The table of the lists.
    pub lists: &'static str,
    /// The table of their rows.
    pub rows: &'static str,
    /// The column of `lists` that says whose a list is.
    pub holder: &'static str,
    /// The kind of the job that carries one out. Payload: the list's id, and the round.
    pub job: &'static str,
    /// Records, in this unit, that a list has come to a state.
    pub record: fn(&mut Tx, Holder, Id<Import>, &'static str) -> Result<(), db::Error>,
}

const COLUMNS: &str = "SELECT id, account, state, reason, ignored, created_at, confirmed_at, next_at, over_at, ends_at, \
     forgotten_at, round FROM";

fn read(row: &mut Row<'_>) -> Result<Summary, db::Error> {
    Ok(Summary {
        id: row.next()?,
        account: row.next()?,
        state: State::of_code(&row.next::<String>()?),
        reason: row.next()?,
        counts: Counts::default(),
        ignored: row.next()?,
        created_at: row.next()?,
        confirmed_at: row.next()?,
        next_at: row.next()?,
        over_at: row.next()?,
        ends_at: row.next()?,
        forgotten_at: row.next()?,
        round: row.next()?,
    })
}

impl Shelf {
    fn counted(&self, tx: &mut Tx, mut list: Summary) -> Result<Summary, db::Error> {
        let sql = format!("SELECT outcome, count(*) FROM {} WHERE import = $1 GROUP BY outcome", self.rows);
        for (outcome, count) in tx.all(&sql, values![list.id], |row| Ok((row.next::<String>()?, row.next::<i64>()?)))? {
            *list.counts.of(&outcome) = count;
        }
        Ok(list)
    }

    /// A holder's lists, the newest first.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn all(&self, tx: &mut Tx, holder: Holder) -> Result<Vec<Summary>, db::Error> {
        let Self { lists, holder: column, .. } = self;
        let sql = format!("{COLUMNS} {lists} WHERE {column} = $1 ORDER BY created_at DESC, id DESC LIMIT 20");
        let found = tx.all(&sql, values![holder], read)?;
        found.into_iter().map(|list| self.counted(tx, list)).collect()
    }

    /// One of a holder's.
    ///
    /// # Errors
    /// 404.
    pub fn find(&self, tx: &mut Tx, holder: Holder, id: Id<Import>) -> Result<Summary, Error> {
        let sql = format!("{COLUMNS} {} WHERE {} = $1 AND id = $2", self.lists, self.holder);
        let list = tx.first(&sql, values![holder, id], read)?.ok_or_else(Error::not_found)?;
        Ok(self.counted(tx, list)?)
    }

    /// One, whose it is, and in which language it was handed in: for the job.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of_job(&self, tx: &mut Tx, id: Id<Import>) -> Result<Option<(Summary, Holder, Locale)>, db::Error> {
        let Some(list) = tx.first(&format!("{COLUMNS} {} WHERE id = $1", self.lists), values![id], read)? else {
            return Ok(None);
        };
        let sql = format!("SELECT {}, locale FROM {} WHERE id = $1", self.holder, self.lists);
        let read = |row: &mut Row<'_>| Ok((row.next()?, row.next::<String>()?));
        let (holder, locale): (Holder, String) = tx.one(&sql, values![id], read)?;
        Ok(Some((list, holder, Locale::of(&locale).unwrap_or_default())))
    }

    /// Stores a list to be looked at, with what `fill` puts into it; one that waits for a word makes room for it. Handed in twice
    /// it is one.
    ///
    /// # Errors
    /// 404 when the id is another holder's; 409 `import-running` while one is carried out.
    pub fn hand_in(
        &self,
        tx: &mut Tx,
        (holder, account): (Holder, Id<Account>),
        (id, locale, ignored): (Id<Import>, Locale, i64),
        fill: impl FnOnce(&mut Tx) -> Result<(), Error>,
    ) -> Result<Summary, Error> {
        let now = tx.now();
        for other in self.all(tx, holder)?.into_iter().filter(Summary::is_open) {
            match other.state {
                _ if other.id == id => {}
                State::Running => return Err(Error::conflict("import-running")),
                _ => self.end(tx, &other, holder, State::Stopped, Some("replaced"))?,
            }
        }
        let ends = now.checked_add(SignedDuration::from_hours(period::ROSTER.hours())).unwrap_or(now);
        let sql = format!(
            "INSERT INTO {} (id, {}, account, state, locale, ignored, round, created_at, ends_at) \
             VALUES ($1, $2, $3, 'ready', $4, $5, 0, $6, $7) ON CONFLICT (id) DO NOTHING",
            self.lists, self.holder
        );
        if tx.execute(&sql, values![id, holder, account, locale.tag(), ignored, now, ends])? == 1 {
            fill(tx)?;
            (self.record)(tx, holder, id, State::Ready.code())?;
        }
        self.find(tx, holder, id)
    }

    /// The word: a job carries it out from now on, in the name of who gave it. Given twice it is one.
    ///
    /// # Errors
    /// 404; 409 `import-over`.
    pub fn confirm(
        &self,
        tx: &mut Tx,
        (holder, account): (Holder, Id<Account>),
        id: Id<Import>,
    ) -> Result<Summary, Error> {
        let list = self.find(tx, holder, id)?;
        let now: Timestamp = tx.now();
        match list.state {
            State::Running | State::Done => return Ok(list),
            State::Stopped | State::Halted => return Err(Error::conflict("import-over")),
            State::Ready if list.ends_at <= now || list.forgotten_at.is_some() => {
                return Err(Error::conflict("import-over"));
            }
            State::Ready => {}
        }
        let sql = format!(
            "UPDATE {} SET state = 'running', account = $1, confirmed_at = $2, round = round + 1 \
             WHERE id = $3 AND state = 'ready'",
            self.lists
        );
        tx.execute(&sql, values![account, now, id])?;
        (self.record)(tx, holder, id, State::Running.code())?;
        super::carry::enqueue(tx, self, id, list.round + 1, now)?;
        self.find(tx, holder, id)
    }

    /// Ends one that is open: rows that have not had their turn are left. What is kept of it can be read for a day more.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn end(
        &self,
        tx: &mut Tx,
        list: &Summary,
        holder: Holder,
        state: State,
        reason: Option<&'static str>,
    ) -> Result<(), db::Error> {
        let now = tx.now();
        let ends = now.checked_add(READABLE).unwrap_or(now).min(list.ends_at);
        let sql = format!(
            "UPDATE {} SET state = $1, reason = $2, over_at = $3, ends_at = $4, next_at = NULL \
             WHERE id = $5 AND state IN ('ready', 'running')",
            self.lists
        );
        if tx.execute(&sql, values![state.code(), reason, now, ends, list.id])? == 1 {
            let sql = format!("UPDATE {} SET outcome = 'left' WHERE import = $1 AND outcome = 'waiting'", self.rows);
            tx.execute(&sql, values![list.id])?;
            (self.record)(tx, holder, list.id, state.code())?;
        }
        Ok(())
    }

    /// A limit makes it wait until then; another job goes on.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn wait(&self, tx: &mut Tx, list: &Summary, seconds: i64) -> Result<(), db::Error> {
        let now = tx.now();
        let at = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
        let sql = format!("UPDATE {} SET next_at = $1, round = round + 1 WHERE id = $2", self.lists);
        tx.execute(&sql, values![at, list.id])?;
        super::carry::enqueue(tx, self, list.id, list.round + 1, at)
    }

    /// What is kept of it goes now, and not when its time is over.
    ///
    /// # Errors
    /// 404; 409 `import-running`.
    pub fn give_up(&self, tx: &mut Tx, holder: Holder, id: Id<Import>) -> Result<(), Error> {
        let list = self.find(tx, holder, id)?;
        match list.state {
            State::Running => return Err(Error::conflict("import-running")),
            State::Ready => self.end(tx, &list, holder, State::Stopped, Some("stopped"))?,
            _ => {}
        }
        Ok(self.hurry(tx, id)?)
    }

    /// Stops one that is carried out; what is done stays. Twice is once.
    ///
    /// # Errors
    /// 404.
    pub fn stop(&self, tx: &mut Tx, holder: Holder, id: Id<Import>) -> Result<(), Error> {
        let list = self.find(tx, holder, id)?;
        Ok(self.end(tx, &list, holder, State::Stopped, Some("stopped"))?)
    }

    /// All of a holder's end for a reason, and what is kept of them goes.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn end_all(&self, tx: &mut Tx, holder: Holder, reason: &'static str) -> Result<(), db::Error> {
        for list in self.all(tx, holder)? {
            if list.is_open() {
                self.end(tx, &list, holder, State::Halted, Some(reason))?;
            }
            self.hurry(tx, list.id)?;
        }
        Ok(())
    }

    fn hurry(&self, tx: &mut Tx, id: Id<Import>) -> Result<(), db::Error> {
        let now = tx.now();
        let sql =
            format!("UPDATE {} SET ends_at = $1 WHERE id = $2 AND forgotten_at IS NULL AND ends_at > $1", self.lists);
        tx.execute(&sql, values![now, id]).map(drop)
    }

    /// Stores a row's outcome, in the unit that did it.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn outcome(&self, tx: &mut Tx, id: Id<Import>, number: i64, outcome: &str, why: &str) -> Result<(), db::Error> {
        let sql = format!("UPDATE {} SET outcome = $1, why = $2 WHERE import = $3 AND number = $4", self.rows);
        tx.execute(&sql, values![outcome, why, id, number]).map(drop)
    }

    /// A row's address stands somewhere else now, or nowhere.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn without_address(&self, tx: &mut Tx, id: Id<Import>, number: i64) -> Result<(), db::Error> {
        let sql = format!(
            "UPDATE {} SET subject = NULL, email = NULL, email_index = NULL WHERE import = $1 AND number = $2",
            self.rows
        );
        tx.execute(&sql, values![id, number]).map(drop)
    }
}
