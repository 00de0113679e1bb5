//! What prepared registrations keep of people: the address, while one waits.

use super::store;
use crate::web::{Column, Datum, Held};
use kit::db::{self, Tx};
use kit::id::Id;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "prepared_company", column: "email", field: "email" }];

/// Columns, and what stands in them.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let found = store::of_subject(tx, subject)?;
    Ok(found.map(|kept| COLUMNS[0].datum(kept.email, kept.created_at, kept.expires_at)).into_iter().collect())
}
