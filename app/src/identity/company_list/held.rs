//! What lists keep of people: the address of each row, until it is a prepared registration's or the list is forgotten.

use crate::identity::company::prepared::{EMAIL, Prepared};
use crate::web::{Column, Datum, Held};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "company_import_row", column: "email", field: "email" }];

/// Columns, and what stands in them.
pub static HELD: Held = Held { columns: &COLUMNS, find };

/// Whoever stands in a list is a subject of their own.
fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT r.prepared, m.created_at, m.ends_at, r.email FROM company_import_row r \
               JOIN company_import m ON m.id = r.import WHERE r.subject = $1";
    tx.all(sql, values![subject], |row| {
        let (id, since, until): (Id<Prepared>, Timestamp, Timestamp) = (row.next()?, row.next()?, row.next()?);
        Ok(COLUMNS[0].datum(EMAIL.load(row.next()?, subject, id), since, until))
    })
}
