//! What is asked about: facts of the company, and the name of who stands for it; and whether the name and the number that a person
//! typed from their identity document belong to one person.

use crate::identity::company::part::{self, representative::Representative};
use crate::identity::verification::document;
use crate::identity::verification::kind::Kind;
use crate::identity::verification::record::Record;
use aws_lc_rs::digest::{Context, SHA256};
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "VerificationFact")]
pub enum Fact {
    /// The registered name.
    Name,
    /// The unified social credit code.
    CreditCode,
    /// The name of the legal representative, or of the sole operator.
    Representative,
    /// The name on the resident identity card of who is verified.
    PersonName,
    /// The number on it.
    PersonNumber,
}

impl Fact {
    /// All of them, in the order in which they are asked and their digest is made.
    pub const ALL: [Self; 5] =
        [Self::Name, Self::CreditCode, Self::Representative, Self::PersonName, Self::PersonNumber];

    /// As it is called on the wire and stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CreditCode => "credit_code",
            Self::Representative => "representative",
            Self::PersonName => "person_name",
            Self::PersonNumber => "person_number",
        }
    }

    /// The fact of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "attestation-fact-name",
            Self::CreditCode => "attestation-fact-code",
            Self::Representative => "attestation-fact-representative",
            Self::PersonName => "attestation-fact-person-name",
            Self::PersonNumber => "attestation-fact-person-number",
        }
    }
}

/// The facts of a case as they lie here: of what is sealed the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The registered name.
    pub name: String,
    /// The unified social credit code.
    pub credit_code: String,
    /// Which row of names; none while the company has filed nobody.
    pub representative: Option<Id<()>>,
    /// Which row holds the person's resident identity card; none while they have given none.
    pub document: Option<Id<()>>,
}

impl Facts {
    /// As they stand now.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, record: &Record) -> Result<Self, db::Error> {
        let document = document::attestable(tx, record)?;
        let representative = match record.case.kind {
            // Of a bidder nothing of the company is asked.
            Kind::AuthorisedBidder => document,
            _ => part::newest::<Representative>(tx, record.company)?.map(|version| version.content.row),
        };
        let (name, credit_code) = (record.company_name.clone(), record.credit_code.clone());
        Ok(Self { name, credit_code, representative, document })
    }

    /// Whether the company is asked about, too.
    pub fn ask_company(&self) -> bool {
        self.representative != self.document
    }
}

/// The SHA-256 of values, by which an answer says what it is about: of each fact its code and its value, both as netstrings
/// (`4:name,`), in the order of [`Fact::ALL`]. No two sets of values are written alike.
pub fn digest(values: &[(Fact, &str)]) -> [u8; 32] {
    let mut hash = Context::new(&SHA256);
    for (fact, value) in values {
        for text in [fact.code(), value] {
            hash.update(format!("{}:{text},", text.len()).as_bytes());
        }
    }
    hash.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of docs/attestation.md.
    #[test]
    fn the_digest_is_that_of_the_guide() {
        let values = [
            (Fact::Name, "衡川数维科技有限公司"),
            (Fact::CreditCode, "91350100M000100Y43"),
            (Fact::Representative, "司空望舒"),
        ];
        let guide = include_str!("../../../../../docs/attestation.md");
        assert!(guide.contains(&hex::encode(digest(&values))), "{}", hex::encode(digest(&values)));
        let moved = [(Fact::Name, "衡川数维科技有限公司1"), (Fact::CreditCode, "1350100M000100Y43")];
        assert_ne!(digest(&moved), digest(&values[..2]), "a value does not run into the next");
    }
}
