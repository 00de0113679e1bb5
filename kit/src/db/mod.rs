//! The unit of work: `db.write(move |tx| …).await` on SQLite or PostgreSQL, with one set of statements.
//!
//! A unit is a plain closure that may be run more than once, so it does database work only: what must follow a commit
//! is an event or a job that the unit records, never code after the `.await` (a visitor who disconnects drops the
//! handler while the unit still commits). Units run off the async threads, one hop each.
//!
//! * SQLite: one writer thread puts many units into one transaction (group commit), in savepoints where one has refused what
//!   it had begun to write; readers have connections of their own and a snapshot each.
//! * PostgreSQL: a few threads, each with one connection; writes are SERIALIZABLE and run again when the server asks
//!   for it, reads are REPEATABLE READ READ ONLY.
//!
//! Statements are portable SQL (docs/sql.md): `$1` parameters, BYTEA, BIGINT and TEXT.

mod about;
mod batch;
mod catalog;
mod checkpoint;
mod error;
mod figures;
mod migration;
mod postgres;
mod scratch;
mod shared;
mod sqlite;
mod translate;
mod tx;
mod unit;
mod value;
mod wire;

pub use about::{About, about};
pub use catalog::{Table, tables};
pub use error::Error;
pub use figures::Figures;
pub use migration::{Migration, apply};
pub use scratch::Scratch;
pub use shared::Shared;
pub use tx::Tx;
pub use value::{Cell, FromCell, Row, Value, coded};

use crate::clock::Clock;
use crate::random::Random;
use crossbeam_channel::Sender;
use std::path::PathBuf;
use std::sync::Arc;
use tracing::Instrument;
use unit::{Mode, Pending, Unit};

/// Where the database is and how it is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:PATH` (an embedded file) or `postgres://USER:PASSWORD@HOST/NAME`.
    pub url: String,
    /// How many threads serve reads (SQLite) or everything (PostgreSQL).
    pub threads: usize,
    /// Overwrite deleted content with zeros and truncate the log (SQLite): for keys.
    pub secure_delete: bool,
    /// Only look: a file that is not there is not made, what lies beside it stays as it is, and no unit may write.
    pub read_only: bool,
}

impl Settings {
    /// The usual settings for this address: 4 readers for SQLite, 16 connections for PostgreSQL.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let threads = if url.starts_with("postgres") { 16 } else { 4 };
        Self { url, threads, secure_delete: false, read_only: false }
    }

    /// An embedded database in this file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(format!("sqlite:{}", path.into().display()))
    }

    /// The same with so many threads.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// The same with so many connections, where a server holds the data; an embedded database keeps its readers.
    pub fn connections(self, connections: usize) -> Self {
        if self.url.starts_with("postgres") { self.threads(connections) } else { self }
    }

    /// The same for looking only.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The same with deleted content overwritten.
    pub fn secure_delete(mut self) -> Self {
        self.secure_delete = true;
        self
    }
}

/// Which engine serves a [`Db`]. For figures and messages; no statement asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite in this process.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// A database. Clones share the same threads; these end with the last clone.
#[derive(Clone)]
pub struct Db(Arc<Threads>);

struct Threads {
    engine: Engine,
    reads: Sender<Box<dyn Unit>>,
    writes: Sender<Box<dyn Unit>>,
    figures: Arc<Figures>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.0.engine)
    }
}

impl Db {
    /// Opens the database and starts its threads. Blocks until a first connection stands.
    ///
    /// # Errors
    /// [`Error::Settings`] for an address of neither form, [`Error::Gone`] when no connection can be had,
    /// [`Error::Schema`] for a server that is too old.
    pub fn open(settings: &Settings, clock: Clock, random: Random) -> Result<Self, Error> {
        let url = settings.url.as_str();
        let figures = Arc::new(Figures::new());
        let threads = if let Some(path) = url.strip_prefix("sqlite:") {
            let (reads, writes) = sqlite::start(path.as_ref(), settings, &clock, &random, &figures)?;
            Threads { engine: Engine::Sqlite, reads, writes, figures }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let units = postgres::start(url, settings.threads, &clock, &random)?;
            Threads { engine: Engine::Postgres, reads: units.clone(), writes: units, figures }
        } else {
            return Err(Error::Settings("a database address begins with sqlite: or postgres://".into()));
        };
        Ok(Self(Arc::new(threads)))
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// What its threads have measured since it was opened.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// How many units wait for a thread now: to read, to write. PostgreSQL has one queue for both.
    pub fn queued(&self) -> (usize, usize) {
        (self.0.reads.len(), self.0.writes.len())
    }

    /// Runs a unit that may write. It is committed durably when this answers `Ok`.
    ///
    /// # Errors
    /// The unit's own error (nothing was written), or one of this module made into it. After
    /// [`Error::OutcomeUnknown`] the unit may or may not have been committed.
    pub async fn write<T, E>(&self, work: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = Pending::queue(Mode::Write, work, &self.0.figures);
        if self.0.writes.send(unit).is_err() {
            return Err(Error::Closed.into());
        }
        let answer = answer.instrument(tracing::trace_span!(target: "trace", "unit", mode = "write"));
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Runs a unit that only reads, on one snapshot.
    ///
    /// # Errors
    /// The unit's own error, or one of this module made into it.
    pub async fn read<T, E>(&self, work: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = Pending::queue(Mode::Read, work, &self.0.figures);
        if self.0.reads.send(unit).is_err() {
            return Err(Error::Closed.into());
        }
        let answer = answer.instrument(tracing::trace_span!(target: "trace", "unit", mode = "read"));
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Brings the schema to these steps, in their order, in one transaction. Answers the names newly applied.
    ///
    /// # Errors
    /// [`Error::Schema`] when an applied step was changed or is unknown here (the database is newer).
    pub async fn migrate(&self, steps: Vec<Migration>) -> Result<Vec<String>, Error> {
        // A process that starts at the same time makes the same tables; who comes second is refused once, and finds them.
        let (first, again) = (steps.clone(), move |tx: &mut Tx| apply(tx, &steps));
        match self.write(move |tx| apply(tx, &first)).await {
            Err(Error::Constraint(_) | Error::Engine(_)) => self.write(again).await,
            answer => answer,
        }
    }

    /// Refuses a schema that is older or newer than these steps, and says what to do.
    ///
    /// # Errors
    /// [`Error::Schema`].
    pub async fn check_schema(&self, steps: Vec<Migration>) -> Result<(), Error> {
        self.read(move |tx| migration::check(tx, &steps)).await
    }
}

#[cfg(test)]
mod tests;
