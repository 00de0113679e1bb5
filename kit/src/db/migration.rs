//! Migrations: steps that only add, applied in the order of their names, each remembered with its hash.

use super::{Error, Tx};
use crate::values;
use aws_lc_rs::digest::{SHA256, digest};

/// One step of the schema.
#[derive(Clone, Debug)]
pub struct Migration {
    /// File name without `.sql`; the order of names is the order of steps.
    pub name: String,
    /// Statements, each ended by `;` at the end of a line. Portable SQL.
    pub sql: String,
}

impl Migration {
    fn hash(&self) -> String {
        hex::encode(digest(&SHA256, self.sql.as_bytes()))
    }

    fn statements(&self) -> impl Iterator<Item = &str> {
        self.sql.split(";\n").map(|part| part.trim().trim_end_matches(';')).filter(|part| has_statement(part))
    }
}

fn has_statement(part: &str) -> bool {
    part.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
}

/// Applies what is missing and answers its names, as part of this unit.
///
/// # Errors
/// As [`Db::migrate`](super::Db::migrate).
pub fn apply(tx: &mut Tx, steps: &[Migration]) -> Result<Vec<String>, Error> {
    tx.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, hash TEXT NOT NULL, at BIGINT NOT NULL)",
        &[],
    )?;
    let applied = applied(tx)?;
    agree(&applied, steps)?;
    let mut names = Vec::new();
    for step in &steps[applied.len()..] {
        for statement in step.statements() {
            tx.execute(statement, &[])?;
        }
        let now = tx.now();
        tx.execute(
            "INSERT INTO schema_migration (name, hash, at) VALUES ($1, $2, $3)",
            values![&step.name, step.hash(), now],
        )?;
        names.push(step.name.clone());
    }
    Ok(names)
}

/// Refuses a schema that is not exactly at these steps.
pub(super) fn check(tx: &mut Tx, steps: &[Migration]) -> Result<(), Error> {
    let applied = applied(tx).map_err(|error| match error {
        Error::Engine(_) => Error::Schema("the database has no schema yet; run `ziyun migrate`".into()),
        other => other,
    })?;
    agree(&applied, steps)?;
    if applied.len() < steps.len() {
        let first = &steps[applied.len()].name;
        return Err(Error::Schema(format!(
            "the database is older than this program: {first} is not applied; run `ziyun migrate`"
        )));
    }
    Ok(())
}

fn applied(tx: &mut Tx) -> Result<Vec<(String, String)>, Error> {
    let mut rows = tx.all("SELECT name, hash FROM schema_migration", &[], |row| Ok((row.next()?, row.next()?)))?;
    rows.sort();
    Ok(rows)
}

fn agree(applied: &[(String, String)], steps: &[Migration]) -> Result<(), Error> {
    for (index, (name, hash)) in applied.iter().enumerate() {
        match steps.get(index) {
            Some(step) if step.name == *name && step.hash() == *hash => {}
            Some(step) if step.name == *name => {
                return Err(Error::Schema(format!("{name} was changed after it had been applied; steps only add")));
            }
            _ => {
                return Err(Error::Schema(format!(
                    "the database is newer than this program: it knows {name}; use the program that made it"
                )));
            }
        }
    }
    Ok(())
}
