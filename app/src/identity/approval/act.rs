//! The acts that a company can make depend on approval.

use crate::identity::people::Duty;
use schemars::JsonSchema;
use serde::Serialize;

/// An act. Submitting a bid is none of them: what asks for it would tell, before the opening, who means to bid for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalAct")]
pub enum Act {
    /// Publishing a tender (发布招标): by the sum of its lots' budgets.
    Publish,
    /// Awarding a lot (定标): by the price of the bid that is chosen.
    Award,
    /// Amending a published tender (变更) in more than its dates: as its publication.
    Amend,
    /// Publishing a demand (发布需求) and each further edition of it: by its budget, as the publication of a tender.
    Demand,
    /// Publishing a call for applications to a qualified list (发布资格预审、入围征集): its amount is unknown, as the publication of a tender.
    List,
    /// Deciding who is on a qualified list (入围): its amount is unknown, as an award.
    Admit,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Publish, Self::Award, Self::Amend, Self::Demand, Self::List, Self::Admit];

    /// Those that have a chain of their own.
    pub const RULED: [Self; 2] = [Self::Publish, Self::Award];

    /// Their codes.
    pub const CODES: [&str; 6] = ["publish", "award", "amend", "demand", "list", "admit"];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    /// The act of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// The act by whose chain it is approved.
    pub fn ruled_by(self) -> Self {
        match self {
            Self::Publish | Self::Amend | Self::Demand | Self::List => Self::Publish,
            Self::Award | Self::Admit => Self::Award,
        }
    }

    /// The duty that it needs.
    pub fn duty(self) -> Duty {
        match self {
            Self::Publish | Self::Award | Self::Amend | Self::Demand | Self::List | Self::Admit => Duty::Buyer,
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("approval-act-{}", self.code())
    }

    /// Key of what its amount is.
    pub fn measure(self) -> String {
        format!("approval-amount-{}", self.ruled_by().code())
    }
}
