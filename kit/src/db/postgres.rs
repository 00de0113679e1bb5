//! PostgreSQL: a few threads, each with one connection; serialisable writes, run again when the server asks for it.
//!
//! A connection ([`Wire`]) blocks while it waits, so it is used and dropped on these plain threads only. The beginning of a
//! transaction goes to the server together with its first statement, if that one only reads; the end of one that only read
//! is not waited for. A read of one statement is then one way there and back.

use super::translate::{cause, describe, references, typed};
use super::tx::Driver as AnyDriver;
use super::unit::{Mode, Run, Unit};
use super::wire::{Failure, Wire};
use super::{Cell, Error, Row, Tx, Value};
use crate::clock::Clock;
use crate::random::Random;
use crossbeam_channel::{Sender, unbounded};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::Duration;
use tokio_postgres::{Config, Statement};

/// How often a unit is run again before its caller is told that the database is busy.
const RUNS: u32 = 10;

/// How often a writing unit is run beside others before it gets the process's turn to write for itself.
const RUNS_BESIDE: u32 = 2;

/// The oldest server version this program is tested with.
const OLDEST: i64 = 150_000;

/// Connects once, then starts `threads` threads. Answers where to send units.
pub(super) fn start(url: &str, threads: usize, clock: &Clock, random: &Random) -> Result<Sender<Box<dyn Unit>>, Error> {
    let mut config: Config = url.parse().map_err(|e: tokio_postgres::Error| Error::Settings(e.to_string()))?;
    config.application_name("ziyun").connect_timeout(Duration::from_secs(5));
    let (units, queue) = unbounded::<Box<dyn Unit>>();
    let (ready, first) = std::sync::mpsc::channel();
    let turn = Arc::new(RwLock::new(()));
    for _ in 0..threads.max(1) {
        let mut tx = Tx::new(AnyDriver::Postgres(Box::new(Driver::new(config.clone()))), clock, random);
        let (queue, ready, turn) = (queue.clone(), ready.clone(), turn.clone());
        let run = move || {
            drop(ready.send(driver(&mut tx).client().map(drop)));
            while let Ok(unit) = queue.recv() {
                serve(&mut tx, unit, &turn);
            }
        };
        thread::Builder::new().name("postgres".into()).spawn(run).map_err(|e| Error::Gone(e.to_string()))?;
    }
    first.recv().unwrap_or(Err(Error::Closed))?;
    Ok(units)
}

fn serve(tx: &mut Tx, mut unit: Box<dyn Unit>, turn: &RwLock<()>) {
    let (mut why, mut before) = (String::new(), Before::default());
    for run in 0..RUNS {
        if run > 0 {
            let jitter = u64::from(u16::from_le_bytes(tx.random())) % (2 << run);
            thread::sleep(Duration::from_millis(jitter));
        }
        match in_turn(tx, unit.as_mut(), run, &mut before, turn) {
            Ok(()) => return unit.answer(),
            Err(Error::Again(text)) => why = text,
            Err(Error::Gone(text)) if !before.lost => {
                driver(tx).forget();
                (why, before.lost) = (text, true);
            }
            Err(error) => {
                if matches!(error, Error::Gone(_) | Error::OutcomeUnknown(_)) {
                    driver(tx).forget();
                }
                return unit.fail(error);
            }
        }
    }
    unit.fail(Error::Busy(why));
}

/// What has happened to a unit once already, and is believed the second time.
#[derive(Default)]
struct Before {
    collided: bool,
    lost: bool,
}

/// Writers run side by side. The server refuses some of those that read what others wrote beside them; a page of a small
/// index is enough. One that was refused [`RUNS_BESIDE`] times waits until no other writer of this process is under way
/// and runs alone, so that it gets through however many compete.
fn in_turn(tx: &mut Tx, unit: &mut dyn Unit, run: u32, before: &mut Before, turn: &RwLock<()>) -> Result<(), Error> {
    match (unit.mode(), run) {
        (Mode::Read, _) => once(tx, unit, before),
        (Mode::Write, ..RUNS_BESIDE) => {
            let _beside = turn.read().unwrap_or_else(PoisonError::into_inner);
            once(tx, unit, before)
        }
        (Mode::Write, _) => {
            let _alone = turn.write().unwrap_or_else(PoisonError::into_inner);
            once(tx, unit, before)
        }
    }
}

/// One transaction. `Ok` means that the unit's result stands, be it committed or refused and rolled back.
///
/// Of two that look for a row, find none and insert it, the server may tell the second of the constraint before it notices
/// that they cannot both be right (PostgreSQL's manual, 13.5). So a collision is believed when it happens again: then the
/// unit has seen the other's row.
fn once(tx: &mut Tx, unit: &mut dyn Unit, before: &mut Before) -> Result<(), Error> {
    let mode = unit.mode();
    driver(tx).begin(mode);
    match unit.run(tx) {
        Run::Done if mode == Mode::Write => driver(tx).commit(),
        Run::Collided if !before.collided => {
            before.collided = true;
            driver(tx).undo(mode)?;
            Err(Error::Again("a row of another unit".into()))
        }
        Run::Done | Run::Refused | Run::Collided => driver(tx).undo(mode),
        Run::Failed(error) => {
            if !matches!(error, Error::Gone(_)) {
                driver(tx).undo(mode)?;
            }
            Err(error)
        }
    }
}

fn driver(tx: &mut Tx) -> &mut Driver {
    match &mut tx.driver {
        AnyDriver::Postgres(driver) => driver,
        AnyDriver::Sqlite(_) => unreachable!("a thread of this module owns a PostgreSQL connection"),
    }
}

/// One statement outside any transaction, on a connection of its own.
pub(super) fn alone(url: &str, statement: &str) -> Result<(), Error> {
    let mut config: Config = url.parse().map_err(|e: tokio_postgres::Error| Error::Settings(e.to_string()))?;
    config.application_name("ziyun").connect_timeout(Duration::from_secs(5));
    let mut open = connect(&config)?;
    open.wire.batch(statement).map_err(|e| Error::Engine(describe(&e)))
}

/// One connection, made when first needed and again after it was lost, and its prepared statements.
pub(super) struct Driver {
    config: Config,
    open: Option<Open>,
    transaction: Transaction,
}

/// How far the transaction of a unit has come.
#[derive(Clone, Copy)]
enum Transaction {
    /// There is none.
    Ended,
    /// The first statement begins it, so.
    Wanted(&'static str),
    /// The server was told.
    Begun,
}

struct Open {
    wire: Wire,
    /// What has been asked, and, from the second time on, as what the server keeps it: to have it planned apart costs a way there
    /// and back.
    prepared: HashMap<Box<str>, Option<Statement>>,
}

impl Driver {
    fn new(config: Config) -> Self {
        Self { config, open: None, transaction: Transaction::Ended }
    }

    fn client(&mut self) -> Result<&mut Open, Error> {
        if self.open.is_none() {
            self.open = Some(connect(&self.config)?);
        }
        Ok(self.open.as_mut().expect("just connected"))
    }

    fn forget(&mut self) {
        (self.open, self.transaction) = (None, Transaction::Ended);
    }

    /// The next statement is the first of a transaction.
    fn begin(&mut self, mode: Mode) {
        self.transaction = Transaction::Wanted(match mode {
            Mode::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        });
    }

    fn commit(&mut self) -> Result<(), Error> {
        if !self.end() {
            return Ok(());
        }
        self.client()?.wire.batch("COMMIT").map_err(|e| match cause(&e) {
            Error::Gone(why) => Error::OutcomeUnknown(why),
            other => other,
        })
    }

    /// Of one that only read nobody needs to know when the server has forgotten it.
    fn undo(&mut self, mode: Mode) -> Result<(), Error> {
        if !self.end() {
            return Ok(());
        }
        let wire = &mut self.client()?.wire;
        match mode {
            Mode::Read => {
                wire.send("ROLLBACK");
                Ok(())
            }
            Mode::Write => wire.batch("ROLLBACK").map_err(|e| cause(&e)),
        }
    }

    /// Answers whether the server was told of a transaction, which the caller ends.
    fn end(&mut self) -> bool {
        matches!(std::mem::replace(&mut self.transaction, Transaction::Ended), Transaction::Begun)
    }

    /// What is to be sent before the next statement.
    fn opening(&mut self) -> Option<&'static str> {
        match self.transaction {
            Transaction::Wanted(begin) => {
                self.transaction = Transaction::Begun;
                Some(begin)
            }
            Transaction::Begun | Transaction::Ended => None,
        }
    }

    /// A statement without parameters or rows.
    fn control(&mut self, sql: &str) -> Result<(), Error> {
        let opening = self.opening();
        let wire = &mut self.client()?.wire;
        opening.map_or(Ok(()), |begin| wire.batch(begin)).and_then(|()| wire.batch(sql)).map_err(|e| cause(&e))
    }

    pub fn execute<'v>(&mut self, sql: &str, values: impl IntoIterator<Item = &'v Value>) -> Result<u64, Error> {
        let opening = self.opening();
        let open = self.client()?;
        // Not together: were the beginning refused, the statement would stand by itself.
        opening.map_or(Ok(()), |begin| open.wire.batch(begin)).map_err(|e| cause(&e))?;
        let changed = match open.known(sql)? {
            Some(statement) => open.wire.execute(&statement, &references(values)),
            None => open.wire.execute_once(sql, &typed(values)),
        };
        changed.map_err(|e| cause(&e))
    }

    pub fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(&mut Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let opening = self.opening();
        let open = self.client()?;
        let statement = open.known(sql)?;
        let together = opening.filter(|_| sql.starts_with("SELECT"));
        if let (Some(begin), None) = (opening, together) {
            open.wire.batch(begin).map_err(|e| cause(&e))?;
        }
        let rows = match (&statement, together) {
            (Some(statement), Some(begin)) => open.wire.query_after(begin, statement, &references(values)),
            (Some(statement), None) => open.wire.query(statement, &references(values)),
            (None, Some(begin)) => open.wire.query_once_after(begin, sql, &typed(values)),
            (None, None) => open.wire.query_once(sql, &typed(values)),
        };
        for row in rows.map_err(|e| cause(&e))? {
            let cells = |index: usize| row.try_get::<_, Cell<'_>>(index).map_err(|e| cause(&e));
            each(&mut Row::new(&cells))?;
        }
        Ok(())
    }
}

/// How many rows of a walk are in memory at a time.
const WALKED: usize = 500;

impl Driver {
    /// By a cursor of this transaction.
    pub fn walk(&mut self, sql: &str, each: &mut dyn FnMut(&mut Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.control(&format!("DECLARE walk NO SCROLL CURSOR FOR {sql}"))?;
        loop {
            // Not prepared for good: the next walk's rows have other columns.
            let fetch = format!("FETCH FORWARD {WALKED} FROM walk");
            let rows = self.client()?.wire.query_once(&fetch, &[]).map_err(|e| cause(&e))?;
            for row in &rows {
                let cells = |index: usize| row.try_get::<_, Cell<'_>>(index).map_err(|e| cause(&e));
                each(&mut Row::new(&cells))?;
            }
            if rows.len() < WALKED {
                return self.control("CLOSE walk");
            }
        }
    }
}

impl Open {
    /// The statement as the server keeps it; none the first time.
    fn known(&mut self, sql: &str) -> Result<Option<Statement>, Error> {
        match self.prepared.get_mut(sql) {
            Some(Some(statement)) => Ok(Some(statement.clone())),
            Some(again) => Ok(again.insert(self.wire.prepare(sql).map_err(|e| cause(&e))?).clone().into()),
            None => {
                if self.prepared.len() >= 512 {
                    self.prepared.clear();
                }
                self.prepared.insert(sql.into(), None);
                Ok(None)
            }
        }
    }
}

/// Of each connection. What the server flushes is on its disk when it acknowledges, whatever is the default of the server,
/// the database or the role; where standbys are to have applied it too, that stays.
const SESSION: &str = "SELECT set_config('synchronous_commit', 'on', false) \
                       WHERE current_setting('synchronous_commit') <> 'remote_apply'; \
                       SET TIME ZONE 'UTC'";

fn connect(config: &Config) -> Result<Open, Error> {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Settings(e.to_string()))?
        .with_root_certificates(system_roots())
        .with_no_client_auth();
    let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
    let mut wire = Wire::connect(config, tls).map_err(|failure| match failure {
        Failure::Runtime(e) => Error::Gone(e.to_string()),
        Failure::Server(e) => Error::Gone(describe(&e)),
    })?;
    let version =
        wire.query_once("SELECT current_setting('server_version_num')::BIGINT", &[]).map_err(|e| cause(&e))?;
    if version.first().is_none_or(|row| row.get::<_, i64>(0) < OLDEST) {
        return Err(Error::Schema("PostgreSQL 15 or newer is needed".into()));
    }
    wire.batch(SESSION).map_err(|e| cause(&e))?;
    Ok(Open { wire, prepared: HashMap::new() })
}

/// The certificate authorities that the operating system trusts, from the file Debian and its kin keep them in. Read once a
/// process, not for each connection: what is changed there is seen after a restart.
fn system_roots() -> Arc<rustls::RootCertStore> {
    static ROOTS: OnceLock<Arc<rustls::RootCertStore>> = OnceLock::new();
    ROOTS.get_or_init(|| Arc::new(read_roots())).clone()
}

fn read_roots() -> rustls::RootCertStore {
    let mut roots = rustls::RootCertStore::empty();
    let pem = std::fs::read("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    let certificates = rustls::pki_types::pem::PemObject::pem_slice_iter(&pem);
    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    roots
}
