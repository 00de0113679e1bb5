//! SQLite: one writer thread with group commit, several readers.

use super::batch;
use super::checkpoint::{self, LOG};
use super::tx::Driver as AnyDriver;
use super::unit::{Run, Unit};
use super::{Cell, Error, Figures, Row, Settings, Tx, Value};
use crate::clock::Clock;
use crate::random::Random;
use crossbeam_channel::{Sender, unbounded};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// Where units to read and units to write are sent.
type Queues = (Sender<Box<dyn Unit>>, Sender<Box<dyn Unit>>);

/// Opens the file, starts one writer and `settings.threads` readers, and answers where to send units.
pub(super) fn start(
    path: &Path,
    settings: &Settings,
    clock: &Clock,
    random: &Random,
    figures: &Arc<Figures>,
) -> Result<Queues, Error> {
    let figures = figures.clone();
    // To who only looks nobody is there to write: such units are told that the database is closed.
    let (writes, to_write) = unbounded::<Box<dyn Unit>>();
    if !settings.read_only {
        let mut writer = Tx::new(AnyDriver::Sqlite(Driver::writer(path, settings.secure_delete)?), clock, random);
        spawn("sqlite-write", move || {
            let mut apart = batch::Countdown::default();
            while let Ok(first) = to_write.recv() {
                batch::write(&mut writer, first, &to_write, &figures, &mut apart);
            }
        })?;
    }
    let (reads, to_read) = unbounded::<Box<dyn Unit>>();
    for _ in 0..settings.threads.max(1) {
        let mut reader = Tx::new(
            AnyDriver::Sqlite(if settings.read_only { Driver::onlooker(path) } else { Driver::reader(path) }?),
            clock,
            random,
        );
        let to_read = to_read.clone();
        spawn("sqlite-read", move || {
            while let Ok(unit) = to_read.recv() {
                read_one(&mut reader, unit);
            }
        })?;
    }
    Ok((reads, writes))
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let builder = thread::Builder::new().name(name.into());
    builder.spawn(run).map(drop).map_err(|e| Error::Gone(e.to_string()))
}

fn read_one(tx: &mut Tx, mut unit: Box<dyn Unit>) {
    if let Err(error) = control(tx, "BEGIN") {
        return unit.fail(error);
    }
    let run = unit.run(tx);
    let closed = control(tx, "ROLLBACK");
    match (run, closed) {
        (Run::Failed(error), _) => unit.fail(error),
        (_, Err(error)) => unit.fail(error),
        _ => unit.answer(),
    }
}

pub(super) fn driver(tx: &mut Tx) -> &mut Driver {
    match &mut tx.driver {
        AnyDriver::Sqlite(driver) => driver,
        AnyDriver::Postgres(_) => unreachable!("a thread of this module owns a SQLite connection"),
    }
}

pub(super) fn control(tx: &mut Tx, sql: &'static str) -> Result<(), Error> {
    let connection = &driver(tx).connection;
    let mut statement = connection.prepare_cached(sql).map_err(|e| cause(&e))?;
    statement.execute([]).map(drop).map_err(|e| match (sql, cause(&e)) {
        ("COMMIT", Error::Gone(why)) => Error::OutcomeUnknown(why),
        (_, error) => error,
    })
}

/// One connection and its statements.
pub(super) struct Driver {
    connection: Connection,
    /// `$n` is only a *name* to SQLite, numbered by first appearance; `?n` is a position.
    rewritten: HashMap<Box<str>, Box<str>>,
    /// Deleted content leaves the file and the log at once.
    forgets: bool,
    /// Something was deleted or changed, and the log still has what it was.
    changed: bool,
    /// How many statements ran that change something else than rows.
    shaped: u64,
}

impl Driver {
    fn writer(path: &Path, secure_delete: bool) -> Result<Self, Error> {
        let mut connection = Connection::open(path).map_err(|e| cause(&e))?;
        let secure = if secure_delete { "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 0;" } else { "" };
        let pragmas = format!(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; \
             PRAGMA wal_autocheckpoint = {LOG}; {secure}"
        );
        connection.execute_batch(&pragmas).map_err(|e| cause(&e))?;
        let durable: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(|e| cause(&e))?;
        assert_eq!(durable, 2, "SQLite commits durably");
        // What is to be forgotten leaves the log with each commit ([`Driver::forget`]).
        if !secure_delete {
            checkpoint::beside(&mut connection, path).map_err(|e| cause(&e))?;
        }
        Ok(Self { forgets: secure_delete, ..Self::new(connection)? })
    }

    /// The file is not mapped: SQLite takes the map down whenever somebody has written, and beside a busy writer that costs
    /// more than the copies that a map saves.
    fn reader(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| cause(&e))?;
        let pragmas = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -8000; \
                       PRAGMA temp_store = MEMORY;";
        connection.execute_batch(pragmas).map_err(|e| cause(&e))?;
        Self::new(connection)
    }

    /// Leaves the file and what lies beside it as they are. Without a log nobody has it open, and it can be read as it
    /// stands; with one it is read beside whoever writes, or after a crash, and the log stays where it is.
    fn onlooker(path: &Path) -> Result<Self, Error> {
        let has_log = Path::new(&format!("{}-wal", path.display())).exists();
        let connection = if has_log {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags).map_err(|e| cause(&e))?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(|e| cause(&e))?;
            connection
        } else {
            let name = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(format!("file:{name}?immutable=1"), flags).map_err(|e| cause(&e))?
        };
        connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;").map_err(|e| cause(&e))?;
        Self::new(connection)
    }

    /// A plan does not depend on the values that are bound. Otherwise SQLite looks at some of them while it plans, and plans
    /// anew each time that they change: who is signed in was parsed once a request.
    fn new(connection: Connection) -> Result<Self, Error> {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| cause(&e))?;
        connection.set_prepared_statement_cache_capacity(512);
        Ok(Self { connection, rewritten: HashMap::new(), forgets: false, changed: false, shaped: 0 })
    }

    /// A number that has grown if, and only if, something was changed meanwhile. SQLite counts rows.
    pub fn changes(&self) -> u64 {
        self.connection.total_changes() + self.shaped
    }

    /// Whether a transaction is under way.
    pub fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Empties the log of what was deleted: it has the pages as they were before. Where a reader still looks at them, the
    /// next commit tries again.
    pub fn forget(&mut self) {
        if self.changed {
            let emptied = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
            self.changed = !matches!(emptied, Ok(0));
            if self.changed {
                tracing::warn!(?emptied, "deleted keys are still in the database's log; the next commit empties it");
            }
        }
    }

    pub fn execute<'v>(&mut self, sql: &str, values: impl IntoIterator<Item = &'v Value>) -> Result<u64, Error> {
        self.changed |= self.forgets && !sql.starts_with("INSERT");
        self.shaped += u64::from(!["INSERT", "UPDATE", "DELETE"].iter().any(|word| sql.starts_with(word)));
        let mut statement = prepare(&self.connection, &mut self.rewritten, sql)?;
        let changed = statement.execute(rusqlite::params_from_iter(values)).map_err(|e| cause(&e))?;
        Ok(changed as u64)
    }

    pub fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(&mut Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut statement = prepare(&self.connection, &mut self.rewritten, sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(|e| cause(&e))?;
        while let Some(row) = rows.next().map_err(|e| cause(&e))? {
            let cells = |index: usize| match row.get_ref(index).map_err(|e| cause(&e))? {
                ValueRef::Null => Ok(Cell::Null),
                ValueRef::Integer(number) => Ok(Cell::Int(number)),
                ValueRef::Text(text) => {
                    Ok(Cell::Text(std::str::from_utf8(text).map_err(|_| Error::Engine("TEXT is not UTF-8".into()))?))
                }
                ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes)),
                ValueRef::Real(_) => Err(Error::Engine("REAL is not a type of ours".into())),
            };
            each(&mut Row::new(&cells))?;
        }
        Ok(())
    }
}

fn prepare<'c>(
    connection: &'c Connection,
    rewritten: &mut HashMap<Box<str>, Box<str>>,
    sql: &str,
) -> Result<rusqlite::CachedStatement<'c>, Error> {
    if !rewritten.contains_key(sql) {
        if rewritten.len() >= 1024 {
            rewritten.clear();
        }
        rewritten.insert(sql.into(), sql.replace('$', "?").into());
    }
    connection.prepare_cached(&rewritten[sql]).map_err(|e| cause(&e))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn cause(error: &rusqlite::Error) -> Error {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Error::Constraint(text),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy(text),
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::DatabaseCorrupt) => Error::Gone(text),
        _ => Error::Engine(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_planned_once_whatever_is_bound() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut driver = Driver::writer(&dir.path().join("data.db"), false).expect("a connection");
        driver.execute("CREATE TABLE session (token BYTEA UNIQUE, ends BIGINT)", &[]).expect("a table");
        driver.execute("CREATE INDEX session_by_end ON session (ends)", &[]).expect("an index");
        let sql = "SELECT token FROM session WHERE token = $1 AND ends > $2";
        for number in 0..3_u8 {
            let values = [Value::Bytes(vec![number]), Value::Int(number.into())];
            driver.query(sql, &values, &mut |_| Ok(())).expect("no row");
        }
        let statement = prepare(&driver.connection, &mut driver.rewritten, sql).expect("the cached statement");
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        assert_eq!(statement.get_status(StatementStatus::Run), 3);
    }
}
