//! Reading notices with a bare driver: SQLite on the server's own threads, PostgreSQL by a pool of connections.

use super::rows;
use app::reach::notice::{Notice, Summary};
use crossbeam_channel::{Receiver, Sender};
use postgres::{Client, NoTls, Statement};
use rusqlite::{Connection, OpenFlags};
use std::cell::OnceCell;
use std::path::PathBuf;

/// How many connections the pool has, as many as the program's.
pub const CONNECTIONS: usize = 16;

thread_local! {
    /// Of this thread; a server's threads end with it, and so does what they opened.
    static CONNECTION: OnceCell<Connection> = const { OnceCell::new() };
}

/// A database with notices.
#[derive(Clone)]
pub enum Store {
    /// The file.
    Sqlite(PathBuf),
    /// Idle connections: taken, used, given back.
    Postgres(Sender<Prepared>, Receiver<Prepared>),
}

/// A connection with its two statements.
pub struct Prepared {
    client: Client,
    list: Statement,
    one: Statement,
}

impl Store {
    /// Opens the database of this address.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub fn open(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::Sqlite(path.into());
        }
        let (give, take) = crossbeam_channel::unbounded();
        for _ in 0..CONNECTIONS {
            let mut client = Client::connect(url, NoTls).expect("the server answers");
            let list = client.prepare(&rows::list()).expect("a statement");
            let one = client.prepare(&rows::one()).expect("a statement");
            give.send(Prepared { client, list, one }).expect("the pool is open");
        }
        Self::Postgres(give, take)
    }

    /// The newest twenty.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn list(&self) -> Vec<Summary> {
        match self {
            Self::Sqlite(path) => sqlite(path, |connection| {
                let mut statement = connection.prepare_cached(&rows::list()).expect("a statement");
                let found = statement.query_map([], |row| Ok(rows::summary(row))).expect("an answer");
                found.map(|row| row.expect("a row")).collect()
            }),
            Self::Postgres(give, take) => {
                postgres(give, take, |own| {
                    let found = own.client.query(&own.list, &[]).expect("an answer");
                    found.iter().map(rows::summary).collect()
                })
                .await
            }
        }
    }

    /// One by its id.
    ///
    /// # Panics
    /// When the database fails, or has no such row.
    pub async fn one(&self, id: [u8; 16]) -> Notice {
        match self {
            Self::Sqlite(path) => sqlite(path, |connection| {
                let mut statement = connection.prepare_cached(&rows::one()).expect("a statement");
                statement.query_row([id], |row| Ok(rows::notice(row))).expect("a row")
            }),
            Self::Postgres(give, take) => {
                postgres(give, take, move |own| {
                    rows::notice(&own.client.query_one(&own.one, &[&id.as_slice()]).expect("a row"))
                })
                .await
            }
        }
    }
}

fn sqlite<T>(path: &PathBuf, work: impl FnOnce(&Connection) -> T) -> T {
    CONNECTION.with(|own| work(own.get_or_init(|| open_reader(path))))
}

/// A connection for reading, with the program's settings.
pub fn open_reader(path: &PathBuf) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).expect("the file opens");
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;").expect("settings");
    connection
}

/// The synchronous client owns a runtime, so it works on a thread where it may wait.
async fn postgres<T: Send + 'static>(
    give: &Sender<Prepared>,
    take: &Receiver<Prepared>,
    work: impl FnOnce(&mut Prepared) -> T + Send + 'static,
) -> T {
    let (give, take) = (give.clone(), take.clone());
    let waiting = tokio::task::spawn_blocking(move || {
        let mut own = take.recv().expect("the pool is open");
        let answer = work(&mut own);
        give.send(own).expect("the pool is open");
        answer
    });
    waiting.await.expect("a statement succeeds")
}
