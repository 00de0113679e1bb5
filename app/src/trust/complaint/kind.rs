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
}

impl Kind {
    /// All, in the order of the law.
    pub const ALL: [Self; 7] = [
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
        }
    }

    /// The kind of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("complaint-kind-{}", self.code())
    }
}
