//! The key of an invitation's link: its id with a keyed hash of it, 128 bits. It stands in no table.

use super::store::Invitation;
use crate::app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::id::Id;
use subtle::ConstantTimeEq;

/// As it stands in the link.
pub fn text(app: &App, id: Id<Invitation>) -> String {
    let hash = app.mark("operator/invitation", &[id.as_bytes()]);
    URL_SAFE_NO_PAD.encode([&id.as_bytes()[..], &hash[..16]].concat())
}

/// The invitation that a link names; `None` for one that is none of ours.
pub fn read(app: &App, given: &str) -> Option<Id<Invitation>> {
    let bytes = URL_SAFE_NO_PAD.decode(given).ok()?;
    let id = Id::from_bytes(*bytes.first_chunk::<16>()?);
    bool::from(text(app, id).as_bytes().ct_eq(given.as_bytes())).then_some(id)
}
