//! Poisoned caches: what one reader sends is not what the next one gets, from our own memory or from a cache in front.

use super::{Heard, get, session};
use crate::world::World;

const PAGE: &str = "accept: text/html\r\naccept-language: zh-CN\r\n";

/// What proxies and frameworks elsewhere let decide, and we do not.
const UNKEYED: [&str; 12] = [
    "x-forwarded-host: evil.example",
    "x-host: evil.example",
    "x-forwarded-server: evil.example",
    "forwarded: host=evil.example;proto=http",
    "x-forwarded-proto: evil",
    "x-forwarded-scheme: nothttps",
    "x-forwarded-prefix: /evil",
    "x-original-url: /evil",
    "x-rewrite-url: /evil",
    "x-http-method-override: POST",
    "x-forwarded-for: 203.0.113.77",
    "x-request-id: evil",
];

async fn notices(world: &World) {
    let buyer = world.member("buyer").await;
    crate::sourcing::published(world, &buyer).await;
}

#[tokio::test]
async fn what_is_not_part_of_the_address_changes_nothing() {
    let world = World::new().await;
    notices(&world).await;
    for target in ["/notices", "/policy", "/session/new", "/nowhere"] {
        let clean = get(&world, target, PAGE).await;
        let tag = |heard: &Heard| heard.header("etag").first().map(|tag| (*tag).to_owned());
        for line in UNKEYED {
            // A second that has gone: the page is made anew, by this request.
            world.clock.advance(jiff::SignedDuration::from_secs(1));
            let poisoned = get(&world, target, &format!("{PAGE}{line}\r\n")).await;
            assert!(!poisoned.body.contains("evil") && !poisoned.head.join("\n").contains("evil"), "{target} {line}");
            let next = get(&world, target, PAGE).await;
            assert_eq!((next.status, tag(&next)), (clean.status, tag(&clean)), "{target} after {line}");
        }
    }
}

#[tokio::test]
async fn the_host_that_was_asked_for_stands_on_no_page() {
    let world = World::new().await;
    notices(&world).await;
    let address = world.address();
    for target in ["/notices", "/policy", "/session/new"] {
        let head = format!("GET {target} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n{PAGE}\r\n");
        let poisoned = super::raw(address, head.as_bytes()).await;
        assert_eq!(poisoned.status, 200);
        assert!(!poisoned.body.contains("evil"), "{target}");
    }
}

#[tokio::test]
async fn each_reader_gets_their_own_language_theme_and_kind() {
    let world = World::new().await;
    notices(&world).await;
    let ways = [
        ("accept: text/html\r\naccept-language: zh\r\n", "lang=\"zh-CN\""),
        ("accept: text/html\r\naccept-language: en\r\n", "lang=\"en\""),
        ("accept: text/html\r\ncookie: lang=en\r\n", "lang=\"en\""),
        ("accept: text/html\r\ncookie: theme=dark\r\n", "data-theme=\"dark\""),
        ("accept: text/html\r\ncookie: theme=light\r\n", "data-theme=\"light\""),
        ("accept: text/html\r\ncookie: theme=\"><script>\r\n", "lang=\"zh-CN\" data-now"),
        ("accept: text/html\r\ncookie: lang=<script>\r\n", "lang=\"zh-CN\" data-now"),
        ("accept: application/json\r\n", "\"notices\":["),
    ];
    for _ in 0..2 {
        for (lines, part) in ways {
            let heard = get(&world, "/notices", lines).await;
            assert!(heard.body.contains(part), "{lines}: {}", &heard.body[..200]);
            let vary = heard.header("vary").join(", ");
            for part in ["Accept", "Accept-Language", "Cookie", "Authorization", "Accept-Encoding"] {
                assert!(vary.split(", ").any(|one| one == part), "{lines}: {vary}");
            }
        }
    }
}

#[tokio::test]
async fn what_anybody_may_keep_sets_no_cookie_and_is_nobodys() {
    let world = World::new().await;
    notices(&world).await;
    let member = world.member("provider").await;
    let session = session(&member).await;
    let paths: Vec<_> =
        world.app.table().into_iter().filter(|row| row.method == "GET" && !row.path.contains('{')).collect();
    let mut public = 0;
    for row in paths {
        for query in ["", "?lang=en", "?lang=zh-CN", "?lang=en&lang=zh-CN"] {
            for known in ["", "cookie: lang=en\r\n"] {
                let heard = get(&world, &format!("{}{query}", row.path), &format!("{PAGE}{known}")).await;
                let kept = heard.header("cache-control").join("").contains("public");
                assert!(!kept || heard.header("set-cookie").is_empty(), "{}{query}: {:?}", row.path, heard.head);
                public += usize::from(kept);
            }
        }
        // A stream has no end to wait for; once, it answers like any page.
        let path = if row.path == "/inbox/live" { "/inbox/live?once=1" } else { row.path };
        let own = get(&world, path, &format!("{PAGE}cookie: {session}\r\n")).await;
        // Open data and the feed are the same bytes for everybody.
        let is_same = row.path.starts_with("/ocds/") || row.path.ends_with(".atom");
        if is_same && own.header("cache-control").join("").contains("public") {
            let public = get(&world, path, PAGE).await;
            assert_eq!(own.body, public.body, "{}: of who is signed in", row.path);
            continue;
        }
        assert_eq!(own.header("cache-control"), ["no-store"], "{}: of who is signed in", row.path);
        assert!(own.header("etag").is_empty(), "{}", row.path);
    }
    assert!(public > 8, "{public} public answers");
    let signed_in = get(&world, "/notices", &format!("{PAGE}cookie: {session}\r\n")).await;
    let next = get(&world, "/notices", PAGE).await;
    assert!(signed_in.body.contains("data-sign-out") && !next.body.contains("data-sign-out"), "nobody else's page");
}

/// A choice is remembered by a cookie, and what brings the cookie is kept by no cache and never "as it was".
#[tokio::test]
async fn choosing_a_language_is_ones_own_affair() {
    let world = World::new().await;
    notices(&world).await;
    let tag = get(&world, "/notices?lang=en", &format!("{PAGE}cookie: lang=en\r\n")).await.header("etag")[0].to_owned();
    let chosen = get(&world, "/notices?lang=en", &format!("{PAGE}if-none-match: {tag}\r\n")).await;
    assert_eq!((chosen.status, chosen.header("cache-control")), (200, vec!["no-store"]));
    assert!(chosen.header("set-cookie")[0].starts_with("lang=en; Path=/; HttpOnly; SameSite=Lax"));
    let again = get(&world, "/notices?lang=en", &format!("{PAGE}cookie: lang=en\r\nif-none-match: {tag}\r\n")).await;
    assert_eq!((again.status, again.header("set-cookie").len()), (304, 0));
}
