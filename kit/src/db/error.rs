//! What can go wrong between a unit and the engine.

use thiserror::Error;

/// A failure of the database or of its use. The text is for the log; people are shown a code.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// A statement that must find one row found none.
    #[error("no row where one was expected")]
    Missing,
    /// A rule of the schema refused the row. Expected conflicts are written `ON CONFLICT DO NOTHING` instead.
    #[error("constraint: {0}")]
    Constraint(String),
    /// Too many units compete, or another process holds the file; the unit was not committed and may be repeated.
    #[error("busy: {0}")]
    Busy(String),
    /// The connection broke, or the disk failed, while the commit was under way.
    #[error("the outcome of the commit is unknown: {0}")]
    OutcomeUnknown(String),
    /// The disk has no room. Nothing was committed.
    #[error("the disk is full")]
    Full,
    /// No connection can be had.
    #[error("no connection: {0}")]
    Gone(String),
    /// The schema does not fit this program.
    #[error("{0}")]
    Schema(String),
    /// The settings make no sense.
    #[error("{0}")]
    Settings(String),
    /// A column does not hold what the row's reader expects.
    #[error("column {index} of the row: {found} where {expected} was expected")]
    Column {
        /// Position in the SELECT list, from 0.
        index: usize,
        /// What the reader asked for.
        expected: &'static str,
        /// What the column holds.
        found: &'static str,
    },
    /// The unit panicked; nothing of it was written.
    #[error("the unit panicked")]
    Panicked,
    /// The database's threads have ended.
    #[error("the database is closed")]
    Closed,
    /// Anything else that the engine says: a fault of the statement.
    #[error("engine: {0}")]
    Engine(String),
    /// The server asks for the unit to be run again (serialisation failure, deadlock). Never leaves this module.
    #[error("to be run again: {0}")]
    Again(String),
}

impl Error {
    /// Whether the same request may simply be made again, later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Full | Self::Gone(_) | Self::Again(_) | Self::Closed)
    }
}
