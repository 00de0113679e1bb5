//! The joint bidding agreement (共同投标协议) as data, and what follows from who is in which bid: pure rules, no I/O.

use super::Signed;
use crate::identity::company::Company;
use crate::sourcing::tender::document::sha256;
use crate::sourcing::tender::{Lot, Tender};
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in every agreement (招标投标法 art. 31: joint contract, joint liability).
pub const TERMS: &str = "牵头人代表联合体各方提交、替换、确认和撤回投标，参加开标，答复澄清，接收文书。联合体中标的，各方共同与招标人签订合同，就中标项目向招标人承担连带责任。签署后，各方不再就同一标段单独投标或者参加其他联合体投标。投标提交后不更换成员。";

/// What a member takes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConsortiumPart")]
pub struct Part {
    /// The company.
    pub company: Id<Company>,
    /// Its name.
    pub name: String,
    /// Percent of the work.
    pub share: i64,
    /// Which work.
    pub work: String,
}

/// An agreement. Nothing changes it; who wants another makes another consortium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConsortiumAgreement")]
pub struct Agreement {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Of which lot.
    pub lot: Id<Lot>,
    /// The members, the lead (牵头人) first.
    pub parts: Vec<Part>,
    /// What they have agreed on beside.
    pub clauses: String,
    /// What stands in every agreement.
    pub terms: String,
    /// By chance, so that nobody finds the members by trying hashes.
    pub salt: String,
    /// As it was signed on paper, where the lead has attached that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

impl Agreement {
    /// Its text: one canonical line, names in this order.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its hash, which each member accepts.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.text().as_bytes())
    }

    /// What the consortium is called wherever a bidder is named.
    pub fn name(&self) -> String {
        named(self.parts.iter().map(|part| part.name.as_str()))
    }
}

fn named<'a>(mut names: impl Iterator<Item = &'a str>) -> String {
    let lead = names.next().unwrap_or_default();
    let others = names.collect::<Vec<_>>().join("、");
    format!("{lead}（牵头人）、{others}（联合体）")
}

/// The bids that are void because one company stands in two of them, alone or in a consortium (实施条例 art. 37: all of them are). Each
/// bid with its companies.
pub fn doubled<B: Copy + Ord>(bids: &[(B, Vec<Id<Company>>)]) -> BTreeSet<B> {
    let mut of: BTreeMap<Id<Company>, BTreeSet<B>> = BTreeMap::new();
    for (bid, companies) in bids {
        for company in companies {
            of.entry(*company).or_default().insert(*bid);
        }
    }
    of.into_values().filter(|bids| bids.len() > 1).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn company(number: u8) -> Id<Company> {
        Id::from_bytes([number; 16])
    }

    fn agreement(shares: &[(u8, i64)]) -> Agreement {
        let part = |(number, share): &(u8, i64)| Part {
            company: company(*number),
            name: format!("公司{number}"),
            share: *share,
            work: "开发".into(),
        };
        Agreement {
            tender: Id::from_bytes([1; 16]),
            lot: Id::from_bytes([2; 16]),
            parts: shares.iter().map(part).collect(),
            clauses: "按份额分工".into(),
            terms: TERMS.into(),
            salt: "00".into(),
            signed: None,
        }
    }

    #[test]
    fn its_hash_binds_every_word_and_its_name_has_every_member() {
        let one = agreement(&[(1, 60), (2, 40)]);
        let read: Agreement = serde_json::from_str(&one.text()).unwrap();
        assert_eq!((read.sha256(), &read), (one.sha256(), &one));
        let mut changes = vec![agreement(&[(1, 61), (2, 39)]), agreement(&[(2, 60), (1, 40)])];
        changes.push(Agreement { clauses: "另行约定".into(), ..one.clone() });
        changes.push(Agreement { salt: "01".into(), ..one.clone() });
        changes.push(Agreement { lot: Id::from_bytes([3; 16]), ..one.clone() });
        let signed = Signed { name: "协议.pdf".into(), size: 9, sha256: "00".into() };
        let paper = Agreement { signed: Some(signed.clone()), ..one.clone() };
        changes.push(Agreement { signed: Some(Signed { sha256: "01".into(), ..signed }), ..one.clone() });
        assert!(changes.iter().all(|other| other.sha256() != paper.sha256()));
        assert!(!one.text().contains("signed"), "its text is as it was before there were files");
        changes.push(paper);
        assert!(changes.iter().all(|other| other.sha256() != one.sha256()));
        assert_eq!(agreement(&[(1, 50), (2, 30), (3, 20)]).name(), "公司1（牵头人）、公司2、公司3（联合体）");
    }

    #[test]
    fn all_bids_with_a_company_that_stands_in_two_are_void() {
        let bids = [
            (1, vec![company(1), company(2)]),
            (2, vec![company(2)]),
            (3, vec![company(3), company(4)]),
            (4, vec![company(5)]),
        ];
        assert_eq!(doubled(&bids).into_iter().collect::<Vec<_>>(), [1, 2]);
        assert!(doubled(&[(1, vec![company(1), company(1)])]).is_empty(), "named twice in one bid is one bid");
    }

    proptest! {
        #[test]
        fn what_stands_is_disjoint_and_nothing_else_falls(given in prop::collection::vec(prop::collection::vec(0u8..8, 1..4), 0..8)) {
            let bids: Vec<_> =
                given.iter().enumerate().map(|(at, of)| (at, of.iter().map(|one| company(*one)).collect::<Vec<_>>())).collect();
            let void = doubled(&bids);
            for (at, companies) in &bids {
                let shares = |(other, of): &(usize, Vec<Id<Company>>)| other != at && of.iter().any(|one| companies.contains(one));
                prop_assert_eq!(void.contains(at), bids.iter().any(shares));
            }
        }
    }
}
