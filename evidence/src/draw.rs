//! A draw that anybody can do again: who of a pool comes first, second, third.
//!
//! The pool is a list of pseudonyms, committed to before ([`pool`]); the seed is a value that nobody has chosen and everybody can
//! read afterwards, here the hash of the first entry of the log that was made after the commitment was in it. Each pseudonym is
//! hashed with pool and seed, and the hashes are sorted. A pseudonym ([`pseudonym`]) tells nobody who it is but whoever has its salt.

use crate::hash::Hash;

const CANDIDATE: &[u8] = b"ziyun/draw/candidate/v1\n";
const POOL: &[u8] = b"ziyun/draw/pool/v1\n";
const PLACE: &[u8] = b"ziyun/draw/place/v1\n";

/// What somebody is called in a pool for a purpose: SHA-256 of a line that says what it is, sixteen bytes of salt, and the ids of
/// purpose and person.
pub fn pseudonym(salt: &[u8; 16], purpose: &[u8; 16], person: &[u8; 16]) -> Hash {
    Hash::of(&[CANDIDATE, salt, purpose, person])
}

/// What is committed to: SHA-256 of a line that says what it is, and the pseudonyms in ascending order, 32 bytes each. The order
/// in which they are given does not matter, and each counts once.
pub fn pool(pseudonyms: &[Hash]) -> Hash {
    let sorted = sorted(pseudonyms);
    let mut parts: Vec<&[u8]> = vec![POOL];
    parts.extend(sorted.iter().map(|one| one.as_bytes().as_slice()));
    Hash::of(&parts)
}

/// The pseudonyms in the order in which they are drawn: by SHA-256 of a line that says what it is, pool, seed and pseudonym.
pub fn order(pseudonyms: &[Hash], seed: Hash) -> Vec<Hash> {
    let (mut drawn, pool) = (sorted(pseudonyms), pool(pseudonyms));
    drawn.sort_by_key(|one| (place(pool, seed, *one), *one));
    drawn
}

fn place(pool: Hash, seed: Hash, pseudonym: Hash) -> Hash {
    Hash::of(&[PLACE, pool.as_bytes(), seed.as_bytes(), pseudonym.as_bytes()])
}

fn sorted(pseudonyms: &[Hash]) -> Vec<Hash> {
    let mut sorted = pseudonyms.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people(count: u8) -> Vec<Hash> {
        (0..count).map(|n| pseudonym(&[n; 16], &[1; 16], &[n; 16])).collect()
    }

    /// The same with another program: `docs/evaluation.md` has it in ten lines of Python, run on these.
    #[test]
    fn a_draw_is_the_same_elsewhere_and_for_ever() {
        let (people, seed) = (people(4), Hash::from([7; 32]));
        assert_eq!(pool(&people).to_string(), "b6a33edf344a8ce34d51c1330a7947d987976d54ed290e35a7050e5dc9f4a3b8");
        let drawn: Vec<_> = order(&people, seed).iter().map(|one| people.iter().position(|p| p == one)).collect();
        assert_eq!(drawn, [3, 1, 0, 2].map(Some));
    }

    #[test]
    fn everybody_comes_first_as_often_as_any_other() {
        let people = people(5);
        let mut first = [0u32; 5];
        for n in 0..2000u32 {
            let drawn = order(&people, Hash::of(&[&n.to_be_bytes()]));
            first[people.iter().position(|one| *one == drawn[0]).unwrap()] += 1;
        }
        assert!(first.iter().all(|count| (330..470).contains(count)), "{first:?}");
    }

    proptest! {
        #[test]
        fn the_order_of_the_pool_does_not_matter_and_nobody_is_lost(
            count in 1u8..40,
            shuffle in prop::collection::vec(any::<u32>(), 40),
            seed in any::<[u8; 32]>(),
        ) {
            let people = people(count);
            let mut other: Vec<_> = people.iter().copied().zip(&shuffle).collect();
            other.sort_by_key(|(_, by)| **by);
            let other: Vec<_> = other.into_iter().map(|(one, _)| one).collect();
            let (one, two) = (order(&people, seed.into()), order(&other, seed.into()));
            prop_assert_eq!(&one, &two);
            prop_assert_eq!(pool(&people), pool(&other));
            prop_assert_eq!(sorted(&one), sorted(&people));
        }
    }
}
