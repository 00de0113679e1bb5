//! Witnesses.

use super::{after, begun, checkpoint, file};
use crate::world::{Answer, World};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use evidence::checkpoint::Witness as Known;
use jiff::SignedDuration;
use reqwest::Method;

/// A witness, by the words of C2SP tlog-cosignature.
struct Witness {
    name: &'static str,
    key: Ed25519KeyPair,
}

impl Witness {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap() }
    }

    fn typed(&self) -> Vec<u8> {
        [&[4], self.key.public_key().as_ref()].concat()
    }

    fn id(&self) -> Vec<u8> {
        digest(&SHA256, &[self.name.as_bytes(), b"\n", &self.typed()].concat()).as_ref()[..4].to_vec()
    }

    fn known(&self) -> Known {
        let key = format!("{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(self.typed()));
        Known::parse(&key).unwrap()
    }

    fn line(&self, note: &str) -> String {
        let text = &note[..note.find("\n\n").unwrap() + 1];
        let signature = self.key.sign(format!("cosignature/v1\ntime 1800000000\n{text}").as_bytes());
        let blob = [&self.id()[..], &1_800_000_000u64.to_be_bytes(), signature.as_ref()].concat();
        format!("— {} {}\n", self.name, STANDARD.encode(blob))
    }
}

async fn send(world: &World, note: String) -> Answer {
    let visitor = world.visitor();
    visitor.send(visitor.request(Method::POST, "/log/cosignatures").body(note)).await
}

#[tokio::test]
async fn witnesses_that_are_known_sign_the_present_checkpoint() {
    let (one, two, stranger) =
        (Witness::new("w.example/1", 1), Witness::new("w.example/2", 2), Witness::new("w.example/3", 3));
    let world = World::configured(|config| config.log_witnesses = vec![one.known(), two.known()]).await;
    let world = begun(world).await;
    world.until(after(100)).await;
    let note = String::from_utf8(file(&world, "/log/checkpoint").await.bytes).unwrap();
    assert_eq!(send(&world, note.clone()).await.status, 403, "nobody has signed");
    assert_eq!(send(&world, format!("{note}{}", stranger.line(&note))).await.status, 403);
    let other = evidence::Signer::from_seed(&[9; 32]).checkpoint(3, evidence::Hash::leaf(b""));
    assert_eq!(send(&world, format!("{other}{}", one.line(&other))).await.status, 400, "another log's");
    assert_eq!(send(&world, "x".repeat(20_000)).await.status, 413);
    assert_eq!(send(&world, String::new()).await.status, 400);
    let signed = send(&world, format!("{note}{}{}", one.line(&note), stranger.line(&note))).await;
    assert_eq!((signed.status.as_u16(), signed.text.as_str()), (200, "kept 1\n"));
    send(&world, format!("{note}{}", two.line(&note))).await.ok();
    let kept = String::from_utf8(file(&world, "/log/cosigned").await.bytes).unwrap();
    assert_eq!(kept.lines().filter(|line| line.starts_with("— w.example/")).count(), 2, "{kept}");
    assert!(kept.starts_with(&note) && !kept.contains("w.example/3"));
    let read = evidence::checkpoint::Note::parse(&kept).unwrap();
    assert!(read.cosignatures(&one.known()).len() == 1 && read.cosignatures(&two.known()).len() == 1);
    // A minute later this one is history; the one that is signed stays to be had.
    world.pass(SignedDuration::from_secs(120)).await;
    assert_eq!(send(&world, format!("{note}{}", one.line(&note))).await.status, 409);
    assert!(checkpoint(&world).await.cosignatures(&one.known()).is_empty());
    assert_eq!(String::from_utf8(file(&world, "/log/cosigned").await.bytes).unwrap(), kept);
    let page = world.visitor().page("/log").await.ok().text;
    assert!(page.contains("w.example/1") && page.contains("w.example/2"));
}
