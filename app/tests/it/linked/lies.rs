//! An issuer that is slow, down, lying or somebody else: nothing of what it says counts.

use super::issuer::{Issuer, Plays};
use super::{LINKS, arrive, enter, go, linked, world};
use crate::verification::refusal;
use crate::world::{World, beginning, listen, sabotaged};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_token_that_the_issuer_has_not_signed_counts_for_nothing() {
    sabotaged();
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    linked(&world, &issuer, "somebody-else").await;
    for play in [Plays::Tampers, Plays::OtherKey, Plays::Unsigned, Plays::PublicAsSecret] {
        issuer.plays([play]);
        let browser = world.visitor();
        assert_eq!(refusal(&enter(&browser, &issuer, "u-1").await), (409, "link-refused".into()));
        assert_eq!(browser.get("/session").await.json()["signed_in"], false);
    }
    enter(&world.visitor(), &issuer, "u-1").await.ok();
}

#[tokio::test]
async fn a_token_that_is_not_for_this_sign_in_counts_for_nothing() {
    sabotaged();
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    for change in [
        (|claims| claims["aud"] = json!("other")) as fn(&mut serde_json::Value),
        |claims| claims["iss"] = json!("https://evil.example"),
        |claims| claims["nonce"] = json!("of-another-sign-in"),
        |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 120),
        |claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() + 3600),
        |claims| drop(claims.as_object_mut().unwrap().remove("nonce")),
    ] {
        issuer.plays([Plays::Claims(change)]);
        assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-refused".into()));
    }
}

#[tokio::test]
async fn an_issuer_that_is_not_well_is_left_and_nobody_is_signed_in() {
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    let inside = listen();
    let elsewhere = format!("http://{}/admin", inside.local_addr().unwrap());
    for play in [Plays::Down, Plays::Floods, Plays::Babbles, Plays::Redirects(elsewhere), Plays::Hangs] {
        issuer.plays([play]);
        assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (503, "issuer-unavailable".into()));
    }
    assert!(inside.accept().is_err(), "nobody follows");
    enter(&world.visitor(), &issuer, "u-1").await.ok();
}

#[tokio::test]
async fn what_an_issuer_publishes_of_itself_must_be_its_own() {
    for change in [
        (|metadata| metadata["issuer"] = json!("https://evil.example")) as fn(&mut serde_json::Value),
        |metadata| metadata["token_endpoint"] = json!("http://192.0.2.7/token"),
        |metadata| metadata["jwks_uri"] = json!("file:///etc/passwd"),
        |metadata| drop(metadata.as_object_mut().unwrap().remove("authorization_endpoint")),
    ] {
        let (world, issuer) = world().await;
        issuer.publishes(change);
        let refused = world.visitor().post("/session/linked/lanhe", json!({})).await;
        assert_eq!(refusal(&refused), (503, "issuer-unavailable".into()));
        assert_eq!(world.count("SELECT count(*) FROM link_attempt").await, 0);
    }
}

#[tokio::test]
async fn an_issuer_is_not_asked_inside_unless_the_operator_has_said_so() {
    let clock = beginning();
    let issuer = Issuer::new("lanhe", &clock).await;
    let world = World::made(clock, |config| {
        issuer.configure(config, "2028-12-31");
        config.issuers[0].inside = false;
    })
    .await;
    let refused = world.visitor().post("/session/linked/lanhe", json!({})).await;
    assert_eq!(refusal(&refused), (503, "issuer-unavailable".into()));
    assert_eq!(issuer.asked("/.well-known/openid-configuration"), 0);
}

#[tokio::test]
async fn another_key_is_learnt_and_nobody_has_it_asked_for_again_and_again() {
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    assert_eq!(issuer.asked("/keys"), 1);
    issuer.rotates();
    for _ in 0..3 {
        assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-refused".into()));
    }
    assert_eq!(issuer.asked("/keys"), 1, "not again within a minute");
    world.pass(SignedDuration::from_mins(1)).await;
    enter(&world.visitor(), &issuer, "u-1").await.ok();
    assert_eq!(issuer.asked("/keys"), 2);
    world.pass(SignedDuration::from_hours(1)).await;
    enter(&world.visitor(), &issuer, "u-1").await.ok();
    assert_eq!((issuer.asked("/keys"), issuer.asked("/.well-known/openid-configuration")), (3, 2), "once an hour");
    assert_eq!(world.count(LINKS).await, 1);
}

#[tokio::test]
async fn what_was_called_off_there_changes_nothing_here() {
    let (world, issuer) = world().await;
    let browser = world.visitor();
    let back = issuer.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    let page =
        browser.page(&format!("/session/linked/lanhe/return?error=access_denied&state={}", back.state)).await.ok();
    assert!(page.text.contains("什么都没有改变") && !page.text.contains("data-go") && !page.text.contains('⟦'));
    let hostile = browser.page("/session/linked/lanhe/return?code=%22%3E%3Cscript%3E&state=x").await.ok();
    assert!(!hostile.text.contains("\"><script>"), "what came along is text");
    for fields in
        [json!({}), json!({ "code": "c", "state": "x".repeat(300) }), json!({ "code": "c", "state": "s", "more": 1 })]
    {
        assert_eq!(browser.post("/session/linked/lanhe/return", fields).await.status, 422);
    }
    assert_eq!(browser.post("/session/linked/nobody", json!({})).await.status, 404);
    arrive(&browser, "lanhe", &back).await;
}
