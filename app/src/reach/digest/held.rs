//! What the digest keeps of its readers, and how it goes when they leave the platform.

use super::{Digest, FOLLOWED, store};
use crate::app::App;
use crate::web::{Column, Datum, Erased, Error, Gone, Held};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "digest", column: "followed", field: "followed" }];

/// One column, and what stands in it.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    tx.all("SELECT id, changed_at, followed FROM digest WHERE subject = $1", values![subject], |row| {
        let (id, since) = (row.next::<Id<Digest>>()?, row.next()?);
        Ok(COLUMNS[0].datum(FOLLOWED.load(row.next()?, subject, id), since, None))
    })
}

pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    Ok(vec![Erased::new("erased-digest", store::forget(tx, gone.subject)?)])
}
