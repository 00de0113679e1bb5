//! One person behind the bids of different companies (Regulation on the Implementation of the Tendering Law, art. 34 and 40: the same
//! responsible person, a person named in two bids).

use crate::signal::{Fact, Kind, Signal};
use std::collections::{BTreeMap, BTreeSet};

/// Persons who stand behind several bids. A person is told by a hash that equals for the same person and says nothing else;
/// `persons` has a bid's place and the hash of somebody who acts for its company.
pub fn signals(persons: &[(usize, [u8; 32])]) -> Vec<Signal> {
    let mut by_person: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (bid, person) in persons {
        by_person.entry(person).or_default().insert(*bid);
    }
    let mut by_bids: BTreeMap<BTreeSet<usize>, usize> = BTreeMap::new();
    for bids in by_person.into_values().filter(|bids| bids.len() > 1) {
        *by_bids.entry(bids).or_default() += 1;
    }
    let told = |(bids, persons): (BTreeSet<usize>, usize)| Signal {
        kind: Kind::SamePerson,
        value: bids.len() as f64,
        threshold: 2.0,
        facts: vec![Fact::new("persons", persons as f64)],
        bids: bids.into_iter().collect(),
    };
    by_bids.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::signals;

    #[test]
    fn who_stands_behind_two_bids_is_told_once() {
        let [one, two, three] = [[1; 32], [2; 32], [3; 32]];
        let found = signals(&[(0, one), (1, one), (0, two), (1, two), (2, three), (2, three)]);
        assert_eq!(found.len(), 1, "twice in one bid is nothing");
        assert_eq!((&found[0].bids[..], found[0].facts[0].value), (&[0, 1][..], 2.0));
        assert!(signals(&[(0, one), (1, two)]).is_empty());
    }
}
