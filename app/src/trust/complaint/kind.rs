//! What somebody may ask the officer for.

use schemars::JsonSchema;
use serde::Serialize;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ComplaintKind")]
pub enum Kind {
    /// To see what is kept (PIPL 45).
    Access,
    /// To have a copy, or to have it moved (PIPL 45).
    Copy,
    /// To have it corrected or completed (PIPL 46).
    Correction,
    /// To have it deleted (PIPL 47).
    Deletion,
    /// To have the rules explained (PIPL 48).
    Explanation,
    /// To limit or refuse what is done with it (PIPL 44).
    Objection,
    /// To complain (PIPL 50, 65).
    Complaint,
    /// To report a leak (PIPL 57); it has a page of its own, because it does more.
    Leak,
}

impl Kind {
    /// Those that are chosen, in the order of the law.
    pub const CHOSEN: [Self; 7] = [
        Self::Access,
        Self::Copy,
        Self::Correction,
        Self::Deletion,
        Self::Explanation,
        Self::Objection,
        Self::Complaint,
    ];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Copy => "copy",
            Self::Correction => "correction",
            Self::Deletion => "deletion",
            Self::Explanation => "explanation",
            Self::Objection => "objection",
            Self::Complaint => "complaint",
            Self::Leak => "leak",
        }
    }

    /// The kind of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::CHOSEN.into_iter().chain([Self::Leak]).find(|kind| kind.code() == code)
    }

    /// How many working days an answer may take. The policy promises fifteen; who reports a leak hears the next day.
    pub fn days(self) -> u32 {
        if self == Self::Leak { 1 } else { 15 }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("complaint-kind-{}", self.code())
    }
}
