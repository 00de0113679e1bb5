//! Another site's page makes a browser act: with and without each thing that tells it apart.

use super::session;
use crate::people::Applicant;
use crate::sourcing::text;
use crate::world::{Answer, Browser, World};
use reqwest::Method;
use serde_json::json;

/// What a request brings along.
#[derive(Clone, Debug)]
struct Brought {
    origin: Option<String>,
    site: Option<&'static str>,
    token: Option<String>,
    cookie: Option<String>,
}

async fn act(visitor: &Browser, brought: &Brought) -> Answer {
    let mut request = visitor.request(Method::POST, "/preferences/theme").json(&json!({"theme": "dark"}));
    let lines = [
        ("origin", brought.origin.as_deref()),
        ("sec-fetch-site", brought.site),
        ("x-csrf-token", brought.token.as_deref()),
        ("cookie", brought.cookie.as_deref()),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    visitor.send(request.header("accept", "application/json")).await
}

#[tokio::test]
async fn only_our_own_page_with_its_token_and_its_cookie_acts() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let browser = world.applicant(&who).await;
    let session = session(&browser).await;
    let (token, address) = (browser.token().await, world.address());
    let (host, port) = (address.ip(), address.port());
    let origins = [
        (None, true),
        (Some(format!("http://{address}")), true),
        (Some(format!("HTTP://{address}")), true),
        (Some(format!("https://{address}")), false),
        (Some(format!("http://{host}:{}", port + 1)), false),
        (Some(format!("http://{host}")), false),
        (Some(format!("http://localhost:{port}")), false),
        (Some(format!("http://{address}.evil.example")), false),
        (Some(format!("http://evil.example/http://{address}")), false),
        (Some("null".to_owned()), false),
        (Some(String::new()), false),
    ];
    let sites = [None, Some("same-origin"), Some("none"), Some("same-site"), Some("cross-site"), Some("")];
    let (other, visitor) = (world.visitor().token().await, world.visitor());
    let tokens = [Some(token.clone()), Some(other), Some(format!("{token}A")), Some(String::new()), None];
    let mut asked = 0;
    for (origin, is_own) in &origins {
        for (at, site) in sites.iter().enumerate() {
            for given in &tokens {
                for cookie in [Some(session.clone()), None] {
                    let brought = Brought { origin: origin.clone(), site: *site, token: given.clone(), cookie };
                    let answer = act(&visitor, &brought).await;
                    let is_right = given.as_ref() == Some(&token) && brought.cookie.is_some();
                    let expected = match (*is_own && at < 3, is_right) {
                        (false, _) => (403, "cross-site"),
                        (true, false) => (403, "csrf"),
                        (true, true) => (201, ""),
                    };
                    let code = if answer.status == 403 { answer.code() } else { String::new() };
                    assert_eq!((answer.status.as_u16(), code.as_str()), expected, "{brought:?}");
                    asked += 1;
                }
            }
        }
    }
    assert_eq!(asked, 11 * 6 * 5 * 2);
}

#[tokio::test]
async fn what_is_said_twice_is_not_believed() {
    let world = World::new().await;
    let browser = world.visitor();
    let (token, own) = (browser.token().await, format!("http://{}", world.address()));
    let post = || browser.request(Method::POST, "/preferences/theme").header("accept", "application/json");
    let fields = json!({"theme": "dark"});
    for (name, first, second) in [
        ("origin", own.as_str(), "http://evil.example"),
        ("origin", &own, &own),
        ("sec-fetch-site", "same-origin", "cross-site"),
        ("sec-fetch-site", "same-origin", "same-origin"),
    ] {
        let request = post().header("x-csrf-token", &token).header(name, first).header(name, second).json(&fields);
        assert_eq!(browser.send(request).await.code(), "cross-site", "{name}: {second}");
    }
    let tokens = [("theme", "dark"), ("csrf", token.as_str()), ("csrf", "x")];
    assert_eq!(browser.send(post().form(&tokens)).await.code(), "csrf", "the field twice");
    let same = [("theme", "dark"), ("csrf", token.as_str())];
    browser.send(post().form(&same)).await.ok();
}

/// The kinds of body that another site's form can send without asking first.
#[tokio::test]
async fn a_form_of_another_kind_is_not_read() {
    let world = World::new().await;
    let browser = world.visitor();
    let token = browser.token().await;
    let text = format!("{{\"theme\": \"dark\", \"csrf\": \"{token}\"}}");
    for kind in
        ["text/plain", "text/plain; application/json", "application/json, text/plain", "*/*", "application/jsonp"]
    {
        let request = browser.request(Method::POST, "/preferences/theme").header("content-type", kind);
        let answer = browser.send(request.header("accept", "application/json").body(text.clone())).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported-media-type"), "{kind}");
    }
}

#[tokio::test]
async fn a_program_needs_no_form_token_because_it_has_a_token_and_no_cookie() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let id: kit::id::Id<()> = world.app.random().id();
    let made = owner.post("/company/tokens", json!({"id": id, "name": "采购系统", "days": "30", "tender": true})).await;
    let secret = text(&made.ok().json(), "secret");
    let visitor = world.visitor();
    let draft = || visitor.request(Method::POST, "/tenders").json(&crate::sourcing::draft(&world));
    let foreign = |request: reqwest::RequestBuilder| {
        request.header("origin", "https://evil.example").header("sec-fetch-site", "cross-site")
    };
    visitor.send(foreign(draft().bearer_auth(&secret))).await.ok();
    let session = session(&owner).await;
    for cookie in [session.as_str(), "session=x", "anything=1", ""] {
        let answer = visitor.send(draft().bearer_auth(&secret).header("cookie", cookie)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "token-and-cookie"), "{cookie}");
    }
    for wrong in ["Basic YTpi", "Bearer", "Bearer x", ""] {
        let request = foreign(draft()).header("authorization", wrong).header("cookie", &session);
        let answer = visitor.send(request.header("x-csrf-token", owner.token().await)).await;
        assert!(answer.status.is_client_error(), "{wrong}: a cookie does not make up for it");
    }
    let twice = draft().bearer_auth(&secret).header("authorization", format!("Bearer {secret}"));
    assert_eq!(visitor.send(twice).await.code(), "token-invalid");
}
