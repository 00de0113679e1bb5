//! Every answer tells browsers what they may do with it: not to frame it, not to guess its kind, not to load from elsewhere,
//! and who may keep it. Assets, health, refusals and faults are answers too.

use super::{Heard, get, raw};
use crate::sourcing::{draft, text};
use crate::world::World;
use app::app::App;
use app::config::Config;
use kit::clock::Clock;
use kit::random::Random;
use std::net::SocketAddr;

const ALWAYS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
];

#[track_caller]
fn is_hardened(what: &str, heard: &Heard) {
    for (name, value) in ALWAYS {
        assert_eq!(heard.header(name), [value], "{what} ({}): {name}", heard.status);
    }
    assert_eq!(heard.header("cache-control").len(), 1, "{what} ({}): cache-control", heard.status);
    assert_eq!(heard.header("x-request-id").len(), 1, "{what} ({}): x-request-id", heard.status);
    assert_eq!(heard.header("server"), Vec::<&str>::new(), "{what}: nothing tells what answers");
}

async fn send(address: SocketAddr, line: &str, head: &str, body: &str) -> Heard {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n{body}"
    );
    raw(address, request.as_bytes()).await
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let world = World::new().await;
    let (address, json) = (world.address(), "accept: application/json\r\n");
    let html = "accept: text/html\r\n";
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let css = app::web::assets::url("app.css");
    let (asset, posted, large) = (format!("GET {css}"), format!("POST {css}"), "x".repeat(300_000));
    let asked = [
        ("GET /notices", html, "", 200),
        ("HEAD /notices", html, "", 200),
        ("GET /notices", json, "", 200),
        (asset.as_str(), "", "", 200),
        ("GET /assets/none.css", "", "", 404),
        ("GET /health", "", "", 200),
        ("GET /ready", "", "", 200),
        ("GET /openapi.json", "", "", 200),
        ("GET /nowhere", html, "", 404),
        ("GET /nowhere", json, "", 404),
        ("GET /me", html, "", 303),
        ("GET /me", json, "", 401),
        ("GET /notices", "accept: image/png\r\n", "", 406),
        ("GET /me", "authorization: Bearer x\r\n", "", 401),
        ("POST /session", json, "", 403),
        ("POST /session", "origin: http://evil.example\r\n", "", 403),
        ("POST /session", "content-type: text/plain\r\n", "x", 415),
        ("POST /session", "content-type: application/json\r\n", "{", 400),
        ("POST /session", form, large.as_str(), 413),
        ("POST /health", "", "", 405),
        ("POST /openapi.json", "", "", 405),
        (posted.as_str(), "", "", 405),
        ("DELETE /session", json, "", 405),
        ("TRACE /session", json, "", 405),
        ("OPTIONS /session", json, "", 405),
        ("OPTIONS /health", "", "", 405),
        ("PROPFIND /", json, "", 405),
    ];
    for (line, head, body, status) in asked {
        let heard = send(address, line, head, body).await;
        assert_eq!(heard.status, status, "{line} {head}: {}", heard.body);
        is_hardened(line, &heard);
        assert!(heard.header("access-control-allow-origin").is_empty(), "{line}: no other site's scripts read it");
    }
    let tag = get(&world, "/policy", html).await.header("etag")[0].to_owned();
    let same = get(&world, "/policy", &format!("{html}if-none-match: {tag}\r\n")).await;
    assert_eq!(same.status, 304);
    is_hardened("GET /policy", &same);
}

#[tokio::test]
async fn files_acts_and_limits_are_hardened_too() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let path = format!("/tenders/{tender}/documents");
    buyer.upload(&path, &[], &[("documents", "文件.html", b"<script>alert(1)</script>")]).await.ok();
    let file = text(&buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["documents"][0], "id");
    let file = buyer.get(&format!("/documents/{file}")).await.ok();
    let refused = buyer.post("/tenders", serde_json::json!({})).await;
    let mut limited = buyer.sign_in("13800138999", "x").await;
    while limited.status != 429 {
        limited = buyer.sign_in("13800138999", "x").await;
    }
    for answer in [&file, &refused, &limited] {
        for (name, value) in ALWAYS {
            assert_eq!(answer.header(name), value, "{}: {name}", answer.status);
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.status);
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there_and_cookies_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::under(folder.path());
    config.trusted_proxy = true;
    let app = App::open(config, Clock::system(), Random::system(), &[]).await.unwrap();
    app.migrate().await.unwrap();
    let world = World::serving(app, folder).await;
    for target in ["/session/new", "/health", "/assets/none", "/openapi.json", "/nowhere"] {
        let heard = get(&world, target, "accept: text/html\r\n").await;
        assert_eq!(heard.header("strict-transport-security"), ["max-age=31536000; includeSubDomains"], "{target}");
        is_hardened(target, &heard);
        for cookie in heard.header("set-cookie") {
            let parts: Vec<_> = cookie.split("; ").collect();
            assert!(cookie.starts_with("__Host-form="), "{cookie}");
            assert!(
                ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"].iter().all(|part| parts.contains(part)),
                "{cookie}"
            );
        }
    }
}
