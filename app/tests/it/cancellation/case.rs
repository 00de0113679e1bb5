//! Assisted requests: two operators, no personal value, the same cancellation.

use super::{OVER, page, told};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{bid, id, published, text};
use crate::world::{Browser, World};
use app::identity::account::create_operator;
use serde_json::{Value, json};

/// What opening a case sends.
pub fn case_of(account: &str) -> Value {
    json!({ "id": id(), "account": account, "channel": "letter", "checked": "papers", "file": "2026-0042" })
}

/// Another person of the operator.
async fn second(world: &World) -> Browser {
    create_operator(&world.app, "13900139001", "second@operator.example", PASSWORD).await.unwrap();
    world.again_as("13900139001").await
}

#[tokio::test]
async fn one_operator_checks_and_another_approves() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let (first, second) = (world.operator().await, second(&world).await);
    let form = case_of(&who.phone);
    let case = first.post("/desk/privacy/cases", form.clone()).await.ok().json();
    assert_eq!(first.post("/desk/privacy/cases", form.clone()).await.ok().json(), case, "sent twice, it is one");
    assert_eq!(second.post("/desk/privacy/cases", form).await.status, 404, "another's id");
    let path = format!("/desk/privacy/cases/{}", text(&case, "id"));
    let approval = format!("{path}/approval");
    assert_eq!(told(&first.post(&approval, json!({})).await), (409, "case-same-operator".to_owned()));
    assert!(first.page(&path).await.ok().text.contains("等另一位运营方人员复核"));
    assert!(second.page("/").await.ok().text.contains("1件代办注销等待复核"));
    let seen = second.page(&path).await.ok().text
        + &second.get(&path).await.ok().text
        + &second.get("/desk/privacy/cases").await.ok().text;
    for secret in [&who.phone, &who.email] {
        assert!(!seen.contains(secret), "{secret}");
    }
    assert_eq!(me.post(&approval, json!({})).await.status, 404);
    second.post(&approval, json!({})).await.ok();
    assert_eq!(told(&second.post(&approval, json!({})).await), (409, "case-decided".to_owned()));
    world.settle().await;
    let mails =
        world.messages().into_iter().filter(|one| one.text.contains("运营方") && one.text.contains("受理")).count();
    assert_eq!(mails, 2, "mail and short message to what was known before");
    assert_eq!(page(&me).await["newest"]["state"], "waiting");
    world.stay_signed_in(30).await;
    world.pass(OVER).await;
    assert_eq!(me.get("/me").await.status, 401);
    assert_eq!(world.count("SELECT count(*) FROM cancellation WHERE state = 'erased'").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM opening WHERE opener_role = 'operator'").await, 0);
}

#[tokio::test]
async fn its_person_takes_it_back_and_an_operator_closes_what_is_not_sure() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let (first, second) = (world.operator().await, second(&world).await);
    let open = async || {
        let case = first.post("/desk/privacy/cases", case_of(&who.email)).await.ok().json();
        format!("/desk/privacy/cases/{}", text(&case, "id"))
    };
    let (sure, unsure) = (open().await, open().await);
    first.post(&format!("{unsure}/closure"), json!({})).await.ok();
    assert_eq!(told(&second.post(&format!("{unsure}/approval"), json!({})).await), (409, "case-decided".to_owned()));
    second.post(&format!("{sure}/approval"), json!({})).await.ok();
    me.post("/me/cancellation/withdrawal", json!({})).await.ok();
    world.stay_signed_in(30).await;
    world.pass(OVER).await;
    me.get("/me").await.ok();
    for (field, value, code) in [
        ("account", "13512345678", "account-unknown"),
        ("file", "周先生的来信", "file-number"),
        ("channel", "fax", "choice"),
        ("checked", "none", "choice"),
    ] {
        let mut form = case_of(&who.phone);
        form[field] = json!(value);
        let refused = first.post("/desk/privacy/cases", form).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{field}");
    }
    assert!(first.submit("/desk/privacy/cases", &[("file", "周")]).await.text.contains("只用字母、数字"));
}

#[tokio::test]
async fn no_operator_learns_of_a_bid_from_a_case() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (first, second) = (world.operator().await, second(&world).await);
    let (_, lot) = published(&world, &buyer).await;
    let mut seen = Vec::new();
    for with_bid in [false, true] {
        if with_bid {
            bid(&provider, &lot, "100").await;
        }
        let case = first.post("/desk/privacy/cases", case_of(&provider.phone)).await.ok().json();
        let path = format!("/desk/privacy/cases/{}", text(&case, "id"));
        let before = second.get(&path).await.ok().json();
        let approved = second.post(&format!("{path}/approval"), json!({})).await;
        assert_eq!(approved.status, 201);
        let strip = |mut one: Value| {
            for name in ["id", "opened_at", "decided_at"] {
                let case = if one["case"].is_object() { &mut one["case"] } else { &mut one };
                case[name] = Value::Null;
            }
            one
        };
        seen.push((strip(before), strip(approved.json())));
        provider.post("/me/cancellation/withdrawal", json!({})).await.ok();
    }
    assert_eq!(seen[0], seen[1], "with a bid and without it is the same");
}
