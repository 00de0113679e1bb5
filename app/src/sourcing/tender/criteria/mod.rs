//! How bids are evaluated where a committee does it (评标办法): its size, the weight of the price, technical criteria with
//! theirs. Part of the draft, and so of what is reviewed, approved and published; a published tender keeps it as it is. A tender
//! without it is decided by its buyer, by price unless there is a reason.

mod form;
mod handle;
mod store;

pub use form::Given;
pub(super) use handle::{FormPage, edit, update};
pub use store::{copy, find, forget, keep_least};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All weights together.
pub const POINTS: i64 = 100;

/// How bids are evaluated by a committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvaluationMethod")]
pub struct Criteria {
    /// How many evaluators; odd.
    pub seats: i64,
    /// Points for the price: the lowest has them all, another the share of the lowest in its own.
    pub price_weight: i64,
    /// Whether evaluators see neither names nor prices until all have signed.
    pub blind: bool,
    /// What is scored by the evaluators, in its order.
    pub criteria: Vec<Criterion>,
}

/// Something that evaluators score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// What it is, in one line.
    pub title: String,
    /// Points at most.
    pub weight: i64,
}

impl Criteria {
    /// In one line, as a notice has it.
    pub fn line_zh(&self) -> String {
        let all = self.criteria.iter().map(|one| format!("{}{}分", one.title, one.weight));
        let blind = if self.blind { "，技术部分暗标评审" } else { "" };
        let price = format!("价格{}分（投标报价得分＝最低报价÷投标报价×{}）", self.price_weight, self.price_weight);
        let all = std::iter::once(price).chain(all).collect::<Vec<_>>().join("、");
        format!("由{}人评标委员会评审：{all}{blind}", self.seats)
    }

    /// The same in English.
    pub fn line_en(&self) -> String {
        let all = self.criteria.iter().map(|one| format!("{} {}", one.title, one.weight));
        let blind = if self.blind { "; the technical part is scored blind" } else { "" };
        let price = format!("price {} points (lowest price ÷ price × {})", self.price_weight, self.price_weight);
        let all = std::iter::once(price).chain(all).collect::<Vec<_>>().join(", ");
        format!("A committee of {} evaluates: {all}{blind}", self.seats)
    }
}
