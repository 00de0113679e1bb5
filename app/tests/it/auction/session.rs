//! Whole sessions.

use super::{Hall, broken, open, published_as, published_with, turns};
use crate::derived;
use crate::sourcing::{after, draft, id, text};
use crate::world::World;
use futures::future::join_all;
use serde_json::{Value, json};

fn codes(answer: &crate::world::Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn in_turns_from_the_highest_to_the_lowest_with_names_closed_until_the_end() {
    let hall = Hall::new(turns, &["300", "100", "200"]).await;
    let [one, two, three] = &hall.bidders[..] else { panic!() };
    let world = &hall.world;
    let visitor = world.visitor();
    assert_eq!(hall.state().await, "auction");

    // Prices are read out, names are not: not to the buyer, not to the operator; each finds the own bid.
    let operator = world.operator().await;
    for reader in [&visitor, &hall.buyer, &operator, two] {
        let record = hall.record(reader).await;
        let names: Vec<_> =
            record["bids"].as_array().unwrap().iter().map(|bid| bid["company_name"].is_null()).collect();
        let own = usize::from(std::ptr::eq(reader, two));
        assert_eq!(names.iter().filter(|is_closed| !**is_closed).count(), own, "{record}");
        assert_eq!(record["bids"][0]["price"], 10_000);
    }
    assert_eq!(hall.buyer.get(&format!("/lots/{}/award", hall.lot)).await.code(), "lot-not-in-evaluation");
    let page = visitor.page(&format!("/tenders/{}", hall.tender)).await.ok().text;
    assert!(page.contains("竞价") && page.contains("竞价期间不公开名称") && !page.contains('⟦'), "{page}");
    assert!(two.page("/").await.ok().text.contains("竞价即将开始"));

    // Who takes part, and who does not.
    assert_eq!(codes(&hall.offer(one, &id(), "290").await), (409, "auction-early".into()));
    let rival = world.member("provider").await;
    assert_eq!(hall.offer(&rival, &id(), "90").await.status, 404);
    assert_eq!(hall.offer(&hall.buyer, &id(), "90").await.code(), "providers-only");
    let seen = hall.shown(&hall.buyer).await["bidders"].clone();
    assert!(seen.as_array().unwrap().iter().all(|one| one["company_name"].is_null() && one["own"] == false), "{seen}");
    let letters = hall.letters().await;
    assert_eq!(letters.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);

    // The first round: 300, 200, 100. A step is 1 % of the lowest opened price.
    hall.at(10);
    assert_eq!(hall.shown(&visitor).await["turn"]["letter"], letters[0]);
    assert_eq!(codes(&hall.offer(two, &id(), "90").await), (409, "auction-turn".into()));
    assert_eq!(broken(&hall.offer(one, &id(), "299.01").await), (422, "auction-high".into()));
    for (wrong, rule) in
        [("-5", "money-not-a-number"), ("一百", "money-not-a-number"), ("0", "money-zero"), ("1.234", "money-too-fine")]
    {
        assert_eq!(broken(&hall.offer(one, &id(), wrong).await), (422, rule.into()));
    }
    let again = one.submit(&format!("/lots/{}/offers", hall.lot), &[("id", &id()), ("amount", "299.50")]).await;
    assert!(
        again.status == 422 && again.text.contains("value=\"299.50\"") && again.text.contains("最多可报 299.00"),
        "{}",
        again.text
    );
    hall.offer(one, &id(), "99").await.ok();
    let version = async || {
        visitor.get(&format!("/tenders/{}", hall.tender)).await.ok().json()["tender"]["version"].as_i64().unwrap()
    };
    let before = version().await;
    assert_eq!(codes(&hall.offer(one, &id(), "90").await), (409, "auction-used".into()));
    // The third keeps its price, and the second's turn goes by while nobody looks.
    hall.at(3 * 180 + 5);
    assert_eq!(hall.shown(&visitor).await["turn"]["letter"], letters[2], "the highest comes first: 200");
    hall.offer(three, &id(), "98.50").await.ok();
    hall.at(4 * 180 + 5);
    hall.offer(two, &id(), "95").await.ok();
    assert_eq!(version().await, before, "turns and offers make no form of the buyer's stale");
    derived::agree(world).await;

    // The end: the last offers are what is evaluated; letters stay until the award. Who meant to end a session that goes on is told.
    let form = crate::termination::form(&hall.buyer, &hall.tender, &[1]).await;
    hall.at(9 * 180);
    let ended = hall.buyer.post(&format!("/tenders/{}/termination", hall.tender), form).await;
    assert_eq!(ended.status, 412, "it is over, although nobody has noted that");
    assert_eq!(codes(&hall.offer(two, &id(), "1").await), (409, "auction-over".into()));
    world.settle().await;
    assert_eq!(hall.state().await, "evaluation");
    let record = hall.record(&visitor).await;
    let prices: Vec<_> = record["bids"].as_array().unwrap().iter().map(|bid| bid["price"].as_i64().unwrap()).collect();
    let opened: Vec<_> =
        record["bids"].as_array().unwrap().iter().map(|bid| bid["opened_price"].as_i64().unwrap()).collect();
    assert_eq!((prices, opened), (vec![9500, 9850, 9900], vec![10_000, 20_000, 30_000]));
    assert!(record["bids"][0]["company_name"].is_string());
    let named = |page: &Value| page["bidders"][0]["company_name"].is_string();
    assert!(!named(&hall.shown(&visitor).await) && named(&hall.shown(&hall.buyer).await));
    let choice = json!({"bid": record["bids"][0]["id"], "reason": "竞价后价格最低"});
    hall.buyer.post(&format!("/lots/{}/award", hall.lot), choice).await.ok();
    let page = visitor.page(&hall.path()).await.ok().text;
    assert!(named(&hall.shown(&visitor).await) && page.contains("竞价记录任何人可看") && !page.contains('⟦'), "{page}");
    let kinds = world.count("SELECT count(*) FROM event WHERE kind = 'auction.offered'").await;
    assert_eq!((kinds, world.count("SELECT count(*) FROM event WHERE kind = 'auction.ended'").await), (3, 1));
    derived::agree(world).await;
}

#[tokio::test]
async fn open_to_all_with_an_end_that_is_put_off_and_a_hard_one() {
    let hall = Hall::new(open, &["300", "100", "200"]).await;
    let [one, two, _] = &hall.bidders[..] else { panic!() };
    let world = &hall.world;
    hall.at(60);
    world.settle().await;
    let ends = text(&hall.shown(one).await, "ends_at");

    // The same form five times is one offer; with another amount it is none; another's id is nothing.
    let offer = id();
    let same = join_all((0..5).map(|_| hall.offer(one, &offer, "99"))).await;
    assert!(same.iter().all(|answer| answer.status.is_success()), "{same:?}");
    assert_eq!(world.count("SELECT count(*) FROM auction_entry WHERE kind = 'offer'").await, 1);
    assert_eq!(hall.offer(one, &offer, "98").await.status, 412);
    assert_eq!(hall.offer(two, &offer, "99").await.status, 404);
    // Who has seen another best is told what it is, and what may be offered.
    let stale = json!({"id": id(), "amount": "97", "seen": "10000"});
    let moved = two.post(&format!("/lots/{}/offers", hall.lot), stale).await;
    assert_eq!(broken(&moved), (422, "auction-moved".into()));
    assert!(moved.text.contains("99.00") && moved.text.contains("98.00"), "{}", moved.text);
    // Two equal ones at once: one of them.
    let (left, right) = (id(), id());
    let (left, right) = tokio::join!(hall.offer(one, &left, "98"), hall.offer(two, &right, "98"));
    assert!(left.status.is_success() != right.status.is_success(), "{} {}", left.text, right.text);
    let loser = if left.status.is_success() { &right } else { &left };
    assert_eq!(broken(loser), (422, "auction-high".into()));
    assert_eq!(text(&hall.shown(one).await, "ends_at"), ends, "long before the end nothing is put off");

    // In the last three minutes each offer puts the end off by three, up to half an hour after the beginning.
    let mut price = 97;
    for (second, end) in [(17 * 60 + 30, 23), (22 * 60, 26), (25 * 60, 29), (28 * 60, 30), (29 * 60 + 50, 30)] {
        hall.at(second);
        hall.offer(if price % 2 == 0 { one } else { two }, &id(), &price.to_string()).await.ok();
        price -= 1;
        let until = hall.begins.checked_add(jiff::SignedDuration::from_mins(end)).unwrap();
        assert_eq!(text(&hall.shown(one).await, "ends_at"), until.to_string());
    }
    // At the very instant it is late, whether anybody has noted the end or not; both times are told.
    hall.at(30 * 60);
    assert_eq!(hall.state().await, "auction", "nobody has looked");
    let late = hall.offer(two, &id(), "50").await;
    assert_eq!(codes(&late), (409, "auction-over".into()));
    assert!(late.text.contains("结束，你的报价") || late.text.contains("ended"), "{}", late.text);
    assert!(
        hall.offer(one, &offer, "99").await.status.is_success(),
        "what was acknowledged is, also when it is sent again late"
    );
    assert_eq!(hall.shown(one).await["phase"], "ended");
    world.settle().await;
    let record = hall.record(&world.visitor()).await;
    assert_eq!((&record["bids"][0]["price"], hall.state().await), (&json!(9300), json!("evaluation")));
    assert_eq!(world.count("SELECT count(*) FROM auction_entry WHERE amount = 5000").await, 0);
}

#[tokio::test]
async fn fewer_than_two_are_none_and_who_ends_a_lot_ends_its_auction() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let bidders = join_all((0..3).map(|_| world.member("provider"))).await;
    world.stay_signed_in(100).await;
    let prices = ["300", "100", "200"];
    // A quotation: its opening is read by who has bid, and so is its session.
    let mut quotation = draft(&world);
    quotation["method"] = json!("quotation");
    let people = (&buyer, &bidders[..]);
    let (alone, lonely, _) = published_as(people, (quotation, turns), &prices).await;
    // Two envelopes of the first cannot be read.
    let spoilt = world.app.db().write::<_, kit::db::Error>(|tx| {
        let sql = "UPDATE bid SET envelope = $1 WHERE id IN (SELECT id FROM bid ORDER BY received_at, id LIMIT 2)";
        tx.execute(sql, kit::values![vec![7u8; 32]])
    });
    assert_eq!(spoilt.await.unwrap(), 2);
    let (tender, lot, begins) = published_with(&world, people, open, &prices).await;
    world.until(after(world.clock.now(), 10)).await;
    let visitor = world.visitor();
    let stranger = world.member("provider").await;
    for (reader, path) in [(&visitor, ""), (&stranger, ""), (&visitor, "/live"), (&stranger, "/live")] {
        assert_eq!(reader.get(&format!("/lots/{lonely}/auction{path}")).await.status, 404, "{path}");
    }
    let reader = &bidders[2];
    let skipped = reader.get(&format!("/lots/{lonely}/auction")).await.ok().json();
    assert_eq!((&skipped["phase"], &skipped["entries"][0]["kind"]), (&json!("skipped"), &json!("skipped")));
    let seen = reader.get(&format!("/tenders/{alone}")).await.ok().json();
    assert_eq!(
        (&seen["tender"]["state"], &seen["opening"][0]["bids"][0]["price"]),
        (&json!("evaluation"), &json!(20_000))
    );
    assert!(reader.page(&format!("/lots/{lonely}/auction")).await.ok().text.contains("不足两家"));

    let hall = Hall { world, buyer, bidders, tender, lot, begins };
    hall.at(60);
    hall.offer(&hall.bidders[0], &id(), "99").await.ok();
    let form = crate::termination::form(&hall.buyer, &hall.tender, &[1]).await;
    hall.buyer.post(&format!("/tenders/{}/termination", hall.tender), form).await.ok();
    assert_eq!(codes(&hall.offer(&hall.bidders[1], &id(), "90").await), (409, "auction-off".into()));
    hall.at(3600);
    hall.world.settle().await;
    assert_eq!((hall.state().await, &hall.shown(&visitor).await["phase"]), (json!("terminated"), &json!("terminated")));
    let record = hall.record(&hall.buyer).await;
    assert!(record["bids"].as_array().unwrap().iter().all(|bid| bid["company_name"].is_null()), "{record}");
}
