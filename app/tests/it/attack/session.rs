//! Login sessions under attack: one that was planted, one that was kept, and people who are to be locked out.

use super::{cookie, get};
use crate::account::refused;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::text;
use crate::world::{Browser, World};
use reqwest::Method;
use serde_json::json;

const WRONG: &str = "sieben graue Esel am Bach";

/// Signs in with these cookies, which somebody else may have planted.
async fn signed_in_with(world: &World, who: &Applicant, cookies: &str, token: &str) -> crate::world::Answer {
    let visitor = world.visitor();
    let request = visitor.request(Method::POST, "/session").header("cookie", cookies).header("x-csrf-token", token);
    let fields = json!({"account": who.phone, "password": PASSWORD});
    visitor.send(request.header("accept", "application/json").json(&fields)).await
}

#[tokio::test]
async fn a_planted_session_is_never_the_one_that_begins() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    let attacker = world.visitor();
    let before = attacker.get("/session").await.ok();
    let (form, token) = (cookie(&before, "form").unwrap(), text(&before.json(), "csrf"));
    let planted = format!("session={}", "A".repeat(43));
    let begun = signed_in_with(&world, &who, &format!("{form}; {planted}"), &token).await.ok();
    let own = cookie(&begun, "session").unwrap();
    assert_ne!(own, planted);
    let json = "accept: application/json\r\n";
    for (cookies, status) in [(&planted, 401), (&own, 200), (&format!("{planted}; {own}"), 401)] {
        assert_eq!(get(&world, "/me", &format!("{json}cookie: {cookies}\r\n")).await.status, status, "{cookies}");
    }
    // The form token that the attacker knows is of no use once somebody is signed in.
    let visitor = world.visitor();
    let request = visitor.request(Method::POST, "/session/end").header("cookie", format!("{form}; {own}"));
    let forged = visitor.send(request.header("x-csrf-token", &token).header("accept", "application/json")).await;
    assert_eq!((forged.status.as_u16(), forged.code().as_str()), (403, "csrf"));
}

/// Whoever plants their own session makes a victim act for the attacker's company: a sign-in ends it, and says who acts.
#[tokio::test]
async fn signing_in_over_anothers_session_ends_that_one() {
    let world = World::new().await;
    let (who, attacker) = (Applicant::new("buyer"), Applicant::new("provider"));
    world.applicant(&who).await;
    let evil = world.applicant(&attacker).await;
    let planted = cookie(&evil.sign_in(&attacker.phone, PASSWORD).await.ok(), "session").unwrap();
    let begun = signed_in_with(&world, &who, &planted, &evil.token().await).await.ok();
    let own = cookie(&begun, "session").unwrap();
    let json = "accept: application/json\r\n";
    assert_eq!(
        get(&world, "/me", &format!("{json}cookie: {planted}\r\n")).await.status,
        401,
        "the planted one has ended"
    );
    assert!(get(&world, "/me", &format!("{json}cookie: {own}\r\n")).await.body.contains(&who.email));
}

#[tokio::test]
async fn a_session_that_is_over_acts_no_more_and_neither_do_its_forms() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let person = world.applicant(&who).await;
    let mut kept = Vec::new();
    for end in ["signed out", "ended elsewhere", "another password", "time"] {
        let browser = world.visitor();
        let session = cookie(&browser.sign_in(&who.phone, PASSWORD).await.ok(), "session").unwrap();
        kept.push((end, session, browser.token().await, browser));
    }
    kept[0].3.post("/session/end", json!({})).await.ok();
    let sessions = person.get("/me").await.ok().json()["sessions"].clone();
    let other = kept[1].3.get("/me").await.ok().json()["sessions"].clone();
    let current = |list: &serde_json::Value| {
        let one = list.as_array().unwrap().iter().find(|one| one["is_current"] == true).unwrap();
        text(one, "id")
    };
    assert_ne!(current(&sessions), current(&other));
    person.post(&format!("/me/sessions/{}/end", current(&other)), json!({})).await.ok();
    let age = jiff::SignedDuration::from_hours(12);
    assert_eq!(acts(&world, &kept[3].1, &kept[3].2).await, 201, "until then it acts");
    person.post("/me/password", json!({"current": PASSWORD, "password": WRONG})).await.ok();
    for (end, session, token, _) in &kept[..3] {
        assert_eq!(acts(&world, session, token).await, 403, "{end}");
    }
    let late = world.visitor();
    let session = cookie(&late.sign_in(&who.phone, WRONG).await.ok(), "session").unwrap();
    let token = late.token().await;
    world.pass(age).await;
    assert_eq!(acts(&world, &session, &token).await, 403, "time");
}

/// What comes of an act that everybody may do, with this session and the token of its forms.
async fn acts(world: &World, session: &str, token: &str) -> u16 {
    let visitor = world.visitor();
    let request = visitor.request(Method::POST, "/preferences/theme").header("cookie", session);
    let request = request.header("x-csrf-token", token).header("accept", "application/json");
    visitor.send(request.json(&json!({"theme": "dark"}))).await.status.as_u16()
}

#[tokio::test]
async fn nobody_is_locked_out_by_who_guesses_floods_or_signs_in_elsewhere() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let own = world.applicant(&who).await;
    world.pass(jiff::SignedDuration::from_hours(1)).await;
    let attack = async |from: &str| {
        let attacker: Browser = world.visitor_from(from);
        for _ in 0..10 {
            attacker.sign_in(&who.phone, WRONG).await;
            attacker.sign_in(&who.email, WRONG).await;
            attacker.post("/password-resets", json!({"account": who.phone})).await;
            attacker.post("/registrations", changed(&who)).await;
        }
        assert_eq!(attacker.sign_in(&who.phone, PASSWORD).await.status, 429, "the attacker goes no further");
    };
    attack("127.0.9.1").await;
    attack("127.0.9.2").await;
    world.pass(jiff::SignedDuration::from_mins(1)).await;
    own.get("/me").await.ok();
    let again = world.visitor_from("127.0.9.3");
    again.sign_in(&who.phone, PASSWORD).await.ok();
    let reset = again.post("/password-resets", json!({"account": who.phone})).await.ok();
    let mut fields = world.codes(&who).await;
    fields["password"] = json!(WRONG);
    again.post(&format!("{}/password", reset.header("location")), fields).await.ok();
    refused(&again.sign_in(&who.phone, PASSWORD).await, "password", "credentials");
    again.sign_in(&who.phone, WRONG).await.ok();
}

/// An application by somebody else in this person's name.
fn changed(who: &Applicant) -> serde_json::Value {
    let other = Applicant { phone: who.phone.clone(), email: who.email.clone(), ..Applicant::new("provider") };
    other.form()
}
