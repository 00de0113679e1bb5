//! Databases for a while: made on a PostgreSQL server and dropped again. For the demo and for tests.

use super::{Error, postgres};
use crate::random::Random;
use std::thread;

/// A database that was made for a while. It stays until [`Scratch::remove`].
#[derive(Clone, Debug)]
pub struct Scratch {
    server: String,
    name: String,
}

impl Scratch {
    /// Makes an empty database named `PREFIX_` and 16 random hexadecimal digits on the server of this address, whose
    /// user must be allowed to. Blocks.
    ///
    /// # Errors
    /// [`Error::Gone`] when the server cannot be reached, [`Error::Engine`] when it refuses.
    pub fn create(server: &str, prefix: &str, random: &Random) -> Result<Self, Error> {
        let name = format!("{prefix}_{}", hex::encode(random.bytes::<8>()));
        run(server, format!("CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))?;
        Ok(Self { server: server.to_owned(), name })
    }

    /// One that was made before, by its name.
    pub fn named(server: &str, name: &str) -> Self {
        Self { server: server.to_owned(), name: name.to_owned() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }

    /// Drops it and ends every connection to it. Blocks.
    ///
    /// # Errors
    /// As [`Scratch::create`].
    pub fn remove(&self) -> Result<(), Error> {
        run(&self.server, format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name))
    }
}

/// Outside any transaction, on a thread of its own: the client may not be used on an async thread.
fn run(server: &str, statement: String) -> Result<(), Error> {
    let server = server.to_owned();
    let work =
        thread::Builder::new().name("postgres-scratch".into()).spawn(move || postgres::alone(&server, &statement));
    work.map_err(|e| Error::Gone(e.to_string()))?.join().unwrap_or(Err(Error::Panicked))
}

fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let end = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("{}/{name}{query}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::db::{Db, Settings};

    #[test]
    fn only_the_name_of_the_database_changes() {
        for (url, expected) in [
            ("postgres://u:p@h:1/old?sslmode=require", "postgres://u:p@h:1/new?sslmode=require"),
            ("postgres://u@h", "postgres://u@h/new"),
            ("postgres://u@%2Frun%2Fpg/old", "postgres://u@%2Frun%2Fpg/new"),
            ("postgresql:///old?host=/run/pg", "postgresql:///new?host=/run/pg"),
        ] {
            assert_eq!(with_database(url, "new"), expected);
        }
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
    async fn it_is_made_used_and_gone() {
        let Ok(server) = std::env::var("ZIYUN_TEST_DATABASE_URL") else { return };
        let random = Random::system();
        let scratch = Scratch::create(&server, "scratch", &random).unwrap();
        let open = || Db::open(&Settings::new(scratch.url()).threads(1), Clock::system(), random.clone());
        let db = open().unwrap();
        db.write::<_, Error>(|tx| tx.execute("CREATE TABLE only_here (id BIGINT)", &[])).await.unwrap();
        scratch.remove().unwrap();
        assert!(open().is_err());
    }
}
