//! Limits tell when it may be tried again, and what they tell is so.

use crate::account::refused;
use crate::contract::{answer, operations};
use crate::sourcing::text;
use crate::world::World;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

const WRONG: &str = "sieben graue Esel am Bach";

#[tokio::test]
async fn after_the_seconds_that_it_names_a_limit_lets_through() {
    let world = World::new().await;
    let visitor = world.visitor();
    let mut limited = visitor.sign_in("13800136666", WRONG).await;
    while limited.status != 429 {
        refused(&limited, "password", "credentials");
        limited = visitor.sign_in("13800136666", WRONG).await;
    }
    let seconds: i64 = limited.header("retry-after").parse().unwrap();
    assert!((200..=300).contains(&seconds), "{seconds}");
    let page = visitor.submit("/session", &[("account", "13800136666"), ("password", WRONG)]).await;
    assert_eq!(page.status, 429);
    assert!(page.text.contains(&format!("请在 {} 秒后再试", page.header("retry-after"))), "{}", page.text);
    // The world's time goes on with the machine's.
    world.clock.advance(SignedDuration::from_secs(seconds - 120));
    let later = visitor.sign_in("13800136666", WRONG).await;
    let left: i64 = later.header("retry-after").parse().unwrap();
    assert!(later.status == 429 && left <= 120, "{left}");
    world.clock.advance(SignedDuration::from_secs(left));
    refused(&visitor.sign_in("13800136666", WRONG).await, "password", "credentials");
}

#[tokio::test]
async fn a_program_that_is_too_fast_is_told_so() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let id: kit::id::Id<()> = world.app.random().id();
    let form = json!({"id": id, "name": "采购系统", "days": "30", "read": true});
    let secret = text(&owner.post("/company/tokens", form).await.ok().json(), "secret");
    let visitor = world.visitor();
    let ask = async || visitor.send(visitor.request(Method::GET, "/company").bearer_auth(&secret)).await;
    ask().await.ok();
    // Ten minutes' worth at once, behind the counter: requests would be slower than what they pay back.
    let ahead = world.clock.now() + SignedDuration::from_mins(10);
    while world.app.paces().take(*id.as_bytes(), ahead).is_ok() {}
    let limited = ask().await;
    assert_eq!((limited.status.as_u16(), limited.code().as_str()), (429, "limited"));
    let seconds: i64 = limited.header("retry-after").parse().unwrap();
    assert!((590..=601).contains(&seconds), "{seconds}");
    world.clock.advance(SignedDuration::from_secs(seconds));
    ask().await.ok();
}

#[test]
fn the_description_tells_of_it() {
    for (method, path, operation) in operations() {
        let limited = answer(operation, "429").unwrap();
        assert_eq!(limited["headers"]["Retry-After"]["$ref"], "#/components/headers/Retry-After", "{method} {path}");
    }
}
