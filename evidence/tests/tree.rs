//! The tree and its proofs against another implementation of RFC 9162, and against what does not hold.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use evidence::proof::{consistency, inclusion, is_consistent, is_included, root_of};
use evidence::{Hash, Place, Tree};
use proptest::prelude::*;
use sha2::Sha256;
use std::collections::BTreeMap;

/// A tree with all its perfect subtrees, as a store would hold them.
struct Kept {
    tree: Tree,
    nodes: BTreeMap<Place, Hash>,
    roots: Vec<Hash>,
}

impl Kept {
    fn new(size: u64) -> Self {
        let mut kept = Self { tree: Tree::new(), nodes: BTreeMap::new(), roots: vec![Tree::new().root()] };
        for index in 0..size {
            let leaf = Hash::leaf(&entry(index));
            kept.nodes.insert(Place { level: 0, index }, leaf);
            kept.nodes.extend(kept.tree.append(leaf));
            kept.roots.push(kept.tree.root());
        }
        kept
    }

    fn node(&self) -> impl FnMut(Place) -> Result<Hash, Place> {
        |place| self.nodes.get(&place).copied().ok_or(place)
    }
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

fn other(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|index| tree.push(entry(index)));
    tree
}

fn bytes(path: &[Hash]) -> Vec<u8> {
    path.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn roots_and_proofs_are_those_of_another_implementation() {
    let kept = Kept::new(130);
    for size in 1..=130 {
        let theirs = other(size);
        assert_eq!(kept.roots[size as usize].as_bytes()[..], theirs.root().as_bytes()[..], "root of {size}");
        for index in 0..size {
            let path = inclusion(index, size, &mut kept.node()).unwrap();
            assert_eq!(bytes(&path), theirs.prove_inclusion(index as usize).as_bytes(), "leaf {index} of {size}");
        }
        for first in 1..size {
            let path = consistency(first, size, &mut kept.node()).unwrap();
            let added = (size - first) as usize;
            assert_eq!(bytes(&path), theirs.prove_consistency(added).as_bytes(), "from {first} to {size}");
        }
    }
}

#[test]
fn every_proof_holds_and_for_nothing_else() {
    let kept = Kept::new(40);
    for size in 1..=40u64 {
        let root = kept.roots[size as usize];
        assert_eq!(root_of(size, &mut kept.node()).unwrap(), root);
        for index in 0..size {
            let path = inclusion(index, size, &mut kept.node()).unwrap();
            for claimed in 0..=size {
                let leaf = Hash::leaf(&entry(index));
                assert_eq!(is_included(leaf, claimed, size, &path, root), claimed == index, "{index} as {claimed}");
            }
            assert!(!is_included(Hash::leaf(b"other"), index, size, &path, root));
        }
        for first in 0..=size {
            let path = if first == 0 { Vec::new() } else { consistency(first, size, &mut kept.node()).unwrap() };
            let told = |size: u64| (size, kept.roots[size as usize]);
            assert!(is_consistent(told(first), told(size), &path), "{first} to {size}");
            if first > 0 {
                assert!(!is_consistent((first, Hash::leaf(b"other")), told(size), &path), "{first} to {size}");
                assert!(!is_consistent(told(first), (size, Hash::leaf(b"other")), &path), "{first} to {size}");
                assert!(first == size || !is_consistent(told(size), told(first), &path), "{size} to {first}");
            }
        }
    }
}

#[test]
fn a_tree_goes_on_from_its_frontier() {
    let mut tree = Tree::new();
    for index in 0..100 {
        let again = Tree::of(tree.size(), tree.frontier().to_vec()).unwrap();
        assert_eq!(again.root(), tree.root());
        tree = again;
        tree.append(Hash::leaf(&entry(index)));
    }
    assert_eq!(tree, Kept::new(100).tree);
    assert_eq!(Tree::of(7, tree.frontier()[..2].to_vec()), None, "seven is three subtrees");
}

proptest! {
    /// A path with a bit turned, a hash left out, added, or two exchanged leads nowhere.
    #[test]
    fn no_changed_path_holds(size in 2u64..300, at in any::<prop::sample::Index>(), change in 0usize..4,
        step in any::<prop::sample::Index>(), bit in 0usize..256)
    {
        let kept = Kept::new(size);
        let index = at.index(size as usize) as u64;
        let path = inclusion(index, size, &mut kept.node()).unwrap();
        let grown = consistency(index + 1, size, &mut kept.node()).unwrap();
        for (path, is_inclusion) in [(path, true), (grown, false)] {
            let changed = changed(&path, change, step, bit);
            prop_assume!(changed != path);
            let root = kept.roots[size as usize];
            let holds = if is_inclusion {
                is_included(Hash::leaf(&entry(index)), index, size, &changed, root)
            } else {
                is_consistent((index + 1, kept.roots[index as usize + 1]), (size, root), &changed)
            };
            prop_assert!(!holds);
        }
    }
}

fn changed(path: &[Hash], change: usize, step: prop::sample::Index, bit: usize) -> Vec<Hash> {
    let mut path = path.to_vec();
    if path.is_empty() {
        return vec![Hash::leaf(b"added")];
    }
    let at = step.index(path.len());
    match change {
        0 => {
            let mut bytes = *path[at].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            path[at] = bytes.into();
        }
        1 => drop(path.remove(at)),
        2 => path.insert(at, Hash::leaf(b"added")),
        _ => path.rotate_left(1),
    }
    path
}
