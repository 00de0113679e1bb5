//! What the use log keeps of a member. Visitors are nobody: their lines lie under a key of the day.

use super::{ENTRIES, store};
use crate::app::App;
use crate::web::{Column, Datum, Held, Person, Said};
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{Field, RETENTIONS, field};
use vault::Subject;

static COLUMNS: [Column; 1] = [Column { table: "use_log", column: "entries", field: "use" }];

/// One column, and what stands in it.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, hour, entries FROM use_log WHERE subject = $1 ORDER BY hour DESC, id";
    tx.all(sql, values![subject], |row| {
        let (id, since) = (row.next::<Id<store::Batch>>()?, store::start_of(row.next()?));
        Ok(COLUMNS[0].datum(ENTRIES.load(row.next()?, subject, id), since, until(since)))
    })
}

/// By the calendar: the log's sweep is a little earlier or later, never by more than a day.
fn until(since: Timestamp) -> Option<Timestamp> {
    let months = RETENTIONS.iter().find(|entry| entry.retention == field::Use::RETENTION)?.months;
    let later = since.to_zoned_datetime(TimeZone::UTC).checked_add(Span::new().months(i64::from(months)));
    later.ok().map(|at| at.timestamp())
}

/// How it stands, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let sql = "SELECT count(*) FROM use_log WHERE subject = $1";
    let hours: i64 = tx.one(sql, values![person.subject()], |row| row.next())?;
    Ok(Said::new("usage-state").with("n", hours))
}
