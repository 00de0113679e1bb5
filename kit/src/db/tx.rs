//! What a unit works with: one transaction, on either engine.

use super::{Error, Row, Value, postgres, sqlite};
use crate::clock::Clock;
use crate::id::Id;
use crate::random::Random;
use jiff::Timestamp;
use std::fmt::Write;

/// A transaction under way. After an error of the engine it is spent: each later call returns that error, and the
/// unit fails on both engines alike (PostgreSQL aborts the transaction, SQLite alone would go on).
pub struct Tx {
    pub(super) driver: Driver,
    clock: Clock,
    random: Random,
    now: Timestamp,
    failure: Option<Error>,
}

pub(super) enum Driver {
    Sqlite(sqlite::Driver),
    Postgres(Box<postgres::Driver>),
}

/// How many rows a multi-row INSERT takes, and keys an `IN`. Fixed sizes, so that the statements stay cached.
const BATCHES: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

impl Tx {
    pub(super) fn new(driver: Driver, clock: &Clock, random: &Random) -> Self {
        Self { driver, now: clock.now(), clock: clock.clone(), random: random.clone(), failure: None }
    }

    /// Makes ready for the next run of a unit.
    pub(super) fn renew(&mut self) {
        self.now = self.clock.now();
        self.failure = None;
    }

    pub(super) fn failure(&mut self) -> Option<Error> {
        self.failure.take()
    }

    /// The instant of this run: the same for all its statements, read anew when the unit is run again.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A fresh id for a row that only this unit knows of (an event, a job). Ids that a caller repeats with are made
    /// before the unit.
    pub fn id<T>(&mut self) -> Id<T> {
        Id::v7(self.now, &self.random)
    }

    /// `N` random bytes of this run.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        self.random.bytes()
    }

    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// [`Error`]; the transaction is spent then.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.run(sql, values)
    }

    fn run<'v>(&mut self, sql: &str, values: impl IntoIterator<Item = &'v Value>) -> Result<u64, Error> {
        self.alive()?;
        let result = match &mut self.driver {
            Driver::Sqlite(driver) => driver.execute(sql, values),
            Driver::Postgres(driver) => driver.execute(sql, values),
        };
        self.note(result)
    }

    /// All rows, read fully.
    ///
    /// # Errors
    /// [`Error`]; the transaction is spent then.
    pub fn all<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        mut map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.alive()?;
        let mut rows = Vec::new();
        let mut each = |row: &mut Row<'_>| map(row).map(|row| rows.push(row));
        let result = match &mut self.driver {
            Driver::Sqlite(driver) => driver.query(sql, values, &mut each),
            Driver::Postgres(driver) => driver.query(sql, values, &mut each),
        };
        self.note(result)?;
        Ok(rows)
    }

    /// Every row in turn, in constant memory, however many there are: for copies of whole tables. In no order. One walk at
    /// a time.
    ///
    /// # Errors
    /// [`Error`], also what `each` returns; the transaction is spent then.
    pub fn each(&mut self, sql: &str, mut each: impl FnMut(&mut Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.alive()?;
        let result = match &mut self.driver {
            Driver::Sqlite(driver) => driver.query(sql, &[], &mut each),
            Driver::Postgres(driver) => driver.walk(sql, &mut each),
        };
        self.note(result)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`Error`]; the transaction is spent then.
    pub fn first<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        Ok(self.all(sql, values, map)?.into_iter().next())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none (the transaction goes on), or another [`Error`].
    pub fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.first(sql, values, map)?.ok_or(Error::Missing)
    }

    /// Inserts many rows with few statements: `head` is `INSERT INTO t (a, b)`, `tail` may be `ON CONFLICT …`.
    /// All rows have as many values as the head has columns.
    ///
    /// # Errors
    /// [`Error`]; the transaction is spent then.
    pub fn insert(&mut self, head: &str, rows: &[Vec<Value>], tail: &str) -> Result<u64, Error> {
        let width = rows.first().map_or(0, Vec::len);
        let mut rest = rows;
        let mut changed = 0;
        while let Some(size) = BATCHES.into_iter().find(|&size| size <= rest.len()) {
            let (batch, later) = rest.split_at(size);
            changed += self.run(&multi_row(head, size, width, tail), batch.iter().flatten())?;
            rest = later;
        }
        Ok(changed)
    }

    /// The rows whose key is among these, with few statements: `sql` makes one of the placeholders in its `IN (…)`. An order holds
    /// within a statement.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub fn among<K: Copy + Into<Value>, T>(
        &mut self,
        keys: &[K],
        sql: impl Fn(&str) -> String,
        mut map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        for some in keys.chunks(BATCHES[0]) {
            // The last key stands for those that are missing.
            let size = some.len().next_power_of_two();
            let filled = (0..size).filter_map(|at| some.get(at).or(some.last()));
            let values: Vec<Value> = filled.map(|key| (*key).into()).collect();
            let places: Vec<_> = (1..=size).map(|place| format!("${place}")).collect();
            found.extend(self.all(&sql(&places.join(", ")), &values, &mut map)?);
        }
        Ok(found)
    }

    fn alive(&self) -> Result<(), Error> {
        self.failure.clone().map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.failure = Some(error.clone());
        }
        result
    }
}

fn multi_row(head: &str, rows: usize, width: usize, tail: &str) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push_str(", ");
            }
            write!(sql, "${}", row * width + column + 1).expect("memory takes text");
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}
