//! Back-channel logout: an issuer signs out whom it let in, at once, and nobody else.

use super::issuer::{Issuer, Plays};
use super::{enter, linked, world};
use crate::consent::give;
use crate::factor::{self, Phone};
use crate::people::Applicant;
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// An order with a name of its own.
fn order(issuer: &Issuer, change: impl FnOnce(&mut Value)) -> Value {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    issuer.claims(|claims| {
        claims["jti"] = json!(format!("jti-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        claims["events"] = json!({ EVENT: {} });
        change(claims);
    })
}

async fn send(world: &World, token: &str) -> Answer {
    let visitor = world.visitor();
    let request = visitor.request(Method::POST, "/session/linked/lanhe/logout").form(&[("logout_token", token)]);
    let answer = visitor.send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn is_in(browser: &Browser) -> bool {
    browser.get("/session").await.json()["signed_in"] == true
}

#[tokio::test]
async fn an_issuer_signs_out_whom_it_let_in_and_nobody_else() {
    sabotaged();
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    linked(&world, &issuer, "u-2").await;
    let [one, two, other] = [world.visitor(), world.visitor(), world.visitor()];
    enter(&one, &issuer, "u-1").await.ok();
    let session = issuer.session();
    enter(&two, &issuer, "u-1").await.ok();
    enter(&other, &issuer, "u-2").await.ok();
    let token = issuer.signs(&order(&issuer, |claims| claims["sid"] = json!(session)));
    assert_eq!(send(&world, &token).await.status, 200);
    assert_eq!((is_in(&one).await, is_in(&two).await), (false, true), "one session there is one here");
    assert_eq!(send(&world, &token).await.status, 400, "the same order again");
    let token = issuer.signs(&order(&issuer, |claims| claims["sub"] = json!("u-1")));
    assert_eq!(send(&world, &token).await.status, 200);
    assert_eq!((is_in(&two).await, is_in(&other).await), (false, true));
    assert!(is_in(&me).await, "who came in by password stays");
    let nobody = issuer.signs(&order(&issuer, |claims| claims["sub"] = json!("u-9")));
    assert_eq!(send(&world, &nobody).await.status, 200, "and does not tell who is linked");
    world.pass(SignedDuration::from_mins(13)).await;
    assert_eq!(world.count("SELECT count(*) FROM logout_token").await, 0, "swept");
    assert_eq!(send(&world, &token).await.status, 400, "it is old");
}

#[tokio::test]
async fn an_order_that_is_not_the_issuers_ends_nothing() {
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    let browser = world.visitor();
    enter(&browser, &issuer, "u-1").await.ok();
    let of = |change: fn(&mut Value)| {
        order(&issuer, |claims| {
            claims["sub"] = json!("u-1");
            change(claims);
        })
    };
    let mut tokens: Vec<String> = [Plays::Unsigned, Plays::PublicAsSecret, Plays::OtherKey]
        .iter()
        .map(|how| issuer.forges(how, &of(|_| {})))
        .collect();
    for change in [
        (|claims| claims["aud"] = json!("other")) as fn(&mut Value),
        |claims| claims["iss"] = json!("https://evil.example"),
        |claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() - 3600),
        |claims| claims["nonce"] = json!("n"),
        |claims| claims["events"] = json!({}),
        |claims| drop(claims.as_object_mut().unwrap().remove("jti")),
        |claims| drop(claims.as_object_mut().unwrap().remove("sub")),
    ] {
        tokens.push(issuer.signs(&of(change)));
    }
    tokens.extend(["".to_owned(), "a.b.c".to_owned(), "x".repeat(16_000)]);
    for token in &tokens {
        let answer = send(&world, token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"].clone()),
            (400, json!("invalid_request")),
            "{token}"
        );
    }
    assert!(is_in(&browser).await);
    let visitor = world.visitor();
    let path = "/session/linked/lanhe/logout";
    for (request, status) in [
        (visitor.request(Method::POST, path).body("nothing"), 400),
        (visitor.request(Method::POST, path).body("x".repeat(100_000)), 413),
        (visitor.request(Method::POST, "/session/linked/nobody/logout").form(&[("logout_token", "t")]), 404),
        (visitor.request(Method::GET, path), 405),
    ] {
        assert_eq!(visitor.send(request).await.status, status);
    }
}

#[tokio::test]
async fn who_waits_for_the_second_factor_is_signed_out_too() {
    let (world, issuer) = world().await;
    let me = world.applicant(&Applicant::new("both")).await;
    let phone = Phone::register(&world, &me).await;
    give(&me, "linked-sign-in").await.ok();
    super::link(&me, &issuer, "u-1").await.ok();
    let browser = world.visitor();
    enter(&browser, &issuer, "u-1").await.ok();
    let session = issuer.session();
    let token = issuer.signs(&order(&issuer, |claims| (claims["sub"], claims["sid"]) = (json!("u-1"), json!(session))));
    assert_eq!(send(&world, &token).await.status, 200);
    let code = phone.next(&world).await;
    let over = factor::step(&browser, &code).await;
    assert_eq!((over.status.as_u16(), over.code().as_str()), (409, "sign-in-step-over"));
    // And after it was given.
    enter(&browser, &issuer, "u-1").await.ok();
    let code = phone.next(&world).await;
    factor::step(&browser, &code).await.ok();
    let session = issuer.session();
    let token = issuer.signs(&order(&issuer, |claims| claims["sid"] = json!(session)));
    assert_eq!(send(&world, &token).await.status, 200);
    assert!(!is_in(&browser).await);
}
