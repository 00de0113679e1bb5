//! The address under which a cancellation can be followed when the account is gone: its id and a keyed hash of it. It is
//! written to the person when they ask, and may be opened as often as one likes.

use super::Cancellation;
use crate::app::App;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;

/// The path; also what a mail names.
pub fn path(app: &App, id: Id<Cancellation>) -> String {
    let mut key = id.as_bytes().to_vec();
    key.extend(secret(app, id));
    format!("/cancellations/{}", URL_SAFE_NO_PAD.encode(key))
}

/// Whose link this is; `None` for what was never one of ours.
pub fn read(app: &App, key: &str) -> Option<Id<Cancellation>> {
    let key = URL_SAFE_NO_PAD.decode(key).ok()?;
    let (id, given) = key.split_first_chunk::<16>()?;
    let id = Id::from_bytes(*id);
    verify_slices_are_equal(given, &secret(app, id)).ok().map(|()| id)
}

/// 128 bits that nobody can guess who does not have the key database.
fn secret(app: &App, id: Id<Cancellation>) -> [u8; 16] {
    let mark = app.mark("cancellation/link", &[id.as_bytes()]);
    *mark.first_chunk().expect("a mark has 32 bytes")
}
