//! Where short messages go.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, ShortMessage, folder};
use crate::id::Id;

/// The port for short messages. A provider reached over HTTP becomes a second variant.
#[derive(Clone, Debug)]
pub enum Sms {
    /// Writes `ID.json` into this folder.
    Folder(PathBuf),
}

/// What a file holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub id: Id<ShortMessage>,
    pub at: Timestamp,
    pub to: String,
    pub text: String,
}

impl Sms {
    /// Writes `OUTBOX/sms/ID.json`.
    pub fn folder(outbox: &Path) -> Sms {
        Sms::Folder(outbox.join("sms"))
    }

    /// Sends, or finds that this id was written before.
    pub async fn send(&self, message: &ShortMessage) -> Result<(), Error> {
        let Sms::Folder(path) = self;
        let ShortMessage { id, at, to, text } = message.clone();
        let content = serde_json::to_vec_pretty(&Stored { id, at, to, text }).expect("texts and times are always JSON");
        folder::deliver(path.clone(), format!("{id}.json"), content).await
    }
}
