//! Whom a demand invites, or a tender names: providers with a public page, by the names or credit codes that the public list has. Each is a
//! row in a table of its own; what a name means is said here once.

use crate::identity::company::Company;
use crate::reach::provider;
use crate::web::{Broken, Buyer, Error, Form};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An invited company, as the company that invites reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InvitedCompany")]
pub struct Invited {
    /// The company.
    pub company: Id<Company>,
    /// Its name.
    pub name: String,
    /// Its credit code.
    pub credit_code: String,
}

/// A table of two columns: what invites, and the invited company.
#[derive(Clone, Copy, Debug)]
pub struct Guests {
    /// The table.
    pub table: &'static str,
    /// The column of what invites.
    pub of: &'static str,
}

impl Guests {
    /// Puts these in the place of those before.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn set<T>(self, tx: &mut Tx, id: Id<T>, companies: &[Id<Company>]) -> Result<(), db::Error> {
        let Self { table, of } = self;
        tx.execute(&format!("DELETE FROM {table} WHERE {of} = $1"), values![id])?;
        for company in companies {
            tx.execute(&format!("INSERT INTO {table} ({of}, company) VALUES ($1, $2)"), values![id, *company])?;
        }
        Ok(())
    }

    /// Puts these beside those before.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn add<T>(self, tx: &mut Tx, id: Id<T>, companies: &[Id<Company>]) -> Result<(), db::Error> {
        let Self { table, of } = self;
        for company in companies {
            let sql = format!("INSERT INTO {table} ({of}, company) VALUES ($1, $2) ON CONFLICT DO NOTHING");
            tx.execute(&sql, values![id, *company])?;
        }
        Ok(())
    }

    /// Whether a company is invited.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn has<T>(self, tx: &mut Tx, id: Id<T>, company: Id<Company>) -> Result<bool, db::Error> {
        let Self { table, of } = self;
        let sql = format!("SELECT 1 FROM {table} WHERE {of} = $1 AND company = $2");
        Ok(tx.first(&sql, values![id, company], |row| row.next::<i64>())?.is_some())
    }

    /// All of them: for the company that invites.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn list<T>(self, tx: &mut Tx, id: Id<T>) -> Result<Vec<Invited>, db::Error> {
        let Self { table, of } = self;
        let sql = format!(
            "SELECT c.id, c.name, c.credit_code FROM {table} i JOIN company c ON c.id = i.company WHERE i.{of} = $1 \
             ORDER BY c.id"
        );
        tx.all(&sql, values![id], read)
    }

    /// Their ids, for the program that tells them.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn ids<T>(self, tx: &mut Tx, id: Id<T>) -> Result<Vec<Id<Company>>, db::Error> {
        let Self { table, of } = self;
        tx.all(&format!("SELECT company FROM {table} WHERE {of} = $1 ORDER BY company"), values![id], |row| row.next())
    }
}

/// The companies of these names or credit codes, each once. Only those with a public page can be invited, so that nobody learns from a code
/// who else is registered.
///
/// # Errors
/// 422 at `field`, naming the first that is none of theirs, or is the company's own.
pub fn found(
    tx: &mut Tx,
    buyer: &Buyer,
    named: &[String],
    (field, form): (&'static str, &Form),
) -> Result<Vec<Id<Company>>, Error> {
    let mut found = Vec::with_capacity(named.len());
    for one in named {
        let unknown = || form.clone().refuse(field, Broken::rule("invited-unknown").with("code", one.as_str()));
        let company = listed(tx, one)?.ok_or_else(unknown)?;
        if company == buyer.company {
            return Err(form.clone().refuse(field, "invited-own"));
        }
        if !found.contains(&company) {
            found.push(company);
        }
    }
    Ok(found)
}

/// The provider of this name or credit code, if it has a public page.
///
/// # Errors
/// [`db::Error`].
pub fn listed(tx: &mut Tx, one: &str) -> Result<Option<Id<Company>>, db::Error> {
    if is_code(one) { provider::of_code(tx, one) } else { provider::of_name(tx, one) }
}

/// Companies by their ids, in this order.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, companies: &[Id<Company>]) -> Result<Vec<Invited>, db::Error> {
    let sql = "SELECT id, name, credit_code FROM company WHERE id = $1";
    companies.iter().map(|company| tx.one(sql, values![*company], read)).collect()
}

/// A row of id, name, credit code.
///
/// # Errors
/// [`db::Error`].
pub fn read(row: &mut Row<'_>) -> Result<Invited, db::Error> {
    Ok(Invited { company: row.next()?, name: row.next()?, credit_code: row.next()? })
}

/// The names and codes of a text: one a line, or separated by commas; codes by spaces, too; each once.
pub fn lines(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in text.split(['\n', ',', '，', ';', '；', '、']) {
        let codes: Vec<String> = line.split_whitespace().map(str::to_uppercase).collect();
        match codes.iter().all(|part| is_code(part)) {
            true => all.extend(codes),
            false => all.push(line.trim().to_owned()),
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether it has the form of a credit code.
fn is_code(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_taken_however_they_are_separated() {
        let given = " 91330100ma2h000001\n91330100MA2H000002，91330100MA2H000001 ;";
        assert_eq!(lines(given), ["91330100MA2H000001", "91330100MA2H000002"]);
        assert_eq!(lines("91330100MA2H000001 91330100MA2H000002").len(), 2);
        assert_eq!(
            lines("岚河通信有限公司、Lanhe Tech Ltd\r\n岚河通信有限公司"),
            ["Lanhe Tech Ltd", "岚河通信有限公司"]
        );
        assert!(lines(" \n").is_empty());
    }
}
