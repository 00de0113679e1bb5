//! Open redirects: no answer and no link of ours leads where an attacker says.

use super::{get, session};
use crate::account::refused;
use crate::people::{Applicant, PASSWORD};
use crate::world::World;
use reqwest::Method;
use serde_json::json;

/// What browsers take for another site's address, or for a program.
pub const FOREIGN: [&str; 20] = [
    "//evil.example",
    "///evil.example",
    "//evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "http:\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "evil.example",
    "javascript:alert(1)",
    "/\u{2028}/evil.example",
];

#[tokio::test]
async fn no_return_address_leads_away() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let browser = world.applicant(&who).await;
    let visitor = world.visitor();
    for next in FOREIGN {
        let fields = json!({"account": who.phone, "password": PASSWORD, "next": next});
        refused(&visitor.post("/session", fields).await, "next", "local-path");
        refused(
            &browser.post("/preferences/theme", json!({"theme": "dark", "next": next})).await,
            "next",
            "local-path",
        );
        let form = [("theme", "dark"), ("next", next)];
        let page = browser.submit("/preferences/theme", &form).await;
        assert_eq!((page.status.as_u16(), page.header("location")), (422, ""), "{next:?}");
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = visitor.page(&format!("/session/new?next={query}")).await.ok();
        assert!(page.text.contains("name=\"next\" value=\"\""), "{next:?}: {}", page.text);
    }
}

/// `//evil.example/notices` is a path of ours for a server, and another site for a browser that finds it in a link.
#[tokio::test]
async fn no_link_repeats_an_address_that_browsers_take_for_another_sites() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let session = session(&member).await;
    let page = "accept: text/html\r\n";
    for target in
        ["//evil.example/", "//evil.example/?lang=en", "/\\evil.example/", "///evil.example", "//evil.example/%2f.."]
    {
        for lines in [page.to_owned(), format!("{page}cookie: {session}\r\n")] {
            let heard = get(&world, target, &lines).await;
            assert_eq!(heard.status, 404, "{target}");
            assert_eq!(heard.header("location"), Vec::<&str>::new(), "{target}");
            for attribute in ["href=\"", "action=\"", "value=\"", "src=\""] {
                let values = heard.body.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
                let foreign: Vec<_> =
                    values.filter(|value| value.contains("evil") || value.starts_with("//")).collect();
                assert!(foreign.is_empty(), "{target}: {attribute}{foreign:?}");
            }
            assert!(heard.body.contains("href=\"/?lang="), "{target}: the other language is still there");
        }
    }
}

#[tokio::test]
async fn who_must_sign_in_first_comes_back_to_a_path_of_ours() {
    let world = World::new().await;
    for (target, location) in [
        ("/me?tab=1", "/session/new?next=%2Fme%3Ftab%3D1"),
        ("/me?next=//evil.example", "/session/new?next=%2Fme%3Fnext%3D%2F%2Fevil.example"),
        ("/me?a=\\\\evil.example", "/session/new?next=%2F"),
        ("http://evil.example/me", "/session/new?next=%2Fme"),
    ] {
        let heard = get(&world, target, "accept: text/html\r\nx-forwarded-host: evil.example\r\n").await;
        assert_eq!((heard.status, heard.header("location")), (303, vec![location]), "{target}");
    }
    let visitor = world.visitor();
    let request = visitor.request(Method::GET, "/me").header("host", "evil.example").header("accept", "text/html");
    assert_eq!(visitor.send(request).await.header("location"), "/session/new?next=%2Fme");
}
