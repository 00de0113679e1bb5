//! Where a bid stands, and how pages show it.

use schemars::JsonSchema;
use serde::Serialize;

/// Where a bid stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "BidState")]
pub enum State {
    /// 已密封.
    Sealed,
    /// 已撤回.
    Withdrawn,
    /// 已开标.
    Opened,
    /// The envelope did not open.
    Unreadable,
}

impl State {
    /// The state that a code means.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            "sealed" => Some(Self::Sealed),
            "withdrawn" => Some(Self::Withdrawn),
            "opened" => Some(Self::Opened),
            "unreadable" => Some(Self::Unreadable),
            _ => None,
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("bid-state-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Sealed => "lock",
            Self::Withdrawn => "back",
            Self::Opened => "unlock",
            Self::Unreadable => "stop",
        }
    }

    /// Its colour, which comes third.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Sealed => "live",
            Self::Unreadable => "bad",
            Self::Withdrawn | Self::Opened => "",
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Withdrawn => "withdrawn",
            Self::Opened => "opened",
            Self::Unreadable => "unreadable",
        }
    }
}
