//! What a tender says of every bid: for how long it binds (投标有效期), which of equal ones comes first (并列时的顺序), and whether consortia are
//! accepted (联合体; 实施条例 art. 37 asks that it be said). Public with the tender and fixed from then on.

use crate::sourcing::profile::days_after;
use crate::web::{Fields, Form};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// No bid binds for longer.
const MOST_DAYS: i64 = 365;

/// No consortium has more members.
pub const MOST_MEMBERS: i64 = 9;

/// Which of equal bids comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderTie")]
pub enum Tie {
    /// 并列: they share a place; the buyer decides and says why.
    #[default]
    Shared,
    /// 先递交者优先: the one that was received earlier.
    Earlier,
    /// 技术分高者优先: the one with more technical points.
    Technical,
}

impl Tie {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shared, Self::Earlier, Self::Technical];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Earlier => "earlier",
            Self::Technical => "technical",
        }
    }

    /// The rule that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tie| tie.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("tender-tie-{}", self.code())
    }

    /// As a notice says it.
    pub fn said_zh(self) -> &'static str {
        match self {
            Self::Shared => "并列，由招标人决定并说明理由",
            Self::Earlier => "先递交者优先",
            Self::Technical => "技术分高者优先",
        }
    }
}

/// What a tender says of every bid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TenderTerms")]
pub struct Terms {
    /// For so many days after the deadline a bid binds; none where nothing is said.
    pub validity_days: Option<i64>,
    /// Which of equal bids comes first.
    pub tie: Tie,
    /// Up to how many members a consortium may have, its lead among them; 0 where none is accepted.
    pub consortium_most: i64,
}

impl Terms {
    /// Out of a tender's form.
    pub(super) fn parse(fields: &mut Fields) -> Option<Self> {
        let validity_days = fields.like("validity_days", "90").optional("validity_days", |text| {
            text.parse::<i64>().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or("validity-days")
        });
        let tie = fields.optional("tie", |code| Tie::from_code(code).ok_or("choice"));
        let most = fields.like("consortium_most", "3").optional("consortium_most", |text| {
            text.parse::<i64>()
                .ok()
                .filter(|most| *most == 0 || (2..=MOST_MEMBERS).contains(most))
                .ok_or("consortium-most")
        });
        Some(Self {
            validity_days: validity_days?,
            tie: tie?.unwrap_or_default(),
            consortium_most: most?.unwrap_or_default(),
        })
    }

    /// Puts them into a tender's form.
    pub(super) fn fill(&self, form: Form) -> Form {
        let days = self.validity_days.map(|days| days.to_string()).unwrap_or_default();
        let most = if self.takes_consortia() { self.consortium_most.to_string() } else { String::new() };
        form.with("validity_days", days).with("tie", self.tie.code()).with("consortium_most", most)
    }

    /// Whether consortia are accepted.
    pub fn takes_consortia(&self) -> bool {
        self.consortium_most > 0
    }

    /// As a notice says it.
    pub fn consortia_zh(&self) -> String {
        match self.consortium_most {
            0 => "本项目不接受联合体投标。".to_owned(),
            most => format!(
                "本项目接受联合体投标，成员不超过{most}家；由同一专业的单位组成的，按资质等级较低的单位确定资质等级。"
            ),
        }
    }

    /// When bids cease to bind that were due at this instant.
    pub fn valid_until(&self, deadline: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.validity_days.map(|days| days_after(deadline, days, zone))
    }
}

/// Stores them with a draft.
pub(super) fn store<T>(tx: &mut Tx, id: Id<T>, terms: &Terms) -> Result<(), db::Error> {
    let sql = "UPDATE tender SET validity_days = $1, tie = $2, consortium_most = $4 WHERE id = $3";
    tx.execute(sql, values![terms.validity_days, terms.tie.code(), id, terms.consortium_most]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bid_binds_until_the_end_of_the_last_day() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let deadline: Timestamp = "2027-01-12T02:00:00Z".parse().unwrap();
        let terms = Terms { validity_days: Some(2), ..Terms::default() };
        assert_eq!(terms.valid_until(deadline, &zone).unwrap().to_string(), "2027-01-14T16:00:00Z");
        assert_eq!(Terms::default().valid_until(deadline, &zone), None);
        assert!(Terms::default().consortia_zh().contains("不接受联合体"));
        let takes = Terms { consortium_most: 3, ..Terms::default() };
        assert!(takes.takes_consortia() && takes.consortia_zh().contains("不超过3家"));
        assert!(Tie::ALL.into_iter().all(|tie| Tie::from_code(tie.code()) == Some(tie)));
    }
}
