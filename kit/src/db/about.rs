//! What an engine says of itself, for a check of an installation. The one place whose statements differ by engine.

use super::tx::Driver;
use super::{Error, Tx};
use jiff::Timestamp;

/// An engine, as it runs now.
#[derive(Clone, Debug)]
pub struct About {
    /// Its name and version: `SQLite 3.50.4`, `PostgreSQL 15.14`.
    pub version: String,
    /// The server's own clock; `None` where the engine runs in this process.
    pub clock: Option<Timestamp>,
    /// Settings that let it lose what it has acknowledged, or that keep it from writing, each as `name = value`.
    pub unfit: Vec<String>,
    /// Connections in use and allowed, of a server.
    pub connections: Option<(i64, i64)>,
}

/// Asks the engine.
///
/// # Errors
/// [`Error`] of the database.
pub fn about(tx: &mut Tx) -> Result<About, Error> {
    match tx.driver {
        Driver::Sqlite(_) => sqlite(tx),
        Driver::Postgres(_) => postgres(tx),
    }
}

/// Durable as the program opens it: [`Db::open`](super::Db::open) sets journal and `synchronous`, and fails otherwise.
fn sqlite(tx: &mut Tx) -> Result<About, Error> {
    let version: String = tx.one("SELECT sqlite_version()", &[], |row| row.next())?;
    // The first page is read, so that a file that is no database is found.
    tx.one("SELECT COUNT(*) FROM sqlite_master", &[], |row| row.next::<i64>())?;
    Ok(About { version: format!("SQLite {version}"), clock: None, unfit: Vec::new(), connections: None })
}

/// Settings of a server as this connection has them, and what each must be.
const UNFIT_UNLESS: [(&str, &str); 4] =
    [("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"), ("standby", "off")];

fn postgres(tx: &mut Tx) -> Result<About, Error> {
    let sql = "SELECT current_setting('server_version'), \
               CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT), \
               CAST(current_setting('max_connections') AS BIGINT), (SELECT COUNT(*) FROM pg_stat_activity), \
               current_setting('fsync'), current_setting('full_page_writes'), \
               CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'on' \
               ELSE current_setting('synchronous_commit') END, \
               CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END";
    tx.one(sql, &[], |row| {
        let (version, clock): (String, Timestamp) = (row.next()?, row.next()?);
        let (allowed, used): (i64, i64) = (row.next()?, row.next()?);
        let mut unfit = Vec::new();
        for (name, wanted) in UNFIT_UNLESS {
            let value: String = row.next()?;
            if value != wanted {
                unfit.push(format!("{name} = {value}"));
            }
        }
        let version = version.split(' ').next().map(|number| format!("PostgreSQL {number}")).unwrap_or_default();
        Ok(About { version, clock: Some(clock), unfit, connections: Some((used, allowed)) })
    })
}
