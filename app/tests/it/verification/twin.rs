//! Companies that are all but the same stand beside a case.

use super::hand_in;
use crate::people::Applicant;
use crate::world::World;
use serde_json::json;

#[tokio::test]
async fn a_reviewer_sees_who_is_all_but_the_same() {
    let world = World::new().await;
    let named = |name: &str| Applicant { company: name.to_owned(), ..Applicant::new("provider") };
    world.applicant(&named("澄湖信息技术有限责任公司")).await;
    world.applicant(&named("别处咨询有限公司")).await;
    let member = world.applicant(&named("澄湖信息技木有限公司")).await;
    let case = hand_in(&member).await;
    let operator = world.operator().await;
    let review = operator.get(&case).await.ok().json();
    let twins = review["twins"].as_array().unwrap();
    assert_eq!((twins.len(), &twins[0]["name"]), (1, &json!("澄湖信息技术有限责任公司")));
    assert_eq!(twins[0]["why"], "name");
    assert!(operator.page(&case).await.ok().text.contains("名称几乎相同"));
}
