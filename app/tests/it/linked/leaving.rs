//! After a cancellation no account elsewhere signs in, and the person knows where else to go (clause 8.2).

use super::{LINKS, enter, linked, world};
use crate::cancellation::{OVER, ask};
use crate::sourcing::text;
use crate::verification::refusal;
use crate::world::sabotaged;
use serde_json::json;

#[tokio::test]
async fn who_has_left_signs_in_through_nobody_and_the_certificate_says_where_else_to_go() {
    sabotaged();
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    let page = me.page("/me/cancellation").await.ok().text;
    assert!(page.contains("https://lanhe.example/account") && page.contains("全部解除关联"), "{page}");
    ask(&me).await.ok();
    let path = text(&me.get("/me/cancellation").await.ok().json(), "link");
    world.pass(OVER).await;
    assert_eq!(world.count(LINKS).await, 0);
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-unknown".into()));
    let statement = world.visitor().get(&format!("{path}/certificate")).await.ok().json()["statement"].clone();
    let [one] = &statement["third_parties"].as_array().unwrap()[..] else { panic!("{statement}") };
    assert_eq!(one["account"], json!("https://lanhe.example/account"));
    assert_eq!(one["name"]["en"], json!("Lanhe Group account lanhe"));
    let deleted = statement["deleted"].as_array().unwrap();
    assert!(
        deleted.iter().any(|line| line["what"] == "erased-link:lanhe" && line["title"]["zh"] == "与第三方账号的关联")
    );
    assert!(!statement.to_string().contains("u-1"), "no personal value");
    let paper = world.visitor().get(&format!("{path}/certificate.pdf")).await;
    assert_eq!(paper.status, 200);
    // The account there is free for another account here.
    linked(&world, &issuer, "u-1").await;
    enter(&world.visitor(), &issuer, "u-1").await.ok();
}
