//! The key of a guardian's link, and the permission that a guardian hands on. Both are ids with a keyed hash (128 bits) and
//! stand in no table; neither can be made from the other.

use super::store::Guardian;
use crate::app::App;
use crate::web::{Error, link};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use subtle::ConstantTimeEq;

/// How long a guardian can take to agree. What was agreed to can be taken back for ever.
pub const TIME: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A guardian's key.
#[derive(Clone, Copy)]
pub struct Key {
    /// Names the consent, once there is one.
    pub id: Id<Guardian>,
    /// When the mail was asked for, in whole seconds.
    pub asked_at: Timestamp,
}

impl Key {
    /// As it stands in the link.
    pub fn text(self, app: &App) -> String {
        let seconds = self.asked_at.as_second().to_be_bytes();
        let parts: [&[u8]; 2] = [self.id.as_bytes(), &seconds];
        URL_SAFE_NO_PAD.encode([parts[0], parts[1], &app.mark("guardian/link", &parts)[..16]].concat())
    }

    /// Reads one.
    ///
    /// # Errors
    /// 404 for one that is none of ours.
    pub fn read(app: &App, text: &str) -> Result<Self, Error> {
        Self::known(app, text).ok_or_else(Error::not_found)
    }

    fn known(app: &App, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (seconds, _) = rest.split_first_chunk::<8>()?;
        let asked_at = Timestamp::from_second(i64::from_be_bytes(*seconds)).ok()?;
        let key = Self { id: Id::from_bytes(*id), asked_at };
        bool::from(key.text(app).as_bytes().ct_eq(text.as_bytes())).then_some(key)
    }

    /// Whether it can still be agreed by.
    pub fn is_fresh(self, now: Timestamp) -> bool {
        now.duration_since(self.asked_at) < TIME
    }
}

/// What the key of a permission is made for.
const PERMISSION: &str = "guardian/permission";

/// What a minor registers with.
pub struct Permission;

impl Permission {
    /// As it stands in the link that a guardian hands on.
    pub fn text(app: &App, id: Id<Guardian>) -> String {
        link::text(app, PERMISSION, id)
    }

    /// The consent that it belongs to, if it is one of ours.
    pub fn read(app: &App, text: &str) -> Option<Id<Guardian>> {
        link::read(app, PERMISSION, text)
    }
}
