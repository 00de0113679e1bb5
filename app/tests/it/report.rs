//! Reports of what was written in a thread: the desk reads what was handed over, decides with reasons, and answers a reply.

use crate::conversation::joined;
use crate::operator_duty::holder;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World, sabotaged};
use app::web::OperatorDuty;
use serde_json::{Value, json};

const BAD: &str = "不答应就让你们在本市接不到活";
const OTHER: &str = "上周的报价附在合同草案里";

fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

struct Case {
    buyer: Browser,
    provider: Browser,
    thread: String,
    /// What the report hands over.
    bad: String,
    report: String,
}

impl Case {
    /// The provider has threatened, and the buyer has reported that message.
    async fn new(world: &World) -> Self {
        let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
        let thread = joined(&buyer, &provider).await;
        let path = format!("/threads/{thread}/messages");
        provider.post(&path, json!({ "id": id(), "text": OTHER })).await.ok();
        let sent = provider.post(&path, json!({ "id": id(), "text": BAD })).await.ok().json();
        let bad = text(&sent, "id");
        let mut case = Self { buyer, provider, thread, bad, report: String::new() };
        case.report = text(&case.make(id()).await.ok().json(), "id");
        world.settle().await;
        case
    }

    async fn make(&self, report: String) -> Answer {
        let fields = json!({ "id": report, "ground": "abuse", "text": "对方威胁我们，请处理", "message": [self.bad] });
        self.buyer.post(&format!("/threads/{}/reports", self.thread), fields).await
    }

    fn own(&self) -> String {
        format!("/reports/{}", self.report)
    }

    fn desk(&self, of: &str) -> String {
        format!("/desk/reports/{}{of}", self.report)
    }

    async fn texts(&self, by: &Browser) -> Vec<Value> {
        let page = by.get(&format!("/threads/{}", self.thread)).await.ok().json();
        page["messages"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect()
    }
}

#[tokio::test]
async fn the_desk_reads_what_was_handed_over_and_nothing_else() {
    sabotaged();
    let world = World::new().await;
    let case = Case::new(&world).await;
    assert_eq!(text(&case.make(case.report.clone()).await.ok().json(), "id"), case.report, "sent twice it is one");
    let (risk, second) = (holder(&world, OperatorDuty::Risk).await, holder(&world, OperatorDuty::Risk).await);
    let queue = risk.get("/desk/reports").await.ok();
    assert_eq!(text(&queue.json()["reports"][0], "id"), case.report);
    let closed = risk.page(&case.desk("")).await.ok().text;
    for page in [&queue.text, &closed] {
        assert!(!page.contains(BAD) && !page.contains(OTHER) && !page.contains("请处理"), "{page}");
    }
    assert_eq!(told(&risk.post(&case.desk("/opening"), json!({})).await), (409, "report-claimed".into()));
    risk.post(&case.desk("/claim"), json!({})).await.ok();
    assert_eq!(told(&second.post(&case.desk("/claim"), json!({})).await), (409, "report-claimed".into()));
    assert_eq!(told(&second.post(&case.desk("/opening"), json!({})).await), (409, "report-claimed".into()));
    let opened = risk.post(&case.desk("/opening"), json!({})).await.ok();
    assert!(opened.text.contains(BAD) && !opened.text.contains(OTHER), "{}", opened.text);
    assert_eq!(opened.header("cache-control"), "no-store");
    let page = risk.submit(&case.desk("/opening"), &[]).await;
    assert!(
        page.text.contains(BAD) && page.text.contains("下架交出的消息") && !page.text.contains('⟦'),
        "{}",
        page.text
    );
    // The thread stays shut for every duty; both sides see that it was opened, the reported one with the decision.
    for operator in [&risk, &world.operator().await] {
        assert_eq!(told(&operator.get(&format!("/threads/{}", case.thread)).await), (403, "members-only".into()));
        assert_eq!(told(&operator.get(&case.own()).await), (403, "members-only".into()));
    }
    assert_eq!(case.buyer.get(&case.own()).await.ok().json()["openings"].as_array().map(Vec::len), Some(2));
    assert_eq!(told(&case.provider.get(&case.own()).await), (404, "not-found".into()));
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    assert_eq!(told(&reviewer.get("/desk/reports").await), (403, "operator-duty-risk-missing".into()));
    // Withdrawing the message takes nothing from the case.
    case.provider.post(&format!("/messages/{}/withdrawal", case.bad), json!({})).await.ok();
    assert!(risk.post(&case.desk("/opening"), json!({})).await.ok().text.contains(BAD));
}

#[tokio::test]
async fn a_decision_has_reasons_and_a_reply_is_answered() {
    sabotaged();
    let world = World::new().await;
    let case = Case::new(&world).await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    risk.post(&case.desk("/claim"), json!({})).await.ok();
    let decision = json!({ "decision": "taken-down", "reasons": "以不正当手段威胁交易对方。" });
    assert_eq!(told(&risk.post(&case.desk("/decision"), decision.clone()).await), (409, "report-unread".into()));
    risk.post(&case.desk("/opening"), json!({})).await.ok();
    let bare = risk.post(&case.desk("/decision"), json!({ "decision": "taken-down" })).await;
    assert_eq!((bare.status.as_u16(), &bare.json()["errors"][0]["field"]), (422, &json!("reasons")));
    assert_eq!(case.texts(&case.buyer).await, [json!(OTHER), json!(BAD)]);
    risk.post(&case.desk("/decision"), decision.clone()).await.ok();
    assert_eq!(told(&risk.post(&case.desk("/decision"), decision.clone()).await), (409, "report-decided".into()));
    for side in [&case.buyer, &case.provider] {
        assert_eq!(case.texts(side).await, [json!(OTHER), Value::Null]);
        let page = side.page(&format!("/threads/{}", case.thread)).await.ok().text;
        assert!(page.contains("已由运营方下架") && !page.contains('⟦'), "{page}");
        assert_eq!(side.get(&case.own()).await.ok().json()["said"]["reasons"], decision["reasons"]);
        assert!(!side.page(&case.own()).await.ok().text.contains('⟦'));
    }
    world.settle().await;
    let inbox = case.provider.get("/inbox").await.ok().text;
    assert!(inbox.contains("举报已有决定"), "{inbox}");
    // Who was reported does not read what the reporter wrote about it, and replies once.
    assert_eq!(case.provider.get(&case.own()).await.ok().json()["text"], Value::Null);
    let reply = format!("{}/reply", case.own());
    assert_eq!(told(&case.buyer.post(&reply, json!({ "text": "我来回复一下" })).await), (404, "not-found".into()));
    assert_eq!(told(&risk.post(&case.desk("/answer"), answer("lifted")).await), (409, "report-not-replied".into()));
    case.provider.post(&reply, json!({ "text": "这是引用客户的话，断章取义" })).await.ok();
    let again = case.provider.post(&reply, json!({ "text": "再说一次吧" })).await;
    assert_eq!(told(&again), (409, "report-not-decided".into()));
    risk.post(&case.desk("/answer"), answer("lifted")).await.ok();
    assert_eq!(case.texts(&case.buyer).await, [json!(OTHER), json!(BAD)], "the decision is undone");
    let seen = case.provider.get(&case.own()).await.ok().json();
    assert_eq!((&seen["state"], &seen["said"]["upheld"]), (&json!("final"), &json!(false)));
    let page = case.provider.page(&case.own()).await.ok().text;
    assert!(page.contains("撤销决定") && page.contains("断章取义") && !page.contains('⟦'), "{page}");
}

fn answer(outcome: &str) -> Value {
    json!({ "outcome": outcome, "reasons": "经核对上下文，予以答复。" })
}

#[tokio::test]
async fn a_thread_is_closed_after_a_report_and_only_its_sides_report() {
    let world = World::new().await;
    let case = Case::new(&world).await;
    let third = world.member("buyer").await;
    let fields = json!({ "id": id(), "ground": "other", "text": "看看里面有什么", "message": [case.bad] });
    let path = format!("/threads/{}/reports", case.thread);
    assert_eq!(told(&third.post(&path, fields.clone()).await), (404, "not-found".into()));
    assert_eq!(told(&third.get(&format!("/threads/{}/report", case.thread)).await), (404, "not-found".into()));
    assert_eq!(told(&third.get(&case.own()).await), (404, "not-found".into()));
    // A message of another thread is not handed over through this one.
    let elsewhere = joined(&third, &case.buyer).await;
    let sent = third.post(&format!("/threads/{elsewhere}/messages"), json!({ "id": id(), "text": "别的会话" })).await;
    let mut foreign = fields.clone();
    foreign["message"] = json!([text(&sent.ok().json(), "id")]);
    assert_eq!(told(&case.buyer.post(&path, foreign).await), (404, "not-found".into()));
    let mut none = fields;
    none["message"] = json!([]);
    assert_eq!(case.buyer.post(&path, none).await.json()["errors"][0]["code"], "report-messages");
    let page = case.buyer.page(&format!("/threads/{}/report", case.thread)).await.ok().text;
    assert!(page.contains(BAD) && page.contains("交出选中的消息并举报") && !page.contains('⟦'), "{page}");
    let risk = holder(&world, OperatorDuty::Risk).await;
    risk.post(&case.desk("/claim"), json!({})).await.ok();
    risk.post(&case.desk("/opening"), json!({})).await.ok();
    risk.post(&case.desk("/decision"), json!({ "decision": "closed", "reasons": "多次威胁，关闭会话。" })).await.ok();
    let late =
        case.provider.post(&format!("/threads/{}/messages", case.thread), json!({ "id": id(), "text": "喂" })).await;
    assert_eq!(told(&late), (409, "thread-closed".into()));
    assert!(case.buyer.page(&format!("/threads/{}", case.thread)).await.ok().text.contains("处理举报后关闭"));
    case.provider.post(&format!("{}/reply", case.own()), json!({ "text": "请求重新核对" })).await.ok();
    risk.post(&case.desk("/opening"), json!({})).await.ok();
    risk.post(&case.desk("/answer"), answer("upheld")).await.ok();
    let late =
        case.provider.post(&format!("/threads/{}/messages", case.thread), json!({ "id": id(), "text": "喂" })).await;
    assert_eq!(told(&late), (409, "thread-closed".into()));
}
