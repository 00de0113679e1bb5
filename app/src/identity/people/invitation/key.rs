//! The key of an invitation's link: its id with a keyed hash of it (128 bits). It stands in no table.

use super::Invitation;
use crate::app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;
use subtle::ConstantTimeEq;

/// As it stands in the link.
pub fn text(app: &App, id: Id<Invitation>) -> String {
    URL_SAFE_NO_PAD.encode([&id.as_bytes()[..], &app.mark("invitation/link", &[id.as_bytes()])[..16]].concat())
}

/// The invitation that it belongs to, if it is one of ours.
pub fn read(app: &App, given: &str) -> Option<Id<Invitation>> {
    let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
    let id = Id::from_bytes(*bytes.first_chunk::<16>()?);
    bool::from(text(app, id).as_bytes().ct_eq(given.as_bytes())).then_some(id)
}

/// The path of an invitation's page.
pub fn path(app: &App, id: Id<Invitation>) -> String {
    format!("/invitations/{}", text(app, id))
}
