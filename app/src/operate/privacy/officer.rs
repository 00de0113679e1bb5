//! The right of the personal information officer about one person's request. It is made of the duty and of nothing else.

use crate::web::PrivacyOfficer;
use policy::recipient;
use vault::{Id, Opener, Proof, Scope, Subject};

/// An officer, about one person's request.
pub struct Officer {
    officer: Id<Subject>,
    about: Id<Subject>,
}

impl Officer {
    /// The right of this officer to read what this person has asked.
    pub fn of(officer: &PrivacyOfficer, about: Id<Subject>) -> Self {
        Self { officer: officer.subject(), about }
    }
}

impl Proof for Officer {
    type Recipient = recipient::Officer;

    fn opener(&self) -> Opener {
        Opener::person(self.officer, "officer")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.about)
    }
}
