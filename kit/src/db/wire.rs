//! One connection to PostgreSQL as a plain thread uses it: it waits for answers, but need not wait between two things that
//! can be sent together, nor for an answer that tells nothing.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long the server may take to hear that nobody asks any more.
const FAREWELL: Duration = Duration::from_secs(1);

/// What is bound to a statement.
pub type Parameters<'v> = &'v [&'v (dyn ToSql + Sync)];

/// What is bound to a statement that is sent once, each with the type that the server is told.
pub type Typed<'v> = &'v [(&'v (dyn ToSql + Sync), Type)];

/// A connection, and the runtime that drives it while somebody waits.
pub struct Wire {
    /// Until it is closed.
    client: Option<Client>,
    connection: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
    runtime: Runtime,
}

impl Wire {
    /// Connects. Blocks.
    ///
    /// # Errors
    /// Of the network or the server; of the operating system, which gives no runtime.
    pub fn connect(config: &Config, tls: MakeRustlsConnect) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime)?;
        let (client, connection) = runtime.block_on(config.connect(tls)).map_err(Failure::Server)?;
        Ok(Self { client: Some(client), connection: Box::pin(connection), runtime })
    }

    /// Runs statements without parameters. Blocks.
    ///
    /// # Errors
    /// Of the server or the connection, as all of these.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.wait(async |client| client.batch_execute(sql).await)
    }

    /// Sends a statement and does not wait: what follows is answered after it, and an error of it is not told.
    pub fn send(&mut self, sql: &str) {
        let Some(client) = &self.client else { return };
        let mut asked = pin!(client.batch_execute(sql));
        let connection = &mut self.connection;
        self.runtime.block_on(poll_fn(|cx| {
            // The first asks, the second writes to the socket. The answer is read, and dropped, by whoever waits next.
            drop(asked.as_mut().poll(cx));
            drop(connection.as_mut().poll(cx));
            Poll::Ready(())
        }));
    }

    /// Has the server plan a statement. Blocks.
    ///
    /// # Errors
    /// See [`Wire::batch`].
    pub fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        self.wait(async |client| client.prepare(sql).await)
    }

    /// Runs a statement and answers how many rows it changed. Blocks.
    ///
    /// # Errors
    /// See [`Wire::batch`].
    pub fn execute(&mut self, statement: &Statement, values: Parameters<'_>) -> Result<u64, Error> {
        self.wait(async |client| client.execute(statement, values).await)
    }

    /// The rows of a statement. Blocks.
    ///
    /// # Errors
    /// See [`Wire::batch`].
    pub fn query(&mut self, statement: &Statement, values: Parameters<'_>) -> Result<Vec<Row>, Error> {
        self.wait(async |client| client.query(statement, values).await)
    }

    /// The same for text that is sent with its values at once, and not kept prepared.
    ///
    /// # Errors
    /// See [`Wire::batch`].
    pub fn query_once(&mut self, sql: &str, values: Typed<'_>) -> Result<Vec<Row>, Error> {
        self.wait(async |client| client.query_typed(sql, values).await)
    }

    /// Runs such a text and answers how many rows it changed. Blocks.
    ///
    /// # Errors
    /// See [`Wire::batch`].
    pub fn execute_once(&mut self, sql: &str, values: Typed<'_>) -> Result<u64, Error> {
        self.wait(async |client| client.execute_typed(sql, values).await)
    }

    /// The rows of a statement that is sent together with one before it. If that one fails, the second has run all the same.
    ///
    /// # Errors
    /// See [`Wire::batch`]; of the first, if both fail.
    pub fn query_after(
        &mut self,
        before: &str,
        statement: &Statement,
        values: Parameters<'_>,
    ) -> Result<Vec<Row>, Error> {
        self.wait(async |client| {
            let (before, rows) =
                futures::future::join(client.batch_execute(before), client.query(statement, values)).await;
            before.and(rows)
        })
    }

    /// The same for text that is not kept prepared.
    ///
    /// # Errors
    /// See [`Wire::query_after`].
    pub fn query_once_after(&mut self, before: &str, sql: &str, values: Typed<'_>) -> Result<Vec<Row>, Error> {
        self.wait(async |client| {
            let (before, rows) =
                futures::future::join(client.batch_execute(before), client.query_typed(sql, values)).await;
            before.and(rows)
        })
    }

    /// Asks, and drives the connection until the answer has come.
    fn wait<T>(&mut self, ask: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> Result<T, Error> {
        let client = self.client.as_ref().expect("open until it is dropped");
        let mut answer = pin!(ask(client));
        let connection = &mut self.connection;
        self.runtime.block_on(poll_fn(|cx| {
            if let Poll::Ready(result) = answer.as_mut().poll(cx) {
                return Poll::Ready(result);
            }
            let ended = connection.as_mut().poll(cx);
            match (answer.as_mut().poll(cx), ended) {
                // It came before the connection was lost: a commit that was acknowledged is known.
                (Poll::Ready(Ok(answer)), _) => Poll::Ready(Ok(answer)),
                (_, Poll::Ready(Err(error))) => Poll::Ready(Err(error)),
                (answer, _) => answer,
            }
        }))
    }
}

/// The server is told.
impl Drop for Wire {
    fn drop(&mut self) {
        self.client = None;
        let connection = &mut self.connection;
        drop(self.runtime.block_on(async { tokio::time::timeout(FAREWELL, connection).await }));
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub enum Failure {
    /// The operating system gave no runtime.
    Runtime(std::io::Error),
    /// The server, or the way to it.
    Server(Error),
}
