//! What is kept of subscribers, and how it goes when they leave the platform.

use super::{Subscription, WANTED, store};
use crate::app::App;
use crate::web::{Column, Datum, Erased, Error, Gone, Held};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "subscription", column: "followed", field: "followed" }];

/// One column, and what stands in it.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    tx.all("SELECT id, changed_at, followed FROM subscription WHERE subject = $1", values![subject], |row| {
        let (id, since) = (row.next::<Id<Subscription>>()?, row.next()?);
        Ok(COLUMNS[0].datum(WANTED.load(row.next()?, subject, id), since, None))
    })
}

pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    Ok(vec![Erased::new("erased-subscription", store::forget(tx, gone.subject)?)])
}
