//! Qualified lists: applied to, reviewed, concluded, used for tenders; and what of them reaches nobody before its hour.

mod asking;
mod calling;
mod pool;
mod upholding;

use crate::demand::{broken, told};
use crate::sourcing::{after, bid, draft, id, in_days, publish as publish_tender, text};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Unmistakable words of an application.
const WORDS: &str = "琥珀海豚级布缆船两艘，近三年抢修十一次";

/// The form of a call that can be published.
pub fn call(world: &World, kind: &str) -> Value {
    let until = if kind == "standing" { String::new() } else { in_days(world, 6) };
    json!({
        "id": id(),
        "kind": kind,
        "regime": "enterprise",
        "title": "海底光缆抢修服务",
        "category": "it-software",
        "region": "36",
        "summary": "海底光缆抢修，两年内随叫随到。",
        "requirements": "持有海上作业资质\n近三年有两项同类业绩\n",
        "applications_until": until,
        "valid_days": "60",
        "most": "",
    })
}

/// Publishes a draft as it was just seen.
pub async fn publish(buyer: &Browser, list: &str) -> Answer {
    let seen = buyer.get(&format!("/qualified-lists/{list}/publication")).await.ok().json();
    buyer.post(&format!("/qualified-lists/{list}/publication"), json!({"version": seen["list"]["version"]})).await
}

/// Applies for the first time, with a file.
pub async fn evidence(provider: &Browser, list: &str, words: &str) -> Answer {
    let (path, form) = (format!("/qualified-lists/{list}/application"), id());
    let fields = [("id", form.as_str()), ("version", "0"), ("statement", words)];
    provider.upload(&path, &fields, &[("files", "资质证书.pdf", b"%PDF-1.7 certificate")]).await
}

async fn published(world: &World, buyer: &Browser, form: Value) -> (String, String) {
    let list = text(&buyer.post("/qualified-lists", form).await.ok().json(), "id");
    publish(buyer, &list).await.ok();
    world.settle().await;
    (format!("/qualified-lists/{list}"), list)
}

async fn read(reader: &Browser, path: &str) -> Value {
    reader.get(path).await.ok().json()
}

/// How often the inbox has something of this kind.
async fn heard(browser: &Browser, kind: &str) -> usize {
    let inbox = read(browser, "/inbox?about=qualified").await;
    inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == kind).count()
}

/// Where a company's own application is.
async fn own(provider: &Browser, page: &str) -> String {
    format!("/qualified-applications/{}", text(&read(provider, page).await["own"], "id"))
}

/// Notes a review of an application as it stands.
async fn review(buyer: &Browser, application: &str, unmet: &[&str], reason: &str) -> Answer {
    let version = read(buyer, application).await["application"]["version"].clone();
    let form = json!({"version": version, "unmet": unmet, "points": "", "reason": reason});
    buyer.post(&format!("{application}/review"), form).await
}

/// Decides on all.
async fn conclude(buyer: &Browser, page: &str) -> Answer {
    let version = read(buyer, page).await["list"]["version"].clone();
    buyer.post(&format!("{page}/conclusion"), json!({"version": version})).await
}

async fn providers(world: &World, many: usize) -> Vec<Browser> {
    let mut all = Vec::new();
    for _ in 0..many {
        all.push(world.member("provider").await);
    }
    all
}

/// Drafts a tender from a list: its page.
async fn drafted(buyer: &Browser, page: &str, form: Value) -> String {
    format!("/tenders/{}", text(&buyer.post(&format!("{page}/tender"), form).await.ok().json(), "id"))
}

async fn unready(buyer: &Browser, tender: &str) -> Vec<String> {
    let page = read(buyer, &format!("{tender}/publication")).await;
    page["unready"].as_array().unwrap().iter().map(|one| text(one, "rule")).collect()
}

fn instant(value: &Value, field: &str) -> Timestamp {
    text(value, field).parse().expect("an instant")
}

#[tokio::test]
async fn applications_and_names_are_closed_until_their_hour() {
    sabotaged();
    let world = World::new().await;
    let (buyer, other, visitor) = (world.member("buyer").await, world.member("buyer").await, world.visitor());
    let all = providers(&world, 5).await;
    world.stay_signed_in(100).await;
    let form = call(&world, "single");
    let deadline = instant(&form, "applications_until");
    let (page, list) = published(&world, &buyer, form).await;
    let notices = visitor.get("/notices").await.ok().json();
    let notice = visitor.page(&format!("/notices/{}", text(&notices["notices"][0], "id"))).await.ok().text;
    assert!(notice.contains("资格预审公告") && notice.contains(&page) && !notice.contains('⟦'), "{notice}");
    let before = (read(&buyer, &page).await, read(&visitor, &page).await);
    for one in &all[..4] {
        evidence(one, &list, WORDS).await.ok();
    }
    evidence(&all[4], &list, "撤回之后没有申请。").await.ok();
    all[4].post(&format!("{page}/application/withdrawal"), json!({"version": 1})).await.ok();
    world.settle().await;

    // Nothing tells the buyer, or anybody, that somebody has applied.
    let now = (read(&buyer, &page).await, read(&visitor, &page).await);
    assert_eq!(before, now);
    assert_eq!(told(&buyer.get(&format!("{page}/applications")).await), (409, "applications-closed".into()));
    let mine = own(&all[0], &page).await;
    let file = format!("/qualified-files/{}", text(&read(&all[0], &page).await["own"]["files"][0], "id"));
    assert_eq!(told(&buyer.get(&mine).await), (404, "not-found".into()));
    assert_eq!(buyer.get(&file).await.status, 404);
    assert_eq!(
        told(&buyer.post(&format!("{mine}/review"), json!({"version": 1})).await),
        (409, "applications-closed".into())
    );
    assert_eq!(told(&conclude(&buyer, &page).await), (409, "applications-closed".into()));
    assert_eq!((heard(&buyer, "qualified-to-review").await, heard(&buyer, "qualified-result").await), (0, 0));
    for reader in [&all[1], &other, &visitor, &world.operator().await] {
        for path in [&mine, &file] {
            assert!([401, 403, 404].contains(&reader.get(path).await.status.as_u16()), "{path}");
        }
        for path in [page.as_str(), "/qualified-lists", "/", "/notices", "/inbox"] {
            assert!(!reader.page(path).await.text.contains(WORDS), "{path}");
        }
    }
    let kept = world.app.db().read::<_, kit::db::Error>(|tx| {
        tx.all("SELECT content FROM qualified_application WHERE content IS NOT NULL", &[], |row| row.next::<Vec<u8>>())
    });
    for sealed in kept.await.unwrap() {
        assert!(!sealed.windows(WORDS.len()).any(|part| part == WORDS.as_bytes()), "it lies sealed");
    }

    // Late is late, and withdrawn is withdrawn.
    world.clock.set(deadline);
    assert_eq!(told(&evidence(&all[4], &list, WORDS).await), (409, "applications-over".into()));
    let back = all[0].post(&format!("{page}/application/withdrawal"), json!({"version": 1})).await;
    assert_eq!(told(&back), (409, "applications-over".into()));
    world.settle().await;
    let desk = read(&buyer, &format!("{page}/applications")).await;
    assert_eq!(desk["applications"].as_array().unwrap().len(), 4, "what was withdrawn is not among them");
    assert!(buyer.page(&mine).await.ok().text.contains(WORDS));
    assert!(buyer.get(&file).await.ok().text.contains("certificate"));
    assert_eq!(heard(&buyer, "qualified-to-review").await, 1);

    // Reviewed against what was published, and told with its reason when all are decided on.
    assert_eq!(broken(&review(&buyer, &mine, &["3"], "没有公布的要求").await), ("unmet".into(), "choice".into()));
    assert_eq!(broken(&review(&buyer, &mine, &["2"], "").await), ("reason".into(), "qualified-reason-needed".into()));
    assert_eq!(told(&conclude(&buyer, &page).await), (409, "qualified-unreviewed".into()));
    for one in &all[..3] {
        review(&buyer, &own(one, &page).await, &[], "").await.ok();
    }
    let fourth = own(&all[3], &page).await;
    review(&buyer, &fourth, &["2"], "业绩只有一项。").await.ok();
    assert!(!all[3].get(&fourth).await.ok().text.contains("业绩只有一项"), "not before the decision");
    assert_eq!(other.post(&format!("{page}/conclusion"), json!({"version": 1})).await.status, 404);
    conclude(&buyer, &page).await.ok();
    world.settle().await;
    assert_eq!((heard(&all[0], "qualified-result").await, heard(&all[3], "qualified-result").await), (1, 1));
    let letter = all[3].page(&fourth).await.ok().text;
    assert!(letter.contains("业绩只有一项") && letter.contains("结果通知书") && !letter.contains('⟦'), "{letter}");
    for reader in [&visitor, &all[0], &other] {
        assert_eq!(read(reader, &page).await["members"], Value::Null, "nobody learns how many, or who");
    }
    let result = visitor.get("/notices?kind=result").await.ok().json();
    let result = visitor.page(&format!("/notices/{}", text(&result["notices"][0], "id"))).await.ok().text;
    let first = text(&read(&all[0], "/company").await["company"], "name");
    assert!(result.contains("结果已分别通知申请人") && !result.contains(&first), "{result}");
    assert_eq!(read(&buyer, &page).await["members"].as_array().unwrap().len(), 3);

    // The tender names exactly them; who objects is waited for.
    let tender_form = json!({"id": id()});
    let tender = drafted(&buyer, &page, tender_form.clone()).await;
    assert_eq!(drafted(&buyer, &page, tender_form).await, tender, "sent twice, it is one");
    assert_eq!(told(&buyer.post(&format!("{page}/tender"), json!({"id": id()})).await), (409, "qualified-used".into()));
    assert_eq!(unready(&buyer, &tender).await, ["list-waits"]);
    let named = json!({"version": read(&buyer, &format!("{tender}/draft")).await["tender"]["version"], "named": ""});
    buyer.post(&format!("{tender}/named"), named).await.ok();
    let shown = read(&buyer, &format!("{tender}/draft")).await;
    assert_eq!(shown["naming"]["named"].as_array().unwrap().len(), 3, "they cannot be typed");
    let until = instant(&read(&buyer, &page).await["list"], "objections_until");
    world.until(until).await;
    let object = json!({"id": id(), "text": "另有一项业绩在附件里。"});
    assert_eq!(
        told(&all[3].post(&format!("{fourth}/objection"), object).await),
        (409, "qualified-objection-over".into())
    );
    let mut dates = draft(&world);
    dates.as_object_mut().unwrap().remove("id");
    dates["method"] = json!("invited");
    // Who qualified alone joins nobody afterwards.
    for (most, stands) in [("2", true), ("", false)] {
        dates["consortium_most"] = json!(most);
        dates["version"] = read(&buyer, &format!("{tender}/draft")).await["tender"]["version"].clone();
        buyer.post(&format!("{tender}/draft"), dates.clone()).await.ok();
        assert_eq!(unready(&buyer, &tender).await.contains(&"list-consortium".to_owned()), stands);
    }
    let tender_id = tender.rsplit('/').next().unwrap();
    publish_tender(&buyer, tender_id).await.ok();
    world.settle().await;
    assert_eq!((all[0].get(&tender).await.status.as_u16(), all[3].get(&tender).await.status.as_u16()), (200, 404));
    assert!(all[0].page(&tender).await.ok().text.contains(&page), "it says where it comes from");
    // Nobody is invited further who has not qualified.
    let code = text(&read(&all[3], "/company").await["company"], "credit_code");
    let version = read(&buyer, &tender).await["tender"]["version"].clone();
    let further = buyer.post(&format!("{tender}/invitation"), json!({"version": version, "named": code})).await;
    assert_eq!(broken(&further), ("named".into(), "named-not-on-list".into()));
    let lot = text(&read(&buyer, &tender).await["lots"][0], "id");
    for (one, yuan) in all[..3].iter().zip(["100", "200", "300"]) {
        bid(one, &lot, yuan).await;
    }
    assert_eq!(read(&visitor, &page).await["members"], Value::Null);
    world.until(after(world.clock.now(), 11)).await;
    assert_eq!(read(&visitor, &page).await["members"].as_array().map(Vec::len), Some(3), "after the opening");
}
