//! A tender's life as releases and as a record.

use super::{Life, releases};
use crate::amendment::later;
use crate::provider::sole;
use crate::sourcing::{bid, draft, id, publish, published, text};
use crate::world::World;
use serde_json::{Value, json};

fn tags(releases: &[Value]) -> Vec<String> {
    releases.iter().map(|release| release["tag"].to_string()).collect()
}

#[tokio::test]
async fn each_public_event_is_one_release_and_none_ever_changes() {
    let world = World::new().await;
    let life = Life::begin(&world, "open").await;
    let mut seen = releases(&world).await;
    assert_eq!(tags(&seen), [r#"["tender"]"#]);
    let tender = &seen[0]["tender"];
    assert_eq!((&tender["status"], &tender["procurementMethod"]), (&json!("active"), &json!("open")));
    assert_eq!(tender["value"], json!({"amount": 9_720_000.0, "currency": "CNY"}));
    assert_eq!(tender["lots"][0]["value"], json!({"amount": 4_860_000.0, "currency": "CNY"}));
    assert!(
        text(&tender["documents"][0], "url").ends_with(&format!("/documents/{}", text(&tender["documents"][0], "id")))
    );
    assert!(text(&seen[0], "ocid").ends_with(&life.tender) && text(&seen[0], "ocid").starts_with("ocds-000000-"));

    life.answer(&world).await;
    life.buyer
        .post(&format!("/tenders/{}/amendment", life.tender), later(&life.buyer, &life.tender, 2).await)
        .await
        .ok();
    world.settle().await;
    let bids = life.bid(&world).await;
    life.open(&world, 12).await;
    life.award(&world, &bids[1]).await;
    let all = releases(&world).await;
    assert_eq!(
        tags(&all),
        [
            r#"["tender"]"#,
            r#"["tenderUpdate"]"#,
            r#"["tenderAmendment"]"#,
            r#"["tenderUpdate"]"#,
            r#"["tenderUpdate"]"#,
            r#"["award","tenderUpdate"]"#
        ]
    );
    assert_eq!(all[..1], seen[..], "what was released stays as it was");
    seen = all;
    assert_eq!(seen[1]["tender"]["enquiries"][0]["answer"], "含夜间。");
    let amendment = &seen[2]["tender"]["amendments"][0];
    assert_eq!((&amendment["amendsReleaseID"], &amendment["releaseID"]), (&seen[1]["id"], &seen[2]["id"]));
    assert_eq!(seen[3]["tender"]["lots"], json!([{"id": life.lots[1], "status": "unsuccessful"}]));
    let details = seen[4]["bids"]["details"].as_array().expect("bids");
    let values: Vec<_> = details.iter().map(|bid| bid["value"]["amount"].to_string()).collect();
    assert_eq!(values, ["4300000.0", "4500000.1", "4600000.0"], "of the lot that was opened alone");
    let award = &seen[5]["awards"][0];
    assert_eq!((&award["relatedBid"], &award["relatedLots"]), (&json!(bids[1]), &json!([life.lots[0]])));
    assert_eq!(award["value"], json!({"amount": 4_300_000.0, "currency": "CNY"}));
    assert_eq!(seen[5]["tender"]["status"], "complete", "no lot waits any more");
    let dates: Vec<_> = seen.iter().map(|release| text(release, "date")).collect();
    assert!(dates.is_sorted_by(|one, next| one < next), "the order of dates is that of merging: {dates:?}");
    let whole = json!(seen).to_string();
    for told in ["contactPoint", "两年质保", "asker", "13800"] {
        assert!(!whole.contains(told), "{told}");
    }
}

#[tokio::test]
async fn the_record_says_what_all_releases_say_together() {
    let world = World::new().await;
    let life = Life::begin(&world, "open").await;
    let bids = life.bid(&world).await;
    life.open(&world, 12).await;
    life.award(&world, &bids[1]).await;
    let all = releases(&world).await;
    let path = format!("/ocds/records/{}", text(&all[0], "ocid"));
    let package = world.visitor().get(&path).await.ok().json();
    let record = &package["records"][0];
    assert_eq!(record["releases"], json!(all));
    let compiled = &record["compiledRelease"];
    assert_eq!((&compiled["tag"], &compiled["date"]), (&json!(["compiled"]), &all.last().expect("one")["date"]));
    assert_eq!(compiled["tender"]["title"], "岚河通信云平台设备维保服务采购");
    let lots: Vec<_> =
        compiled["tender"]["lots"].as_array().expect("lots").iter().map(|lot| text(lot, "status")).collect();
    assert_eq!(lots, ["complete", "unsuccessful"]);
    assert_eq!(compiled["parties"].as_array().map(Vec::len), Some(4), "the buyer and three who have bid");
    for wrong in ["ocds-000000-x", "%00", "ocds-000000-00000000-0000-7000-8000-000000000000"] {
        assert_eq!(world.visitor().get(&format!("/ocds/records/{wrong}")).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn the_opening_of_a_quotation_is_not_public_and_its_award_is() {
    let world = World::new().await;
    let life = Life::begin(&world, "quotation").await;
    let bids = life.bid(&world).await;
    life.open(&world, 11).await;
    life.award(&world, &bids[1]).await;
    let all = releases(&world).await;
    assert_eq!(tags(&all), [r#"["tender"]"#, r#"["tenderUpdate"]"#, r#"["award","tenderUpdate"]"#]);
    let whole = json!(all).to_string();
    assert!(!whole.contains("\"bids\"") && !whole.contains("relatedBid") && !whole.contains("4500000"), "{whole}");
}

#[tokio::test]
async fn a_follower_that_comes_late_tells_each_event_as_it_was() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    world.settle().await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    crate::sourcing::add_lot(&buyer, &tender, &id(), "服务器维保").await;
    publish(&buyer, &tender).await.ok();
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let mut form = later(&buyer, &tender, 3).await;
    (form["class"], form["lots"]) = ("material".into(), json!(["1"]));
    form["summary"] = "云平台设备维保改为 36 个月。".into();
    buyer.post(&format!("/tenders/{tender}/amendment"), form.clone()).await.ok();
    world.settle().await;
    let all = releases(&world).await;
    assert_eq!(all[0]["tender"]["description"], draft(&world)["summary"]);
    assert_eq!(all[1]["tender"]["description"], "云平台设备维保改为 36 个月。");
    let ends: Vec<_> = all.iter().map(|one| text(&one["tender"]["tenderPeriod"], "endDate")).collect();
    assert!(ends[0] < ends[1], "{ends:?}");
}

#[tokio::test]
async fn a_sole_operator_is_not_named() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (one, two, me) = (world.member("provider").await, world.member("provider").await, sole(&world, 990_301).await);
    world.stay_signed_in(100).await;
    world.stay_verified().await;
    let (_, lot) = published(&world, &buyer).await;
    for (provider, yuan) in [(&one, "300"), (&two, "200")] {
        bid(provider, &lot, yuan).await;
    }
    let mine = bid(&me, &lot, "100").await;
    world.until(crate::sourcing::after(world.clock.now(), 11)).await;
    let buyer = world.again(&buyer).await;
    buyer.post(&format!("/lots/{lot}/award"), json!({"bid": mine, "reason": "价格最低，满足全部要求"})).await.ok();
    world.settle().await;
    let all = releases(&world).await;
    let supplier = &all.last().expect("the award")["awards"][0]["suppliers"][0];
    assert_eq!(supplier, &json!({"id": format!("bid-{mine}"), "name": "自然人经营者（不公开姓名或字号）"}));
    assert!(!json!(all).to_string().contains("92330106"), "nor by the number");
}

#[tokio::test]
async fn what_its_buyer_ends_is_cancelled_and_says_why() {
    let world = World::new().await;
    let life = Life::begin(&world, "open").await;
    for lot in [1, 2] {
        let form = crate::termination::form(&life.buyer, &life.tender, &[lot]).await;
        life.buyer.post(&format!("/tenders/{}/termination", life.tender), form).await.ok();
        world.settle().await;
    }
    let all = releases(&world).await;
    assert_eq!(tags(&all), [r#"["tender"]"#, r#"["tenderUpdate"]"#, r#"["tenderCancellation"]"#]);
    for (release, (lot, status)) in all[1..].iter().zip([(0, Value::Null), (1, json!("cancelled"))]) {
        assert_eq!(release["tender"]["lots"], json!([{"id": life.lots[lot], "status": "cancelled"}]));
        assert_eq!(release["tender"]["status"], status);
        assert_eq!(release["tender"]["amendments"][0]["rationale"], "年度预算调整，本项目不再采购");
    }
}
