//! Keys of links that a letter carries: an id with half a keyed hash of it (128 bits). They stand in no table.

use crate::app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;
use subtle::ConstantTimeEq;

/// As it stands in a link that is made for this.
pub fn text<T>(app: &App, made_for: &str, id: Id<T>) -> String {
    URL_SAFE_NO_PAD.encode([&id.as_bytes()[..], &app.mark(made_for, &[id.as_bytes()])[..16]].concat())
}

/// The id that a key names; none for one that is none of ours, or was made for something else.
pub fn read<T>(app: &App, made_for: &str, given: &str) -> Option<Id<T>> {
    let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
    let id = Id::from_bytes(*bytes.first_chunk::<16>()?);
    bool::from(text(app, made_for, id).as_bytes().ct_eq(given.as_bytes())).then_some(id)
}
