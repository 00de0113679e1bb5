//! Amendments of published tenders: what may change, who is told, what becomes of bids.

use crate::sourcing::{add_lot, after, bid, draft, id, in_days, publish, published, submit, text};
use crate::verification::refusal;
use crate::world::{Answer, Browser, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The form of an amendment that moves the deadline on by so many days, as its buyer has just seen the tender.
pub async fn later(buyer: &Browser, tender: &str, days: i64) -> Value {
    let mut form = as_it_stands(buyer, tender).await;
    let deadline: Timestamp = text(&form, "deadline").parse().unwrap();
    form["deadline"] = after(deadline, days).to_string().into();
    form
}

/// The form as the tender stands: nothing is changed by it.
pub async fn as_it_stands(buyer: &Browser, tender: &str) -> Value {
    let seen = buyer.get(&format!("/tenders/{tender}/amendment")).await.ok().json()["tender"].clone();
    json!({
        "id": id(),
        "version": seen["version"],
        "class": "dates",
        "reason": "答疑后需要更多时间准备报价",
        "deadline": seen["deadline"],
        "questions_until": seen["questions_until"],
        "summary": seen["summary"],
    })
}

/// Amends a tender's first lot materially.
pub async fn material(buyer: &Browser, tender: &str) {
    amend(buyer, tender, &material_form(buyer, tender, &[1]).await).await.ok();
}

/// The form of a material amendment of these lots, by number.
pub async fn material_form(buyer: &Browser, tender: &str, lots: &[i64]) -> Value {
    let mut form = as_it_stands(buyer, tender).await;
    form["class"] = "material".into();
    form["summary"] = format!("{}备件改为原厂件。", text(&form, "summary")).into();
    form["lots"] = lots.iter().map(ToString::to_string).collect::<Vec<_>>().into();
    form
}

pub async fn amend(buyer: &Browser, tender: &str, form: &Value) -> Answer {
    buyer.post(&format!("/tenders/{tender}/amendment"), form.clone()).await
}

pub async fn shown(browser: &Browser, tender: &str) -> Value {
    browser.get(&format!("/tenders/{tender}")).await.ok().json()
}

/// The rules that a form breaks.
pub fn problems(refused: &Answer) -> Vec<String> {
    refused.json()["errors"].as_array().unwrap().iter().map(|problem| text(problem, "code")).collect()
}

/// How often the inbox tells of an amendment.
async fn told(browser: &Browser) -> usize {
    let inbox = browser.get("/inbox").await.ok().json().to_string();
    inbox.matches("有变更，请查看").count()
}

/// A buyer, three providers, a tender with two lots: its id and theirs.
pub async fn stage(world: &World) -> (Browser, Vec<Browser>, String, [String; 2]) {
    let buyer = world.member("buyer").await;
    let mut providers = Vec::new();
    for _ in 0..3 {
        providers.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    let lots = [id(), id()];
    for lot in &lots {
        add_lot(&buyer, &tender, lot, "维保服务").await;
    }
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    (buyer, providers, tender, lots)
}

#[tokio::test]
async fn a_later_deadline_holds_everywhere_and_is_told_to_who_has_bid_or_asked_and_to_nobody_else() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    for provider in &providers {
        bid(provider, &lots[0], "100").await;
    }
    let (asker, stranger) = (world.member("provider").await, world.member("provider").await);
    world.stay_signed_in(100).await;
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    asker.post(&format!("/tenders/{tender}/questions"), question).await.ok();
    let old: Timestamp = text(&shown(&buyer, &tender).await["tender"], "deadline").parse().unwrap();

    amend(&buyer, &tender, &later(&buyer, &tender, 3).await).await.ok();
    world.settle().await;
    for who in [&providers[0], &asker] {
        assert_eq!(told(who).await, 1);
    }
    assert_eq!((told(&stranger).await, told(&buyer).await), (0, 0));
    let public = shown(&world.visitor(), &tender).await;
    assert_eq!(public["tender"]["deadline"], after(old, 3).to_string());
    let change = &public["amendments"][0]["changes"][0];
    assert_eq!((&change["field"], &change["before"]), (&json!("deadline"), &json!(old.to_string())));
    let notice = world.visitor().get("/notices?kind=amendment").await.ok().text;
    assert!(notice.contains("岚河通信云平台设备维保服务采购变更公告"), "{notice}");

    // The old hour passes, and nothing happens: bids are taken.
    world.until(old).await;
    assert_eq!(shown(&buyer, &tender).await["tender"]["state"], "published");
    submit(&stranger, &lots[0], &id(), "90").await.ok();
    world.until(after(old, 3)).await;
    let opened = shown(&buyer, &tender).await;
    assert_eq!(opened["tender"]["state"], "evaluation");
    assert_eq!(opened["opening"][0]["bids"].as_array().unwrap().len(), 4);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.closed'").await, 1);
}

#[tokio::test]
async fn after_a_material_amendment_bids_for_its_lots_are_confirmed_replaced_or_lapse() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    let fourth = world.member("provider").await;
    world.stay_signed_in(100).await;
    let mut bids = Vec::new();
    for provider in providers.iter().chain([&fourth]) {
        bids.push(bid(provider, &lots[0], "100").await);
        bid(provider, &lots[1], "200").await;
    }
    let rows = "SELECT CAST(sum(version) AS BIGINT) FROM bid";
    let before = world.count(rows).await;
    material(&buyer, &tender).await;
    assert_eq!(
        world.count(rows).await,
        before,
        "an amendment touches no bid: their number is not told by what it writes"
    );

    let page = providers[0].page(&format!("/bids/{}", bids[0])).await.ok().text;
    assert!(page.contains("待确认") && page.contains("确认原样有效"), "{page}");
    assert!(providers[0].page("/").await.ok().text.contains("投标待确认"), "the desk says what to do");
    let confirmation = json!({"version": 1, "answers": 1});
    let path = format!("/bids/{}/confirmation", bids[0]);
    providers[0].post(&path, confirmation.clone()).await.ok();
    providers[0].post(&path, confirmation).await.ok();
    let confirmed = providers[0].get(&format!("/bids/{}", bids[0])).await.ok().json();
    assert_eq!(confirmed["bid"]["version"], 2, "twice the same form is once");
    let newest = &confirmed["receipts"][0]["statement"];
    assert_eq!((&newest["act"], &newest["amendment"]), (&json!("confirmed"), &json!(1)));
    assert_eq!(
        newest["received_at"], confirmed["receipts"][1]["statement"]["received_at"],
        "it was received when it was"
    );

    let unseen = json!({"version": 1, "price": "95", "delivery_days": "30"});
    let path = format!("/bids/{}/replacement", bids[1]);
    let refused = providers[1].post(&path, unseen.clone()).await;
    assert_eq!((refused.status.as_u16(), problems(&refused)), (422, vec!["lot-amended".to_owned()]));
    let mut seen = unseen;
    seen["answers"] = 1.into();
    providers[1].post(&path, seen).await.ok();
    let refused =
        providers[2].post(&format!("/bids/{}/confirmation", bids[1]), json!({"version": 1, "answers": 1})).await;
    assert_eq!(refused.status, 404, "another's");
    providers[2].post(&format!("/bids/{}/confirmation", bids[2]), json!({"version": 1, "answers": 1})).await.ok();

    world.until(text(&shown(&buyer, &tender).await["tender"], "deadline").parse().unwrap()).await;
    let opened = shown(&buyer, &tender).await;
    let names = |lot: usize| opened["opening"][lot]["bids"].as_array().unwrap().len();
    assert_eq!((names(0), names(1)), (3, 4), "the fourth did nothing; lots that were not touched are as they were");
    let lapsed = fourth.get(&format!("/bids/{}", bids[3])).await.ok().json();
    assert_eq!(lapsed["bid"]["state"], "lapsed");
    let inbox = fourth.get("/inbox").await.ok().json()["unread"].to_string();
    assert!(inbox.contains("bid-lapsed"), "{inbox}");
    assert_eq!(world.count("SELECT count(*) FROM bid WHERE state = 'lapsed' AND envelope IS NOT NULL").await, 0);
}

#[tokio::test]
async fn bids_that_lapse_do_not_count_and_too_few_left_are_never_opened() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    for provider in &providers {
        bid(provider, &lots[0], "100").await;
        bid(provider, &lots[1], "100").await;
    }
    material(&buyer, &tender).await;
    world.until(text(&shown(&buyer, &tender).await["tender"], "deadline").parse().unwrap()).await;
    let seen = shown(&buyer, &tender).await;
    assert_eq!((&seen["lots"][0]["state"], &seen["lots"][1]["state"]), (&json!("failed"), &json!("evaluation")));
}

#[tokio::test]
async fn each_rule_is_named_at_its_field_and_nothing_changes() {
    let world = World::new().await;
    let (buyer, _, tender, _) = stage(&world).await;
    let before = shown(&buyer, &tender).await;
    let now = world.clock.now();
    let form = as_it_stands(&buyer, &tender).await;
    for (changes, field, rule) in [
        (json!({}), "summary", "amendment-nothing"),
        (json!({"summary": "云平台设备 36 个月维保，含备件与驻场。"}), "class", "amendment-more-than-dates"),
        (json!({"deadline": after(now, 9).to_string()}), "deadline", "amendment-earlier"),
        (
            json!({"deadline": after(now, 11).to_string(), "questions_until": after(now, 10).checked_add(SignedDuration::from_hours(1)).unwrap().to_string()}),
            "questions_until",
            "amendment-questions-late",
        ),
        (json!({"questions_until": now.to_string()}), "questions_until", "amendment-questions-past"),
        (json!({"questions_until": after(now, 10).to_string()}), "questions_until", "questions-after-deadline"),
        (json!({"class": "material", "summary": "云平台设备 36 个月维保，含备件。"}), "lots", "amendment-no-lot"),
        (json!({"class": "material", "summary": "云平台设备 36 个月维保，含备件。", "lots": ["3"]}), "lots", "choice"),
        (json!({"class": "minor"}), "class", "choice"),
        (json!({"reason": "短"}), "reason", "too-short"),
    ] {
        let mut wrong = form.clone();
        wrong.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let refused = amend(&buyer, &tender, &wrong).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text);
        let problem = &refused.json()["errors"][0];
        assert_eq!((text(problem, "field"), text(problem, "code")), (field.into(), rule.into()));
    }
    // Eight days on, two are left: a material amendment has to move the deadline, and says how far.
    world.pass(SignedDuration::from_hours(24 * 8)).await;
    let mut late = material_form(&buyer, &tender, &[1]).await;
    let refused = amend(&buyer, &tender, &late).await;
    assert_eq!(problems(&refused), ["amendment-too-soon"]);
    late["deadline"] = after(now, 12).to_string().into();
    assert_eq!(shown(&buyer, &tender).await["amendments"], before["amendments"]);
    amend(&buyer, &tender, &late).await.ok();
}

#[tokio::test]
async fn questions_that_had_ended_are_taken_again_until_the_new_end() {
    let world = World::new().await;
    let (buyer, providers, tender, _) = stage(&world).await;
    world.pass(SignedDuration::from_hours(24 * 8)).await;
    let question = || json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    let path = format!("/tenders/{tender}/questions");
    assert_eq!(refusal(&providers[0].post(&path, question()).await), (409, "questions-ended".into()));
    let mut form = later(&buyer, &tender, 5).await;
    form["questions_until"] = in_days(&world, 3).into();
    amend(&buyer, &tender, &form).await.ok();
    providers[0].post(&path, question()).await.ok();
    world.pass(SignedDuration::from_hours(24 * 3)).await;
    assert_eq!(refusal(&providers[0].post(&path, question()).await), (409, "questions-ended".into()));
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.questions-ended'").await, 2);
}

#[tokio::test]
async fn who_may_not_and_what_is_stale_doubled_or_late_changes_nothing() {
    let world = World::new().await;
    let (buyer, providers, tender, _) = stage(&world).await;
    let other = world.member("buyer").await;
    world.stay_signed_in(100).await;
    let form = later(&buyer, &tender, 1).await;
    assert_eq!(amend(&other, &tender, &form).await.status, 404);
    assert_eq!(amend(&providers[0], &tender, &form).await.status, 403);
    let (theirs, _) = published(&world, &other).await;

    let file = [("documents", "补遗.pdf", &b"%PDF-1.7 addendum"[..])];
    let mut fields: Vec<(String, String)> = form
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    fields.iter_mut().find(|(name, _)| name == "class").unwrap().1 = "editorial".into();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let path = format!("/tenders/{tender}/amendment");
    buyer.upload(&path, &fields, &file).await.ok();
    buyer.upload(&path, &fields, &file).await.ok();
    world.settle().await;
    let seen = shown(&buyer, &tender).await;
    assert_eq!((seen["amendments"].as_array().unwrap().len(), seen["documents"].as_array().unwrap().len()), (1, 1));
    assert_eq!(seen["documents"][0]["amendment"], 1);
    let files = world.app.blobs().list(app::app::REGION).await.unwrap();
    assert_eq!(files.len(), 1, "the second sending's file is not kept");

    let mut stolen = later(&other, &theirs, 1).await;
    stolen["id"] = form["id"].clone();
    assert_eq!(amend(&other, &theirs, &stolen).await.status, 404, "the id is another tender's");
    let mut stale = form.clone();
    stale["id"] = id().into();
    assert_eq!(amend(&buyer, &tender, &stale).await.status, 412, "seen before the first amendment");

    let (one, two) = (later(&buyer, &tender, 1).await, later(&buyer, &tender, 2).await);
    let (one, two) = tokio::join!(amend(&buyer, &tender, &one), amend(&buyer, &tender, &two));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412], "of two at once one wins");

    let late = later(&buyer, &tender, 1).await;
    world.until(text(&shown(&buyer, &tender).await["tender"], "deadline").parse().unwrap()).await;
    assert_eq!(refusal(&amend(&buyer, &tender, &late).await), (409, "amendment-ended".into()));
    let drafted = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    assert_eq!(buyer.get(&format!("/tenders/{drafted}/amendment")).await.status, 404, "a draft is edited");
}

/// The hour comes before the form is sent, while it is under way, and once it is answered.
#[tokio::test]
async fn an_amendment_at_the_hour_moves_it_or_comes_too_late_and_nothing_in_between() {
    let world = World::new().await;
    let mut seen = Vec::new();
    for turn in 0..4 {
        let (buyer, providers, tender, lots) = stage(&world).await;
        for provider in &providers {
            bid(provider, &lots[0], "100").await;
        }
        let hour: Timestamp = text(&shown(&buyer, &tender).await["tender"], "deadline").parse().unwrap();
        let form = later(&buyer, &tender, 1).await;
        world.clock.set(hour.checked_sub(SignedDuration::from_mins(30)).unwrap());
        let (token, path) = (buyer.token().await, format!("/tenders/{tender}/amendment"));
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
        let after_it = shown(&buyer, &tender).await["tender"].clone();
        let stands = (text(&after_it, "state"), text(&after_it, "deadline"));
        match answer.status.as_u16() {
            201 => assert_eq!(stands, ("published".into(), after(hour, 1).to_string()), "turn {turn}"),
            409 => assert_eq!(stands, ("evaluation".into(), hour.to_string()), "turn {turn}"),
            other => panic!("{other}: {}", answer.text),
        }
        seen.push(answer.status.as_u16());
    }
    assert_eq!((seen[0], seen[3]), (409, 201), "{seen:?}");
}

#[tokio::test]
async fn a_confirmation_is_of_the_amendment_that_was_seen() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    let own = bid(&providers[0], &lots[0], "100").await;
    let path = format!("/bids/{own}/confirmation");
    let confirm =
        |version: i64, answers: i64| providers[0].post(&path, json!({"version": version, "answers": answers}));
    assert_eq!(confirm(1, 0).await.status, 412, "there is nothing to confirm");
    amend(&buyer, &tender, &material_form(&buyer, &tender, &[1, 2]).await).await.ok();
    let mut second = as_it_stands(&buyer, &tender).await;
    second["class"] = "material".into();
    second["summary"] = "云平台设备 36 个月维保，含备件与驻场，两小时到场。".into();
    second["lots"] = json!(["1"]);
    amend(&buyer, &tender, &second).await.ok();
    assert_eq!(confirm(1, 1).await.status, 412, "seen before the second amendment");
    confirm(1, 2).await.ok();
    providers[0].post(&format!("/bids/{own}/withdrawal"), json!({"version": 2})).await.ok();
    assert_eq!(refusal(&confirm(3, 2).await), (409, "bid-not-sealed".into()));
    let again = json!({"version": 3, "answers": 2, "price": "90", "delivery_days": "30"});
    providers[0].post(&format!("/bids/{own}/replacement"), again).await.ok();
}
