//! What invitations keep of people: the address, while one waits.

use super::Invitation;
use super::store::EMAIL;
use crate::web::{Column, Datum, Held};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "invitation", column: "email", field: "email" }];

/// Columns, and what stands in them.
pub static HELD: Held = Held { columns: &COLUMNS, find };

/// Whoever is invited is a subject of their own until they join; then nothing of this is left.
fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, created_at, expires_at, email FROM invitation WHERE subject = $1 AND state = 'waiting'";
    tx.all(sql, values![subject], |row| {
        let (id, since, until): (Id<Invitation>, Timestamp, Timestamp) = (row.next()?, row.next()?, row.next()?);
        Ok(COLUMNS[0].datum(EMAIL.load(row.next()?, subject, id), since, until))
    })
}
