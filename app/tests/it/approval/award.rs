//! Awarding where it has to be approved.

use super::{Firm, give, set, state};
use crate::sourcing::{add_lot, after, bid, draft, id, publish, text};
use crate::verification::refusal;
use crate::world::{Browser, World};
use serde_json::{Value, json};

/// A tender of the firm's in evaluation: two lots, each with the bids of three providers for 100, 300 and 500 yuan.
async fn evaluated(world: &World, buyer: &Browser) -> Vec<(String, Vec<String>)> {
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(90).await;
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    let lots = [id(), id()];
    for lot in &lots {
        add_lot(buyer, &tender, lot, "维保服务").await;
    }
    publish(buyer, &tender).await.ok();
    let mut all = Vec::new();
    for lot in lots {
        let mut bids = Vec::new();
        for (provider, yuan) in providers.iter().zip(["100", "300", "500"]) {
            bids.push(bid(provider, &lot, yuan).await);
        }
        all.push((lot, bids));
    }
    world.until(after(world.clock.now(), 10)).await;
    all
}

fn choice(bid: &str) -> Value {
    json!({ "bid": bid, "reason": "满足全部要求，价格合理" })
}

async fn asked(buyer: &Browser, lot: &str, choice: Value) -> String {
    let asked = buyer.post(&format!("/lots/{lot}/approval"), choice).await.ok().json();
    format!("/company/approvals/{}", text(&asked, "id"))
}

#[tokio::test]
async fn an_approval_is_for_one_choice_and_no_other() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::new(&world).await;
    let lots = evaluated(&world, &asker).await;
    let owner = world.again(&owner).await;
    set(&owner, "award", &[("200", &["colleague"])]).await.ok();
    let [(first, bids), (last, others)] = &lots[..] else { panic!("two lots") };
    let award = async |who: &Browser, lot: &str, choice: Value| who.post(&format!("/lots/{lot}/award"), choice).await;
    let page = asker.page(&format!("/lots/{first}/award?lang=zh")).await.ok().text;
    assert!(page.contains("选它要先审批") && page.contains(&format!("/lots/{first}/approval")), "{page}");
    assert_eq!(refusal(&award(&asker, first, choice(&bids[1])).await), (403, "needs-approval".into()));
    let request = asked(&asker, first, choice(&bids[1])).await;
    assert_eq!(refusal(&award(&asker, first, choice(&bids[1])).await), (403, "approval-waiting".into()));
    give(&second, &request, "colleague").await.ok();
    // Another bid, another reason, another lot, another person: none of them was approved.
    assert_eq!(refusal(&award(&asker, first, choice(&bids[2])).await), (403, "needs-approval".into()));
    let mut other = choice(&bids[1]);
    other["reason"] = json!("满足全部要求，价格最低");
    assert_eq!(refusal(&award(&asker, first, other).await), (403, "needs-approval".into()));
    assert_eq!(refusal(&award(&asker, last, choice(&others[1])).await), (403, "needs-approval".into()));
    assert_eq!(refusal(&award(&second, first, choice(&bids[1])).await), (403, "needs-approval".into()));
    let shown = asker.get(&request).await.ok().json();
    assert_eq!(
        (&shown["request"]["amount"], &shown["act_path"]),
        (&json!(30_000), &json!(format!("/lots/{first}/award")))
    );
    let rival = asked(&second, first, choice(&bids[2])).await;
    for _ in 0..2 {
        award(&asker, first, choice(&bids[1])).await.ok();
    }
    assert_eq!((state(&asker, &request).await, state(&asker, &rival).await), ("done".into(), "void".into()));
    // Below the amount nobody is asked.
    let needless = asker.post(&format!("/lots/{last}/approval"), choice(&others[0])).await;
    assert_eq!(refusal(&needless), (409, "approval-not-needed".into()));
    award(&asker, last, choice(&others[0])).await.ok();
    let late = asker.post(&format!("/lots/{last}/approval"), choice(&others[1])).await;
    assert_eq!(refusal(&late), (409, "lot-not-in-evaluation".into()));
}

#[tokio::test]
async fn a_browser_carries_out_what_was_approved_from_the_page_of_the_request() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::new(&world).await;
    let lots = evaluated(&world, &asker).await;
    let owner = world.again(&owner).await;
    set(&owner, "award", &[("", &["colleague"])]).await.ok();
    let (lot, bids) = &lots[0];
    let request = asked(&asker, lot, choice(&bids[0])).await;
    assert!(!asker.page(&request).await.ok().text.contains(&format!("action=\"/lots/{lot}/award\"")));
    give(&second, &request, "colleague").await.ok();
    assert!(!second.page(&request).await.ok().text.contains(&format!("action=\"/lots/{lot}/award\"")), "the asker's");
    let shown = asker.get(&request).await.ok().json();
    assert!(asker.page(&request).await.ok().text.contains(&format!("action=\"/lots/{lot}/award\"")));
    let fields: Vec<(&str, &str)> = shown["act_fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["name"].as_str().unwrap(), field["value"].as_str().unwrap()))
        .collect();
    let done = asker.submit(shown["act_path"].as_str().unwrap(), &fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(state(&asker, &request).await, "done");
}

#[tokio::test]
async fn what_was_asked_about_a_lot_that_is_ended_is_void() {
    let world = World::new().await;
    let Firm { owner, asker, second, .. } = Firm::new(&world).await;
    let lots = evaluated(&world, &asker).await;
    let owner = world.again(&owner).await;
    set(&owner, "award", &[("200", &["colleague"])]).await.ok();
    let [(first, bids), (last, others)] = &lots[..] else { panic!("two lots") };
    let (ended, going_on) =
        (asked(&asker, first, choice(&bids[1])).await, asked(&asker, last, choice(&others[1])).await);
    let shown = asker.get(&format!("/lots/{first}/award")).await.ok().json();
    let tender = text(&shown["tender"], "id");
    let form = crate::termination::form(&asker, &tender, &[1]).await;
    asker.post(&format!("/tenders/{tender}/termination"), form).await.ok();
    assert_eq!(state(&asker, &ended).await, "void");
    give(&second, &going_on, "colleague").await.ok();
    assert_eq!(state(&asker, &going_on).await, "approved", "the other lot's stands");
}
