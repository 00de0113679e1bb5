//! Companies: approval, refusal, handing in again, and what others may not see of it.

use crate::people::Applicant;
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_company_registers_and_is_approved() {
    let world = World::new().await;
    let applicant = Applicant::new("buyer");
    let member = world.applicant(&applicant).await;
    let company = member.get("/company").await.ok().json();
    assert_eq!(
        (company["company"]["state"].as_str(), company["company"]["name"].as_str()),
        (Some("pending"), Some(&*applicant.company))
    );
    let operator = world.operator().await;
    let queue = operator.get("/operator/companies").await.ok().json();
    assert_eq!(queue["companies"].as_array().unwrap().len(), 1);
    let path = format!("/operator/companies/{}", company["company"]["id"].as_str().unwrap());
    operator.post(&format!("{path}/approval"), json!({})).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    let again = operator.post(&format!("{path}/approval"), json!({})).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "company-decided"));
}
