//! Figures of the operator's desk: how the queues stand, what is late; numbers only.

use crate::operator_duty::holder;
use crate::people::Applicant;
use crate::sourcing::{draft, published_as};
use crate::world::{Browser, World};
use app::web::OperatorDuty;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn queue(administrator: &Browser, path: &str) -> Value {
    let figures = administrator.get("/desk/figures").await.ok().json();
    let found = figures["queues"].as_array().unwrap().iter().find(|one| one["path"] == path).cloned();
    found.unwrap_or_else(|| panic!("{figures}"))
}

#[tokio::test]
async fn an_administrator_sees_what_waits_is_taken_up_and_late() {
    let world = World::new().await;
    let (administrator, officer) =
        (holder(&world, OperatorDuty::Administrator).await, holder(&world, OperatorDuty::PrivacyOfficer).await);
    let none = queue(&administrator, "/operator/companies").await;
    assert_eq!((&none["waiting"], &none["oldest"]), (&json!(0), &Value::Null));
    let who = Applicant::new("buyer");
    let applicant = world.applicant(&who).await;
    let companies = queue(&administrator, "/operator/companies").await;
    assert_eq!((&companies["waiting"], &companies["duty"]), (&json!(1), &json!("reviewer")));
    let asked = applicant.post("/me/complaints", crate::complaint::wanted()).await.ok().json();
    let id = crate::sourcing::text(&asked, "id");
    officer.post(&format!("/desk/privacy/requests/{id}/claim"), json!({})).await.ok();
    let requests = queue(&administrator, "/desk/privacy").await;
    let figures = |one: &Value| [&one["waiting"], &one["claimed"], &one["overdue"]].map(|n| n.as_i64().unwrap());
    assert_eq!(figures(&requests), [1, 1, 0]);
    world.stay_signed_in(60).await;
    world.pass(SignedDuration::from_hours(24 * 29)).await;
    assert_eq!(figures(&queue(&administrator, "/desk/privacy").await), [1, 1, 1], "the fifteen days are over");
    let page = administrator.page("/desk/figures").await.ok().text;
    assert!(page.contains("逾期") && !page.contains('⟦'), "{page}");
    for value in [&who.phone, &who.email, &id] {
        assert!(!page.contains(value.as_str()), "numbers only: {page}");
    }
    assert_eq!(officer.get("/desk/figures").await.status, 403);
}

#[tokio::test]
async fn no_bid_moves_a_figure() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published_as(&world, &buyer, draft(&world)).await;
    let administrator = holder(&world, OperatorDuty::Administrator).await;
    let read = async || administrator.get("/desk/figures").await.ok().json();
    let before = read().await;
    crate::sourcing::bid(&provider, &lot, "300").await;
    world.settle().await;
    assert_eq!(read().await, before);
}
