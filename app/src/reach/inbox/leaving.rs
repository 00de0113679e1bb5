//! What the frame, the privacy centre and an erasure ask of an inbox.

use super::reader::Reader;
use super::{choice, kind, store};
use crate::app::App;
use crate::web::{Erased, Error, Gone, Person, Said};
use kit::db::{self, Tx};

/// How many have not been read, for the frame.
pub fn unread(tx: &mut Tx, app: &App, person: &Person) -> Result<i64, db::Error> {
    store::unread(tx, Reader::of(app, person.subject()))
}

/// How many kinds come by mail, for the privacy centre.
pub fn state(tx: &mut Tx, app: &App, person: &Person) -> Result<Said, db::Error> {
    let on = choice::all(tx, Reader::of(app, person.subject()))?;
    let mailed = on.iter().filter(|(_, channel)| *channel == super::Channel::Mail).count();
    Ok(Said::new("inbox-state").with("mailed", mailed).with("kinds", kind::ALL.len()))
}

/// What was told and chosen goes with its person.
pub fn erased(tx: &mut Tx, app: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    Ok(vec![Erased::new("erased-notifications", store::forget(tx, Reader::of(app, gone.subject))?)])
}
