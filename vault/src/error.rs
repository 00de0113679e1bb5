use thiserror::Error;

use crate::{Id, Subject, tombstone::JournalError};

/// Why the vault did not do it. No variant holds a personal value.
#[derive(Debug, Error)]
pub enum Error {
    /// The database failed; nothing was opened.
    #[error("vault: {0}")]
    Db(#[from] kit::db::Error),
    /// The opening was refused and the attempt is on record.
    #[error("vault: opening refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// The bytes are damaged, or were sealed for another place, subject, region or key.
    #[error("vault: a seal cannot be opened where it was found")]
    Unreadable,
    /// The subject's key is not in the key database (any more).
    #[error("vault: the key of subject {0} does not exist")]
    KeyGone(Id<Subject>),
    /// A key was wrapped under an epoch that the root file does not have, or not with this value.
    #[error("vault: the root key file does not hold the key of epoch {0} that the key database needs")]
    Epoch(i64),
    /// The root key file is missing, malformed or readable for others.
    #[error("vault: root key file {path}: {rule}")]
    RootKey {
        /// As configured.
        path: String,
        /// What is wrong, and the way out.
        rule: String,
    },
    /// Another secret has this name; secrets are never overwritten.
    #[error("vault: secret `{0}` exists with another value")]
    SecretTaken(String),
    /// No subject of this id is enrolled.
    #[error("vault: subject {0} is not enrolled")]
    NotEnrolled(Id<Subject>),
    /// Keys are destroyed only after the subject's standing says so.
    #[error("vault: subject {0} is not destroyed; its keys stay")]
    NotDestroyed(Id<Subject>),
    /// The journal of tombstones cannot be read or written; no key was destroyed.
    #[error("vault: {0}")]
    Journal(#[from] JournalError),
    /// A choice was made in somebody else's name, or in nobody's.
    #[error("vault: a consent is answered by its own person, an authorisation by one of the company's people")]
    Forged,
    /// The question was answered before, or its id stands for another answer.
    #[error("vault: this question has been answered since it was shown")]
    Replayed,
    /// The question named a version of the policy that is not in force.
    #[error("vault: the question was about another version of the policy")]
    OtherVersion,
    /// Nothing was given that could end, or what is given is given.
    #[error("vault: this does not follow how the consent stands")]
    OutOfTurn,
}

/// Why one subject's data were not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The grant is about somebody else.
    #[error("subject {0} is outside the grant")]
    OutOfScope(Id<Subject>),
    /// Never enrolled.
    #[error("subject {0} is not enrolled")]
    NotEnrolled(Id<Subject>),
    /// No processing for now.
    #[error("subject {0} is blocked")]
    Blocked(Id<Subject>),
    /// Erased for good.
    #[error("subject {0} is destroyed")]
    Destroyed(Id<Subject>),
    /// The purpose rests on consent, and there is none that holds and covers it.
    #[error("subject {0} has not agreed")]
    NoConsent(Id<Subject>),
    /// The person has agreed, their company has not authorised it.
    #[error("the company of subject {0} has not authorised it")]
    NoAuthorisation(Id<Subject>),
    /// The version of the policy that the person has accepted does not permit it.
    #[error("subject {0} has accepted no version of the policy that permits it")]
    NotAccepted(Id<Subject>),
    /// The person has accepted a version that this program was not built with.
    #[error("subject {0} has accepted a version of the policy that this program does not have")]
    UnknownVersion(Id<Subject>),
    /// The purpose rests on an exception case, and there is none that holds for this person and these fields.
    #[error("no exception case holds for subject {0}")]
    NoCase(Id<Subject>),
}

impl Refusal {
    /// Whose data were not opened.
    pub fn subject(self) -> Id<Subject> {
        match self {
            Refusal::OutOfScope(id)
            | Refusal::NotEnrolled(id)
            | Refusal::Blocked(id)
            | Refusal::Destroyed(id)
            | Refusal::NoConsent(id)
            | Refusal::NoAuthorisation(id)
            | Refusal::NotAccepted(id)
            | Refusal::UnknownVersion(id)
            | Refusal::NoCase(id) => id,
        }
    }

    /// Whether nothing but a yes is missing: the person's, or their company's.
    pub const fn is_about_consent(self) -> bool {
        matches!(self, Refusal::NoConsent(_) | Refusal::NoAuthorisation(_))
    }

    /// As recorded with the denied attempt.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::OutOfScope(_) => "out-of-scope",
            Refusal::NotEnrolled(_) => "not-enrolled",
            Refusal::Blocked(_) => "blocked",
            Refusal::Destroyed(_) => "destroyed",
            Refusal::NoConsent(_) => "no-consent",
            Refusal::NoAuthorisation(_) => "no-authorisation",
            Refusal::NotAccepted(_) => "not-accepted",
            Refusal::UnknownVersion(_) => "unknown-version",
            Refusal::NoCase(_) => "no-case",
        }
    }
}
