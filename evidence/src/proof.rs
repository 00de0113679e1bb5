//! Proofs: that an entry is in a tree (RFC 9162, section 2.1.3), and that a tree goes on from an earlier one (2.1.4).

use crate::hash::Hash;
use crate::tree::Place;

/// The proof that the leaf at `index` is in the tree of `size` leaves, from the leaf's sibling upwards. `node` answers the
/// hash of a perfect subtree.
///
/// # Errors
/// What `node` meets.
///
/// # Panics
/// When the tree has no such leaf.
pub fn inclusion<E>(index: u64, size: u64, node: &mut impl FnMut(Place) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
    assert!(index < size, "leaf {index} of a tree of {size}");
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(root(middle, high, node)?);
            high = middle;
        } else {
            path.push(root(low, middle, node)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `second` leaves begins with the tree of `first` leaves.
///
/// # Errors
/// What `node` meets.
///
/// # Panics
/// Unless `0 < first <= second`.
pub fn consistency<E>(
    first: u64,
    second: u64,
    node: &mut impl FnMut(Place) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(0 < first && first <= second, "from {first} to {second} leaves");
    let (mut low, mut high) = (0, second);
    let mut path = Vec::new();
    while first != high {
        let middle = low + split(high - low);
        if first <= middle {
            path.push(root(middle, high, node)?);
            high = middle;
        } else {
            path.push(root(low, middle, node)?);
            low = middle;
        }
    }
    // The subtree that both trees end with is known to who knows the first tree only if it is all of it.
    if low > 0 {
        path.push(root(low, high, node)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the first `size` leaves, of which there is at least one.
///
/// # Errors
/// What `node` meets.
pub fn root_of<E>(size: u64, node: &mut impl FnMut(Place) -> Result<Hash, E>) -> Result<Hash, E> {
    root(0, size, node)
}

/// The largest power of two below `count`.
fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// The root over the leaves from `low` to before `high`; `low` is where a subtree of this size begins.
fn root<E>(low: u64, high: u64, node: &mut impl FnMut(Place) -> Result<Hash, E>) -> Result<Hash, E> {
    let count = high - low;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        return node(Place { level, index: low >> level });
    }
    let middle = low + split(count);
    Ok(Hash::node(root(low, middle, node)?, root(middle, high, node)?))
}

/// Whether `path` leads from `leaf` at `index` to the root of the tree of `size` leaves (RFC 9162, section 2.1.3.2).
pub fn is_included(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = Hash::node(*sibling, hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = Hash::node(hash, *sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == root
}

/// A tree as a checkpoint tells it: how many leaves, which root.
pub type Told = (u64, Hash);

/// Whether `path` shows that the second tree begins with the first (RFC 9162, section 2.1.4.2). Every tree begins with
/// the empty one.
pub fn is_consistent((first, first_root): Told, (second, second_root): Told, path: &[Hash]) -> bool {
    if first == 0 || first >= second {
        return path.is_empty() && (first == 0 || (first, first_root) == (second, second_root));
    }
    // A first tree that is perfect is itself the subtree that the proof begins with.
    let (start, rest) = match path.split_first() {
        _ if first.is_power_of_two() => (first_root, path),
        Some((start, rest)) => (*start, rest),
        None => return false,
    };
    let (mut at, mut last) = (first - 1, second - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut old, mut new) = (start, start);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            (old, new) = (Hash::node(*hash, old), Hash::node(*hash, new));
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new = Hash::node(new, *hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && old == first_root && new == second_root
}
