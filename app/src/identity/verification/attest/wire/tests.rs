use super::*;
use http::StatusCode;

const NOW: i64 = 1_795_910_400;

fn key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &[7; 32])
}

fn question() -> Question {
    let values = vec![
        (Fact::Name, "衡川数维科技有限公司".to_owned()),
        (Fact::CreditCode, "91350100M000100Y43".to_owned()),
        (Fact::Representative, "司空望舒".to_owned()),
    ];
    Question { id: Id::from_bytes([1; 16]), values }
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn body(changed: &[(&str, Value)]) -> Value {
    let question = question();
    let mut body = json!({
        "question": question.id.to_string(), "outcome": "confirmed",
        "facts_sha256": hex::encode(question.digest()), "token": "att_8f3k29d0",
    });
    for (name, value) in changed {
        body[*name] = value.clone();
    }
    body
}

fn answer(word: &str, at: i64, nonce: &str, body: &Value) -> Answer {
    let (at, text) = (at.to_string(), body.to_string());
    let signature = format!("v1={}", hex::encode(sign(&key(), word, &at, nonce, text.as_bytes())));
    let mut headers = HeaderMap::new();
    for (name, value) in [("ziyun-timestamp", at.as_str()), ("ziyun-nonce", nonce), ("ziyun-signature", &signature)] {
        headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    Answer { status: StatusCode::OK, headers, body: text.into() }
}

fn heard(answer: &Answer) -> Result<Said, Trouble> {
    question().hear(&key(), now(), "n1", answer)
}

#[test]
fn what_is_sent_is_as_the_guide_has_it() {
    let request = question().signed(("ziyun-1", &key()), now(), "00112233445566778899aabbccddeeff");
    let guide = include_str!("../../../../../../docs/attestation.md");
    for part in [request.headers()["ziyun-signature"].to_str().unwrap(), std::str::from_utf8(request.body()).unwrap()] {
        assert!(guide.contains(part), "{part}");
    }
    assert_eq!(request.headers()["ziyun-key"], "ziyun-1");
}

#[test]
fn the_three_answers_are_understood() {
    assert_eq!(heard(&answer(ANSWERED, NOW, "n1", &body(&[]))), Ok(Said::Confirmed("att_8f3k29d0".into())));
    let differs = body(&[("outcome", json!("not-confirmed")), ("differs", json!(["name", "representative"]))]);
    let facts = vec![Fact::Name, Fact::Representative];
    assert_eq!(heard(&answer(ANSWERED, NOW, "n1", &differs)), Ok(Said::Differs(facts)));
    let unsaid = body(&[("outcome", json!("cannot-say")), ("token", Value::Null)]);
    assert_eq!(heard(&answer(ANSWERED, NOW, "n1", &unsaid)), Ok(Said::Unsaid));
}

#[test]
fn what_is_not_an_answer_to_this_question_does_not_count() {
    for (found, why) in [
        (answer(ASKED, NOW, "n1", &body(&[])), Trouble::Forged),
        (answer(ANSWERED, NOW, "n0", &body(&[])), Trouble::Replayed),
        (answer(ANSWERED, NOW - 301, "n1", &body(&[])), Trouble::Stale),
        (answer(ANSWERED, NOW + 301, "n1", &body(&[])), Trouble::Stale),
        (answer(ANSWERED, i64::MAX, "n1", &body(&[])), Trouble::Stale),
        (answer(ANSWERED, NOW, "n1", &body(&[("question", json!("another"))])), Trouble::AnotherQuestion),
        (answer(ANSWERED, NOW, "n1", &body(&[("facts_sha256", json!("00".repeat(32)))])), Trouble::OtherValues),
        (answer(ANSWERED, NOW, "n1", &body(&[("facts_sha256", json!("绿"))])), Trouble::OtherValues),
        (answer(ANSWERED, NOW, "n1", &body(&[("token", Value::Null)])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &body(&[("token", json!("has a blank"))])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &body(&[("token", json!("x".repeat(201)))])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &body(&[("differs", json!(["name"]))])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &body(&[("outcome", json!("yes"))])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &body(&[("outcome", json!("not-confirmed"))])), Trouble::Malformed),
        (answer(ANSWERED, NOW, "n1", &json!([])), Trouble::Malformed),
    ] {
        assert_eq!(heard(&found), Err(why), "{found:?}");
    }
    let mut without = answer(ANSWERED, NOW, "n1", &body(&[]));
    without.headers.remove("ziyun-signature");
    assert_eq!(heard(&without), Err(Trouble::Forged));
    let mut twice = answer(ANSWERED, NOW, "n1", &body(&[]));
    twice.headers.append("ziyun-nonce", "n0".parse().unwrap());
    assert_eq!(heard(&twice), Err(Trouble::Forged), "which of two counts is nobody's choice");
    let mut touched = answer(ANSWERED, NOW, "n1", &body(&[]));
    touched.body = body(&[("token", json!("att_another"))]).to_string().into();
    assert_eq!(heard(&touched), Err(Trouble::Forged));
}

#[test]
fn a_question_without_values_is_answered_by_who_is_there() {
    let probe = Question { id: Id::from_bytes([2; 16]), values: Vec::new() };
    let body = json!({
        "question": probe.id.to_string(), "outcome": "cannot-say", "facts_sha256": hex::encode(digest(&[])),
    });
    assert_eq!(probe.hear(&key(), now(), "n1", &answer(ANSWERED, NOW, "n1", &body)), Ok(Said::Unsaid));
}
