//! The second factor under attack: codes again, guessed, of somebody else; sessions that were copied; two at once; a clock
//! that goes back; an address that leads away.

use super::cookie;
use crate::account::refused;
use crate::factor::{Phone, is_told, person, step};
use crate::people::{Applicant, PASSWORD};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

/// A sign-in that waits for its second factor.
async fn waiting(world: &World, who: &Applicant, address: &str) -> Browser {
    let browser = world.visitor_from(address);
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    browser
}

#[tokio::test]
async fn a_code_is_taken_once_even_when_the_clock_goes_back() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    let code = phone.next(&world).await;
    let (one, two) = (waiting(&world, &who, "127.0.0.2").await, waiting(&world, &who, "127.0.0.3").await);
    step(&one, &code).await.ok();
    refused(&step(&two, &code).await, "code", "factor-wrong-left");
    let now = world.clock.now();
    world.until(now.checked_sub(SignedDuration::from_secs(30)).unwrap()).await;
    refused(&step(&two, &code).await, "code", "factor-wrong-left");
    refused(&step(&two, &phone.code(&world)).await, "code", "factor-wrong-left");
    world.until(now.checked_add(SignedDuration::from_secs(30)).unwrap()).await;
    step(&two, &phone.code(&world)).await.ok();
}

#[tokio::test]
async fn a_recovery_code_is_used_up_even_by_two_at_once() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    for round in 0..3 {
        let (one, two) = (waiting(&world, &who, "127.0.0.2").await, waiting(&world, &who, "127.0.0.3").await);
        let code = &phone.recovery[round];
        let (first, second) = tokio::join!(step(&one, code), step(&two, code));
        let mut came = [first.status.as_u16(), second.status.as_u16()];
        came.sort_unstable();
        assert_eq!(came, [201, 422], "round {round}");
    }
    let (one, two) = (waiting(&world, &who, "127.0.0.4").await, waiting(&world, &who, "127.0.0.5").await);
    let code = phone.next(&world).await;
    let (first, second) = tokio::join!(step(&one, &code), step(&two, &code));
    let mut came = [first.status.as_u16(), second.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [201, 422], "a code of the authenticator");
}

#[tokio::test]
async fn guessing_ends_the_step_and_tells_the_person_and_is_slowed_from_everywhere() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    let mut refusals = 0;
    let mut is_limited = false;
    for source in 0..6 {
        let guesser = waiting(&world, &who, &format!("127.0.1.{}", source + 1)).await;
        for guess in 0..5 {
            let answer = step(&guesser, &format!("00000{guess}")).await;
            match (answer.status.as_u16(), answer.code().as_str()) {
                (422, _) if guess < 4 => refusals += 1,
                (409, "sign-in-step-over") if guess == 4 => refusals += 1,
                (429, "limited") => is_limited = true,
                other => panic!("{other:?} at {guess} from {source}"),
            }
        }
    }
    assert!(is_limited && refusals <= 20, "{refusals} tries at six digits");
    world.settle().await;
    assert!(is_told(&world, &who, "验证码错了5次"));
    let owner = waiting(&world, &who, "127.0.0.9").await;
    assert_eq!(step(&owner, &phone.next(&world).await).await.status, 429, "digits are slowed for everybody");
    step(&owner, &phone.recovery[0]).await.ok();
}

#[tokio::test]
async fn one_source_guesses_at_recovery_codes_ten_times_at_once() {
    let world = World::new().await;
    let (who, me, _) = person(&world, "buyer").await;
    let mut last = 0;
    for n in 0..11 {
        let guesser = waiting(&world, &who, "127.0.2.1").await;
        last = step(&guesser, &format!("00000-000{n:02}")).await.status.as_u16();
    }
    assert_eq!(last, 429);
    me.get("/me").await.ok();
}

#[tokio::test]
async fn the_factor_of_somebody_else_is_of_no_use() {
    let world = World::new().await;
    let (who, me, mine) = person(&world, "buyer").await;
    let (_, evil, theirs) = person(&world, "provider").await;
    let removal = format!("/me/security/authenticator/{}/removal", mine.id);
    assert_eq!(evil.post(&removal, json!({})).await.status, 404);
    let begun = me.post("/me/security/authenticator", json!({})).await.ok().json();
    let taken = format!("/me/security/authenticator/{}/confirmation", begun["id"].as_str().unwrap());
    assert_eq!(evil.post(&taken, json!({ "code": theirs.next(&world).await })).await.status, 404);
    let guesser = waiting(&world, &who, "127.0.0.2").await;
    refused(&step(&guesser, &theirs.code(&world)).await, "code", "factor-wrong-left");
    refused(&step(&guesser, &theirs.recovery[0]).await, "code", "factor-wrong-left");
    step(&guesser, &mine.code(&world)).await.ok();
}

/// A cookie that was copied before the second factor was registered, or whose proof is old, changes nothing.
#[tokio::test]
async fn a_copied_session_changes_no_credential() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    let thief = world.visitor();
    thief.sign_in(&who.phone, PASSWORD).await.ok();
    let phone = Phone::register(&world, &me).await;
    thief.get("/me").await.ok();
    let removal = format!("/me/security/authenticator/{}/removal", phone.id);
    let email = json!({ "field": "email", "value": "evil@evil.example", "current": PASSWORD });
    for (path, fields) in [
        (removal.as_str(), json!({})),
        ("/me/security/authenticator", json!({})),
        ("/me/security/recovery-codes", json!({})),
        ("/me/password", json!({ "current": PASSWORD, "password": "sieben graue Esel am Bach" })),
        ("/me/contact", email),
        ("/me/cancellation", json!({ "id": crate::sourcing::id(), "password": PASSWORD })),
    ] {
        let answer = thief.post(path, fields).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "step-up"), "{path}");
    }
    refused(&thief.post("/me/step-up", json!({ "proof": PASSWORD })).await, "proof", "factor-form");
    refused(&thief.post("/me/step-up", json!({ "proof": "000000" })).await, "proof", "factor-wrong");
    world.pass(SignedDuration::from_mins(16)).await;
    assert_eq!(me.post(&removal, json!({})).await.code(), "step-up", "nor does the owner's own, a while later");
    me.post("/me/step-up", json!({ "proof": phone.code(&world) })).await.ok();
    let code = phone.code(&world);
    refused(&thief.post("/me/step-up", json!({ "proof": code })).await, "proof", "factor-wrong");
}

/// The cookie of a sign-in that waits, planted or copied, admits to nothing, and the session that begins has another.
#[tokio::test]
async fn a_step_is_no_session_and_its_cookie_never_becomes_one() {
    let world = World::new().await;
    let (who, _, phone) = person(&world, "buyer").await;
    let victim = world.visitor();
    let planted = cookie(&victim.sign_in(&who.phone, PASSWORD).await.ok(), "session").unwrap();
    let asked = async |pair: &str| {
        let visitor = world.visitor();
        let request = visitor.request(Method::GET, "/me").header("cookie", pair);
        visitor.send(request.header("accept", "application/json")).await.status.as_u16()
    };
    assert_eq!(asked(&planted).await, 401);
    let begun = cookie(&step(&victim, &phone.next(&world).await).await.ok(), "session").unwrap();
    assert_ne!(begun, planted);
    assert_eq!([asked(&planted).await, asked(&begun).await], [401, 200]);
}

#[tokio::test]
async fn of_two_removals_at_once_one_is_none() {
    let world = World::new().await;
    let (who, me, phone) = person(&world, "buyer").await;
    let other = waiting(&world, &who, "127.0.0.2").await;
    step(&other, &phone.next(&world).await).await.ok();
    let removal = format!("/me/security/authenticator/{}/removal", phone.id);
    let (first, second) = tokio::join!(me.post(&removal, json!({})), other.post(&removal, json!({})));
    let mut came = [first.status.as_u16(), second.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [201, 404]);
    world.visitor().sign_in(&who.phone, PASSWORD).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM account WHERE password = ''").await, 0, "the password is left");
}

#[tokio::test]
async fn no_return_address_of_a_proof_leads_away() {
    let world = World::new().await;
    let (who, me, phone) = person(&world, "buyer").await;
    let other = waiting(&world, &who, "127.0.0.2").await;
    for next in super::redirect::FOREIGN {
        let fields = json!({ "proof": phone.recovery[0], "code": phone.recovery[0], "next": next });
        let only = |name: &str| json!({ name: fields[name], "next": next });
        refused(&me.post("/me/step-up", only("proof")).await, "next", "local-path");
        refused(&other.post("/session/factor", only("code")).await, "next", "local-path");
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        for (browser, path) in [(&me, "/me/step-up"), (&other, "/session/factor")] {
            let page = browser.page(&format!("{path}?next={query}")).await.ok().text;
            assert!(page.contains("name=\"next\" value=\"\""), "{path} {next:?}: {page}");
        }
    }
    step(&other, &phone.recovery[0]).await.ok();
}

#[tokio::test]
async fn a_page_elsewhere_is_not_where_one_is_led_back_to() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    world.pass(SignedDuration::from_mins(16)).await;
    let token = member.token().await;
    for from in ["https://evil.example/x", "http://evil.example", "//evil.example", "nonsense"] {
        let sent =
            member.request(Method::POST, "/company/tokens").header("accept", "text/html").header("referer", from);
        let page = member.send(sent.form(&[("csrf", token.as_str())])).await;
        assert!(page.text.contains("href=\"/me/step-up?next=%2F\""), "{from}: {}", page.text);
    }
}
