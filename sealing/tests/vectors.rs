//! Rust reads what the browser's code made (`ui/test/sealing.test.mjs` reads what Rust made), and its own of before.
#![allow(clippy::unwrap_used, reason = "tests")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sealing::{Commitment, Envelope, Identity, content, keeping};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector {
    platform: String,
    holders: Vec<String>,
    k: usize,
    offer: Value,
    file: NamedFile,
    packed: String,
    shares: Vec<String>,
    envelope: String,
    place: (String, String, i64),
    commitment: String,
    passphrase: String,
    kept: String,
}

#[derive(Deserialize)]
struct NamedFile {
    name: String,
    content: String,
}

fn read(text: &str) {
    let vector: Vector = serde_json::from_str(text).unwrap();
    let bytes = |text: &str| STANDARD.decode(text).unwrap();
    let keys: Vec<Identity> = vector.holders.iter().map(|text| text.parse().unwrap()).collect();
    let names: Vec<_> = keys.iter().map(|key| key.to_public().to_string()).collect();
    let sealed = bytes(&vector.envelope);
    let envelope = Envelope::read(&sealed).unwrap();
    let boxes = envelope.boxes_of(&vector.platform.parse().unwrap(), &names, vector.k).unwrap();
    let shares: Vec<_> = boxes.iter().zip(&keys).map(|(one, key)| one.open(key).unwrap()).collect();
    let given: Vec<_> = boxes.iter().zip(&vector.shares).map(|(one, text)| one.check(bytes(text)).unwrap()).collect();
    assert!(shares == given);
    for (one, other) in [(0, 1), (0, 2), (2, 1)] {
        let opened = envelope.open(&boxes, &[shares[one].clone(), shares[other].clone()]).unwrap();
        assert_eq!(opened, bytes(&vector.packed));
    }
    let (offer, files) = content::unpack::<Value>(bytes(&vector.packed).into()).unwrap();
    assert_eq!(
        (offer, &files[0].name, &files[0].content[..]),
        (vector.offer, &vector.file.name, &bytes(&vector.file.content)[..])
    );
    let (tender, lot, version) = &vector.place;
    Commitment::read(&vector.commitment).unwrap().holds(&sealed, (tender, lot, *version)).unwrap();
    let kept = bytes(&vector.kept);
    assert_eq!(keeping::take(&kept, &vector.passphrase).unwrap().to_public().to_string(), names[0]);
}

#[test]
fn what_rust_made_is_read() {
    read(include_str!("../vectors/rust.json"));
}

#[test]
fn what_the_browser_made_is_read() {
    read(include_str!("../vectors/browser.json"));
}
