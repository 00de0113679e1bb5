//! The choice of the draft, and its amendment.

use super::{broken, choose, open, turns};
use crate::amendment::{amend, as_it_stands, later, problems};
use crate::sourcing::{add_lot, draft, id, publish, text};
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

type Form = fn(&Value, Timestamp) -> Value;

fn with(form: Form, field: &'static str, value: &'static str) -> impl Fn(&Value, Timestamp) -> Value {
    move |version, at| {
        let mut form = form(version, at);
        form[field] = json!(value);
        form
    }
}

#[tokio::test]
async fn an_auction_is_chosen_within_the_method_s_bounds_and_its_hour_is_amended() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    add_lot(&buyer, &tender, &id(), "维保").await;
    let wrong: [(Form, &str, &str, &str); 10] = [
        (turns, "step", "0.4", "auction-step-range"),
        (turns, "step", "3.1", "auction-step-range"),
        (turns, "step", "1.55", "auction-percent"),
        (turns, "turn_minutes", "31", "auction-range"),
        (turns, "turn_minutes", "", "required"),
        (open, "extension_minutes", "21", "auction-range"),
        (open, "hard_minutes", "19", "auction-range"),
        (open, "minutes", "0", "auction-minutes"),
        (open, "mode", "sealed", "choice"),
        (open, "auction_at", "2026-11-24T00:00:00Z", "auction-too-soon"),
    ];
    for (form, field, value, rule) in wrong {
        assert_eq!(
            broken(&choose(&buyer, &tender, with(form, field, value)).await),
            (422, rule.into()),
            "{field} {value}"
        );
    }
    choose(&buyer, &tender, open).await.ok();
    choose(&buyer, &tender, turns).await.ok();
    let stale = choose(&buyer, &tender, with(turns, "version", "1")).await;
    assert_eq!(stale.status, 412);
    for page in ["draft", "auction", "publication"] {
        let page = buyer.page(&format!("/tenders/{tender}/{page}")).await.ok().text;
        assert!(page.contains("轮流报价") && !page.contains('⟦'), "{page}");
    }
    // A deadline that moves past it has to take it along.
    let mut changed = draft(&world);
    (changed["version"], changed["deadline"]) = (
        buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone(),
        json!(crate::sourcing::in_days(&world, 11)),
    );
    changed.as_object_mut().unwrap().remove("id");
    buyer.post(&format!("/tenders/{tender}/draft"), changed).await.ok();
    assert_eq!(publish(&buyer, &tender).await.code(), "tender-unready");
    choose(&buyer, &tender, turns).await.ok();
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    let notice = world.visitor().get("/notices").await.ok().json();
    let notice = world.visitor().get(&text(&notice["notices"][0], "address")).await.ok().text;
    assert!(notice.contains("轮流报价，共3轮，每次3分钟"), "{notice}");

    // Published, only its hour changes, by an amendment like others.
    let alone = later(&buyer, &tender, 1).await;
    assert_eq!(problems(&amend(&buyer, &tender, &alone).await), ["auction-too-soon"]);
    let mut both = later(&buyer, &tender, 1).await;
    let deadline: Timestamp = text(&both, "deadline").parse().unwrap();
    let at = deadline.checked_add(SignedDuration::from_hours(2)).unwrap().to_string();
    both["auction_at"] = json!(at);
    amend(&buyer, &tender, &both).await.ok();
    let seen = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(seen["tender"]["auction_at"], json!(at));
    let fields: Vec<_> =
        seen["amendments"][0]["changes"].as_array().unwrap().iter().map(|one| text(one, "field")).collect();
    assert_eq!(fields, ["deadline", "auction-at"]);
    world.settle().await;
    assert!(world.visitor().page(&format!("/tenders/{tender}")).await.ok().text.contains("竞价开始"));

    // A tender without one gets none by an amendment.
    let (plain, _) = crate::sourcing::published(&world, &buyer).await;
    let mut form = as_it_stands(&buyer, &plain).await;
    form["auction_at"] = json!(at);
    assert!(problems(&amend(&buyer, &plain, &form).await).contains(&"amendment-no-auction".to_owned()));
}
