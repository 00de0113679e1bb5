//! What a method asks for where first offers are negotiated about before they are final: data with its source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The numbers of a negotiation (磋商).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NegotiationNumbers")]
pub struct Rounds {
    /// Fewer final offers than this for a lot, and it fails without their being opened.
    pub final_offers_least: usize,
    /// So many suffice where the invitation says why.
    pub final_offers_few: usize,
    /// Hours between the invitation and the deadline of final offers, at least.
    pub final_offers_hours: i64,
}

impl Rounds {
    /// How many final offers it takes. `reason`: why fewer suffice, if the invitation says so.
    pub fn least(&self, reason: Option<&str>) -> usize {
        if reason.is_some() { self.final_offers_few } else { self.final_offers_least }
    }
}

#[cfg(test)]
mod tests {
    use crate::sourcing::profile::Method;

    #[test]
    fn final_offers_are_three_and_two_with_a_reason() {
        let rounds = Method::Negotiated.profile().negotiation.as_ref().unwrap();
        assert_eq!(
            (rounds.least(None), rounds.least(Some("科研项目")), rounds.final_offers_hours),
            (3, 2, 24),
            "214号 art. 21"
        );
        let others = Method::ALL.into_iter().filter(|method| method.profile().negotiation.is_some());
        assert_eq!(others.collect::<Vec<_>>(), [Method::Negotiated]);
    }
}
