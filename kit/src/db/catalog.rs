//! Which tables a database has, for copies of all of it. Like [`about`](super::about), its statements differ by engine.

use super::tx::Driver;
use super::{Error, Tx};
use crate::values;
use std::collections::{BTreeMap, BTreeSet};

/// A table of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
}

/// All tables, each after those that it refers to.
///
/// # Errors
/// [`Error::Schema`] for tables that refer to each other in a circle; [`Error`] of the database.
pub fn tables(tx: &mut Tx) -> Result<Vec<Table>, Error> {
    let (columns, references) = match tx.driver {
        Driver::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Driver::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let mut waiting: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in tx.all(columns, values![], |row| Ok((row.next()?, row.next()?)))? {
        waiting.entry(table).or_default().push(column);
    }
    let mut parents: BTreeSet<(String, String)> = BTreeSet::new();
    parents.extend(tx.all(references, values![], |row| Ok((row.next()?, row.next()?)))?);
    let mut sorted = Vec::new();
    while !waiting.is_empty() {
        let is_free =
            |name: &String| !parents.iter().any(|(child, parent)| child == name && waiting.contains_key(parent));
        let free: Vec<_> = waiting.keys().filter(|name| is_free(name)).cloned().collect();
        if free.is_empty() {
            let left: Vec<_> = waiting.into_keys().collect();
            return Err(Error::Schema(format!("tables refer to each other in a circle: {}", left.join(", "))));
        }
        sorted.extend(free.into_iter().filter_map(|name| {
            let columns = waiting.remove(&name)?;
            Some(Table { name, columns })
        }));
    }
    Ok(sorted)
}

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";
/// Rows that refer to their own table stand in the order in which they came.
const SQLITE_REFERENCES: &str = "SELECT t.name, r.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) r \
     WHERE t.type = 'table' AND r.\"table\" <> t.name";
const POSTGRES_COLUMNS: &str = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_class c \
     JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped \
     AND c.relnamespace = CAST('public' AS regnamespace) ORDER BY c.relname, a.attnum";
const POSTGRES_REFERENCES: &str = "SELECT CAST(c.relname AS TEXT), CAST(p.relname AS TEXT) FROM pg_constraint k \
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid \
     WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND c.relnamespace = CAST('public' AS regnamespace)";
