//! Strangers: another company, another role, and rights that have ended, with ids, tokens, forms and codes that are real
//! and belong to somebody else. (Every route for every actor is in `table`.)

use crate::account::{changed, refused, wrong};
use crate::people::Applicant;
use crate::sourcing::{add_lot, bid, draft, id, published, text};
use crate::world::{Answer, World};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

/// Whoever names the id of another's row in a form gets neither the row nor a word about it.
#[tokio::test]
async fn ids_of_another_company_in_a_form_reach_nothing() {
    let world = World::new().await;
    let (owner, thief) = (world.member("buyer").await, world.member("both").await);
    let (bidder, rival) = (world.member("provider").await, world.member("provider").await);
    let (tender, lot) = published(&world, &owner).await;
    let own = bid(&bidder, &lot, "100").await;
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    bidder.post(&format!("/tenders/{tender}/questions"), question.clone()).await.ok();
    let drafted = text(&owner.post("/tenders", draft(&world)).await.ok().json(), "id");
    let lot_of_draft = id();
    add_lot(&owner, &drafted, &lot_of_draft, "网络设备维保").await;
    let mine = text(&thief.post("/tenders", draft(&world)).await.ok().json(), "id");

    let taken = changed(draft(&world), "id", json!(drafted));
    assert_eq!(thief.post("/tenders", taken).await.status, 404, "another's draft under one's own name");
    let lot_again = json!({"lot_id": lot_of_draft, "lot_title": "别人的标段"});
    assert_eq!(thief.post(&format!("/tenders/{mine}/lots"), lot_again).await.status, 404);
    assert_eq!(rival.post(&format!("/tenders/{tender}/questions"), question.clone()).await.status, 404);
    let answer = format!("/questions/{}/answer", text(&question, "question_id"));
    assert_eq!(thief.post(&answer, json!({"answer": "不含。"})).await.status, 404);
    let offer = json!({"id": own, "price": "1", "delivery_days": "1"});
    assert_eq!(rival.post(&format!("/lots/{lot}/bids"), offer).await.status, 404, "another's bid");
    for path in ["replacement", "withdrawal"] {
        let fields = if path == "withdrawal" {
            json!({"version": 1})
        } else {
            json!({"version": 1, "price": "1", "delivery_days": "1"})
        };
        for stranger in [&rival, &thief] {
            assert_eq!(stranger.post(&format!("/bids/{own}/{path}"), fields.clone()).await.status, 404, "{path}");
        }
    }
    assert_eq!(thief.post(&format!("/lots/{lot_of_draft}/removal"), json!({})).await.status, 404);
    let award = json!({"bid": own, "reason": "价格最低，符合要求"});
    assert_eq!(thief.post(&format!("/lots/{lot}/award"), award).await.status, 404);

    let lots = owner.get(&format!("/tenders/{drafted}/draft")).await.ok().json()["lots"].clone();
    assert_eq!((lots.as_array().unwrap().len(), &lots[0]["title"]), (1, &json!("网络设备维保")));
    let seen = bidder.get(&format!("/bids/{own}")).await.ok().json();
    assert_eq!(seen["receipts"].as_array().unwrap().len(), 1, "nothing was sealed in its place");
    bidder.post(&format!("/bids/{own}/withdrawal"), json!({"version": 1})).await.ok();
}

async fn secret(world: &World, owner: &crate::world::Browser) -> (String, String) {
    let token: kit::id::Id<()> = world.app.random().id();
    let form = json!({"id": token, "name": "采购系统", "days": "30", "read": true, "tender": true});
    let made = owner.post("/company/tokens", form).await.ok().json();
    (token.to_string(), text(&made, "secret"))
}

async fn with(world: &World, secret: &str, path: &str) -> Answer {
    let visitor = world.visitor();
    visitor.send(visitor.request(Method::GET, path).bearer_auth(secret)).await
}

#[tokio::test]
async fn a_token_is_of_one_company_one_role_and_one_time() {
    let world = World::new().await;
    let (owner, other) = (world.member("buyer").await, world.member("buyer").await);
    let tender = text(&owner.post("/tenders", draft(&world)).await.ok().json(), "id");
    let (own_id, own) = secret(&world, &owner).await;
    let (_, theirs) = secret(&world, &other).await;
    let path = format!("/tenders/{tender}/draft");
    with(&world, &own, &path).await.ok();
    assert_eq!(with(&world, &theirs, &path).await.status, 404, "another company's");
    assert_eq!(with(&world, &own, "/operator/companies").await.code(), "token-not-here");
    assert_eq!(with(&world, &own, "/bids").await.code(), "token-scope-bid");
    let same_id = json!({"id": own_id, "name": "采购系统", "days": "30", "read": true});
    let answer = other.post("/company/tokens", same_id).await;
    assert!(answer.status == 409 && !answer.text.contains("ziyun_"), "{}", answer.text);
    for forged in [&own[..48], &format!("{own}A"), &own.to_uppercase(), &own.replacen("ziyun_", "", 1), &own_id] {
        assert_eq!(with(&world, forged, &path).await.code(), "token-invalid", "{forged}");
    }
    owner.post(&format!("/company/tokens/{own_id}/revocation"), json!({})).await.ok();
    assert_eq!(with(&world, &own, &path).await.code(), "token-invalid", "revoked");
    with(&world, &theirs, "/tenders").await.ok();
    world.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(with(&world, &theirs, "/tenders").await.code(), "token-invalid", "expired");
}

#[tokio::test]
async fn a_forms_token_is_of_one_person_and_one_session() {
    let world = World::new().await;
    let (one, other) = (world.member("buyer").await, world.member("buyer").await);
    let visitor = world.visitor();
    let form = draft(&world);
    for foreign in [other.token().await, visitor.token().await, one.token().await.to_lowercase(), String::new()] {
        assert_eq!(one.post_with(&foreign, "/tenders", &form).await.code(), "csrf");
    }
    let before = one.token().await;
    one.sign_in(&one.phone, crate::people::PASSWORD).await.ok();
    assert_eq!(one.post_with(&before, "/tenders", &form).await.code(), "csrf", "of the session before");
    one.post("/tenders", form).await.ok();
}

/// A registration under way: who, and its address.
async fn begun(world: &World) -> (Applicant, String, Value) {
    let who = Applicant::new("buyer");
    let path = world.visitor().post("/registrations", who.form()).await.ok().header("location").to_owned();
    let codes = world.codes(&who).await;
    (who, path, codes)
}

#[tokio::test]
async fn codes_are_of_one_request_and_one_time() {
    let world = World::new().await;
    let visitor = world.visitor();
    let ((_, one, codes), (_, other, others)) = (begun(&world).await, begun(&world).await);
    let confirm = |path: &str| format!("{path}/confirmation");
    refused(&visitor.post(&confirm(&other), codes.clone()).await, "phone_code", "code-wrong");
    let mixed = changed(codes.clone(), "email_code", others["email_code"].clone());
    refused(&visitor.post(&confirm(&one), mixed).await, "phone_code", "code-wrong");
    let turned = json!({"phone_code": codes["email_code"], "email_code": codes["phone_code"]});
    refused(&visitor.post(&confirm(&one), turned).await, "phone_code", "code-wrong");
    let reset = one.replace("/registrations/", "/password-resets/");
    let password = changed(codes.clone(), "password", json!("sieben graue Esel am Bach"));
    let elsewhere = visitor.post(&format!("{reset}/password"), password).await;
    assert!(
        [404, 409].contains(&elsewhere.status.as_u16()),
        "codes of a registration reset nothing: {}",
        elsewhere.text
    );
    visitor.post(&format!("{one}/codes"), json!({})).await.ok();
    refused(&visitor.post(&confirm(&one), codes).await, "phone_code", "code-wrong");

    let (_, late, codes) = begun(&world).await;
    world.clock.advance(SignedDuration::from_mins(10));
    refused(&visitor.post(&confirm(&late), codes).await, "phone_code", "code-spent");
    let (_, spent, codes) = begun(&world).await;
    for number in 0..5 {
        let rule = if number < 4 { "code-wrong" } else { "code-spent" };
        refused(&visitor.post(&confirm(&spent), wrong(&codes)).await, "phone_code", rule);
    }
    refused(&visitor.post(&confirm(&spent), codes).await, "phone_code", "code-spent");
    let (_, used, codes) = begun(&world).await;
    visitor.post(&confirm(&used), codes.clone()).await.ok();
    let again = world.visitor().post(&confirm(&used), codes).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "registration-over"), "used once");
}
