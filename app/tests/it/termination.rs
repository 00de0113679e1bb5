//! Terminations of published tenders and lots, and tendering again: what becomes of bids, who is told, what can be tendered again.

use crate::amendment::{amend, material_form, problems, shown, stage};
use crate::sourcing::{bid, draft, id, publish, published, submit, text};
use crate::verification::refusal;
use crate::world::{Answer, Browser, World};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The form that ends these lots, by number, as the buyer has just seen the tender.
pub async fn form(buyer: &Browser, tender: &str, lots: &[i64]) -> Value {
    let seen = buyer.get(&format!("/tenders/{tender}/termination")).await.ok().json()["tender"].clone();
    let lots: Vec<_> = lots.iter().map(ToString::to_string).collect();
    json!({"id": id(), "version": seen["version"], "lots": lots, "reason": "年度预算调整，本项目不再采购"})
}

async fn end(buyer: &Browser, tender: &str, lots: &[i64]) -> Answer {
    let form = form(buyer, tender, lots).await;
    buyer.post(&format!("/tenders/{tender}/termination"), form).await
}

fn states(shown: &Value) -> (String, Vec<String>) {
    let lots = shown["lots"].as_array().unwrap().iter().map(|lot| text(lot, "state")).collect();
    (text(&shown["tender"], "state"), lots)
}

async fn hour(buyer: &Browser, tender: &str) -> Timestamp {
    text(&shown(buyer, tender).await["tender"], "deadline").parse().unwrap()
}

/// How often the inbox tells that something was ended.
async fn told(browser: &Browser) -> usize {
    let inbox = browser.get("/inbox").await.ok().json().to_string();
    inbox.matches("已终止，请查看原因").count()
}

async fn bid_for_both(providers: &[Browser], lots: &[String; 2]) -> Vec<String> {
    let mut bids = Vec::new();
    for provider in providers {
        bids.push(bid(provider, &lots[0], "100").await);
        bid(provider, &lots[1], "200").await;
    }
    bids
}

#[tokio::test]
async fn a_tender_that_is_ended_is_never_opened_and_its_envelopes_are_destroyed() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    let bids = bid_for_both(&providers, &lots).await;
    let big = vec![7u8; 64 * 1024];
    let fields = [("version", "1"), ("price", "90"), ("delivery_days", "30")];
    let files = [("files", "方案.pdf", [b"%PDF-1.7".as_slice(), &big].concat())];
    let files: Vec<_> = files.iter().map(|(field, name, content)| (*field, *name, content.as_slice())).collect();
    providers[0].upload(&format!("/bids/{}/replacement", bids[0]), &fields, &files).await.ok();
    world.settle().await;
    assert_eq!(world.app.blobs().list(app::app::REGION).await.unwrap().len(), 1);
    let (asker, stranger) = (world.member("provider").await, world.member("provider").await);
    world.stay_signed_in(100).await;
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    asker.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    let hour = hour(&buyer, &tender).await;

    end(&buyer, &tender, &[1, 2]).await.ok();
    world.settle().await;
    let public = shown(&world.visitor(), &tender).await;
    assert_eq!(states(&public), ("terminated".into(), vec!["terminated".into(), "terminated".into()]));
    assert_eq!(public["terminations"][0]["reason"], "年度预算调整，本项目不再采购");
    for who in providers.iter().chain([&asker]) {
        assert_eq!(told(who).await, 1);
    }
    assert_eq!((told(&stranger).await, told(&buyer).await), (0, 0));
    let notice = world.visitor().get("/notices?kind=result").await.ok().text;
    assert!(notice.contains("岚河通信云平台设备维保服务采购终止公告"), "{notice}");
    let left = "SELECT count(*) FROM bid WHERE state <> 'terminated' OR envelope IS NOT NULL OR blob IS NOT NULL";
    assert_eq!(world.count(left).await, 0);
    assert!(world.app.blobs().list(app::app::REGION).await.unwrap().is_empty(), "a large one, too");

    let own = providers[0].page(&format!("/bids/{}", bids[0])).await.ok().text;
    assert!(own.contains("标段已终止，未打开") && !own.contains("撤回投标"), "{own}");
    let (late, act) = (submit(&stranger, &lots[0], &id(), "90").await, json!({"version": 2}));
    assert_eq!(refusal(&late), (409, "bidding-not-open".into()));
    let withdrawal = providers[0].post(&format!("/bids/{}/withdrawal", bids[0]), act).await;
    assert_eq!(refusal(&withdrawal), (409, "bidding-not-open".into()));
    let asked = json!({"id": id(), "company": public["tender"]["company"], "matter": "tender", "tender": tender, "text": "后续是否重新招标？"});
    stranger.post("/contact-requests", asked).await.ok();
    world.until(hour).await;
    assert_eq!(states(&shown(&buyer, &tender).await).0, "terminated", "its hour does nothing to it");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.closed'").await, 0);
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}/opening")).await.status, 404);
}

#[tokio::test]
async fn lots_that_are_left_go_on_and_are_opened_alone() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    bid_for_both(&providers, &lots).await;
    end(&buyer, &tender, &[1]).await.ok();
    world.settle().await;
    assert_eq!(states(&shown(&buyer, &tender).await), ("published".into(), vec!["terminated".into(), "open".into()]));
    let other = world.member("provider").await;
    world.stay_signed_in(100).await;
    assert_eq!(refusal(&submit(&other, &lots[0], &id(), "90").await), (409, "bidding-not-open".into()));
    let page = other.page(&format!("/tenders/{tender}")).await.ok().text;
    assert!(
        page.contains(&format!("/lots/{}/bids/new", lots[1])) && !page.contains(&format!("/lots/{}/bids/new", lots[0]))
    );
    let refused = amend(&buyer, &tender, &material_form(&buyer, &tender, &[1]).await).await;
    assert_eq!(problems(&refused), ["choice"], "what has ended is not amended");
    let desk = providers[0].page("/").await.ok().text;
    assert!(!desk.contains("标段已终止，未打开"), "nor does it go on: {desk}");
    submit(&other, &lots[1], &id(), "90").await.ok();
    world.until(hour(&buyer, &tender).await).await;
    let opened = shown(&buyer, &tender).await;
    assert_eq!(states(&opened), ("evaluation".into(), vec!["terminated".into(), "evaluation".into()]));
    let count = |lot: usize| opened["opening"][lot]["bids"].as_array().unwrap().len();
    assert_eq!((count(0), count(1)), (0, 4));
    assert_eq!(opened["opening"][0]["unopened"], true);
    assert_eq!(told(&other).await, 0, "who has bid for another lot is not concerned");

    // What is left ends after its opening: the record stays, and there is nothing to award.
    end(&buyer, &tender, &[2]).await.ok();
    world.settle().await;
    let ended = shown(&world.visitor(), &tender).await;
    assert_eq!(states(&ended).0, "terminated");
    assert_eq!(ended["opening"][1]["bids"].as_array().unwrap().len(), 4);
    assert_eq!(told(&other).await, 1);
    let award = json!({"bid": opened["opening"][1]["bids"][0]["id"], "reason": "价格最低，满足全部要求"});
    let award = buyer.post(&format!("/lots/{}/award", lots[1]), award).await;
    assert_eq!(refusal(&award), (409, "lot-not-in-evaluation".into()));
}

#[tokio::test]
async fn a_tender_whose_last_lot_is_ended_after_an_award_is_awarded() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    bid_for_both(&providers, &lots).await;
    world.until(hour(&buyer, &tender).await).await;
    let opened = shown(&buyer, &tender).await;
    let award = json!({"bid": opened["opening"][0]["bids"][0]["id"], "reason": "价格最低，满足全部要求"});
    buyer.post(&format!("/lots/{}/award", lots[0]), award).await.ok();
    let refused = end(&buyer, &tender, &[1]).await;
    assert_eq!(refused.json()["errors"][0]["code"], "termination-lot-over", "an award stands");
    end(&buyer, &tender, &[2]).await.ok();
    world.settle().await;
    assert_eq!(states(&shown(&buyer, &tender).await), ("awarded".into(), vec!["awarded".into(), "terminated".into()]));
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.awarded'").await, 1);
}

#[tokio::test]
async fn what_fails_beside_an_ended_lot_has_failed() {
    let world = World::new().await;
    let (buyer, _, tender, _) = stage(&world).await;
    end(&buyer, &tender, &[1]).await.ok();
    world.until(hour(&buyer, &tender).await).await;
    assert_eq!(states(&shown(&buyer, &tender).await), ("failed".into(), vec!["terminated".into(), "failed".into()]));
    let notice = world.visitor().get("/notices?kind=result").await.ok().text;
    assert!(notice.contains("流标公告"), "{notice}");
}

#[tokio::test]
async fn who_may_not_and_what_is_wrong_stale_or_doubled_changes_nothing() {
    let world = World::new().await;
    let (buyer, providers, tender, _) = stage(&world).await;
    let other = world.member("buyer").await;
    world.stay_signed_in(100).await;
    let good = form(&buyer, &tender, &[1]).await;
    let path = format!("/tenders/{tender}/termination");
    assert_eq!(other.post(&path, good.clone()).await.status, 404);
    assert_eq!(providers[0].post(&path, good.clone()).await.status, 403);
    for (field, value, rule) in [
        ("lots", json!([]), "termination-no-lot"),
        ("lots", json!(["3"]), "termination-lot-over"),
        ("lots", json!(["x"]), "choice"),
        ("reason", json!("短"), "too-short"),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let refused = buyer.post(&path, wrong).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let problem = &refused.json()["errors"][0];
        assert_eq!((text(problem, "field"), text(problem, "code")), (field.into(), rule.into()));
    }
    assert!(shown(&buyer, &tender).await["terminations"].as_array().unwrap().is_empty());

    buyer.post(&path, good.clone()).await.ok();
    buyer.post(&path, good.clone()).await.ok();
    assert_eq!(shown(&buyer, &tender).await["terminations"].as_array().unwrap().len(), 1, "twice is once");
    let mut stale = good.clone();
    (stale["id"], stale["lots"]) = (id().into(), json!(["2"]));
    assert_eq!(buyer.post(&path, stale).await.status, 412);
    let (theirs, _) = published(&world, &other).await;
    let mut stolen = form(&other, &theirs, &[1]).await;
    stolen["id"] = good["id"].clone();
    assert_eq!(other.post(&format!("/tenders/{theirs}/termination"), stolen).await.status, 404, "another tender's id");

    end(&buyer, &tender, &[2]).await.ok();
    assert_eq!(refusal(&buyer.get(&path).await), (409, "termination-ended".into()));
    let drafted = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    assert_eq!(buyer.get(&format!("/tenders/{drafted}/termination")).await.status, 404, "a draft is deleted");
}

/// The hour comes before the form is sent, while it is under way, and once it is answered.
#[tokio::test]
async fn at_the_hour_a_lot_is_ended_or_opened_and_never_both() {
    let world = World::new().await;
    for turn in 0..4 {
        let (buyer, providers, tender, lots) = stage(&world).await;
        bid_for_both(&providers, &lots).await;
        let hour = hour(&buyer, &tender).await;
        let form = form(&buyer, &tender, &[1]).await;
        world.clock.set(hour.checked_sub(jiff::SignedDuration::from_mins(30)).unwrap());
        let (token, path) = (buyer.token().await, format!("/tenders/{tender}/termination"));
        let strike = async || {
            world.clock.set(hour);
            world.settle().await;
        };
        let answer = match turn {
            0 => {
                world.clock.set(hour);
                buyer.post_with(&token, &path, &form).await
            }
            3 => buyer.post_with(&token, &path, &form).await,
            _ => tokio::join!(buyer.post_with(&token, &path, &form), strike()).0,
        };
        strike().await;
        let seen = shown(&buyer, &tender).await;
        let opened = seen["opening"][0]["bids"].as_array().unwrap().len();
        match answer.status.as_u16() {
            201 => assert_eq!((states(&seen).1[0].as_str(), opened), ("terminated", 0), "turn {turn}"),
            412 => assert_eq!((states(&seen).1[0].as_str(), opened), ("evaluation", 3), "turn {turn}"),
            other => panic!("{other}: {}", answer.text),
        }
        assert_eq!(states(&seen).1[1], "evaluation", "the other lot is opened");
    }
}

#[tokio::test]
async fn what_ended_without_an_award_is_tendered_again_and_nothing_is_typed_twice() {
    let world = World::new().await;
    let (buyer, providers, tender, _) = stage(&world).await;
    let other = world.member("buyer").await;
    world.stay_signed_in(100).await;
    let path = format!("/tenders/{tender}/again");
    assert_eq!(refusal(&buyer.post(&path, json!({"id": id()})).await), (409, "tender-nothing-again".into()));
    let amended = [("documents", "招标文件.pdf", b"%PDF-1.7 tender".as_slice())];
    let mut fields = crate::amendment::later(&buyer, &tender, 1).await;
    fields["class"] = "editorial".into();
    let fields: Vec<(String, String)> = fields.as_object().unwrap().iter().map(plain).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    buyer.upload(&format!("/tenders/{tender}/amendment"), &fields, &amended).await.ok();
    end(&buyer, &tender, &[2]).await.ok();

    let new = id();
    assert_eq!(other.post(&path, json!({"id": id()})).await.status, 404);
    assert_eq!(providers[0].post(&path, json!({"id": id()})).await.status, 403);
    assert_eq!(text(&buyer.post(&path, json!({"id": new})).await.ok().json(), "id"), new);
    buyer.post(&path, json!({"id": new})).await.ok();
    world.settle().await;
    let drafted = buyer.get(&format!("/tenders/{new}/draft")).await.ok().json();
    let (was, is) = (shown(&buyer, &tender).await, &drafted["tender"]);
    assert_eq!(text(is, "title"), format!("{}（第二次）", text(&was["tender"], "title")));
    assert_eq!((&is["round"], &is["again_of"]), (&json!(2), &json!(tender)));
    assert_eq!((&is["summary"], &is["category"]), (&was["tender"]["summary"], &was["tender"]["category"]));
    assert_eq!(drafted["lots"].as_array().unwrap().len(), 1, "only what was ended");
    assert_eq!(drafted["lots"][0]["position"], 1);
    assert_eq!(drafted["documents"][0]["sha256"], was["documents"][0]["sha256"]);
    assert!(drafted["unready"].as_array().unwrap().is_empty(), "it can be published as it is: {drafted}");
    assert_eq!(world.app.blobs().list(app::app::REGION).await.unwrap().len(), 2, "each has a file of its own");
    let public = shown(&world.visitor(), &tender).await;
    assert!(public["again_by"].as_array().unwrap().is_empty(), "a draft is nobody else's");

    buyer.post(&format!("/documents/{}/removal", text(&drafted["documents"][0], "id")), json!({})).await.ok();
    world.settle().await;
    let kept = format!("/documents/{}", text(&was["documents"][0], "id"));
    world.visitor().get(&kept).await.ok();
    publish(&buyer, &new).await.ok();
    let public = shown(&world.visitor(), &tender).await;
    assert_eq!(public["again_by"][0]["id"], new);
    assert_eq!(shown(&world.visitor(), &new).await["again_of"]["id"], tender);
    // The id of another's draft makes nothing.
    let (theirs, _) = published(&world, &other).await;
    end(&other, &theirs, &[1]).await.ok();
    assert_eq!(other.post(&format!("/tenders/{theirs}/again"), json!({"id": new})).await.status, 404);
}

fn plain((name, value): (&String, &Value)) -> (String, String) {
    (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
