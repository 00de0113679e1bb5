//! The address under which a person can say that a sign-in was not theirs: the session's id and a keyed hash of it. It is in the
//! mail about a new device, and in the list of login sessions.

use crate::app::App;
use crate::web::session::LoginSession;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;

/// The path; also what a mail names.
pub fn path(app: &App, session: Id<LoginSession>) -> String {
    let mut key = session.as_bytes().to_vec();
    key.extend(secret(app, session));
    format!("/sign-ins/{}", URL_SAFE_NO_PAD.encode(key))
}

/// Which sign-in it is about; `None` for what was never one of ours.
pub fn read(app: &App, key: &str) -> Option<Id<LoginSession>> {
    let key = URL_SAFE_NO_PAD.decode(key).ok()?;
    let (id, given) = key.split_first_chunk::<16>()?;
    let id = Id::from_bytes(*id);
    verify_slices_are_equal(given, &secret(app, id)).ok().map(|()| id)
}

/// 128 bits that nobody can guess who does not have the key database.
fn secret(app: &App, session: Id<LoginSession>) -> [u8; 16] {
    let mark = app.mark("sign-in/link", &[session.as_bytes()]);
    *mark.first_chunk().expect("a mark has 32 bytes")
}
