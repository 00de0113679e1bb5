//! The key of the link that a contact is sent: the entry's id and half a keyed hash of it (128 bits). It shows who asks for
//! what, and no value; what it leads to needs the code.

use super::Contact;
use crate::app::App;
use crate::web::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;
use subtle::ConstantTimeEq;

/// Where the link of an entry leads.
pub fn path(app: &App, id: Id<Contact>) -> String {
    format!("/contacts/{}", text(app, id))
}

fn text(app: &App, id: Id<Contact>) -> String {
    let mark = app.mark("contacts/link", &[id.as_bytes()]);
    URL_SAFE_NO_PAD.encode([&id.as_bytes()[..], &mark[..16]].concat())
}

/// The entry that a key names.
///
/// # Errors
/// 404 for a key that is none of ours.
pub fn read(app: &App, key: &str) -> Result<Id<Contact>, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(key).map_err(|_| Error::not_found())?;
    let id = Id::from_bytes(*bytes.first_chunk::<16>().ok_or_else(Error::not_found)?);
    let right: bool = text(app, id).as_bytes().ct_eq(key.as_bytes()).into();
    if right { Ok(id) } else { Err(Error::not_found()) }
}
