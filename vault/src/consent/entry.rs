//! What is written into the ledger.

use crate::{Id, Subject};
use policy::PurposeEntry;

use super::Consent;

/// Declares an enum of stored codes.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// As stored.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What a stored code means.
            pub fn of_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codes! {
    /// What happened to a consent.
    Act {
        /// The person was asked.
        Requested = "requested",
        /// Yes. The only act that anything may be opened on.
        Given = "given",
        /// No, without there having been a yes.
        Refused = "refused",
        /// A yes taken back.
        Withdrawn = "withdrawn",
        /// Its time is over.
        Expired = "expired",
        /// What was agreed to is no longer what the policy says: the person is asked anew.
        Superseded = "superseded",
        /// It never held, or its person is gone.
        Invalidated = "invalidated",
    }
}

codes! {
    /// How it was expressed.
    Method {
        /// By pressing a button that says what it does.
        Click = "click",
        /// By the browser's signal `Sec-GPC: 1`.
        Gpc = "gpc",
        /// By a contract.
        Contract = "contract",
        /// By law, without anybody's act.
        Statutory = "statutory",
    }
}

codes! {
    /// Which form of consent it is.
    Kind {
        /// PIPL 14: voluntary and explicit, on full knowledge.
        Explicit = "explicit",
        /// PIPL 23, 25, 29, 39: asked for apart from everything else.
        Separate = "separate",
        /// PIPL 29: in writing, where a law asks for it.
        Written = "written",
    }
}

/// Whose consent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A person's own.
    Subject(Id<Subject>),
    /// The authorisation that a company gives for its people.
    Company([u8; 16]),
}

impl Holder {
    /// A company's.
    pub fn company<C>(company: Id<C>) -> Self {
        Self::Company(*company.as_bytes())
    }

    pub(super) fn party(self) -> &'static str {
        match self {
            Self::Subject(_) => "subject",
            Self::Company(_) => "company",
        }
    }

    pub(super) fn id(&self) -> [u8; 16] {
        match self {
            Self::Subject(subject) => *subject.as_bytes(),
            Self::Company(company) => *company,
        }
    }
}

/// One line of the ledger, before it is written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Made when the question was shown and carried by its form: the same id again is the same answer.
    pub id: Id<Consent>,
    /// Whose.
    pub holder: Holder,
    /// For which function.
    pub purpose: &'static PurposeEntry,
    /// What happened.
    pub act: Act,
    /// The number of the last event that whoever answers has seen; 0 for none. A yes to a question that has been answered
    /// since is refused.
    pub after: i64,
    /// What was shown, where, and by whom it was answered.
    pub told: Told,
}

/// The circumstances (ISO/IEC TS 27560: notice, method, actor).
#[derive(Clone, Debug)]
pub struct Told {
    /// The policy's version that the question named.
    pub version: String,
    /// The question as it was shown; `None` where none was.
    pub text: Option<String>,
    /// BCP 47.
    pub language: &'static str,
    /// Where in the interface: an address, or the name of a routine.
    pub place: &'static str,
    /// Through which channel: `web-html`, `web-json`, `mail`, `program`.
    pub channel: &'static str,
    /// How it was expressed.
    pub method: Method,
    /// Which form of consent; only a yes has one.
    pub kind: Option<Kind>,
    /// Who acted; `None` for the program itself.
    pub actor: Option<Id<Subject>>,
}
