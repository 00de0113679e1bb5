//! What two companies write to each other about.

use crate::identity::company::Company;
use crate::sourcing::tender::Tender;
use kit::id::Id;

/// A matter. Two companies have one thread for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Anything else.
    General,
    /// What the one that is asked offers as a provider.
    Provider,
    /// A tender of one of the two that is over.
    Tender(Id<Tender>),
}

impl Matter {
    /// The codes, as forms have them.
    pub const CODES: [&str; 3] = ["general", "provider", "tender"];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Provider => "provider",
            Self::Tender(_) => "tender",
        }
    }

    /// The tender that it is about.
    pub fn tender(self) -> Option<Id<Tender>> {
        if let Self::Tender(tender) = self { Some(tender) } else { None }
    }

    /// The matter of a code and a tender; none where they do not fit.
    pub fn read(code: &str, tender: Option<Id<Tender>>) -> Option<Self> {
        match (code, tender) {
            ("general", None) => Some(Self::General),
            ("provider", None) => Some(Self::Provider),
            ("tender", Some(tender)) => Some(Self::Tender(tender)),
            _ => None,
        }
    }

    /// Two companies and what they write about, whoever of them asks: what a thread is found by.
    pub fn topic(self, one: Id<Company>, other: Id<Company>) -> Vec<u8> {
        let mut pair = [*one.as_bytes(), *other.as_bytes()];
        pair.sort_unstable();
        let tender = self.tender().map_or([0; 16], |tender| *tender.as_bytes());
        [&pair[0][..], &pair[1][..], self.code().as_bytes(), &tender[..]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_one_topic_for_a_matter_whoever_asks() {
        let [a, b, c] = [[1; 16], [2; 16], [3; 16]].map(Id::from_bytes);
        let tender = Matter::Tender(Id::from_bytes([9; 16]));
        assert_eq!(tender.topic(a, b), tender.topic(b, a));
        let all = [tender.topic(a, b), Matter::General.topic(a, b), Matter::Provider.topic(a, b), tender.topic(a, c)];
        assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)));
        assert_eq!(Matter::read("tender", None), None);
        assert_eq!(Matter::read("general", tender.tender()), None);
    }
}
