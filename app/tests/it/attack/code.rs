//! Guessing at codes: whoever owns a mailbox asks for codes again and again, to guess once the one that goes to another
//! person's phone.

use crate::account::{refused, wrong};
use crate::people::{Applicant, PASSWORD};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// Registers with the victim's phone and a mailbox of the attacker's.
async fn begun(world: &World, from: &str, victim: &Applicant, attacker: &Applicant) -> (Browser, String) {
    let who = Applicant { phone: victim.phone.clone(), ..attacker.clone() };
    let browser = world.visitor_from(from);
    let path = browser.post("/registrations", who.form()).await.ok().header("location").to_owned();
    (browser, format!("{path}/confirmation"))
}

/// The newest codes, of whatever length.
async fn codes(world: &World, who: &Applicant) -> Value {
    world.settle().await;
    let code = |channel, to: &str| {
        let message = world.messages().into_iter().find(|m| m.channel == channel && m.to.contains(to)).unwrap();
        let runs = message.text.split(|c: char| !c.is_ascii_digit()).map(str::to_owned);
        runs.into_iter().find(|run| [6, 10].contains(&run.len())).unwrap()
    };
    json!({"phone_code": code(Channel::Sms, &who.phone), "email_code": code(Channel::Mail, &who.email)})
}

fn guess(number: usize) -> Value {
    json!({"phone_code": format!("{number:06}"), "email_code": format!("{number:06}")})
}

#[track_caller]
fn limited(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "limited"));
    assert!(answer.header("retry-after").parse::<i64>().unwrap() > 3_000, "{}", answer.header("retry-after"));
}

#[tokio::test]
async fn registering_again_brings_no_new_tries() {
    let world = World::new().await;
    let victim = Applicant::new("buyer");
    // Each time with another mailbox.
    for _ in 0..2 {
        let (browser, path) = begun(&world, "127.0.8.1", &victim, &Applicant::new("buyer")).await;
        for number in 0..5 {
            let rule = if number < 4 { "code-wrong" } else { "code-spent" };
            refused(&browser.post(&path, guess(number)).await, "phone_code", rule);
        }
        refused(&browser.post(&path, guess(5)).await, "phone_code", "code-spent");
    }
    let (browser, path) = begun(&world, "127.0.8.1", &victim, &Applicant::new("buyer")).await;
    limited(&browser.post(&path, guess(6)).await);
    world.clock.advance(SignedDuration::from_mins(61));
    let (browser, path) = begun(&world, "127.0.8.1", &victim, &Applicant::new("buyer")).await;
    refused(&browser.post(&path, guess(7)).await, "phone_code", "code-wrong");
    limited(&browser.post(&path, guess(8)).await);
    // The victim, from elsewhere, is not kept waiting.
    world.pass(SignedDuration::from_mins(1)).await;
    let own = world.visitor_from("127.0.8.2");
    let path = own.post("/registrations", victim.form()).await.ok().header("location").to_owned();
    let codes = codes(&world, &victim).await;
    refused(&own.post(&format!("{path}/confirmation"), wrong(&codes)).await, "phone_code", "code-wrong");
    own.post(&format!("{path}/confirmation"), codes).await.ok();
}

#[tokio::test]
async fn mistakes_that_end_in_the_right_codes_are_forgotten() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let browser = world.visitor();
    let path = browser.post("/registrations", who.form()).await.ok().header("location").to_owned();
    for _ in 0..4 {
        let answer = browser.post(&format!("{path}/confirmation"), wrong(&codes(&world, &who).await)).await;
        refused(&answer, "phone_code", "code-wrong");
    }
    browser.post(&format!("{path}/confirmation"), codes(&world, &who).await).await.ok();
    for _ in 0..2 {
        world.pass(SignedDuration::from_mins(1)).await;
        let path =
            browser.post("/password-resets", json!({"account": who.phone})).await.ok().header("location").to_owned();
        for _ in 0..4 {
            let mut fields = wrong(&codes(&world, &who).await);
            fields["password"] = json!(PASSWORD);
            refused(&browser.post(&format!("{path}/password"), fields).await, "phone_code", "code-wrong");
        }
        let mut fields = codes(&world, &who).await;
        fields["password"] = json!(PASSWORD);
        browser.post(&format!("{path}/password"), fields).await.ok();
    }
}

#[tokio::test]
async fn guessing_from_many_sources_makes_codes_longer_and_keeps_nobody_out() {
    let world = World::new().await;
    let victim = Applicant::new("buyer");
    for source in 1..=6 {
        let (browser, path) = begun(&world, &format!("127.0.7.{source}"), &victim, &Applicant::new("buyer")).await;
        for number in 0..5 {
            assert_eq!(browser.post(&path, guess(number)).await.status, 422);
        }
    }
    world.pass(SignedDuration::from_mins(1)).await;
    let own = world.visitor_from("127.0.7.99");
    let path = own.post("/registrations", victim.form()).await.ok().header("location").to_owned();
    let long = codes(&world, &victim).await;
    for code in ["phone_code", "email_code"] {
        assert_eq!(long[code].as_str().map(str::len), Some(10), "both, so that nobody learns which is guessed at");
    }
    let (browser, other) = begun(&world, "127.0.7.7", &victim, &Applicant::new("buyer")).await;
    refused(&browser.post(&other, guess(9)).await, "phone_code", "code-wrong");
    own.post(&format!("{path}/confirmation"), long).await.ok();
    let stranger = Applicant::new("buyer");
    own.post("/registrations", stranger.form()).await.ok();
    assert_eq!(codes(&world, &stranger).await["phone_code"].as_str().map(str::len), Some(6), "others notice nothing");
    world.clock.advance(SignedDuration::from_hours(30));
    let reset = own.post("/password-resets", json!({"account": victim.phone})).await.ok();
    assert_eq!(
        codes(&world, &victim).await["email_code"].as_str().map(str::len),
        Some(6),
        "a day later: {}",
        reset.text
    );
}

#[tokio::test]
async fn resets_count_tries_alike_for_everybody_and_for_nobody() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    world.clock.advance(SignedDuration::from_hours(2));
    for (source, account) in
        [("127.0.6.1", who.phone.as_str()), ("127.0.6.2", "13800137777"), ("127.0.6.3", "no@body.example")]
    {
        let browser = world.visitor_from(source);
        let reset = async || {
            let begun = browser.post("/password-resets", json!({"account": account})).await.ok();
            format!("{}/password", begun.header("location"))
        };
        let with = |number| {
            let mut fields = guess(number);
            fields["password"] = json!("sieben graue Esel am Bach");
            fields
        };
        for _ in 0..2 {
            let path = reset().await;
            for number in 0..5 {
                refused(
                    &browser.post(&path, with(number)).await,
                    "phone_code",
                    if number < 4 { "code-wrong" } else { "code-spent" },
                );
            }
        }
        limited(&browser.post(&reset().await, with(5)).await);
    }
}

#[tokio::test]
async fn codes_sent_anew_count_as_codes_sent() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    world.applicant(&who).await;
    world.clock.advance(SignedDuration::from_hours(2));
    for account in [who.email.as_str(), "no@body.example"] {
        let browser = world.visitor_from("127.0.5.1");
        let begun = async || browser.post("/password-resets", json!({"account": account})).await;
        let path = format!("{}/codes", begun().await.ok().header("location"));
        for _ in 0..4 {
            browser.post(&path, json!({})).await.ok();
        }
        assert_eq!(browser.post(&path, json!({})).await.code(), "codes-enough");
        assert_eq!(begun().await.status, 429, "six messages, that one included, and no more to {account} from here");
    }
}
