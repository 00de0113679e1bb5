//! Ports for mail, short messages and push messages.
//!
//! A job sends with the id of the message, and a job may run twice: the folder sinks give a message's file the name of
//! its id, so a repeated delivery changes nothing; over SMTP the id is the Message-ID. Who a message goes to and what
//! it says are personal: `Debug` shows neither, and no error repeats them.

mod eml;
mod folder;
mod mailer;
pub mod outbox;
mod push;
mod sms;
mod yunpian;

use std::fmt;

use jiff::Timestamp;

use crate::id::Id;

pub use mailer::Mailer;
pub use push::{Push, PushMessage};
pub use sms::Sms;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The same for each attempt to send this mail.
    pub id: Id<Mail>,
    /// When it was written; the Date of the mail.
    pub at: Timestamp,
    /// An address, `name@example.org`, without a display name.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The whole message as plain text.
    pub text: String,
    /// The same message as HTML, for programs that prefer it.
    pub html: Option<String>,
    /// The address at which one POST without a cookie ends mails of this kind (RFC 8058).
    pub one_click: Option<String>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

/// A short message to one mobile number.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortMessage {
    /// The same for each attempt to send this message.
    pub id: Id<ShortMessage>,
    /// When it was written.
    pub at: Timestamp,
    /// In E.164: `+8613800138000`.
    pub to: String,
    /// The whole message.
    pub text: String,
}

impl fmt::Debug for ShortMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShortMessage").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Why a message was not sent. No text of it names the person or repeats what a server said of them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be written to: trying again is of no use.
    #[error("the address of the recipient cannot be read as name@domain")]
    Recipient,
    /// The sender's address in the configuration.
    #[error("the sender {0:?} is no address like \"Name <name@example.org>\"")]
    Sender(String),
    /// The server's address in the configuration; its text may hold a password and is not repeated.
    #[error("the mail server is not given as smtps://user:password@host:465 or smtp://host:587?tls=required")]
    Server,
    /// The mail could not be put into its wire form.
    #[error("the mail cannot be composed")]
    Compose(#[from] lettre::error::Error),
    /// The server refused for good, with this SMTP code: trying again is of no use.
    #[error("the mail server refused with code {0}")]
    Refused(u16),
    /// The server could not be reached, or asked to come back later: try again.
    #[error("the mail server did not take the mail now{}", code.map(|c| format!(" (code {c})")).unwrap_or_default())]
    Later {
        /// The SMTP code, if the server gave one.
        code: Option<u16>,
    },
    /// The gateway's address in the configuration; its text may hold a key and is not repeated.
    #[error("the gateway is not given as https://:KEY@host")]
    Gateway,
    /// The gateway could not be reached, or did not take the message: try again.
    #[error("the gateway did not take the message{}", code.map(|c| format!(" (code {c})")).unwrap_or_default())]
    NotTaken {
        /// Its code, if it gave one.
        code: Option<i64>,
    },
    /// The folder sink cannot write.
    #[error("the outbox {folder} cannot be written")]
    Folder {
        /// The folder.
        folder: std::path::PathBuf,
        /// The file system's reason.
        source: std::io::Error,
    },
}

impl Error {
    /// Whether another attempt can succeed without a change to the message or the configuration.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Later { .. } | Error::NotTaken { .. } | Error::Folder { .. })
    }
}

#[cfg(test)]
mod gateway_tests;
#[cfg(test)]
mod tests;
