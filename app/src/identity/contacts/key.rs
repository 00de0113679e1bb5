//! The key of the link that a contact is sent. It shows who asks for what, and no value; what it leads to needs the code.

use super::Contact;
use crate::app::App;
use crate::web::{Error, link};
use kit::id::Id;

/// What it is made for.
const LINK: &str = "contacts/link";

/// Where the link of an entry leads.
pub fn path(app: &App, id: Id<Contact>) -> String {
    format!("/contacts/{}", link::text(app, LINK, id))
}

/// The entry that a key names.
///
/// # Errors
/// 404 for a key that is none of ours.
pub fn read(app: &App, key: &str) -> Result<Id<Contact>, Error> {
    link::read(app, LINK, key).ok_or_else(Error::not_found)
}
