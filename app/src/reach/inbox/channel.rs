//! The ways by which a notification reaches its person.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "InboxChannel")]
pub enum Channel {
    /// The inbox on the platform.
    Inbox,
    /// A mail.
    Mail,
    /// A short message to the phone.
    Sms,
    /// A push message, to the application that the person has subscribed with.
    Push,
}

impl Channel {
    /// All of them, in the order in which a page lists them.
    pub const ALL: [Self; 4] = [Self::Inbox, Self::Mail, Self::Sms, Self::Push];

    /// The code, kept in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }

    /// The way of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inbox => "inbox-channel-inbox",
            Self::Mail => "inbox-channel-mail",
            Self::Sms => "inbox-channel-sms",
            Self::Push => "inbox-channel-push",
        }
    }
}
