//! Why a history is read.

use crate::web::{Fields, Parse};
use jiff::civil::Date;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

use super::grant::HistoryGrant;

/// What somebody reads a company's history for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HistoryPurpose")]
pub enum Purpose {
    /// 审核: to decide on the company, or on its appeal.
    Review,
    /// 投诉: somebody has complained.
    Complaint,
    /// 审计: an audit of the platform's decisions.
    Audit,
    /// 主管部门: an authority asks, on a law.
    Authority,
    /// 事件: something went wrong, and has to be understood.
    Incident,
}

impl Purpose {
    /// All, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Review, Self::Complaint, Self::Audit, Self::Authority, Self::Incident];

    /// As it is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Complaint => "complaint",
            Self::Audit => "audit",
            Self::Authority => "authority",
            Self::Incident => "incident",
        }
    }

    /// The key of its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Review => "history-for-review",
            Self::Complaint => "history-for-complaint",
            Self::Audit => "history-for-audit",
            Self::Authority => "history-for-authority",
            Self::Incident => "history-for-incident",
        }
    }

    /// The purpose with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// A grant about to be made.
#[derive(Clone)]
pub struct Wanted {
    /// Made with the form: sent twice, it is one.
    pub id: Id<HistoryGrant>,
    /// What for.
    pub purpose: Purpose,
    /// Why, in one's own words.
    pub reason: String,
    /// The day that is shown first; today where none is said.
    pub at: Option<Date>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let purpose = fields.one_of("purpose", Purpose::ALL.map(Purpose::code));
        let purpose = purpose.parse("purpose", |code| Purpose::of_code(code).ok_or("choice"));
        let reason = fields.text("reason", 10..=500);
        let at = fields.optional("at", |text| text.parse::<Date>().map_err(|_| "history-day"));
        Some(Self { id: id?, purpose: purpose?, reason: reason?, at: at? })
    }
}
