use super::*;
use serde_json::json;

const US: (&str, &str) = ("https://id.example", "ziyun");

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn token(change: impl FnOnce(&mut Value)) -> Value {
    let at = now().as_second();
    let mut token = json!({
        "iss": US.0, "aud": US.1, "sub": "u-1", "iat": at, "exp": at + 300, "nonce": "n", "sid": "s-1",
        "name": "王小明", "email": "wang@id.example",
    });
    change(&mut token);
    token
}

fn order(change: impl FnOnce(&mut Value)) -> Value {
    token(|token| {
        let members = token.as_object_mut().unwrap();
        members.remove("nonce");
        members.insert("jti".into(), json!("j-1"));
        members.insert("events".into(), json!({ LOGOUT: {} }));
        change(token);
    })
}

#[test]
fn of_an_identity_its_name_and_session_are_read_and_nothing_else() {
    let read = identity(&token(|_| {}), US, "n", now()).unwrap();
    assert_eq!(read, Identity { subject: "u-1".into(), session: Some("s-1".into()) });
    let several = token(|token| (token["aud"], token["azp"]) = (json!(["ziyun", "other"]), json!("ziyun")));
    assert!(identity(&several, US, "n", now()).is_ok());
}

#[test]
fn an_identity_token_that_is_not_for_us_and_now_does_not_count() {
    let second = now().as_second();
    type Change = Box<dyn Fn(&mut Value)>;
    let set = |name: &'static str, value: Value| -> Change { Box::new(move |token| token[name] = value.clone()) };
    let changes: Vec<Change> = vec![
        set("iss", json!("https://id.example/")),
        set("aud", json!("other")),
        set("aud", json!(["ziyun", "other"])),
        set("azp", json!("other")),
        set("nonce", json!("m")),
        set("nonce", Value::Null),
        set("exp", json!(second - 60)),
        set("exp", Value::Null),
        set("exp", json!("soon")),
        set("iat", json!(second + 61)),
        set("iat", json!(second - 661)),
        set("sub", json!("")),
        set("sub", json!(7)),
        set("sub", json!("x".repeat(256))),
        set("sub", json!("用户")),
        set("sub", json!("a\nb")),
        set("sid", json!("x".repeat(256))),
    ];
    for (n, change) in changes.iter().enumerate() {
        assert!(identity(&token(change), US, "n", now()).is_err(), "{n}");
    }
}

#[test]
fn a_logout_token_is_an_order_and_no_identity() {
    let read = logout(&order(|_| {}), US, now()).unwrap();
    assert_eq!((read.id.as_str(), read.subject.as_deref(), read.session.as_deref()), ("j-1", Some("u-1"), Some("s-1")));
    type Change = Box<dyn Fn(&mut Value)>;
    let set = |name: &'static str, value: Value| -> Change { Box::new(move |token| token[name] = value.clone()) };
    let changes: Vec<Change> = vec![
        set("iss", json!("https://evil.example")),
        set("aud", json!("other")),
        set("nonce", json!("n")),
        set("jti", Value::Null),
        set("events", json!({})),
        set("events", json!({ LOGOUT: true })),
        set("exp", json!(now().as_second() - 60)),
        set("iat", json!(now().as_second() - 661)),
        Box::new(|token| (token["sub"], token["sid"]) = (Value::Null, Value::Null)),
    ];
    for (n, change) in changes.iter().enumerate() {
        assert!(logout(&order(change), US, now()).is_err(), "{n}");
    }
    assert!(logout(&token(|_| {}), US, now()).is_err(), "an identity token is no order");
    assert!(REMEMBERED >= FRESH + SKEW, "what could be sent again is remembered");
}
