//! Duties (职责): what somebody may do for their company. Whoever is in it reads what is the company's; each act needs a duty.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// A duty. Stored and sent by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Duty")]
pub enum Duty {
    /// Answers for the company: its data, its people, its agreements (所有者).
    Owner,
    /// Publishes tenders and awards them (采购经办).
    Buyer,
    /// Prepares tenders and answers questions (项目经理).
    ProjectManager,
    /// Asks and bids (投标经办).
    Bidder,
    /// Keeps the accounts (财务).
    Finance,
    /// Reads only (只读).
    Viewer,
    /// Whom the platform asks about the company's personal information (个人信息联系人).
    PersonalInformation,
}

impl Duty {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Buyer,
        Self::ProjectManager,
        Self::Bidder,
        Self::Finance,
        Self::PersonalInformation,
        Self::Viewer,
    ];

    /// Those with which one does more than read.
    pub const ACTING: [Self; 6] =
        [Self::Owner, Self::Buyer, Self::ProjectManager, Self::Bidder, Self::Finance, Self::PersonalInformation];

    /// Those with which one prepares what is to be bought: drafts, demands, calls.
    pub const PREPARING: [Self; 2] = [Self::Buyer, Self::ProjectManager];

    /// Those with which one writes to other companies: who buys, manages, bids or answers for all of it.
    pub const CORRESPONDING: [Self; 4] = [Self::Owner, Self::Buyer, Self::ProjectManager, Self::Bidder];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Buyer => "buyer",
            Self::ProjectManager => "project-manager",
            Self::Bidder => "bidder",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
            Self::PersonalInformation => "personal-information",
        }
    }

    /// The duty that a code means.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.code() == code)
    }

    /// The key of its word.
    pub fn word(self) -> String {
        format!("duty-word-{}", self.code())
    }

    /// The key of what it is for.
    pub fn hint(self) -> String {
        format!("{}-hint", self.word())
    }
}

/// A set of duties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duties(u8);

impl Duties {
    /// Every duty: those of a company's first account.
    pub const EVERY: Self = Self(0b111_1111);

    /// These.
    pub fn of(duties: &[Duty]) -> Self {
        Self(duties.iter().fold(0, |all, duty| all | bit(*duty)))
    }

    /// Those that stored codes mean, with spaces between; an unknown one means none (fail closed).
    pub fn of_codes(codes: &str) -> Self {
        Self(codes.split(' ').filter_map(Duty::of_code).fold(0, |all, duty| all | bit(duty)))
    }

    /// As they are stored.
    pub fn codes(self) -> String {
        self.list().into_iter().map(Duty::code).collect::<Vec<_>>().join(" ")
    }

    /// One by one, in the order in which they are shown.
    pub fn list(self) -> Vec<Duty> {
        Duty::ALL.into_iter().filter(|duty| self.has(*duty)).collect()
    }

    /// Whether this one is among them.
    pub fn has(self, duty: Duty) -> bool {
        self.0 & bit(duty) != 0
    }

    /// Whether any of these is among them.
    pub fn has_any(self, any: &[Duty]) -> bool {
        any.iter().any(|duty| self.has(*duty))
    }

    /// The same and this one.
    pub fn with(self, duty: Duty) -> Self {
        Self(self.0 | bit(duty))
    }

    /// The same without this one.
    pub fn without(self, duty: Duty) -> Self {
        Self(self.0 & !bit(duty))
    }

    /// These and those.
    pub fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are among these.
    pub fn among(self, some: &[Duty]) -> Self {
        Self(self.0 & Self::of(some).0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(duty: Duty) -> u8 {
    1 << duty as u8
}

impl Serialize for Duties {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.list())
    }
}

impl JsonSchema for Duties {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duties".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Duty>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_read_back_as_they_were_written() {
        for duty in Duty::ALL {
            assert_eq!(Duty::of_code(duty.code()), Some(duty));
            assert!(Duties::EVERY.has(duty) && !Duties::EVERY.without(duty).has(duty));
        }
        assert_eq!(Duties::of_codes(&Duties::EVERY.codes()), Duties::EVERY);
        assert_eq!(Duties::of_codes("bidder chairman"), Duties::of(&[Duty::Bidder]));
        assert!(Duties::of_codes("").is_empty());
    }
}
