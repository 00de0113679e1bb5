//! Whose inbox it is, told by nothing that stands in a table.

use crate::app::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::db::Value;
use kit::id::Id;
use std::fmt;
use vault::Subject;

/// A keyed hash of a person: by it their own pages find what they were told, and nobody who has a copy of the tables does.
/// What is told of a tender before its opening would otherwise tell who has bid.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reader([u8; 32]);

impl Reader {
    /// A person's.
    pub fn of(app: &App, subject: Id<Subject>) -> Self {
        Self(app.mark("inbox/reader", &[subject.as_bytes()]))
    }

    /// As it was stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As the body of an event names it, hexadecimal.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The topic of this person's push messages: known to nobody who was not told, and of the length of a key (192 bits).
    pub fn topic(&self, app: &App) -> String {
        let whole = app.mark("inbox/push", &[&self.0]);
        format!("zy{}", URL_SAFE_NO_PAD.encode(&whole[..24]))
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<Reader> for Value {
    fn from(reader: Reader) -> Self {
        reader.0.into()
    }
}

/// Its beginning: enough to tell two apart.
impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({})", hex::encode(&self.0[..4]))
    }
}
