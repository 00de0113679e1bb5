//! Cookies: all are on the list, the optional ones are the reader's choice, and the browser's signal counts.

use crate::people::PASSWORD;
use crate::world::{Answer, Browser, World};
use app::web::COOKIES;
use http::header::SET_COOKIE;
use serde_json::json;

/// Every cookie that any test of this program ever gets is on the list, for no longer than it says.
#[track_caller]
pub fn check(answer: &Answer) {
    for (name, age) in set(answer) {
        let listed = COOKIES.iter().find(|cookie| cookie.name == name);
        let cookie = listed.unwrap_or_else(|| panic!("the cookie {name} is not on the list"));
        assert!(age.is_none_or(|age| cookie.seconds.is_some_and(|most| age <= most) || age == 0), "{name}: {age:?}");
    }
}

/// Names, without the prefix of cookies over TLS, and ages.
fn set(answer: &Answer) -> Vec<(String, Option<i64>)> {
    let lines = answer.headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let of = |line: &str| {
        let name = line.split('=').next().unwrap_or("").trim_start_matches("__Host-").to_owned();
        let age = line.split("; ").find_map(|part| part.strip_prefix("Max-Age=")).and_then(|age| age.parse().ok());
        (name, age)
    };
    lines.map(of).collect()
}

async fn signalling(browser: &Browser, path: &str) -> Answer {
    let request = browser.request(reqwest::Method::GET, path);
    browser.send(request.header("accept", "text/html").header("sec-gpc", "1")).await
}

async fn sign_in_signalling(browser: &Browser, account: &str) {
    let token = browser.token().await;
    let fields = json!({ "account": account, "password": PASSWORD });
    let request = browser.request(reqwest::Method::POST, "/session").header("x-csrf-token", token).json(&fields);
    browser.send(request.header("accept", "application/json").header("sec-gpc", "1")).await.ok();
}

#[tokio::test]
async fn anybody_reads_which_cookies_there_are() {
    let world = World::new().await;
    let page = world.visitor().page("/cookies").await.ok().text;
    for cookie in COOKIES {
        assert!(page.contains(&format!("<code>{}</code>", cookie.name)), "{}", cookie.name);
    }
    assert!(!page.contains('⟦') && !page.contains("checked"), "{page}");
    let text = policy::current().zh.source;
    assert!(COOKIES.iter().all(|cookie| text.contains(&format!("`{}`", cookie.name))), "the policy names each");
    assert!(world.visitor().page("/notices").await.ok().text.contains("href=\"/cookies\""));
}

#[tokio::test]
async fn an_optional_cookie_is_set_when_its_switch_is_pressed_and_kept_as_long_as_was_allowed() {
    let world = World::new().await;
    let visitor = world.visitor();
    assert_eq!(set(&visitor.page("/notices").await), [], "nothing before");
    assert_eq!(set(&visitor.page("/notices?lang=en").await), [("lang".to_owned(), None)], "until the browser closes");
    visitor.post("/cookies", json!({ "optional": "yes" })).await.ok();
    let kept = visitor.page("/notices?lang=zh-CN").await;
    assert_eq!(set(&kept), [("lang".to_owned(), Some(31_536_000))]);
}

#[tokio::test]
async fn who_declines_holds_only_the_necessary_ones() {
    let world = World::new().await;
    let visitor = world.visitor();
    visitor.page("/notices?lang=en").await.ok();
    let declined = visitor.submit("/cookies", &[("optional", "no")]).await;
    assert_eq!(declined.header("location"), "/cookies?done=cookies-declined", "without scripts");
    let told = set(&declined);
    assert!(told.contains(&("lang".to_owned(), Some(0))) && told.contains(&("theme".to_owned(), Some(0))), "{told:?}");
    assert_eq!(set(&visitor.page("/notices?lang=en").await), []);
    let theme = visitor.submit("/preferences/theme", &[("theme", "dark"), ("next", "/")]).await;
    assert_eq!((theme.header("location"), set(&theme)), ("/cookies?done=theme-not-kept", vec![]));
    assert!(visitor.page("/cookies").await.ok().text.contains("已拒绝"));
}

#[tokio::test]
async fn a_members_choice_holds_in_every_browser_and_is_nobody_elses() {
    let world = World::new().await;
    let (member, other) = (world.member("buyer").await, world.member("provider").await);
    member.post("/cookies", json!({ "optional": "no" })).await.ok();
    let elsewhere = world.visitor();
    assert_eq!(set(&elsewhere.page("/notices?lang=en").await), [("lang".to_owned(), None)]);
    elsewhere.sign_in(&member.phone, PASSWORD).await.ok();
    let page = elsewhere.page("/cookies").await.ok();
    assert_eq!(set(&page).first(), Some(&("lang".to_owned(), Some(0))), "what this browser had is removed");
    assert_eq!(elsewhere.get("/cookies").await.json()["choice"], "declined");
    assert_eq!(other.get("/cookies").await.json()["choice"], "open");
    let forged = member.post("/cookies", json!({ "optional": "yes", "subject": "x" })).await;
    assert_eq!(forged.json()["errors"][0]["code"], "unknown-field");
}

#[tokio::test]
async fn the_signal_of_a_browser_is_a_refusal_until_its_person_says_otherwise() {
    let world = World::new().await;
    let visitor = world.visitor();
    let signalled = signalling(&visitor, "/notices?lang=en").await;
    assert_eq!(set(&signalled), [], "no optional cookie for who signals");
    let page = signalling(&visitor, "/cookies").await.ok().text;
    assert!(page.contains("Sec-GPC") && page.contains("已拒绝"), "{page}");
    visitor.post("/cookies", json!({ "optional": "yes" })).await.ok();
    assert_eq!(set(&signalling(&visitor, "/notices?lang=en").await).len(), 1, "a later choice wins");
    let support = visitor.request(reqwest::Method::GET, "/.well-known/gpc.json");
    let support = visitor.send(support).await.ok();
    assert_eq!((support.json()["gpc"].clone(), support.header("content-type")), (json!(true), "application/json"));
}

#[tokio::test]
async fn signing_in_with_the_signal_is_written_down_once_and_takes_nothing_back() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let page = member.get("/me/consents").await.ok().json();
    let said = crate::consent::yes(&page["functions"][1]);
    let purpose = page["functions"][1]["purpose"].as_str().unwrap();
    member.post(&format!("/me/consents/{purpose}"), said).await.ok();
    for _ in 0..2 {
        let again = world.visitor();
        sign_in_signalling(&again, &member.phone).await;
        let page = again.get("/me/consents").await.ok().json();
        let told: Vec<_> =
            page["history"].as_array().unwrap().iter().map(|one| (&one["act"], &one["method"])).collect();
        // Of four functions three were open; the fourth was agreed to before.
        let refused = (&json!("refused"), &json!("gpc"));
        assert_eq!(told, [refused, refused, refused, (&json!("given"), &json!("click"))], "{page}");
        assert_eq!(page["functions"][1]["is_on"], true, "what was said before stands");
        assert_eq!(again.get("/cookies").await.json()["choice"], "declined");
    }
    member.post("/cookies", json!({ "optional": "yes" })).await.ok();
    sign_in_signalling(&world.visitor(), &member.phone).await;
    assert_eq!(member.get("/cookies").await.json()["choice"], "allowed", "a later choice wins");
}
