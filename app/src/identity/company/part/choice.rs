//! Choices of the forms: a code, as it is stored and in the API, and the key of its word.

use crate::web::Fields;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident, $schema:literal, $prefix:literal, {
        $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(rename = $schema)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// All of them, in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }

            /// The key of its word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($prefix, $code)),+
                }
            }

            /// The one of this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// Takes it from a form. `None` is noted as a problem.
            pub fn take(fields: &mut Fields, field: &'static str) -> Option<Self> {
                fields.one_of(field, Self::ALL.iter().map(|one| one.code()));
                fields.parse(field, |code| Self::of_code(code).ok_or("choice"))
            }
        }
    };
}

pub(crate) use choices;

choices! {
    /// What a company is by law.
    Kind, "CompanyKind", "company-kind-", {
        /// A legal person, a partnership, a cooperative or an institution.
        Enterprise = "enterprise",
        /// 自然人经营者: an individual business (个体工商户), whose owner is a natural person.
        SoleOperator = "sole-operator",
    }
}

choices! {
    /// Who owns it, by the economic types that statistics use (GB/T 12402, in broad).
    Nature, "CompanyNature", "company-nature-", {
        /// Owned by the state.
        State = "state",
        /// Owned by a collective.
        Collective = "collective",
        /// Owned by private persons.
        Private = "private",
        /// With investors of several kinds.
        Mixed = "mixed",
        /// With investors of Hong Kong, Macao or Taiwan.
        HongKongMacaoTaiwan = "hk-mo-tw",
        /// With foreign investors.
        Foreign = "foreign",
        /// A farmers' cooperative.
        Cooperative = "cooperative",
        /// An individual business.
        Individual = "individual",
        /// A public institution (事业单位).
        Institution = "institution",
        /// Any other body.
        Other = "other",
    }
}

choices! {
    /// As what somebody stands for a company.
    Role, "RepresentativeRole", "company-role-", {
        /// 法定代表人.
        LegalRepresentative = "legal-representative",
        /// 执行事务合伙人 of a partnership.
        ExecutivePartner = "executive-partner",
        /// 负责人 of a branch or an institution.
        Principal = "principal",
        /// 经营者 of an individual business.
        Operator = "operator",
    }
}

choices! {
    /// How a company stands to administrative permits (行政许可).
    Statement, "PermitStatement", "company-statement-", {
        /// Its business needs some: they are listed.
        Permits = "permits",
        /// The law asks for none; the ground is stated.
        Exempt = "exempt",
    }
}

choices! {
    /// What a document is.
    DocumentKind, "CompanyDocumentKind", "company-document-", {
        /// An administrative permit: public, with its number (E-commerce Law 15).
        Permit = "permit",
        /// A certificate of a qualification.
        Certificate = "certificate",
        /// Any other document that ends.
        Other = "other",
    }
}

choices! {
    /// How another company stands to this one.
    Relation, "CompanyRelation", "company-relation-", {
        /// It holds this company's majority.
        Parent = "parent",
        /// This company holds its majority.
        Subsidiary = "subsidiary",
        /// It controls this company by other means.
        ControlledBy = "controlled-by",
        /// This company controls it by other means.
        Controls = "controls",
        /// Both are controlled by the same.
        SameController = "same-controller",
    }
}
