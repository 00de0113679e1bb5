//! Keys of opening officers, and drafts that name them.

use super::{Stage, choose, names, new_key, officer, proof, wrapped};
use crate::sourcing::{add_lot, draft, id, publish, text};
use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

#[tokio::test]
async fn a_key_is_enrolled_proved_replaced_and_ended() {
    let world = World::new().await;
    let (person, other) = (world.member("buyer").await, world.member("buyer").await);
    let (key, form) = new_key();
    let line = person.post("/me/opening-key", form.clone()).await.ok().json();
    assert_eq!(person.post("/me/opening-key", form.clone()).await.ok().json()["id"], line["id"], "sent twice");
    assert_eq!(other.post("/me/opening-key", form).await.code(), "officer-key-known");
    let path = format!("/me/opening-key/{}", text(&line, "id"));
    assert_eq!(line["proved_at"], json!(null));
    // Who has not the key cannot prove it; who is somebody else finds nothing.
    let wrong = json!({"answer": STANDARD.encode([7; 32])});
    assert_eq!(person.post(&format!("{path}/proof"), wrong.clone()).await.code(), "officer-proof-wrong");
    for way in ["proof", "revocation"] {
        assert_eq!(
            other.post(&format!("{path}/{way}"), if way == "proof" { wrong.clone() } else { json!({}) }).await.status,
            404
        );
    }
    assert_eq!(other.get(&format!("{path}/file")).await.status, 404);
    assert!(person.get(&format!("{path}/file")).await.ok().text.starts_with("age-encryption.org/v1\n-> scrypt "));
    let answer = proof(&line, &key);
    let proved = person.post(&format!("{path}/proof"), answer.clone()).await.ok().json();
    assert!(proved["proved_at"].is_string() && proved["challenge"] != line["challenge"]);
    assert_eq!(
        person.post(&format!("{path}/proof"), answer).await.code(),
        "officer-proof-wrong",
        "an answer serves once"
    );
    // What is no key, or no file under a passphrase, is refused at its field.
    let (_, mut bad) = new_key();
    (bad["recipient"], bad["kept"]) = (json!("age1nothing"), json!(STANDARD.encode("secret")));
    let refused = person.post("/me/opening-key", bad).await;
    let codes: Vec<_> = refused.json()["errors"].as_array().unwrap().iter().map(|e| text(e, "code")).collect();
    assert_eq!((refused.status.as_u16(), codes), (422, vec!["officer-recipient".into(), "officer-kept".into()]));
    // A new one takes its place; the one before stays for what was sealed to it.
    person.post("/me/opening-key", new_key().1).await.ok();
    let keys = person.get("/me/opening-key").await.ok().json()["keys"].clone();
    assert_eq!((keys[0]["ended_at"].is_null(), keys[1]["ended_at"].is_string()), (true, true));
    assert_eq!(person.post(&format!("{path}/proof"), wrong).await.code(), "officer-proof-wrong");
    let page = person.page("/me/opening-key").await.ok().text;
    assert!(page.contains("ziyun officer") && page.contains("data-officer=\"prove\""), "{page}");
}

#[tokio::test]
async fn only_keys_that_hold_are_chosen_and_a_draft_waits_when_one_ends() {
    let stage = Stage::new().await;
    let Stage { world, buyer, officers, .. } = &stage;
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    add_lot(buyer, &tender, &id(), "备件").await;
    let all = names(buyer, &tender).await;
    assert_eq!(all.len(), 3);
    for (k, holders) in [("1", &all[..]), ("4", &all[..]), ("2", &all[..1])] {
        assert_eq!(choose(buyer, &tender, k, holders).await.status, 422, "{k} of {}", holders.len());
    }
    let stranger = sealing::new_key().to_public().to_string();
    let twice = [all[0].clone(), all[0].clone()];
    for holders in [&[all[0].clone(), stranger][..], &twice] {
        assert_eq!(choose(buyer, &tender, "2", holders).await.code(), "hands-not-enrolled");
    }
    choose(buyer, &tender, "2", &all[..2]).await.ok();
    let stale = json!({"version": 1, "k": ""});
    assert_eq!(buyer.post(&format!("/tenders/{tender}/hands"), stale).await.status, 412);
    // The second one's key ends before it is published.
    let (second, _) = &officers[1];
    let key = text(&second.get("/me/opening-key").await.ok().json()["keys"][0], "id");
    second.post(&format!("/me/opening-key/{key}/revocation"), json!({})).await.ok();
    let page = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!(page["unready"], json!([{"rule": "hands"}]));
    assert_eq!(publish(buyer, &tender).await.code(), "tender-unready");
    let left = names(buyer, &tender).await;
    choose(buyer, &tender, "2", &left).await.ok();
    publish(buyer, &tender).await.ok();
    let shown = world.visitor().get(&format!("/tenders/{tender}")).await.ok();
    assert_eq!(shown.json()["tender"]["hands"], json!({"k": 2, "holders": left}));
}

#[tokio::test]
async fn a_key_lies_for_a_passkey_beside_its_passphrase() {
    let world = World::new().await;
    let (person, other) = (world.member("buyer").await, world.member("buyer").await);
    officer(&person).await;
    let key = person.get("/me/opening-key").await.ok().json()["keys"][0].clone();
    assert_eq!((&key["wrapped"], &key["hint"]), (&json!(null), &json!(null)));
    let path = format!("/me/opening-key/{}", text(&key, "id"));
    // Somebody else's, what is no file for one passkey alone, and a file that is under a passphrase.
    assert_eq!(other.post(&format!("{path}/passkey"), wrapped()).await.status, 404);
    for (field, value) in
        [("wrapped", key["kept"].clone()), ("wrapped", json!("")), ("hint", json!("AGE-SECRET-KEY-1QYQSZQGP"))]
    {
        let mut wrong = wrapped();
        wrong[field] = value;
        assert_eq!(person.post(&format!("{path}/passkey"), wrong).await.status, 422, "{field}");
    }
    for _ in 0..2 {
        let line = person.post(&format!("{path}/passkey"), wrapped()).await.ok().json();
        assert_eq!(
            (&line["wrapped"], &line["kept"]),
            (&wrapped()["wrapped"], &key["kept"]),
            "the passphrase stays the way back"
        );
    }
    let page = person.page("/me/opening-key").await.ok().text;
    assert!(page.contains("data-wrapped=") && page.contains("不再用通行密钥") && !page.contains('⟦'), "{page}");
    assert!(person.get(&format!("{path}/file")).await.ok().text.starts_with("age-encryption.org/v1\n-> scrypt "));
    let told = "SELECT count(*) FROM event WHERE kind = 'officer.key-changed' AND body LIKE '%wrapped%'";
    assert_eq!(world.count(told).await, 1, "once");
    assert_eq!(other.post(&format!("{path}/passkey-removal"), json!({})).await.status, 404);
    let line = person.post(&format!("{path}/passkey-removal"), json!({})).await.ok().json();
    assert_eq!(line["wrapped"], json!(null));
    person.post(&format!("{path}/revocation"), json!({})).await.ok();
    assert_eq!(person.post(&format!("{path}/passkey"), wrapped()).await.code(), "officer-key-over");
}
