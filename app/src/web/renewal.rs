//! Who has to agree anew before going on, and what stays open to them meanwhile (clause 10.1).

use super::calendar::{Calendar, Policies};
use super::error::Error;
use jiff::Timestamp;
use policy::{Control, Versions};

/// The version of the policy that a person has accepted last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// None.
    Nothing,
    /// One that this process was built with.
    Known(&'static str),
    /// One that it was not built with.
    Unknown,
}

impl Accepted {
    /// What a row says.
    pub fn of(stored: Option<&str>, versions: Versions) -> Self {
        let Some(id) = stored else { return Self::Nothing };
        versions.named(id).map_or(Self::Unknown, |version| Self::Known(version.id))
    }

    /// Its id, as far as this process can tell; empty where it cannot.
    pub fn id(self) -> &'static str {
        if let Self::Known(id) = self { id } else { "" }
    }
}

/// Whether a person may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// What they have accepted covers what is in force.
    None,
    /// The version in force permits more than they have accepted.
    Due,
    /// This process does not have the text of what is in force, or of what they accepted: another process has.
    Elsewhere,
}

impl Renewal {
    /// Of a person who has accepted this. Whoever accepted the version in force or a newer one goes on; of an older one it
    /// is computed what has been added.
    pub fn of(policies: &Policies, calendar: &Calendar, now: Timestamp, accepted: Accepted) -> Self {
        let Ok(in_force) = policies.in_force(calendar, now) else { return Self::Elsewhere };
        let Accepted::Known(accepted) = accepted else {
            return if accepted == Accepted::Nothing { Self::Due } else { Self::Elsewhere };
        };
        let before = policies.versions().named(accepted);
        let covers = before.is_some_and(|before| accepted >= in_force.id || in_force.grown(before).is_empty());
        if covers || !policy::holds(Control::RenewedAgreement) { Self::None } else { Self::Due }
    }

    /// Refuses what is not open to who has to agree first.
    ///
    /// # Errors
    /// 403 `policy-renewal`, 503 `policy-unknown-here`.
    pub fn admits(self, path: &str) -> Result<(), Error> {
        match self {
            Self::None => Ok(()),
            _ if is_always_open(path) => Ok(()),
            Self::Due => Err(Error::forbidden("policy-renewal")),
            Self::Elsewhere => Err(Error::policy_unknown_here()),
        }
    }
}

/// What is open to everybody who is signed in, whichever version they have accepted, with all that lies under it: reading the
/// policy and agreeing to it, what is public to anybody, one's data, export, consents, complaint and cancellation, and
/// signing out.
const ALWAYS_OPEN: &[&str] = &[
    "/policy",
    "/agreements",
    "/cookies",
    "/notices",
    "/notices.atom",
    "/ocds",
    "/trust",
    "/log",
    "/styles",
    "/demo",
    "/session",
    "/me/data",
    "/me/export",
    "/me/consents",
    "/me/accesses",
    "/me/use",
    "/me/agreements",
    "/me/complaints",
    "/me/cancellation",
    "/me/step-up",
];

/// Whether a route, as it is declared, is one of them. `/me` is the hub that leads there, and nothing else of it.
pub fn is_always_open(path: &str) -> bool {
    let lies_in = |open: &&str| path.strip_prefix(*open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    path == "/me" || ALWAYS_OPEN.iter().any(lies_in)
}

#[cfg(test)]
mod tests {
    use super::is_always_open;

    #[test]
    fn a_name_that_only_begins_alike_is_not_open() {
        assert!(is_always_open("/me") && is_always_open("/policy/{version}") && is_always_open("/session/end"));
        for closed in ["/", "/me/password", "/me/sessions/{id}/end", "/me/exports", "/policyholder", "/tenders"] {
            assert!(!is_always_open(closed), "{closed}");
        }
    }
}
