//! What is remembered of people's searches, and how it goes when they leave the platform.

use super::{CONTENT, store};
use crate::app::App;
use crate::web::{Column, Datum, Erased, Error, Gone, Held};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "remembered", column: "content", field: "search" }];

/// One column, and what stands in it.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    tx.all("SELECT id, changed_at, content FROM remembered WHERE subject = $1", values![subject], |row| {
        let (id, since) = (row.next::<Id<store::Remembered>>()?, row.next()?);
        Ok(COLUMNS[0].datum(CONTENT.load(row.next()?, subject, id), since, None))
    })
}

pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    Ok(vec![Erased::new("erased-remembered", store::forget(tx, gone.subject)?)])
}
