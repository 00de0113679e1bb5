//! Receipts with proofs: what holds, and every way of changing one.

use evidence::epoch::{Entry, Secret, Subtree, commitment};
use evidence::proof::inclusion;
use evidence::{EVENT, Entered, Flaw, Hash, Place, Proof, Proven, Signer, Tree, named_key, verify};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SALT: [u8; 16] = [7; 16];

fn signer() -> Signer {
    Signer::from_seed(&[3; 32])
}

/// A log of some epochs, and a receipt in one of them.
fn proven() -> Value {
    let (signer, secret, epoch) = (signer(), Secret::new(&[9; 32]), 179_000_005);
    let statement = BTreeMap::from([("bid".to_owned(), json!("b1")), ("version".to_owned(), json!(1))]);
    let receipt = signer.sign("bid", statement);
    let hash = receipt.sha256().expect("a log in order");
    let event = json!({"body": {"bid": "b1", "receipt_sha256": hash}, "kind": "bid.acted"}).to_string();
    let slots = (0..3).map(|n| (secret.slot(epoch, n), commitment(&SALT, EVENT, &format!("{n}{event}"))));
    let slot = secret.slot(epoch, 3);
    let taken = slots.chain([(slot, commitment(&SALT, EVENT, &event))]).collect();
    let subtree = Subtree::new(&secret, epoch, taken);
    let (mut tree, mut nodes) = (Tree::new(), BTreeMap::new());
    for index in 0..21 {
        let number = 179_000_000 + index;
        let root = if number == epoch { subtree.root() } else { Subtree::new(&secret, number, Vec::new()).root() };
        let leaf = Entry::Epoch(number, root).hash();
        nodes.insert(Place { level: 0, index }, leaf);
        nodes.extend(tree.append(leaf));
    }
    let inclusion = inclusion(5, 21, &mut |place| nodes.get(&place).copied().ok_or(place)).expect("a log in order");
    let proof = Proof {
        salt: hex::encode(SALT),
        epoch,
        slot,
        path: subtree.path(slot),
        entry: 5,
        inclusion,
        checkpoint: signer.checkpoint(21, tree.root()),
        event,
    };
    serde_json::to_value(Proven::new(receipt, proof)).expect("a log in order")
}

fn check(value: &Value) -> Result<(), Flaw> {
    verify(&value.to_string(), &signer().public_key()).map(drop)
}

#[test]
fn a_receipt_and_its_proof_verify_with_the_key_alone() {
    let value = proven();
    assert_eq!(check(&value), Ok(()));
    assert_eq!(check(&value["receipt"]), Ok(()), "the receipt alone is one of the first format");
    let other = Signer::from_seed(&[4; 32]).public_key();
    assert_eq!(verify(&value.to_string(), &other).unwrap_err(), Flaw::OtherKey);
    assert_eq!(named_key(&value.to_string()).unwrap(), signer().public_key());
    assert_eq!(verify(&value.to_string(), "ed25519:AA").unwrap_err(), Flaw::Malformed);
}

#[test]
fn each_part_has_its_own_reason() {
    let reason = |pointer: &str, to: Value| {
        let mut value = proven();
        *value.pointer_mut(pointer).unwrap() = to;
        check(&value).unwrap_err()
    };
    let other = Signer::from_seed(&[4; 32]);
    assert_eq!(reason("/receipt/statement/bid", json!("b2")), Flaw::Signature);
    assert_eq!(reason("/receipt/key", json!(other.public_key())), Flaw::OtherKey);
    assert_eq!(reason("/proof/event", json!("{}")), Flaw::Event);
    assert_eq!(reason("/proof/epoch", json!(179_000_006)), Flaw::Inclusion);
    assert_eq!(reason("/proof/slot", json!(0)), Flaw::Inclusion);
    assert_eq!(reason("/proof/entry", json!(6)), Flaw::Inclusion);
    assert_eq!(reason("/proof/salt", json!("00".repeat(16))), Flaw::Inclusion);
    assert_eq!(reason("/proof/salt", json!("07")), Flaw::Malformed);
    assert_eq!(reason("/proof/path/3", json!(Hash::leaf(b""))), Flaw::Inclusion);
    assert_eq!(reason("/proof/inclusion/0", json!(Hash::leaf(b""))), Flaw::Inclusion);
    assert_eq!(reason("/proof/checkpoint", json!(other.checkpoint(21, Hash::leaf(b"")))), Flaw::Checkpoint);
    assert_eq!(reason("/proof/checkpoint", json!(signer().checkpoint(21, Hash::leaf(b"")))), Flaw::Inclusion);
    assert_eq!(reason("/format", json!("ziyun receipt v3")), Flaw::Malformed);
}

#[test]
fn a_valid_receipt_with_the_proof_of_another_proves_nothing() {
    let mut value = proven();
    let other = signer().sign("bid", BTreeMap::from([("bid".to_owned(), json!("b2"))]));
    value["receipt"] = serde_json::to_value(other).unwrap();
    assert_eq!(check(&value), Err(Flaw::Event));
}

#[test]
fn an_event_without_a_receipt_is_shown_to_be_in_the_log() {
    let key = signer().key();
    let told = |proof: &Value| Entered::verify(&json!({"format": "ziyun event v1", "proof": proof}).to_string(), &key);
    let mut proof = proven()["proof"].clone();
    assert_eq!(told(&proof).map(|event| event["kind"].clone()), Ok(json!("bid.acted")));
    assert_eq!(Entered::verify(&proven().to_string(), &key).unwrap_err(), Flaw::Malformed, "that is a receipt");
    let event = proof["event"].as_str().unwrap().replace("bid.acted", "bid.opened");
    proof["event"] = json!(event);
    assert_eq!(told(&proof).unwrap_err(), Flaw::Inclusion);
}

#[test]
fn lists_that_were_cut_lengthened_or_put_in_another_order_do_not_verify() {
    for list in ["path", "inclusion"] {
        let hashes = proven()["proof"][list].as_array().unwrap().clone();
        let with = |hashes: Vec<Value>| {
            let mut value = proven();
            value["proof"][list] = Value::Array(hashes);
            check(&value)
        };
        for at in 0..hashes.len() {
            let (mut cut, mut twice, mut turned) = (hashes.clone(), hashes.clone(), hashes.clone());
            cut.remove(at);
            twice.insert(at, hashes[at].clone());
            turned.rotate_left(at);
            assert_eq!(with(cut), Err(Flaw::Inclusion));
            assert_eq!(with(twice), Err(Flaw::Inclusion));
            assert_eq!(with(turned), if at == 0 { Ok(()) } else { Err(Flaw::Inclusion) });
        }
    }
}

#[test]
fn no_byte_can_be_changed_and_nothing_cut_off() {
    let text = proven().to_string();
    let key = signer().public_key();
    for (at, byte) in text.bytes().enumerate() {
        for turned in [byte ^ 1, byte ^ 0x20, b'0', b' '] {
            let mut changed = text.clone().into_bytes();
            changed[at] = turned;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            if changed != text {
                assert!(
                    verify(&changed, &key).is_err(),
                    "byte {at} as {turned}: {}",
                    &text[..text.floor_char_boundary(at)]
                );
            }
        }
        assert!(verify(&text[..text.floor_char_boundary(at)], &key).is_err(), "cut at {at}");
    }
}

#[test]
fn a_field_that_stands_there_twice_or_is_unknown_is_refused() {
    let text = proven().to_string();
    for (from, to) in [("\"epoch\"", "\"epoch\":1,\"epoch\""), ("\"slot\"", "\"more\":1,\"slot\"")] {
        let flaw = verify(&text.replacen(from, to, 1), &signer().public_key()).unwrap_err();
        assert_eq!(flaw, Flaw::Malformed, "{to}");
    }
}
