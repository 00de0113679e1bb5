//! What a report says was wrong, and what the desk may do about it.

use schemars::JsonSchema;
use serde::Serialize;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident $schema:literal $word:literal { $($(#[$about:meta])* $one:ident $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        #[schemars(rename = $schema)]
        pub enum $name { $($(#[$about])* $one),* }

        impl $name {
            /// All of them, in the order of the form.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$one),*];

            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$one => $code),* }
            }

            /// What a code means.
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.code() == code)
            }

            /// Key of its word.
            pub fn word(self) -> String {
                format!(concat!($word, "-{}"), self.code())
            }
        }
    };
}

codes! {
    /// What was wrong.
    Ground "ReportGround" "report-ground" {
        /// Fraud, or money asked for beside the platform.
        Fraud "fraud",
        /// Collusion on a tender, a bribe offered or asked for (招标投标法 art. 32).
        Collusion "collusion",
        /// Threats, insults.
        Abuse "abuse",
        /// Advertising that nobody asked for.
        Advertising "advertising",
        /// Somebody's personal data, or a secret of the company's.
        Disclosure "disclosure",
        /// Something else, as the text says.
        Other "other",
    }
}

codes! {
    /// What the desk does.
    Decision "ReportDecision" "report-decision" {
        /// Nothing.
        None "none",
        /// The other side is warned.
        Warned "warned",
        /// The messages handed over are taken down.
        TakenDown "taken-down",
        /// The thread is closed.
        Closed "closed",
    }
}
