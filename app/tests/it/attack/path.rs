//! Tricks with paths: what is no address of ours is answered as such, whatever it looks like to a proxy in front.

use super::{get, session};
use crate::world::World;
use std::fmt::Write;

/// Every percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02x}").unwrap();
        all
    })
}

#[tokio::test]
async fn no_disguise_of_an_address_is_that_address() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let session = session(&member).await;
    let (visitor, member) =
        ("accept: application/json\r\n".to_owned(), format!("accept: application/json\r\ncookie: {session}\r\n"));
    for path in ["/me", "/company", "/tenders", "/company/tokens", "/bids"] {
        let name = &path[1..];
        let disguises = [
            format!("{path}/"),
            format!("/{path}"),
            format!("//{name}"),
            format!("/./{name}"),
            format!("/notices/..{path}"),
            format!("/notices/%2e%2e{path}"),
            format!("/notices/%2e%2e%2f{name}"),
            format!("/notices/..%252f{name}"),
            format!("/%2f{name}"),
            format!("/%5c{name}"),
            path.to_uppercase(),
            format!("{path}%00"),
            format!("{path}%20"),
            format!("{path}%0d%0a"),
            format!("{path};lang=en"),
            format!("{path}%3flang=en"),
            format!("{path}%23"),
            format!("{path}/."),
            format!("{path}.json"),
            format!("/{}", encoded(&encoded(name))),
            format!("/%c0%af{name}"),
            format!("/%e0%80%af{name}"),
            format!("/\u{ff0f}{name}"),
        ];
        for target in disguises {
            for lines in [&visitor, &member] {
                let heard = get(&world, &target, lines).await;
                let is_refused = matches!(heard.status, 400 | 401 | 403 | 404);
                assert!(is_refused, "{target}: {} {}", heard.status, heard.body);
                assert!(heard.status == 400 || !heard.header("content-security-policy").is_empty(), "{target}");
                let looks_own = heard.body.contains(&world.address().to_string()) || heard.body.contains("衡川");
                assert!(!looks_own, "{target}: {}", heard.body);
            }
        }
    }
}

#[tokio::test]
async fn what_a_path_names_is_an_id_of_ours_or_nothing() {
    let world = World::new().await;
    let long = "a".repeat(6_000);
    let names = [
        "%00",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f",
        "%c0%ae%c0%ae",
        "%ff",
        "%",
        "%zz",
        "%u0061",
        "-1",
        "0",
        "*",
        "'--",
        "{id}",
        "00000000-0000-0000-0000-00000000000g",
        "01980000-0000-4000-8000-000000000001%00",
        "%0d%0aset-cookie:a=b",
        "%e2%80%ae",
        "CON",
        "con.txt",
        &long,
    ];
    for room in ["/notices/", "/tenders/", "/documents/", "/policy/", "/registrations/", "/password-resets/"] {
        for name in names {
            let heard = get(&world, &format!("{room}{name}"), "accept: application/json\r\n").await;
            let is_refused = matches!(heard.status, 400 | 404 | 414);
            assert!(is_refused, "{room}{name}: {} {}", heard.status, heard.body);
            assert!(heard.header("set-cookie").is_empty(), "{room}{name}");
        }
    }
}

#[tokio::test]
async fn assets_are_files_of_the_program_and_no_other() {
    let world = World::new().await;
    for name in [
        "..%2f..%2fCargo.toml",
        "%2e%2e/%2e%2e/etc/passwd",
        "../Cargo.toml",
        "..%5c..%5cwin.ini",
        "app.css%00.js",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "app.css",
        "app.css.br",
        "",
        ".",
        "..",
        "%252e%252e%252fCargo.toml",
    ] {
        let heard = get(&world, &format!("/assets/{name}"), "").await;
        assert!(matches!(heard.status, 400 | 404), "{name}: {} {}", heard.status, heard.body);
        assert!(!heard.body.contains("[workspace]") && !heard.body.contains("root:"), "{name}: {}", heard.body);
    }
    let own = get(&world, app::web::assets::url("app.css"), "").await;
    assert_eq!(own.status, 200);
}
