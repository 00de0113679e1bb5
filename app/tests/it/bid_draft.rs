//! The draft of a bid that colleagues share: its versions, who wrote last, to whom it is shown, and when it goes.

use crate::account::refused;
use crate::colleague::{account, colleague};
use crate::library::keep;
use crate::negotiation::{give, hear_all, invite, opened};
use crate::sourcing::{after, bid, id, published};
use crate::substitution::day;
use crate::world::World;
use kit::id::Id;
use serde_json::json;

#[tokio::test]
async fn colleagues_share_a_draft_and_nobody_writes_over_what_they_have_not_seen() {
    let world = World::new().await;
    let (owner, provider) = (world.member("buyer").await, world.member("provider").await);
    let rival = world.member("provider").await;
    let (_, lot) = published(&world, &owner).await;
    let (path, form) = (format!("/lots/{lot}/draft"), format!("/lots/{lot}/bids/new"));
    let mate = colleague(&world, &provider, &["bidder"]).await;
    let viewer = colleague(&world, &provider, &["viewer"]).await;
    let rows = "SELECT count(*) FROM bid_draft WHERE length(content) > 0";

    // Sent twice it is one version, and a colleague sees who wrote it.
    assert_eq!(provider.get(&path).await.ok().json()["kept"], json!(null));
    for _ in 0..2 {
        provider.post(&path, json!({"version": 0, "price": "420000.00", "note": "两年质保"})).await.ok();
    }
    let seen = mate.get(&path).await.ok().json()["kept"].clone();
    assert_eq!((&seen["version"], &seen["draft"]["price"]), (&json!(1), &json!(42_000_000)));
    let author = json!({"account": account(&provider).await, "is_self": false});
    assert_eq!(seen["changed_by"], author);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'bid.draft-changed'").await, 1);

    // A stale version is refused, shows the newer one, and keeps what was typed; saved again it takes its place.
    mate.post(&path, json!({"version": 1, "delivery_days": "30", "note": "三年质保"})).await.ok();
    refused(&provider.post(&path, json!({"version": 1, "note": "一年质保"})).await, "version", "draft-changed");
    refused(&provider.post(&path, json!({"version": i64::MAX})).await, "version", "draft-changed");
    let page = provider.submit(&path, &[("version", "1"), ("price", "410000.00"), ("note", "一年质保")]).await;
    assert_eq!(page.status, 422);
    for told in ["同事刚保存了新的版本", "三年质保", "一年质保", "410000.00", "name=\"version\" value=\"2\""]
    {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    refused(&mate.post(&path, json!({"version": 2, "delivery_days": "0"})).await, "delivery_days", "delivery-days");
    provider.post(&path, json!({"version": 2, "price": "410000.00", "note": "一年质保"})).await.ok();
    assert!(mate.page(&form).await.ok().text.contains("一年质保"), "the form of the bid begins with it");

    // Nobody else: another company has its own, who does not bid has none, and the others cannot come here.
    assert_eq!(rival.get(&path).await.ok().json()["kept"], json!(null));
    rival.post(&path, json!({"version": 0, "note": "别家的"})).await.ok();
    assert_eq!(viewer.get(&path).await.status, 403);
    assert_eq!((owner.get(&path).await.status.as_u16(), world.visitor().get(&path).await.status.as_u16()), (403, 401));
    let removal = format!("{path}/removal");
    assert_eq!(mate.post(&removal, json!({"version": 2})).await.status, 412);
    mate.post(&removal, json!({"version": 3})).await.ok();
    assert_eq!((provider.get(&path).await.ok().json()["kept"].clone(), world.count(rows).await), (json!(null), 1));

    // It goes with the submission, and at the deadline.
    for _ in 0..2 {
        mate.post(&path, json!({"version": 0, "note": "定稿"})).await.ok();
    }
    // A window that shows what was thrown away, or given, writes over nothing of what was drafted since.
    let stale = async |version: i64| {
        refused(&provider.post(&path, json!({"version": version, "note": "旧窗口"})).await, "version", "draft-changed");
        assert_eq!(provider.post(&removal, json!({"version": version})).await.status, 412);
    };
    stale(1).await;
    assert_eq!(provider.get(&path).await.ok().json()["kept"]["version"], 4);
    bid(&provider, &lot, "400000").await;
    assert_eq!(world.count(rows).await, 1, "the rival's");
    refused(&provider.post(&path, json!({"version": 4, "note": "旧窗口"})).await, "version", "draft-changed");
    mate.post(&path, json!({"version": 0, "note": "再改"})).await.ok();
    for version in [1, 4] {
        stale(version).await;
    }
    assert_eq!(provider.get(&path).await.ok().json()["kept"]["draft"]["note"], "再改");
    assert!(mate.page(&path).await.ok().text.contains("/replacement"), "what is drafted now replaces the bid");
    world.until(after(world.clock.now(), 10)).await;
    assert_eq!(world.count("SELECT count(*) FROM bid_draft").await, 0);
}

#[tokio::test]
async fn colleagues_prepare_a_final_offer_together_until_it_is_given() {
    let scene = opened(0).await;
    let (path, rows) = (scene.at("final-offers/draft"), "SELECT count(*) FROM bid_draft WHERE length(content) > 0");
    let [first, second, third] = &scene.providers[..] else { panic!("three") };
    let owner = scene.world.again(first).await;
    let mate = colleague(&scene.world, &owner, &["bidder"]).await;
    assert_eq!(first.get(&path).await.code(), "final-offers-uninvited");
    hear_all(&scene).await;
    let until = invite(&scene).await;

    // It is the company's alone; whoever has not seen the last version writes nothing over it.
    for _ in 0..2 {
        mate.post(&path, json!({"version": 0, "price": "90.00", "note": "两小时到场"})).await.ok();
    }
    let seen = first.get(&path).await.ok().json()["kept"].clone();
    assert_eq!((&seen["version"], &seen["draft"]["price"]), (&json!(1), &json!(9000)));
    refused(&first.post(&path, json!({"version": 0, "note": "四小时到场"})).await, "version", "draft-changed");
    let long = json!({"version": 1, "note": "长".repeat(2001)});
    refused(&first.post(&path, long).await, "note", "too-long");
    let page = first.page(&path).await.ok().text;
    assert!(page.contains("最后报价草稿") && page.contains("两小时到场") && !page.contains('⟦'), "{page}");
    let page = first.page(&scene.at("negotiation")).await.ok().text;
    assert!(page.contains("value=\"90.00\"") && page.contains("两小时到场"), "the form begins with it: {page}");
    assert_eq!(second.get(&path).await.ok().json()["kept"], json!(null));
    second.post(&path, json!({"version": 0, "price": "95.00"})).await.ok();
    assert_eq!(
        (scene.buyer.get(&path).await.status.as_u16(), scene.world.visitor().get(&path).await.status.as_u16()),
        (403, 401)
    );
    assert_eq!(scene.world.member("provider").await.get(&path).await.status, 404);
    assert_eq!(mate.post(&format!("{path}/removal"), json!({"version": 2})).await.status, 412);

    // It goes with the offer that a colleague gives, with what the company keeps and nobody else's; the others with the hour.
    let kept = keep(&mate, &id(), "certificate", "质量管理体系认证证书", &day(&scene.world, 400)).await.ok().json();
    assert!(mate.page(&scene.at("negotiation")).await.ok().text.contains("质量管理体系认证证书"));
    let offer = json!({"id": id(), "price": "90", "delivery_days": "25", "kept": kept["file"]});
    refused(&second.post(&scene.at("final-offers"), offer.clone()).await, "kept", "library-gone");
    mate.post(&scene.at("final-offers"), offer).await.ok();
    assert_eq!(scene.world.count(rows).await, 1, "the second's");
    mate.post(&path, json!({"version": 0, "note": "再改"})).await.ok();
    // A window that shows what was given writes over nothing of what was drafted since.
    refused(&first.post(&path, json!({"version": 1, "note": "旧窗口"})).await, "version", "draft-changed");
    assert_eq!(first.post(&format!("{path}/removal"), json!({"version": 1})).await.status, 412);
    assert_eq!(first.get(&path).await.ok().json()["kept"]["draft"]["note"], "再改");
    let unread = id();
    give(&scene, second, &id(), "95", None).await.ok();
    give(&scene, third, &unread, "80", None).await.ok();
    assert_eq!(scene.world.count(rows).await, 1, "what was drafted after");
    let row: Id<()> = unread.parse().unwrap();
    let sql = "UPDATE final_offer SET envelope = sha256 WHERE id = $1";
    let unit = move |tx: &mut kit::db::Tx| tx.execute(sql, kit::values![row]).map(drop);
    scene.world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    scene.world.until(until).await;
    scene.world.settle().await;
    assert_eq!(scene.world.count("SELECT count(*) FROM bid_draft").await, 0);
    assert_eq!(first.get(&path).await.code(), "deadline-passed");
    let page = scene.buyer.get(&scene.at("negotiation")).await.ok().json();
    let party = page["parties"].as_array().unwrap().iter().find(|one| one["bid"] == json!(scene.bids[0])).unwrap();
    assert_eq!(party["files"][0]["name"], "证书 正本.pdf", "{page}");

    // Whose offer cannot be read was a side of it still, and all who read the record are told why there is no price.
    assert_eq!(third.get(&scene.at("negotiation")).await.ok().json()["own"]["state"], "unreadable");
    let record = scene.buyer.page(&format!("/tenders/{}/opening", scene.tender)).await.ok().text;
    assert!(record.contains("无法打开 密文打不开") && !record.contains('⟦'), "{record}");
}
