//! Passkeys under attack: answers again, elsewhere, for another purpose or person; other pages and parties; a copied authenticator;
//! users who were not verified; what is nobody's; two at once; a clock that moves; what is no answer at all.

use crate::account::refused;
use crate::authenticator::Authenticator;
use crate::factor::is_told;
use crate::passkey::{answer, challenge, listed, person, register, used};
use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::json;

const SIGN_IN: &str = "/session/passkey";
const FACTOR: &str = "/session/factor/passkey";
const STEP_UP: &str = "/me/step-up/passkey";
const OWN: &str = "/me/security/passkeys";

#[track_caller]
fn is_over(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "passkey-challenge-over"), "{}", answer.text);
}

/// A sign-in that waits for its second factor.
async fn waiting(world: &World, who: &Applicant) -> Browser {
    let browser = world.visitor();
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    browser
}

#[tokio::test]
async fn an_answer_is_taken_once_even_of_two_at_once() {
    let world = World::new().await;
    let (_, _, mut key) = person(&world, "buyer").await;
    for round in 0..3 {
        let browser = world.visitor();
        let asked = challenge(&browser, SIGN_IN).await;
        // Both are right, each with a counter of its own.
        let (one, two) = (key.get(&asked["options"]), key.get(&asked["options"]));
        let token = browser.token().await;
        let fields = |credential: &str| json!({ "challenge": asked["challenge"], "credential": credential });
        let (one, two) = (fields(&one), fields(&two));
        let (first, second) =
            tokio::join!(browser.post_with(&token, SIGN_IN, &one), browser.post_with(&token, SIGN_IN, &two));
        let mut came = [first.status.as_u16(), second.status.as_u16()];
        came.sort_unstable();
        assert_eq!(came, [201, 409], "round {round}: {} {}", first.text, second.text);
    }
    let sessions = world.count("SELECT count(*) FROM event WHERE kind = 'account.signed-in'").await;
    assert_eq!(sessions, 3, "one each");
    // A wrong answer ends a challenge as a right one does.
    let browser = world.visitor();
    let asked = challenge(&browser, SIGN_IN).await;
    let token = browser.token().await;
    let mut elsewhere = Authenticator { origin: "https://evil.example".to_owned(), ..key.clone() };
    let sent = |credential: String| json!({ "challenge": asked["challenge"], "credential": credential });
    let wrong = browser.post_with(&token, SIGN_IN, &sent(elsewhere.get(&asked["options"]))).await;
    refused(&wrong, "credential", "passkey-refused");
    is_over(&browser.post_with(&token, SIGN_IN, &sent(key.get(&asked["options"]))).await);
}

#[tokio::test]
async fn a_challenge_is_over_after_five_minutes_whatever_the_clock_does() {
    let world = World::new().await;
    let (_, _, mut key) = person(&world, "buyer").await;
    let browser = world.visitor();
    let asked = challenge(&browser, SIGN_IN).await;
    let now = world.clock.now();
    world.pass(SignedDuration::from_mins(5)).await;
    is_over(&answer(&browser, SIGN_IN, &asked, &key.get(&asked["options"])).await);
    assert_eq!(world.count("SELECT count(*) FROM passkey_challenge").await, 0, "swept");
    world.until(now).await;
    is_over(&answer(&browser, SIGN_IN, &asked, &key.get(&asked["options"])).await);
    let asked = challenge(&browser, SIGN_IN).await;
    world.pass(SignedDuration::from_secs(299)).await;
    answer(&browser, SIGN_IN, &asked, &key.get(&asked["options"])).await.ok();
}

#[tokio::test]
async fn a_challenge_is_of_one_browser_purpose_and_person() {
    let world = World::new().await;
    let (who, me, mut mine) = person(&world, "buyer").await;
    let (_, evil, mut theirs) = person(&world, "provider").await;
    // Another browser.
    let (one, two) = (world.visitor(), world.visitor());
    let asked = challenge(&one, SIGN_IN).await;
    is_over(&answer(&two, SIGN_IN, &asked, &mine.get(&asked["options"])).await);
    // Another purpose.
    let waits = waiting(&world, &who).await;
    let asked = challenge(&waits, SIGN_IN).await;
    is_over(&answer(&waits, FACTOR, &asked, &mine.get(&asked["options"])).await);
    let asked = challenge(&waits, FACTOR).await;
    is_over(&answer(&waits, SIGN_IN, &asked, &mine.get(&asked["options"])).await);
    let asked = challenge(&me, OWN).await;
    is_over(&answer(&me, STEP_UP, &asked, &mine.get_unasked(&with_nobody(&asked))).await);
    // Another person's challenge, and another person's passkey at one's own.
    let asked = challenge(&me, STEP_UP).await;
    is_over(&answer(&evil, STEP_UP, &asked, &theirs.get_unasked(&asked["options"])).await);
    refused(
        &answer(&me, STEP_UP, &asked, &theirs.get_unasked(&asked["options"])).await,
        "credential",
        "passkey-refused",
    );
    let asked = challenge(&waits, FACTOR).await;
    let wrong = answer(&waits, FACTOR, &asked, &theirs.get_unasked(&asked["options"])).await;
    refused(&wrong, "credential", "passkey-refused-left");
    used(&waits, &mut mine, FACTOR).await.ok();
    // And one cannot take or remove what is another's.
    let id = listed(&me).await[0]["id"].as_str().unwrap().to_owned();
    for act in ["removal", "confirmation"] {
        assert_eq!(evil.post(&format!("{OWN}/{id}/{act}"), json!({})).await.status, 404, "{act}");
    }
}

/// The options of a registration as an authenticator would take those of a proof.
fn with_nobody(asked: &serde_json::Value) -> serde_json::Value {
    json!({ "challenge": asked["options"]["challenge"] })
}

/// What is wrong with an answer, and the authenticator that gives it.
type Change = (&'static str, fn(&mut Authenticator));

#[tokio::test]
async fn another_page_another_party_and_an_unverified_user_are_refused_like_a_stranger() {
    let world = World::new().await;
    let (who, me, key) = person(&world, "buyer").await;
    let changes: [Change; 9] = [
        ("another site", |key| key.origin = "https://evil.example".to_owned()),
        ("another port", |key| key.origin = "http://localhost:8081".to_owned()),
        ("a name below", |key| key.origin = "http://evil.localhost:8080".to_owned()),
        ("another party", |key| key.party = "evil.example".to_owned()),
        ("nobody verified", |key| key.verifies = false),
        ("another key", |key| {
            *key = Authenticator { id: key.id.clone(), handle: key.handle.clone(), ..Authenticator::new() }
        }),
        ("an unknown key", |key| *key = Authenticator { handle: key.handle.clone(), ..Authenticator::new() }),
        ("another handle", |key| key.handle = vec![7; 16]),
        ("no handle", |key| key.handle.clear()),
    ];
    let mut texts = Vec::new();
    for (what, change) in changes {
        let mut forged = Authenticator { counter: 1000, ..key.clone() };
        change(&mut forged);
        let came = used(&world.visitor(), &mut forged, SIGN_IN).await;
        assert_eq!(came.status, 422, "{what}: {}", came.text);
        texts.push(came.json()["errors"].to_string());
    }
    assert!(texts.iter().all(|text| text == &texts[0]), "whether there is such a passkey is not told: {texts:#?}");
    assert_eq!(
        world.count("SELECT count(*) FROM passkey WHERE doubted_at IS NOT NULL").await,
        0,
        "nobody's word casts doubt"
    );
    used(&world.visitor(), &mut key.clone(), SIGN_IN).await.ok();
    for (what, change) in &changes[..5] {
        let mut new = Authenticator::new();
        change(&mut new);
        let asked = challenge(&me, OWN).await;
        let fields =
            json!({ "challenge": asked["challenge"], "credential": new.create(&asked["options"]), "name": "x" });
        refused(&me.post(OWN, fields).await, "credential", "passkey-refused");
        assert_eq!(listed(&me).await.len(), 1, "{what}");
    }
    world.settle().await;
    assert!(!is_told(&world, &who, "可能另有一份"));
}

#[tokio::test]
async fn a_copied_authenticator_is_refused_and_told() {
    let world = World::new().await;
    let (who, me, mut key) = person(&world, "buyer").await;
    let mut copy = key.clone();
    used(&world.visitor(), &mut key, SIGN_IN).await.ok();
    used(&world.visitor(), &mut key, SIGN_IN).await.ok();
    // The copy has signed once where the original has signed twice.
    refused(&used(&world.visitor(), &mut copy, SIGN_IN).await, "credential", "passkey-refused");
    world.settle().await;
    assert!(is_told(&world, &who, "可能另有一份"));
    // From now on neither is taken, and what the person has registered is asked for still.
    refused(&used(&world.visitor(), &mut key, SIGN_IN).await, "credential", "passkey-refused");
    assert_eq!(me.post(&format!("{STEP_UP}/challenge"), json!({})).await.code(), "passkeys-none");
    assert_eq!(waiting(&world, &who).await.get("/me").await.status, 401, "a copy takes no protection away");
    let one = listed(&me).await.remove(0);
    assert!(one["doubted_at"].is_string(), "{one}");
    let page = me.page("/me/security").await.ok().text;
    assert!(page.contains("可能被复制，已拒绝使用") && !page.contains('⟦'), "{page}");
    let confirmation = format!("{OWN}/{}/confirmation", one["id"].as_str().unwrap());
    assert_eq!(me.post(&confirmation, json!({})).await.status, 404);
    me.post(&format!("{OWN}/{}/removal", one["id"].as_str().unwrap()), json!({})).await.ok();
    register(&me, &mut Authenticator::new(), "重新登记").await.ok();
}

#[tokio::test]
async fn one_that_does_not_count_is_taken_again_and_again() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("buyer")).await;
    let mut key = Authenticator { counts: false, ..Authenticator::new() };
    register(&me, &mut key, "同步的通行密钥").await.ok();
    for _ in 0..3 {
        used(&world.visitor(), &mut key, SIGN_IN).await.ok();
    }
}

#[tokio::test]
async fn wrong_answers_end_the_step_and_tell_the_person() {
    let world = World::new().await;
    let (who, _, mut key) = person(&world, "buyer").await;
    let thief = waiting(&world, &who).await;
    for n in (0..5).rev() {
        let mut forged = Authenticator { handle: key.handle.clone(), id: key.id.clone(), ..Authenticator::new() };
        let came = used(&thief, &mut forged, FACTOR).await;
        match n {
            0 => assert_eq!(came.code(), "sign-in-step-over"),
            _ => refused(&came, "credential", "passkey-refused-left"),
        }
    }
    let over = thief.post(&format!("{FACTOR}/challenge"), json!({})).await;
    assert_eq!((over.status.as_u16(), over.code().as_str()), (409, "sign-in-step-over"));
    world.settle().await;
    assert!(is_told(&world, &who, "5次"));
    used(&world.visitor(), &mut key, SIGN_IN).await.ok();
}

#[tokio::test]
async fn a_copied_session_registers_and_removes_none() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    let thief = world.visitor();
    thief.sign_in(&who.phone, PASSWORD).await.ok();
    let mut key = Authenticator::new();
    register(&me, &mut key, "手机").await.ok();
    let id = listed(&me).await[0]["id"].as_str().unwrap().to_owned();
    for path in ["challenge".to_owned(), format!("{id}/removal"), format!("{id}/confirmation")] {
        let came = thief.post(&format!("{OWN}/{path}"), json!({})).await;
        assert_eq!((came.status.as_u16(), came.code().as_str()), (403, "step-up"), "{path}");
    }
    let fields = json!({ "challenge": crate::sourcing::id(), "credential": "{}", "name": "x" });
    assert_eq!(thief.post(OWN, fields).await.code(), "step-up");
    // The session's secret changed when the passkey was registered: a challenge from before is worth nothing.
    let asked = challenge(&me, OWN).await;
    register(&me, &mut Authenticator::new(), "第二个").await.ok();
    let late = json!({ "challenge": asked["challenge"], "credential": Authenticator::new().create(&asked["options"]), "name": "x" });
    is_over(&me.post(OWN, late).await);
}

#[tokio::test]
async fn what_is_no_answer_is_refused_before_anything_is_done() {
    let world = World::new().await;
    let (_, me, mut key) = person(&world, "buyer").await;
    let browser = world.visitor();
    let asked = challenge(&browser, SIGN_IN).await;
    let nested = format!("{{\"id\":{}", "[".repeat(10_000));
    let large = "x".repeat(20_000);
    for bad in ["{}", "null", "AAAA", "[1]", nested.as_str(), large.as_str()] {
        refused(&answer(&browser, SIGN_IN, &asked, bad).await, "credential", "passkey-form");
    }
    refused(&browser.post(SIGN_IN, json!({ "challenge": "x", "credential": "{}" })).await, "challenge", "id");
    answer(&browser, SIGN_IN, &asked, &key.get(&asked["options"])).await.ok();
    // Bytes that are no attestation, no authenticator data and no signature.
    let asked = challenge(&me, OWN).await;
    let empty = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": { "clientDataJSON": "e30", "attestationObject": "oA" } });
    let fields = json!({ "challenge": asked["challenge"], "credential": empty.to_string(), "name": "x" });
    refused(&me.post(OWN, fields).await, "credential", "passkey-refused");
    let asked = challenge(&browser, SIGN_IN).await;
    let short = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key",
        "response": { "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA" } });
    refused(&answer(&browser, SIGN_IN, &asked, &short.to_string()).await, "credential", "passkey-refused");
}

#[tokio::test]
async fn wrong_answers_from_one_source_are_slowed_and_lock_nobody_else_out() {
    let world = World::new().await;
    let (_, _, mut key) = person(&world, "buyer").await;
    let guesser = world.visitor_from("127.0.0.7");
    let mut last = 0;
    for _ in 0..61 {
        let fields = json!({ "challenge": crate::sourcing::id(), "credential": ANSWER });
        last = guesser.post(SIGN_IN, fields).await.status.as_u16();
    }
    assert_eq!(last, 429);
    used(&world.visitor_from("127.0.0.8"), &mut key, SIGN_IN).await.ok();
}

/// An answer of the right form to no challenge.
const ANSWER: &str = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":null}}"#;

#[tokio::test]
async fn no_return_address_of_a_passkey_leads_away() {
    let world = World::new().await;
    let (_, _, mut key) = person(&world, "buyer").await;
    for next in super::redirect::FOREIGN {
        let browser = world.visitor();
        let asked = challenge(&browser, SIGN_IN).await;
        let fields = json!({ "challenge": asked["challenge"], "credential": key.get(&asked["options"]), "next": next });
        refused(&browser.post(SIGN_IN, fields).await, "next", "local-path");
    }
}
