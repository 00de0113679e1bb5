//! From when which edition is in force.

use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::values;

/// A line of the schedule of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 1, 2, 3 … in the order of announcement.
    pub number: i64,
    /// Which edition.
    pub edition: String,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// Until when the public may comment; none for the first.
    pub comments_until: Option<Timestamp>,
    /// From when it is in force.
    pub effective_at: Timestamp,
    /// It was taken back before it took effect.
    pub withdrawn_at: Option<Timestamp>,
}

/// The schedule of one agreement, in the order of announcement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(Vec<Line>);

impl Calendar {
    /// All of it, what was withdrawn included.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, terms: &str) -> Result<Self, db::Error> {
        let sql = "SELECT number, edition, announced_at, comments_until, effective_at, withdrawn_at FROM terms_schedule \
             WHERE terms = $1 ORDER BY number";
        tx.all(sql, values![terms], line).map(Self)
    }

    /// All lines.
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    /// What holds at an instant: the last that has taken effect; by a clock that is behind the beginning, the first.
    pub fn in_force(&self, now: Timestamp) -> Option<&Line> {
        self.standing().take_while(|line| line.number == 1 || line.effective_at <= now).last()
    }

    /// What is announced and has not taken effect; there is one at most.
    pub fn coming(&self, now: Timestamp) -> Option<&Line> {
        self.standing().find(|line| line.number > 1 && line.effective_at > now)
    }

    /// The line of an edition, unless it was withdrawn.
    pub fn of(&self, edition: &str) -> Option<&Line> {
        self.standing().find(|line| line.edition == edition)
    }

    fn standing(&self) -> impl Iterator<Item = &Line> {
        self.0.iter().filter(|line| line.withdrawn_at.is_none())
    }
}

fn line(row: &mut Row<'_>) -> Result<Line, db::Error> {
    Ok(Line {
        number: row.next()?,
        edition: row.next()?,
        announced_at: row.next()?,
        comments_until: row.next()?,
        effective_at: row.next()?,
        withdrawn_at: row.next()?,
    })
}

/// Begins the schedule of what has none: nobody is bound by it before they accept it, so the newest edition holds at once.
///
/// # Errors
/// [`db::Error`].
pub fn found(tx: &mut Tx) -> Result<(), db::Error> {
    let now = tx.now();
    for terms in policy::TERMS {
        let sql = "INSERT INTO terms_schedule (terms, number, edition, announced_at, effective_at) \
             VALUES ($1, 1, $2, $3, $4) ON CONFLICT (terms, number) DO NOTHING";
        tx.execute(sql, values![terms.id, terms.newest().id, now, now])?;
    }
    Ok(())
}
