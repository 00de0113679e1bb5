//! Who reads a history: a person of the operator in the one duty that their route names.

use crate::identity::company::Company;
use crate::identity::verification::untied;
use crate::web::{Auditor, Error, Operator, OperatorDuty, Reviewer};
use kit::db::Tx;
use kit::id::Id;
use std::ops::Deref;

/// A reviewer, or the auditor.
#[derive(Clone, Debug)]
pub enum Reader {
    /// Decides on companies.
    Reviewer(Reviewer),
    /// Looks from outside, for a time.
    Auditor(Auditor),
}

impl From<Reviewer> for Reader {
    fn from(reviewer: Reviewer) -> Self {
        Self::Reviewer(reviewer)
    }
}

impl From<Auditor> for Reader {
    fn from(auditor: Auditor) -> Self {
        Self::Auditor(auditor)
    }
}

impl Deref for Reader {
    type Target = Operator;
    fn deref(&self) -> &Operator {
        match self {
            Self::Reviewer(reviewer) => reviewer,
            Self::Auditor(auditor) => auditor,
        }
    }
}

impl Reader {
    /// The duty that they read in.
    pub fn duty(&self) -> OperatorDuty {
        match self {
            Self::Reviewer(_) => OperatorDuty::Reviewer,
            Self::Auditor(_) => OperatorDuty::Auditor,
        }
    }

    /// Where their pages stand: `/desk` or `/desk/audit`.
    pub fn place(&self) -> &'static str {
        match self {
            Self::Reviewer(_) => "/desk",
            Self::Auditor(_) => "/desk/audit",
        }
    }

    /// Refuses, in the unit of an act, who has lost the duty, and a reviewer who has to do with the company.
    ///
    /// # Errors
    /// 401; 403; 409 `verification-tied`.
    pub fn may(&self, tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
        self.still(tx)?;
        match self {
            Self::Reviewer(reviewer) => untied(tx, reviewer, company),
            Self::Auditor(_) => Ok(()),
        }
    }
}
