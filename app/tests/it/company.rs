//! Companies: approval, refusal, handing in again, and who may see what of it.

use crate::people::{Applicant, credit_code};
use crate::world::{Answer, Browser, World};
use serde_json::{Value, json};

async fn company(browser: &Browser) -> Value {
    browser.get("/company").await.ok().json()["company"].clone()
}

/// The operator's decision by the public register, on the company as it stands.
pub async fn decide(operator: &Browser, company: &str, decision: &str, mut fields: Value) -> Answer {
    let path = format!("/operator/companies/{company}");
    fields["version"] = operator.get(&path).await.ok().json()["company"]["version"].clone();
    operator.post(&format!("{path}/{decision}"), fields).await
}

#[tokio::test]
async fn a_company_waits_is_approved_and_told_so() {
    let world = World::new().await;
    let applicant = Applicant::new("buyer");
    let member = world.applicant(&applicant).await;
    let waiting = company(&member).await;
    assert_eq!((waiting["state"].as_str(), waiting["name"].as_str()), (Some("pending"), Some(&*applicant.company)));
    assert_eq!(member.get("/").await.json()["tasks"][0]["what"], "company-waiting-pending");
    let early = member.get("/tenders/new").await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (403, "company-pending"), "it may not act yet");
    let operator = world.operator().await;
    assert_eq!(operator.get("/").await.json()["tasks"][0]["args"]["n"], 1);
    let queue = operator.get("/operator/companies").await.ok().json();
    assert_eq!(queue["companies"].as_array().unwrap().len(), 1);
    let path = format!("/operator/companies/{}", waiting["id"].as_str().unwrap());
    operator.post(&format!("{path}/approval"), json!({ "version": waiting["version"] })).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    world.settle().await;
    let told = &world.messages()[0];
    assert!(told.to.contains(&applicant.email) && told.text.contains("已通过"), "{}", told.text);
    for (decision, fields) in [("approval", json!({})), ("refusal", json!({ "reason": "已经审核过" }))] {
        let again = decide(&operator, waiting["id"].as_str().unwrap(), decision, fields).await;
        assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "company-decided"));
    }
}

#[tokio::test]
async fn a_refused_company_reads_why_and_hands_in_again() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    let id = company(&member).await["id"].as_str().unwrap().to_owned();
    let again = json!({ "company": "衡川数维（江州）有限公司", "credit_code": credit_code(990_001), "provider": true });
    let early = member.post("/company/application", again.clone()).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "company-not-refused"));
    let operator = world.operator().await;
    let refusal = format!("/operator/companies/{id}/refusal");
    for missing in ["version", "reason"] {
        let mut form = json!({ "version": 1, "reason": "名称与营业执照不一致" });
        form.as_object_mut().unwrap().remove(missing);
        let silent = operator.post(&refusal, form).await;
        assert_eq!((&silent.json()["errors"][0]["field"], silent.status.as_u16()), (&json!(missing), 422));
    }
    let page = operator.submit(&refusal, &[("reason", "短"), ("version", "1")]).await;
    assert!(page.status == 422 && page.text.contains("太短"), "{}", page.text);
    decide(&operator, &id, "refusal", json!({ "reason": "名称与营业执照不一致" })).await.ok();
    let refused = company(&member).await;
    assert_eq!(
        (refused["state"].as_str(), refused["reason"].as_str()),
        (Some("refused"), Some("名称与营业执照不一致"))
    );
    assert!(member.page("/company").await.text.contains("名称与营业执照不一致"));
    let taken = Applicant::new("buyer");
    world.applicant(&taken).await;
    let foreign = json!({ "company": "x科技", "credit_code": taken.credit_code, "buyer": true });
    let foreign = member.post("/company/application", foreign).await;
    assert_eq!(foreign.json()["errors"][0]["code"], "credit-code-taken");
    member.post("/company/application", again).await.ok();
    let waiting = company(&member).await;
    assert_eq!((waiting["state"].as_str(), &waiting["reason"]), (Some("pending"), &Value::Null));
    world.settle().await;

    // A window that was opened before decides nothing about what it has not shown; what was typed there stays.
    let seen = json!({ "version": 1 });
    let late = operator.post(&format!("/operator/companies/{id}/approval"), seen).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (412, "stale"));
    let late = operator.submit(&refusal, &[("reason", "登记机关查无此名称"), ("version", "1")]).await;
    assert!(late.status == 412 && late.text.contains("登记机关查无此名称"), "{}", late.text);
    let now = format!("name=\"version\" value=\"{}\"", waiting["version"]);
    assert!(
        late.text.contains(&now) && late.text.contains("衡川数维（江州）") && !late.text.contains('⟦'),
        "{}",
        late.text
    );
    assert_eq!(company(&member).await["state"], "pending");
    decide(&operator, &id, "approval", json!({})).await.ok();
}

#[tokio::test]
async fn the_operators_pages_are_not_there_for_others() {
    let world = World::new().await;
    let member = world.member("both").await;
    let id = company(&member).await["id"].as_str().unwrap().to_owned();
    for path in ["/operator/companies".to_owned(), format!("/operator/companies/{id}")] {
        assert_eq!(member.get(&path).await.status, 404);
        assert_eq!(world.visitor().get(&path).await.status, 401);
    }
    for path in [format!("/operator/companies/{id}/approval"), format!("/operator/companies/{id}/refusal")] {
        assert_eq!(member.post(&path, json!({})).await.status, 404);
    }
    let operator = world.operator().await;
    assert_eq!(operator.get("/company").await.code(), "members-only");
    assert_eq!(operator.get("/operator/companies/nonsense").await.status, 404);
    assert_eq!(operator.post(&format!("/operator/companies/{id}/approval"), json!({ "extra": 1 })).await.status, 422);
}

#[tokio::test]
async fn the_queue_goes_on_page_by_page_and_its_cursor_belongs_to_it() {
    let world = World::new().await;
    let operator = world.operator().await;
    world
        .app
        .db()
        .write::<_, kit::db::Error>(|tx| {
            for n in 0..60_u64 {
                let (id, now) = (tx.id::<()>(), tx.now());
                tx.execute(
                    "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
                     VALUES ($1, $2, $3, 1, 0, 'pending', $4, 1)",
                    kit::values![id, format!("公司{n}"), credit_code(n + 5000), now],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let first = operator.get("/operator/companies").await.ok().json();
    assert_eq!(first["companies"].as_array().unwrap().len(), 50);
    let next = first["next"].as_str().unwrap();
    let second = operator.get(next).await.ok().json();
    assert_eq!(second["companies"].as_array().unwrap().len(), 10);
    assert_eq!(second["next"], Value::Null);
    let moved = operator.get(&next.replace("pending", "approved")).await;
    assert_eq!((moved.status.as_u16(), moved.code().as_str()), (400, "cursor"));
}
