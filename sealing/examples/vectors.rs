//! What the browser's code must be able to read: `cargo run -p sealing --example vectors >sealing/vectors/rust.json`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the tests")]

use age::secrecy::ExposeSecret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sealing::{Commitment, Envelope, File, Hands, content, keeping, new_key};
use serde_json::json;

fn main() {
    let platform = new_key();
    let holders: Vec<_> = (0..3).map(|_| new_key()).collect();
    let names: Vec<_> = holders.iter().map(|key| key.to_public().to_string()).collect();
    let secret = |key: &sealing::Identity| key.to_string().expose_secret().to_owned();
    let offer = json!({ "tender": "t", "note": "两年质保 \u{1f512}", "price": 48_600_000 });
    let files = [File { name: "报价.pdf".into(), content: Bytes::from_static(b"%PDF\n\0\xff") }];
    let packed = content::pack(&offer, &files);
    let sealed = Hands::new(&platform.to_public().to_string(), &names, 2).unwrap().seal(&packed).unwrap();
    let boxes = Envelope::read(&sealed).unwrap().boxes(&platform).unwrap();
    let shares: Vec<_> = boxes.iter().zip(&holders).map(|(one, key)| one.open(key).unwrap()).collect();
    let vector = json!({
        "platform": secret(&platform),
        "holders": holders.iter().map(secret).collect::<Vec<_>>(),
        "k": 2,
        "offer": offer,
        "file": { "name": files[0].name, "content": STANDARD.encode(&files[0].content) },
        "packed": STANDARD.encode(&packed),
        "shares": shares.iter().map(|share| STANDARD.encode(share.bytes())).collect::<Vec<_>>(),
        "envelope": STANDARD.encode(&sealed),
        "place": ["tender-1", "lot-1", 3],
        "commitment": Commitment::to(&sealed, ("tender-1", "lot-1", 3)).unwrap().line(),
        "passphrase": "四个随便的词 horse",
        "kept": STANDARD.encode(keeping::keep(&holders[0], "四个随便的词 horse", 10).unwrap()),
    });
    println!("{}", serde_json::to_string_pretty(&vector).unwrap());
}
