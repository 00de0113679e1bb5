//! What is kept of contacts, for their own page, their copy and the register.

use super::store::{self, Lying};
use crate::app::App;
use crate::web::{Column, Datum, Erased, Error, Gone, Held, Sealing};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

const fn column(column: &'static str, field: &'static str) -> Column {
    Column { table: "contact", column, field }
}

static COLUMNS: [Column; 6] = [
    column("name", "contact-name"),
    column("phone", "contact-phone"),
    column("email", "contact-email"),
    column("department", "contact-department"),
    column("title", "contact-title"),
    column("other", "contact-other"),
];

/// Columns, and what stands in them.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    Ok(store::of(tx, subject)?.map(data).unwrap_or_default())
}

fn data(one: Lying) -> Vec<Datum> {
    let seals: [Option<Sealing>; 6] = [
        Some(one.name.into()),
        one.phone.map(Into::into),
        one.email.map(Into::into),
        one.department.map(Into::into),
        one.title.map(Into::into),
        one.other.map(Into::into),
    ];
    let data = COLUMNS.iter().zip(seals).filter_map(|(column, seal)| Some((column, seal?)));
    data.map(|(column, seal)| column.datum(seal, one.entered_at, None)).collect()
}

/// Who is erased is nobody's contact; who looked at contacts has looked for nobody's record.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let contacts = tx.execute("DELETE FROM contact WHERE subject = $1", values![gone.subject])?;
    tx.execute("DELETE FROM contact_showing WHERE subject = $1", values![gone.subject])?;
    Ok(vec![Erased::new("erased-contacts", contacts)])
}
