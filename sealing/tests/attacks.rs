//! Who can open an envelope, as a matrix: every coalition but one fails, each attempt with its own error.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use sealing::{Boxed, Commitment, Envelope, Hands, Identity, Share, Shut, content, keeping, new_key, one};
use std::sync::LazyLock;

const PLACE: (&str, &str, i64) = ("tender-1", "lot-1", 1);

struct Tender {
    platform: Identity,
    holders: Vec<Identity>,
    k: usize,
}

impl Tender {
    fn new(k: usize, n: usize) -> Self {
        Self { platform: new_key(), holders: (0..n).map(|_| new_key()).collect(), k }
    }

    fn names(&self) -> Vec<String> {
        self.holders.iter().map(|key| key.to_public().to_string()).collect()
    }

    fn seal(&self, note: &str) -> Vec<u8> {
        let hands = Hands::new(&self.platform.to_public().to_string(), &self.names(), self.k).unwrap();
        hands.seal(&content::pack(&note, &[])).unwrap()
    }

    /// What somebody with the platform's key and these holders comes to.
    fn try_with(&self, envelope: &[u8], platform: &Identity, who: &[usize]) -> Result<String, Shut> {
        let envelope = Envelope::read(envelope)?;
        let boxes = envelope.boxes_of(platform, &self.names(), self.k)?;
        let shares: Vec<_> = who.iter().map(|at| boxes[*at].open(&self.holders[*at])).collect::<Result<_, _>>()?;
        Ok(content::unpack(envelope.open(&boxes, &shares)?.into())?.0)
    }
}

static TENDER: LazyLock<(Tender, Vec<u8>)> = LazyLock::new(|| {
    let tender = Tender::new(2, 3);
    let envelope = tender.seal("480000");
    (tender, envelope)
});

#[test]
fn only_the_platform_with_k_holders_opens() {
    let (tender, envelope) = &*TENDER;
    let thief = new_key();
    // Who has the whole database and all blobs has every byte of the envelope, and no key.
    assert_eq!(tender.try_with(envelope, &thief, &[]), Err(Shut::Platform));
    // The platform's key alone, and with one holder too few; the same share twice is one.
    assert_eq!(tender.try_with(envelope, &tender.platform, &[]), Err(Shut::TooFew { have: 0, need: 2 }));
    for one in 0..3 {
        assert_eq!(tender.try_with(envelope, &tender.platform, &[one]), Err(Shut::TooFew { have: 1, need: 2 }));
        assert_eq!(tender.try_with(envelope, &tender.platform, &[one, one]), Err(Shut::TooFew { have: 1, need: 2 }));
    }
    // All holders without the platform's key: whichever of their own keys they try.
    for holder in &tender.holders {
        assert_eq!(tender.try_with(envelope, holder, &[0, 1, 2]), Err(Shut::Platform));
    }
    // A lost key does not matter: any two do.
    for who in [&[0, 1][..], &[0, 2], &[1, 2], &[2, 0], &[0, 1, 2]] {
        assert_eq!(tender.try_with(envelope, &tender.platform, who).as_deref(), Ok("480000"));
    }
}

#[test]
fn a_holder_too_few_has_nothing_whatever_is_given_instead() {
    let (tender, envelope) = &*TENDER;
    let envelope = Envelope::read(envelope).unwrap();
    let boxes = envelope.boxes(&tender.platform).unwrap();
    let own = boxes[0].open(&tender.holders[0]).unwrap();
    // Somebody else's box does not open; an invented share, or one of another envelope of the same tender, is none.
    assert_eq!(boxes[1].open(&tender.holders[0]).err(), Some(Shut::Box));
    let invented = Share::read(vec![7; own.bytes().len()]).unwrap();
    assert_eq!(envelope.open(&boxes, &[own.clone(), invented]), Err(Shut::Share));
    let other = tender.seal("470000");
    let other = Envelope::read(&other).unwrap().boxes(&tender.platform).unwrap();
    let swapped = other[1].open(&tender.holders[1]).unwrap();
    assert_eq!(boxes[1].check(swapped.bytes().to_vec()).err(), Some(Shut::Share));
    assert_eq!(envelope.open(&boxes, &[own.clone(), swapped.clone()]), Err(Shut::Share));
    // Whoever holds the platform's key can put other boxes beside the content; then the shares do not make its key.
    assert_eq!(envelope.open(&other, &[other[0].open(&tender.holders[0]).unwrap(), swapped]), Err(Shut::Key));
    assert_eq!(envelope.open(&boxes, &[own]), Err(Shut::TooFew { have: 1, need: 2 }));
    assert_eq!(Share::read(vec![1]).err(), Some(Shut::Share));
}

#[test]
fn what_was_replaced_cut_or_committed_to_otherwise_is_found_out() {
    let (tender, envelope) = &*TENDER;
    let commitment = Commitment::to(envelope, PLACE).unwrap();
    assert_eq!(commitment.holds(envelope, PLACE), Ok(()));
    assert_eq!(Commitment::read(&commitment.line()), Ok(commitment.clone()));
    // Another ciphertext, another place, another version.
    assert_eq!(commitment.holds(&tender.seal("480000"), PLACE), Err(Shut::Commitment));
    for place in [("tender-2", "lot-1", 1), ("tender-1", "lot-2", 1), ("tender-1", "lot-1", 2)] {
        assert_eq!(commitment.holds(envelope, place), Err(Shut::Commitment));
    }
    // Truncated anywhere, or with something behind it.
    for end in (0..envelope.len()).step_by(97).chain([envelope.len() - 1]) {
        assert_eq!(Envelope::read(&envelope[..end]).err(), Some(Shut::Format), "cut at {end}");
    }
    assert_eq!(Envelope::read(&[envelope, &b"0"[..]].concat()).err(), Some(Shut::Format));
    // A commitment in another writing is none.
    for line in [commitment.line().replace(":1}", ":1 }"), commitment.line().replace("v1", "v2"), "{}".into()] {
        assert_eq!(Commitment::read(&line).err(), Some(Shut::Commitment), "{line}");
    }
    // Sealed to others, or for fewer hands than were asked for.
    let others = Tender { platform: tender.platform.clone(), ..Tender::new(2, 3) };
    assert_eq!(tender.try_with(&others.seal("1"), &tender.platform, &[0, 1]), Err(Shut::Holders));
    let three = Tender { platform: tender.platform.clone(), holders: tender.holders.clone(), k: 3 };
    assert_eq!(three.try_with(envelope, &tender.platform, &[0, 1, 2]), Err(Shut::Holders));
    // The content of one envelope behind the shares of another.
    let other = tender.seal("470000");
    let (mine, its) = (Envelope::read(envelope).unwrap(), Envelope::read(&other).unwrap());
    let cut = |bytes: &[u8]| bytes.windows(22).rposition(|part| part == b"age-encryption.org/v1\n").unwrap();
    let lengths = |bytes: &[u8]| format!("\"content\":{}", bytes.len() - cut(bytes)).into_bytes();
    let front = envelope[..cut(envelope)].strip_prefix(b"ziyun envelope v2\n{").unwrap();
    let front = front.strip_prefix(&lengths(envelope)[..]).unwrap();
    let mixed = [b"ziyun envelope v2\n{", &lengths(&other)[..], front, &other[cut(&other)..]].concat();
    assert_ne!(mine.recipient(), its.recipient());
    assert_eq!(tender.try_with(&mixed, &tender.platform, &[0, 1]), Err(Shut::Ciphertext));
}

/// Two of three holders, and a share for the bidder.
fn with_own() -> (Tender, Identity, Vec<u8>) {
    let (tender, own) = (Tender::new(2, 3), new_key());
    let hands = Hands::new(&tender.platform.to_public().to_string(), &tender.names(), tender.k).unwrap();
    let sealed = hands.with_own(&own.to_public().to_string()).unwrap().seal(&content::pack(&"480000", &[])).unwrap();
    (tender, own, sealed)
}

#[test]
fn the_bidder_s_share_may_help_and_is_never_needed() {
    let (tender, own, sealed) = with_own();
    let envelope = Envelope::read(&sealed).unwrap();
    assert_eq!(envelope.k_of_n(), (2, 4));
    let boxes = envelope.boxes_with_own(&tender.platform, &tender.names(), 2).unwrap();
    let theirs = |at: usize| boxes[at].open(&tender.holders[at]).unwrap();
    let bidders = boxes[3].open(&own).unwrap();
    // Withheld, or spoiled: any two holders open without it.
    for (one, other) in [(0, 1), (0, 2), (2, 1)] {
        assert!(envelope.open(&boxes, &[theirs(one), theirs(other)]).is_ok());
        // Given behind theirs it is not looked at, whatever it is worth.
        assert!(envelope.open(&boxes, &[theirs(one), theirs(other), bidders.clone()]).is_ok());
    }
    // It stands in for one holder who is missing, and for no more.
    assert!(envelope.open(&boxes, &[theirs(2), bidders.clone()]).is_ok());
    assert_eq!(envelope.open(&boxes, std::slice::from_ref(&bidders)), Err(Shut::TooFew { have: 1, need: 2 }));
    // With the platform and a holder the bidder opens its own bid, and nobody else's.
    let hands = Hands::new(&tender.platform.to_public().to_string(), &tender.names(), 2).unwrap();
    let rival = hands.with_own(&new_key().to_public().to_string()).unwrap().seal(b"x").unwrap();
    let other = Envelope::read(&rival).unwrap();
    let others = other.boxes_with_own(&tender.platform, &tender.names(), 2).unwrap();
    assert_eq!(others[3].open(&own).err(), Some(Shut::Box));
    let one = others[0].open(&tender.holders[0]).unwrap();
    assert_eq!(other.open(&others, &[one, bidders.clone()]), Err(Shut::Share));
    // All holders and the bidder without the platform's key.
    for key in tender.holders.iter().chain([&own]) {
        assert_eq!(envelope.boxes_with_own(key, &tender.names(), 2).err(), Some(Shut::Platform));
    }
}

#[test]
fn a_bidder_has_one_share_and_cannot_make_itself_needed() {
    let (tender, _, sealed) = with_own();
    let (platform, names) = (tender.platform.to_public().to_string(), tender.names());
    let hands = |k: usize| Hands::new(&platform, &names, k).unwrap();
    let own = || new_key().to_public().to_string();
    // A tender that allows no such share takes no envelope with one; one that does takes those without.
    assert_eq!(Envelope::read(&sealed).unwrap().boxes_of(&tender.platform, &names, 2).err(), Some(Shut::Holders));
    let plain = tender.seal("1");
    assert!(Envelope::read(&plain).unwrap().boxes_with_own(&tender.platform, &names, 2).is_ok());
    // Sealed for more hands than the tender asks for, with a holder's key as its own, or with two of its own.
    let refused = |sealed: &[u8]| Envelope::read(sealed).unwrap().boxes_with_own(&tender.platform, &names, 2).err();
    assert_eq!(refused(&hands(3).with_own(&own()).unwrap().seal(b"x").unwrap()), Some(Shut::Holders));
    assert!(hands(2).with_own(&names[1]).is_err() && hands(2).with_own(&platform).is_err());
    assert!(hands(2).with_own(&own()).unwrap().with_own(&own()).is_err());
    let more = [&names[..], &[own(), own()]].concat();
    assert_eq!(refused(&Hands::new(&platform, &more, 2).unwrap().seal(b"x").unwrap()), Some(Shut::Holders));
    let fewer = Hands::new(&platform, &names[..2], 2).unwrap().seal(b"x").unwrap();
    assert_eq!(refused(&fewer), Some(Shut::Holders));
    // Nine shares are the most, the bidder's among them.
    let nine = Tender::new(2, 9);
    let full = Hands::new(&platform, &nine.names(), 2).unwrap();
    assert!(full.with_own(&own()).is_err());
}

#[test]
fn hands_are_between_two_and_nine_different_ones() {
    let tender = Tender::new(2, 9);
    let (platform, names) = (tender.platform.to_public().to_string(), tender.names());
    for (k, n, fits) in [(2, 2, true), (9, 9, true), (1, 3, false), (4, 3, false), (0, 0, false), (2, 9, true)] {
        assert_eq!(Hands::new(&platform, &names[..n], k).is_ok(), fits, "{k} of {n}");
    }
    assert!(Hands::new(&platform, &[names[0].clone(), names[0].clone()], 2).is_err(), "twice the same");
    assert!(Hands::new(&platform, &[names[0].clone(), platform.clone()], 2).is_err(), "the platform as a holder");
    assert!(Hands::new(&platform, &[names[0].clone(), "age1x".into()], 2).is_err(), "no key");
}

#[test]
fn a_key_lies_under_its_passphrase_only() {
    let key = new_key();
    let kept = keeping::keep(&key, "四个随便的词 horse", 8).unwrap();
    let worked = |work: &str| {
        let at = kept.windows(3).position(|part| part == b" 8\n").unwrap();
        keeping::is_kept(&[&kept[..=at], work.as_bytes(), &kept[at + 2..]].concat())
    };
    for (work, fits) in
        [("8", false), ("14", false), ("15", true), ("20", true), ("21", false), ("x", false), ("256", false)]
    {
        assert_eq!(worked(work), fits, "{work}");
    }
    assert!(!keeping::is_kept(&one::seal(b"x", &key.to_public().to_string()).unwrap()), "no passphrase");
    for (passphrase, strong) in [
        ("correct horse battery", true),
        ("abababababababab", false),
        ("short one", false),
        ("四个随便的词语加起来十四个字符吧", true),
    ] {
        assert_eq!(keeping::is_strong(passphrase), strong, "{passphrase}");
    }
    let took = keeping::take(&kept, "四个随便的词 horse").unwrap();
    assert_eq!(took.to_public().to_string(), key.to_public().to_string());
    assert_eq!(keeping::take(&kept, "四个随便的词 hors").err(), Some(Shut::Passphrase));
    assert_eq!(keeping::take(&kept[..kept.len() - 1], "四个随便的词 horse").err(), Some(Shut::Passphrase));
}

#[test]
fn a_key_lies_for_one_passkey_and_for_nobody_beside_it() {
    let (nonce, body) = ("A".repeat(22), "b".repeat(43));
    let file = |stanzas: &str| format!("age-encryption.org/v1\n{stanzas}\n--- mac\nciphertext").into_bytes();
    let own = format!("-> age-encryption.org/fido2prf {nonce}\n{body}");
    assert!(keeping::is_wrapped(&file(&own)));
    for stanzas in [
        format!("{own}\n{own}"),
        format!("{own}\n-> X25519 {}\n{body}", "A".repeat(43)),
        format!("-> X25519 {}\n{body}", "A".repeat(43)),
        format!("-> age-encryption.org/fido2prf {}\n{body}", &nonce[1..]),
        format!("-> age-encryption.org/fido2prf {nonce}\n{}", &body[1..]),
        String::new(),
    ] {
        assert!(!keeping::is_wrapped(&file(&stanzas)), "{stanzas}");
    }
    let under_a_passphrase = keeping::keep(&new_key(), "四个随便的词 horse", 2).unwrap();
    assert!(!keeping::is_wrapped(&under_a_passphrase) && !keeping::is_kept(&file(&own)));
    assert!(
        keeping::is_hint("AGE-PLUGIN-FIDO2PRF-1QYQSZQGPQYQSZQGP")
            && !keeping::is_hint("AGE-SECRET-KEY-1QYQSZQGPQYQSZQGP")
    );
    assert!(!keeping::is_hint("AGE-PLUGIN-FIDO2PRF-1<script>alert(1)</script>") && !keeping::is_hint(""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_k_open_what_was_sealed_and_k_less_one_do_not(
        note in ".{0,60}", (n, k) in (2usize..=9).prop_flat_map(|n| (Just(n), 2..=n)),
        order in Just((0usize..9).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let tender = Tender::new(k, n);
        let envelope = tender.seal(&note);
        let who: Vec<_> = order.into_iter().filter(|at| *at < n).collect();
        prop_assert_eq!(tender.try_with(&envelope, &tender.platform, &who[..k]), Ok(note));
        let few = tender.try_with(&envelope, &tender.platform, &who[..k - 1]);
        prop_assert_eq!(few, Err(Shut::TooFew { have: k - 1, need: k }));
    }

    #[test]
    fn a_changed_byte_is_noticed(place: prop::sample::Index, flip in 1u8..) {
        let (tender, envelope) = &*TENDER;
        let commitment = Commitment::to(envelope, PLACE).unwrap();
        let mut changed = envelope.clone();
        let place = place.index(changed.len());
        changed[place] ^= flip;
        prop_assert!(commitment.holds(&changed, PLACE).is_err());
        prop_assert!(tender.try_with(&changed, &tender.platform, &[0, 1]).is_err());
    }

    #[test]
    fn one_key_opens_what_was_sealed_to_it(plain in prop::collection::vec(any::<u8>(), 0..9000), place: prop::sample::Index, flip in 1u8..) {
        let (key, other) = (new_key(), new_key());
        let mut sealed = one::seal(&plain, &key.to_public().to_string()).unwrap();
        prop_assert_eq!(one::open(&sealed, &key).unwrap(), plain);
        prop_assert_eq!(one::open(&sealed, &other), Err(Shut::Ciphertext));
        let place = place.index(sealed.len());
        sealed[place] ^= flip;
        prop_assert_eq!(one::open(&sealed, &key), Err(Shut::Ciphertext));
    }

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..600), text in ".{0,200}") {
        let _ = Envelope::read(&bytes);
        let _ = Envelope::read(&[b"ziyun envelope v2\n", &bytes[..]].concat());
        let _ = Envelope::read(format!("ziyun envelope v2\n{{\"content\":18446744073709551615,\"k\":2,\"n\":3,\"recipient\":\"{text}\",\"shares\":1}}\n").as_bytes());
        let _ = Commitment::read(&text);
        let _ = keeping::is_kept(&bytes);
        let _ = keeping::is_wrapped(&[&b"age-encryption.org/v1\n-> age-encryption.org/fido2prf "[..], &bytes[..], &b"\n--- "[..]].concat());
        let boxed = Boxed { holder: text.clone(), sha256: text.clone(), share: text };
        prop_assert!(boxed.open(&TENDER.0.platform).is_err() && boxed.check(bytes).is_err());
    }
}
