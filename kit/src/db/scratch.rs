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
        Self::copied(server, "template0", prefix, random)
    }

    /// The same as a copy of another database, which nobody may be connected to. Blocks.
    ///
    /// # Errors
    /// As [`Scratch::create`]; [`Error::Engine`] too when there is none of this name.
    pub fn copied(server: &str, from: &str, prefix: &str, random: &Random) -> Result<Self, Error> {
        let name = format!("{prefix}_{}", hex::encode(random.bytes::<8>()));
        run(server, format!("CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE \"{from}\""))?;
        Ok(Self { server: server.to_owned(), name })
    }

    /// Gives it this name, unless another has it. Nobody may be connected to it. Blocks.
    ///
    /// # Errors
    /// As [`Scratch::create`]; [`Error::Engine`] too when the name is taken.
    pub fn rename(&mut self, name: &str) -> Result<(), Error> {
        run(&self.server, format!("ALTER DATABASE \"{}\" RENAME TO \"{name}\"", self.name))?;
        name.clone_into(&mut self.name);
        Ok(())
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
        let mut scratch = Scratch::create(&server, "scratch", &random).unwrap();
        let open = |of: &Scratch| Db::open(&Settings::new(of.url()).threads(1), Clock::system(), random.clone());
        let db = open(&scratch).unwrap();
        db.write::<_, Error>(|tx| tx.execute("CREATE TABLE only_here (id BIGINT)", &[])).await.unwrap();
        let copied = |name| Scratch::copied(&server, name, "scratch_copy", &random);
        drop(db);
        let name = format!("{}_renamed", scratch.name());
        scratch.rename(&name).unwrap();
        let copy = copied(&name).unwrap();
        let db = open(&copy).unwrap();
        db.write::<_, Error>(|tx| tx.execute("INSERT INTO only_here (id) VALUES (1)", &[])).await.unwrap();
        copy.remove().unwrap();
        scratch.remove().unwrap();
        assert!(copied(&name).is_err());
        assert!(open(&scratch).is_err());
    }
}
