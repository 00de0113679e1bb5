//! The acts that a letter names: those by which a member binds the company, or speaks for it.

use crate::web::Member;
use schemars::JsonSchema;
use serde::Serialize;

/// An act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MandateAct")]
pub enum Act {
    /// Publishing a tender (发布招标).
    Publish,
    /// Answering questions about it (答疑).
    Answer,
    /// Awarding it (定标).
    Award,
    /// Asking about another's tender (提问).
    Ask,
    /// Submitting a bid, replacing it, taking it back (投标、替换、撤回).
    Bid,
    /// Publishing a demand, changing and closing it, answering what is asked about it, making a tender of it (发布需求).
    Demand,
    /// Answering another's demand with interest, asking about it (意向).
    Interest,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Publish, Self::Answer, Self::Award, Self::Ask, Self::Bid, Self::Demand, Self::Interest];

    /// Their codes.
    pub const CODES: [&str; 7] = ["publish", "answer", "award", "ask", "bid", "demand", "interest"];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        Self::CODES[self as usize]
    }

    /// The act of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// Those of stored codes; an unknown one is none (fail closed).
    pub fn of_codes(codes: &str) -> Vec<Self> {
        codes.split(' ').filter_map(Self::of).collect()
    }

    /// Those that a company of these sides does.
    pub fn of_sides(member: &Member) -> Vec<Self> {
        let is_theirs = |act: &Self| match act {
            Self::Publish | Self::Answer | Self::Award | Self::Demand => member.is_buyer,
            Self::Ask | Self::Bid | Self::Interest => member.is_provider,
        };
        Self::ALL.into_iter().filter(is_theirs).collect()
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("mandate-act-{}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_read_back_as_they_were_written() {
        assert_eq!(Act::ALL.map(Act::code), Act::CODES);
        assert_eq!(Act::of_codes("bid chair ask"), [Act::Bid, Act::Ask]);
        assert!(Act::of_codes("").is_empty());
    }
}
