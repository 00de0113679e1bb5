//! Inserting rows durably with a bare driver: one commit each, or one commit for all that wait.

use super::store::CONNECTIONS;
use crossbeam_channel::{Receiver, Sender};
use postgres::{Client, NoTls};
use rusqlite::Connection;
use tokio::sync::oneshot;

/// The table, here and in a unit of the program's.
pub const TABLE: &str = "CREATE TABLE measured (id BYTEA PRIMARY KEY, company BYTEA NOT NULL, at BIGINT NOT NULL, \
     body BYTEA NOT NULL)";

/// The statement, here and in a unit of the program's.
pub const INSERT: &str = "INSERT INTO measured (id, company, at, body) VALUES ($1, $2, $3, $4)";

/// A row of 200 to 4,000 bytes.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its id.
    pub id: [u8; 16],
    /// Whose it is.
    pub company: [u8; 16],
    /// When.
    pub at: i64,
    /// The rest.
    pub body: Vec<u8>,
}

type Waiting = (Measured, oneshot::Sender<()>);

/// Threads that insert. They end with the last clone.
#[derive(Clone)]
pub struct Writer(Sender<Waiting>);

impl Writer {
    /// Opens the database, which has the table. On SQLite there is one thread, and `together` rows at most are
    /// committed at once; on PostgreSQL as many connections as the program has, each committing row by row, and the
    /// server flushes for several at once by itself.
    ///
    /// # Panics
    /// When the database cannot be reached or would not commit durably.
    pub fn open(url: &str, together: usize) -> Self {
        let (rows, queue) = crossbeam_channel::unbounded();
        if let Some(path) = url.strip_prefix("sqlite:") {
            let connection = open_file(path);
            std::thread::spawn(move || by_file(&connection, &queue, together));
        } else {
            for _ in 0..CONNECTIONS {
                let (client, queue) = (open_server(url), queue.clone());
                std::thread::spawn(move || by_server(client, &queue));
            }
        }
        Self(rows)
    }

    /// Inserts a row; it is durable afterwards.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn insert(&self, row: Measured) {
        let (done, answer) = oneshot::channel();
        self.0.send((row, done)).expect("the threads are there");
        answer.await.expect("the row is inserted");
    }
}

/// A connection that commits durably.
pub fn open_file(path: &str) -> Connection {
    let connection = Connection::open(path).expect("the file opens");
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;";
    connection.execute_batch(settings).expect("settings");
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("an answer");
    assert_eq!(synchronous, 2, "SQLite commits durably");
    connection
}

fn by_file(connection: &Connection, queue: &Receiver<Waiting>, together: usize) {
    let control = |sql| connection.prepare_cached(sql).and_then(|mut sql| sql.execute([])).expect("a transaction");
    while let Ok(first) = queue.recv() {
        control("BEGIN IMMEDIATE");
        let done: Vec<_> = std::iter::once(first)
            .chain(queue.try_iter())
            .take(together)
            .map(|(row, done)| {
                let mut statement = connection.prepare_cached(INSERT).expect("a statement");
                let values = rusqlite::params![row.id, row.company, row.at, row.body];
                statement.execute(values).expect("the row is inserted");
                done
            })
            .collect();
        control("COMMIT");
        // A client that stopped waiting has its row all the same.
        for done in done {
            let _ = done.send(());
        }
    }
}

fn open_server(url: &str) -> Client {
    let mut client = Client::connect(url, NoTls).expect("the server answers");
    for (setting, wanted) in [("synchronous_commit", "on"), ("fsync", "on")] {
        let row = client.query_one("SELECT current_setting($1)", &[&setting]).expect("an answer");
        assert_eq!(row.get::<_, String>(0), wanted, "PostgreSQL commits durably: {setting}");
    }
    client
}

fn by_server(mut client: Client, queue: &Receiver<Waiting>) {
    let statement = client.prepare(INSERT).expect("a statement");
    while let Ok((row, done)) = queue.recv() {
        let values: [&(dyn postgres::types::ToSql + Sync); 4] =
            [&row.id.as_slice(), &row.company.as_slice(), &row.at, &row.body];
        client.execute(&statement, &values).expect("the row is inserted");
        let _ = done.send(());
    }
}
