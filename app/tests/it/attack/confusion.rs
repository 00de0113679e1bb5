//! Type confusion: something else where a text is expected, another kind of body than it says, too deep, too many, too large.

use crate::account::refused;
use crate::contract::operations;
use crate::sourcing::{draft, text};
use crate::world::{Browser, World};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// What is put where a text is expected: as it is written.
fn values() -> Vec<String> {
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    let many = format!("[{}]", vec!["1"; 400].join(","));
    let plain = [
        "null",
        "true",
        "-1",
        "1e999",
        "9223372036854775808",
        "\"\\u0000\"",
        "[]",
        "[[]]",
        "{}",
        "{\"$ne\":1}",
        "\"' OR 1=1 --\"",
    ];
    let mut all: Vec<_> = plain.iter().map(|&value| value.to_owned()).collect();
    all.extend([deep, many, "9".repeat(400)]);
    all
}

/// An operation's path, of things that are there where they can be.
fn address(path: &str, tender: &str) -> String {
    let id = if path.starts_with("/tenders") { tender } else { "01980000-0000-7000-8000-000000000001" };
    path.replace("{id}", id)
}

#[tokio::test]
async fn whatever_stands_where_a_text_is_expected_is_no_fault_of_ours() {
    let world = World::new().await;
    let member = world.member("both").await;
    let operator = world.operator().await;
    let tender = text(&member.post("/tenders", draft(&world)).await.ok().json(), "id");
    let (own, theirs) = (member.token().await, operator.token().await);
    let mut asked = 0;
    for (method, path, operation) in operations() {
        // What would end the session, or hash a password each time.
        if method != "post" || ["/session", "/session/end", "/me/password", "/registrations"].contains(&path) {
            continue;
        }
        let content = &operation["requestBody"]["content"]["application/json"];
        let Some(example) = content["example"].as_object() else { continue };
        let (browser, token) = if operation["x-who"] == "operator" { (&operator, &theirs) } else { (&member, &own) };
        for name in content["schema"]["properties"].as_object().unwrap_or(&Map::new()).keys() {
            for value in values() {
                let mut body = example.clone();
                body.insert(name.clone(), json!("⟦here⟧"));
                let body = Value::Object(body).to_string().replace("\"⟦here⟧\"", &value);
                let answer = send(browser, token, &address(path, &tender), "application/json", body).await;
                let is_told = answer.status.is_success() || answer.status.is_client_error();
                assert!(is_told, "{path} {name}: {value:.60}: {} {}", answer.status, answer.text);
                asked += 1;
            }
        }
    }
    assert!(asked > 500, "{asked} requests");
}

async fn send(
    browser: &Browser,
    token: &str,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> crate::world::Answer {
    let request = browser.request(Method::POST, path).header("x-csrf-token", token).header("content-type", kind);
    browser.send(request.header("accept", "application/json").body(body)).await
}

#[tokio::test]
async fn a_body_is_what_it_says_it_is() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let token = member.token().await;
    let post = async |kind: &str, body: Vec<u8>| {
        let answer = send(&member, &token, "/preferences/theme", kind, body).await;
        let code = if answer.status.is_success() { String::new() } else { answer.code() };
        (answer.status.as_u16(), code)
    };
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let wide: Vec<u8> = "{\"theme\":\"dark\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = "\u{feff}{\"theme\":\"dark\"}".as_bytes().to_vec();
    for (kind, body, status, code) in [
        (json, b"theme=dark".to_vec(), 400, "json"),
        (json, b"<theme>dark</theme>".to_vec(), 400, "json"),
        (json, b"[\"theme\", \"dark\"]".to_vec(), 400, "json"),
        (json, b"\"theme\"".to_vec(), 400, "json"),
        (json, b"null".to_vec(), 400, "json"),
        (json, vec![], 400, "json"),
        (json, wide.clone(), 400, "json"),
        (json, marked, 400, "json"),
        (json, b"{\"theme\":\"\xff\"}".to_vec(), 400, "json"),
        (json, b"{\"theme\":{}}".to_vec(), 400, "json-nested"),
        (form, b"{\"theme\":\"dark\"}".to_vec(), 422, "invalid"),
        (form, b"theme=%ff".to_vec(), 400, "utf-8"),
        (form, b"theme=\xb0\xb5".to_vec(), 400, "utf-8"),
        (form, b"theme[]=dark".to_vec(), 422, "invalid"),
        (form, b"theme[$ne]=dark".to_vec(), 422, "invalid"),
        (form, b"theme=dark%00".to_vec(), 422, "invalid"),
        (form, vec![], 422, "invalid"),
        ("application/json; charset=utf-16le", wide, 415, "unsupported-media-type"),
        ("application/x-www-form-urlencoded; charset=gb18030", b"theme=dark".to_vec(), 415, "unsupported-media-type"),
        ("application/xml", b"<theme>dark</theme>".to_vec(), 415, "unsupported-media-type"),
        ("application/json+x", b"{}".to_vec(), 415, "unsupported-media-type"),
        ("", b"theme=dark".to_vec(), 415, "unsupported-media-type"),
        ("multipart/form-data", b"theme=dark".to_vec(), 400, "multipart"),
        ("multipart/mixed; boundary=b", b"--b--".to_vec(), 415, "unsupported-media-type"),
        ("application/json;charset=UTF-8", b"{\"theme\":\"dark\"}".to_vec(), 201, ""),
        ("application/x-www-form-urlencoded; charset=utf-8", b"theme=dark".to_vec(), 201, ""),
    ] {
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(post(kind, body).await, (status, code.to_owned()), "{kind}: {shown}");
    }
}

#[tokio::test]
async fn endless_fields_and_huge_bodies_are_refused() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    let token = member.token().await;
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let names = |separator: &str, one: fn(usize) -> String| (0..2_000).map(one).collect::<Vec<_>>().join(separator);
    let object = format!("{{{}}}", names(",", |n| format!("\"f{n}\":1")));
    let list = format!("{{\"theme\":[{}]}}", names(",", |_| "1".to_owned()));
    let empty = format!("{{{}}}", names(",", |n| format!("\"f{n}\":[]")));
    let fields = names("&", |n| format!("f{n}=1"));
    let same = names("&", |_| "theme=dark".to_owned());
    for (kind, body) in
        [(json, object), (json, list), (json, empty), (form, fields), (form, same), (form, "&=".repeat(9_000))]
    {
        let answer = send(&member, &token, "/preferences/theme", kind, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "too-many-fields"), "{kind}");
    }
    let huge = "a".repeat(256 * 1024);
    for (kind, body) in
        [(json, format!("{{\"theme\":\"{huge}\"}}")), (form, format!("theme={huge}")), ("", format!("{huge}a"))]
    {
        let answer = send(&member, &token, "/preferences/theme", kind, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too-large"), "{kind}");
    }
}

/// What others read is what was typed, whatever it would be elsewhere.
#[tokio::test]
async fn names_that_hide_or_turn_what_they_say_are_refused() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let visitor = world.visitor();
    for hidden in
        ["\u{202e}", "\u{2066}", "\u{200b}", "\u{200f}", "\u{feff}", "\u{ad}", "\u{2028}", "\u{e0041}", "\n", "\u{7}"]
    {
        let name = format!("衡川数{hidden}维科技");
        let code = if hidden == "\u{7}" { "control-character" } else { "hidden-character" };
        let mut form = draft(&world);
        form["title"] = json!(name);
        refused(&buyer.post("/tenders", form).await, "title", code);
        let lot = json!({"lot_id": crate::sourcing::id(), "lot_title": name});
        refused(&buyer.post(&format!("/tenders/{tender}/lots"), lot).await, "lot_title", code);
        let made = json!({"id": crate::sourcing::id(), "name": name, "days": "30", "read": true});
        refused(&buyer.post("/company/tokens", made).await, "name", code);
        let mut applicant = crate::people::Applicant::new("buyer").form();
        applicant["company"] = json!(name);
        refused(&visitor.post("/registrations", applicant).await, "company", code);
    }
}
