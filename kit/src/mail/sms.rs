//! Where short messages go: a folder in development and in the demo, a provider's gateway in production.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::yunpian::Yunpian;
use super::{Error, ShortMessage, folder};
use crate::id::Id;

/// The port for short messages.
#[derive(Clone, Debug)]
pub enum Sms {
    /// Writes `ID.json` into this folder.
    Folder(PathBuf),
    /// Sends through the gateway of a provider.
    Gateway(Yunpian),
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

    /// Sends through a gateway: `https://:APIKEY@sms.yunpian.com`.
    ///
    /// # Errors
    /// [`Error::Gateway`] when the address is none.
    pub fn gateway(address: &str) -> Result<Sms, Error> {
        Yunpian::at(address).map(Sms::Gateway)
    }

    /// Sends. A folder finds that this id was written before; a gateway is told the id, and sends again.
    ///
    /// # Errors
    /// [`Error`]; see [`Error::is_passing`].
    pub async fn send(&self, message: &ShortMessage) -> Result<(), Error> {
        let path = match self {
            Sms::Gateway(gateway) => return gateway.send(message).await,
            Sms::Folder(path) => path,
        };
        let ShortMessage { id, at, to, text } = message.clone();
        let content = serde_json::to_vec_pretty(&Stored { id, at, to, text }).expect("texts and times are always JSON");
        folder::deliver(path.clone(), format!("{id}.json"), content).await
    }
}
