//! Tiles, checkpoints, cosignatures and epochs.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use evidence::checkpoint::{Note, Witness};
use evidence::epoch::{DEPTH, ENTRY, Entry, SLOTS, Secret, Subtree, climb, commitment};
use evidence::tile::{Content, Tile, bundle, fold, under};
use evidence::{Hash, Place, Signer, Tree};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn tiles_have_one_path_each() {
    let tile = |content, index, width| Some(Tile { content, index, width });
    for (path, expected) in [
        ("0/000", tile(Content::Hashes(0), 0, 256)),
        ("1/x001/x234/067", tile(Content::Hashes(1), 1_234_067, 256)),
        ("0/x001/234.p/17", tile(Content::Hashes(0), 1_234, 17)),
        ("entries/255.p/1", tile(Content::Entries, 255, 1)),
    ] {
        assert_eq!(Tile::parse(path), expected, "{path}");
        assert_eq!(expected.unwrap().to_string(), path);
    }
    for path in [
        "",
        "0",
        "0/",
        "0/0",
        "00/000",
        "6/000",
        "-1/000",
        "0/x000/001",
        "0/x001",
        "0/1234",
        "0/001/x002",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p",
        "entries",
        "entries/x01/000",
        "names/000",
        "0/+01",
        "0/０００",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
}

#[test]
fn a_tile_is_there_as_soon_as_the_tree_has_it() {
    let is_there = |path: &str, size| Tile::parse(path).unwrap().is_within(size);
    for (path, first) in [
        ("0/000.p/3", 3),
        ("0/000", 256),
        ("entries/001.p/1", 257),
        ("1/000.p/1", 256),
        ("1/000", 65_536),
        ("2/000.p/1", 65_536),
    ] {
        assert!(is_there(path, first) && !is_there(path, first - 1), "{path}");
    }
    assert!(!is_there("0/x072/x057/x594/x037/x927/936", u64::MAX), "beyond what can be counted");
}

#[test]
fn a_subtree_is_what_its_tile_says() {
    let (mut tree, mut nodes, mut leaves) = (Tree::new(), Vec::new(), Vec::new());
    for index in 0..1024u64 {
        leaves.push(Hash::leaf(&index.to_be_bytes()));
        nodes.extend(tree.append(leaves[index as usize]));
    }
    let level_one: Vec<_> = nodes.iter().filter(|(place, _)| place.level == 8).map(|(_, hash)| *hash).collect();
    assert_eq!(level_one.len(), 4);
    for (place, hash) in nodes {
        let (level, first, count) = under(place);
        let hashes = if level == 0 { &leaves } else { &level_one };
        assert_eq!(fold(hashes[first as usize..(first + count) as usize].to_vec()), hash, "{place:?}");
    }
    assert_eq!(under(Place { level: 9, index: 1 }), (1, 2, 2));
    assert_eq!(bundle([&b"ab"[..], b"c"]), b"\0\x02ab\0\x01c");
}

#[test]
fn a_checkpoint_is_signed_by_its_log_and_no_other() {
    let (log, other) = (Signer::from_seed(&[1; 32]), Signer::from_seed(&[2; 32]));
    let note = log.checkpoint(7, Hash::leaf(b"root"));
    let read = Note::parse(&note).unwrap();
    assert_eq!((read.checkpoint.size, read.checkpoint.root), (7, Hash::leaf(b"root")));
    assert!(read.is_of(&log.key()) && !read.is_of(&other.key()));
    let lines: Vec<_> = note.lines().collect();
    assert!(lines.len() == 5 && lines[3].is_empty() && lines[4].starts_with(&format!("— {} ", lines[0])), "{note}");
    assert!(log.key().verifier().starts_with(&format!("{}+", lines[0])));
    for (at, byte) in note.bytes().enumerate() {
        for turned in [byte ^ 1, byte ^ 0x20, b'\n'] {
            let mut changed = note.clone().into_bytes();
            changed[at] = turned;
            let holds = String::from_utf8(changed.clone()).ok().and_then(|note| Note::parse(&note));
            let holds = holds.is_some_and(|note| note.is_of(&log.key()));
            assert!(!holds || changed == note.as_bytes(), "byte {at} as {turned}");
        }
        assert!(!Note::parse(&note[..note.floor_char_boundary(at)]).is_some_and(|note| note.is_of(&log.key())));
    }
}

/// A witness, made by the words of C2SP tlog-cosignature and not by the code under test.
struct Stranger {
    name: &'static str,
    key: Ed25519KeyPair,
}

impl Stranger {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("any seed") }
    }

    fn typed(&self) -> Vec<u8> {
        [&[4], self.key.public_key().as_ref()].concat()
    }

    fn id(&self) -> Vec<u8> {
        use sha2::Digest;
        sha2::Sha256::digest([self.name.as_bytes(), b"\n", &self.typed()].concat())[..4].to_vec()
    }

    fn verifier(&self) -> String {
        format!("{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(self.typed()))
    }

    fn sign(&self, note: &str, time: u64) -> String {
        let text = &note[..note.find("\n\n").expect("a note") + 1];
        let signature = self.key.sign(format!("cosignature/v1\ntime {time}\n{text}").as_bytes());
        let blob = [&self.id()[..], &time.to_be_bytes(), signature.as_ref()].concat();
        format!("{note}— {} {}\n", self.name, STANDARD.encode(blob))
    }
}

#[test]
fn a_witness_is_known_by_its_key() {
    let log = Signer::from_seed(&[1; 32]);
    let (stranger, other) = (Stranger::new("witness.example/w1", 5), Stranger::new("witness.example/w1", 6));
    let note = log.checkpoint(7, Hash::leaf(b"root"));
    let signed = stranger.sign(&note, 1_800_000_000);
    let (witness, wrong) = (Witness::parse(&stranger.verifier()).unwrap(), Witness::parse(&other.verifier()).unwrap());
    let read = Note::parse(&signed).unwrap();
    let found = read.cosignatures(&witness);
    assert_eq!((found.len(), found[0].time), (1, 1_800_000_000));
    assert_eq!(format!("{note}{}\n", found[0].line), signed);
    assert!(read.is_of(&log.key()) && read.cosignatures(&wrong).is_empty());
    let elsewhere = stranger.sign(&log.checkpoint(8, Hash::leaf(b"root")), 1_800_000_000);
    let moved = format!("{note}{}\n", elsewhere.lines().last().unwrap());
    assert!(Note::parse(&moved).unwrap().cosignatures(&witness).is_empty(), "signed another checkpoint");
    // The verifier key of a witness in use, as its operator publishes it.
    assert!(
        Witness::parse("witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G")
            .is_some()
    );
    for wrong in ["", "a+b", &stranger.verifier().replacen("w1", "w2", 1), &log.key().verifier()] {
        assert_eq!(Witness::parse(wrong), None, "{wrong}");
    }
}

fn secret() -> Secret {
    Secret::new(&[9; 32])
}

#[test]
fn slots_are_a_permutation_of_each_epoch() {
    let secret = secret();
    let of = |epoch| (0..=u16::MAX).map(|n| secret.slot(epoch, n)).collect::<Vec<_>>();
    let (one, two) = (of(1), of(2));
    assert_eq!(one.iter().collect::<BTreeSet<_>>().len() as u64, SLOTS);
    let same = one.iter().zip(&two).filter(|(a, b)| a == b).count();
    assert!(same < 20, "{same} of 65,536 stand where they stood; one is expected");
    // The first hundred are spread: no half of the subtree has fewer than a fifth of them.
    let right = one[..100].iter().filter(|slot| **slot >= 1 << 15).count();
    assert!((20..=80).contains(&right), "{right}");
}

#[test]
fn an_entry_is_as_long_as_any_other() {
    let epoch = Entry::Epoch(180_000_000, Hash::leaf(b"root"));
    assert_eq!(epoch.bytes().len(), ENTRY);
    assert_ne!(epoch.hash(), Entry::Gap(180_000_000, 180_000_000).hash());
    assert_eq!(Entry::Gap(3, 9).span(), (3, 9));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_slot_leads_to_the_root(count in 0u16..120, epoch in any::<u64>()) {
        let secret = secret();
        let committed = |n: u16| commitment(&[1; 16], "event", &n.to_string());
        let taken: Vec<_> = (0..count).map(|n| (secret.slot(epoch, n), committed(n))).collect();
        let subtree = Subtree::new(&secret, epoch, taken.clone());
        for (slot, commitment) in &taken {
            let path = subtree.path(*slot);
            prop_assert_eq!(path.len() as u32, DEPTH);
            prop_assert_eq!(climb(*slot, *commitment, &path), Some(subtree.root()));
            prop_assert_ne!(climb(slot ^ 1, *commitment, &path), Some(subtree.root()));
            prop_assert_eq!(climb(*slot, *commitment, &path[1..]), None);
        }
        // Another epoch, and another secret, make another root of the same.
        prop_assert_ne!(Subtree::new(&secret, epoch ^ 1, taken.clone()).root(), subtree.root());
        if count < 100 {
            prop_assert_ne!(Subtree::new(&Secret::new(&[8; 32]), epoch, taken).root(), subtree.root());
        }
    }

    #[test]
    fn every_tile_is_read_from_its_path(level in 0u32..6, index in 0u64..1 << 40, width in 1u64..=256, entries in any::<bool>()) {
        let content = if entries { Content::Entries } else { Content::Hashes(level) };
        let tile = Tile { content, index, width };
        prop_assert_eq!(Tile::parse(&tile.to_string()), Some(tile));
    }
}
