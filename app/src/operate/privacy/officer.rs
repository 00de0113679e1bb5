//! The right of the personal information officer. Today every person of the operator has this duty; who has it is decided
//! here and nowhere else.

use crate::web::Operator;
use policy::recipient;
use vault::{Id, Opener, Proof, Scope, Subject};

/// An officer, about one person's request.
pub struct Officer {
    officer: Id<Subject>,
    about: Id<Subject>,
}

impl Officer {
    /// The right of this operator to read what this person has asked.
    pub fn of(operator: &Operator, about: Id<Subject>) -> Self {
        Self { officer: operator.subject(), about }
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
