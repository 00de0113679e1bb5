//! What all rooms hold of one person.

use crate::app::App;
use crate::web::{Datum, Held, Person, Said};
use kit::db::{self, Tx};
use kit::id::Id;
use std::collections::BTreeSet;
use vault::Subject;

/// What each room holds, in the order of the rooms.
pub fn held(app: &App) -> Vec<&'static Held> {
    app.rooms().iter().filter_map(|room| room.held).collect()
}

/// Everything that is kept of one person, in the order of the policy's fields.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, held: &[&'static Held], subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let mut found = Vec::new();
    for held in held {
        found.extend((held.find)(tx, subject)?);
    }
    let place = |datum: &Datum| policy::FIELDS.iter().position(|field| field.id == datum.column.field);
    found.sort_by_key(place);
    Ok(found)
}

/// How it stands: how many fields, how many values. Nothing is opened for it.
///
/// # Errors
/// [`db::Error`].
pub fn state(tx: &mut Tx, app: &App, person: &Person) -> Result<Said, db::Error> {
    let all = all(tx, &held(app), person.subject())?;
    let fields: BTreeSet<_> = all.iter().map(|datum| datum.column.field).collect();
    Ok(Said::new("own-data-state").with("fields", fields.len()).with("values", all.len()))
}
