//! Risk signals: nothing before the opening, the risk duty alone after it, on a stated reason, judged by people, with no consequence.

use crate::account::{changed, refused};
use crate::firm::form;
use crate::operator_duty::holder;
use crate::people::resident_id;
use crate::sourcing::{after, bid, id, published, text};
use crate::verification::person::{BIDDER, decide, employed, hand_in, identify_as};
use crate::world::{Answer, Browser, World};
use app::web::OperatorDuty;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NOTE: &str =
    "我方承诺合同签订后十个工作日内到货，安装调试由原厂工程师完成，质保三年，四小时响应，备件库设在本市并常年备足。";

/// What is said before signals are read.
pub fn why() -> Value {
    json!({ "id": id(), "reason": "例行查看本周开标的标段" })
}

#[track_caller]
fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.text);
}

/// A lot that is open, and who has bid what for it.
struct Case {
    tender: String,
    lot: String,
    buyer: Browser,
    bidders: Vec<Browser>,
}

async fn place(bidder: &Browser, lot: &str, yuan: &str, note: &str) -> String {
    let bid = id();
    let fields = json!({ "id": bid, "price": yuan, "delivery_days": "30", "note": note });
    bidder.post(&format!("/lots/{lot}/bids"), fields).await.ok();
    bid
}

impl Case {
    /// Sealed bids at these prices, all with the same note.
    async fn sealed(world: &World, prices: &[&str]) -> Self {
        let buyer = world.member("buyer").await;
        let (tender, lot) = published(world, &buyer).await;
        let mut bidders = Vec::new();
        for yuan in prices {
            let bidder = world.member("provider").await;
            place(&bidder, &lot, yuan, NOTE).await;
            bidders.push(bidder);
        }
        Self { tender, lot, buyer, bidders }
    }

    /// The same after their opening.
    async fn opened(world: &World, prices: &[&str]) -> Self {
        let mut case = Self::sealed(world, prices).await;
        world.until(after(world.clock.now(), 10)).await;
        world.settle().await;
        case.buyer = world.again(&case.buyer).await;
        for bidder in &mut case.bidders {
            *bidder = world.again(bidder).await;
        }
        case
    }

    /// Begins to read, and answers the path of the grant.
    async fn begun(&self, risk: &Browser) -> String {
        let grant = risk.post(&format!("/desk/risk/{}/grants", self.lot), why()).await.ok().json();
        format!("/desk/risk-grants/{}", text(&grant, "id"))
    }

    /// The path of the first signal of a kind.
    async fn signal(&self, risk: &Browser, grant: &str, kind: &str) -> (String, Value) {
        let page = risk.get(grant).await.ok().json();
        let all = page["signals"].as_array().unwrap().clone();
        let found = all.into_iter().find(|one| one["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {page}"));
        (format!("/desk/risk-signals/{}", text(&found, "id")), found)
    }
}

fn verdict(signal: &Value, outcome: &str) -> Value {
    json!({ "id": id(), "version": signal["version"], "outcome": outcome, "reason": "三家都按公开的最高限价报价" })
}

fn kinds(page: &Value) -> Vec<String> {
    let mut kinds: Vec<_> = page["signals"].as_array().unwrap().iter().map(|one| text(one, "kind")).collect();
    kinds.dedup();
    kinds
}

/// Whatever there is of signals, in rows.
const ROWS: &str = "SELECT (SELECT count(*) FROM risk_assessment) + (SELECT count(*) FROM risk_signal) + \
     (SELECT count(*) FROM risk_signal_bid)";

/// The comparison is asked for, as if the tender had been opened.
async fn compare(world: &World, tender: &str) {
    let tender: kit::id::Id<()> = tender.parse().unwrap();
    let ask = move |tx: &mut kit::db::Tx| {
        let now = tx.now();
        kit::job::enqueue(tx, "risk.assess", tender.as_bytes(), now).map(drop)
    };
    world.app.db().write::<_, kit::db::Error>(ask).await.unwrap();
    world.settle().await;
}

#[tokio::test]
async fn before_the_opening_there_is_nothing_and_after_it_every_signal_has_its_reasons() {
    let world = World::new().await;
    let case = Case::sealed(&world, &["100000", "100000", "101000"]).await;
    let (gone, gone_bid) = (world.member("provider").await, id());
    let fields = json!({ "id": gone_bid, "price": "100000", "delivery_days": "30", "note": NOTE });
    gone.post(&format!("/lots/{}/bids", case.lot), fields).await.ok();
    gone.post(&format!("/bids/{gone_bid}/withdrawal"), json!({ "version": 1 })).await.ok();
    compare(&world, &case.tender).await;
    assert_eq!(world.count(ROWS).await, 0, "sealed bids are compared by nobody, whoever asks");
    let risk = holder(&world, OperatorDuty::Risk).await;
    assert_eq!(risk.get("/desk/risk").await.ok().json()["lots"], json!([]));
    is(&risk.get(&format!("/desk/risk/{}", case.lot)).await, 404, "not-found");
    is(&risk.post(&format!("/desk/risk/{}/grants", case.lot), why()).await, 404, "not-found");
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let risk = world.again(&risk).await;
    let list = risk.get("/desk/risk").await.ok().json();
    assert_eq!((&list["lots"][0]["lot"], &list["lots"][0]["is_waiting"]), (&json!(case.lot), &json!(true)));
    let page = risk.page("/desk/risk").await.ok().text;
    assert!(page.contains("不会自动产生任何后果") && !page.contains("100,000") && !page.contains('⟦'), "{page}");
    // Of what is public already the red flags tell without a reason: prices of the opening, and bids of nobody's.
    let flags = risk.get("/desk/red-flags").await.ok().json();
    let mut of_lot = flags["flags"].as_array().unwrap().iter().filter(|one| one["id"] == case.lot.as_str());
    assert!(of_lot.any(|one| one["indicator"] == "R028"), "{flags}");
    let page = risk.page("/desk/red-flags").await.ok().text;
    assert!(page.contains("不同投标人报价相同") && !page.contains('⟦'), "{page}");
    let grant = case.begun(&risk).await;
    let shown = risk.get(&grant).await.ok().json();
    assert_eq!(kinds(&shown), ["low-variation", "equal-prices", "similar-text"], "{shown}");
    assert_eq!(shown["basis"]["bids"], 3, "what was withdrawn is not among them: {shown}");
    let low = &shown["signals"][0];
    assert_eq!((&low["threshold"], low["bids"].as_array().unwrap().len()), (&json!(0.06), 3));
    assert!(low["value"].as_f64().unwrap() < 0.01 && !low["facts"].as_array().unwrap().is_empty());
    assert_eq!(shown["signals"][1]["bids"].as_array().unwrap().len(), 2, "the two of the same price");
    let page = risk.page(&grant).await.ok().text;
    for told in ["报价过于集中", "变异系数", "6.0 %", "文字雷同", "100,000.00", "没有在已知真相的数据上检验过"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains('⟦') && page.contains("已知真相的公开数据"), "how right the method is: {page}");
    let before = world.count(ROWS).await;
    compare(&world, &case.tender).await;
    assert_eq!(world.count(ROWS).await, before, "done again it is done once");
}

#[tokio::test]
async fn a_grant_is_its_readers_and_ends_after_eight_hours() {
    let world = World::new().await;
    let case = Case::opened(&world, &["5000", "5000", "5000"]).await;
    let (risk, other) = (holder(&world, OperatorDuty::Risk).await, holder(&world, OperatorDuty::Risk).await);
    let ask = format!("/desk/risk/{}/grants", case.lot);
    let form = why();
    let one = risk.post(&ask, form.clone()).await.ok().json();
    assert_eq!(risk.post(&ask, form.clone()).await.ok().json()["id"], one["id"], "sent twice, it is one");
    is(&other.post(&ask, form).await, 404, "not-found");
    refused(&risk.post(&ask, changed(why(), "reason", json!("看看"))).await, "reason", "too-short");
    let grant = format!("/desk/risk-grants/{}", text(&one, "id"));
    let (path, signal) = case.signal(&risk, &grant, "equal-prices").await;
    is(&other.get(&grant).await, 404, "not-found");
    is(&other.get(&path).await, 409, "risk-ungranted");
    let judgements = format!("{path}/judgements");
    is(&other.post(&judgements, verdict(&signal, "dismissed")).await, 409, "risk-ungranted");
    let prefetch = risk.request(reqwest::Method::GET, &grant).header("sec-purpose", "prefetch");
    assert_eq!(risk.send(prefetch.header("accept", "text/html")).await.status, 403);
    world.stay_signed_in(1).await;
    world.pass(SignedDuration::from_hours(8)).await;
    is(&risk.get(&grant).await, 409, "risk-over");
    is(&risk.post(&format!("{grant}/persons"), json!({})).await, 409, "risk-over");
    is(&risk.get(&path).await, 409, "risk-ungranted");
    is(&risk.post(&judgements, verdict(&signal, "dismissed")).await, 409, "risk-ungranted");
    assert_eq!(world.count("SELECT count(*) FROM risk_reading").await, 1, "only what was shown is a reading");
    let again = case.begun(&risk).await;
    risk.get(&again).await.ok();
    let told = risk.get(&format!("/desk/risk/{}", case.lot)).await.ok().json();
    assert_eq!(told["before"].as_array().unwrap().len(), 2, "who reads sees who has read: {told}");
}

#[tokio::test]
async fn no_other_duty_and_no_member_gets_there() {
    let world = World::new().await;
    let case = Case::opened(&world, &["5000", "5000", "5000"]).await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let (signal, _) = case.signal(&risk, &grant, "equal-prices").await;
    let paths = ["/desk/risk".to_owned(), format!("/desk/risk/{}", case.lot), grant.clone(), signal.clone()];
    for duty in OperatorDuty::ALL.into_iter().filter(|duty| *duty != OperatorDuty::Risk) {
        let person = holder(&world, duty).await;
        for path in &paths {
            is(&person.get(path).await, 403, "operator-duty-risk-missing");
        }
        is(&person.post(&format!("{grant}/persons"), json!({})).await, 403, "operator-duty-risk-missing");
    }
    for member in case.bidders.iter().take(1).chain([&case.buyer]) {
        for path in &paths {
            is(&member.get(path).await, 404, "not-found");
        }
    }
    assert_eq!(world.visitor().get(&signal).await.status, 401);
    for path in ["/desk/risk-signals/1", "/desk/risk-grants/x", "/desk/risk/00000000-0000-0000-0000-000000000000"] {
        is(&risk.get(path).await, 404, "not-found");
    }
}

#[tokio::test]
async fn a_judgement_has_its_reason_stays_in_the_history_and_changes_nothing_else() {
    let world = World::new().await;
    let case = Case::opened(&world, &["5000", "5000", "5000"]).await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let (path, signal) = case.signal(&risk, &grant, "equal-prices").await;
    let judgements = format!("{path}/judgements");
    let seen = async || {
        let tender = case.buyer.get(&format!("/tenders/{}", case.tender)).await.ok().json();
        let bids = case.bidders[0].get("/bids").await.ok().json();
        let told = world.count("SELECT count(*) FROM notification").await;
        (tender, bids, case.bidders[0].get("/company").await.ok().json(), told)
    };
    let before = seen().await;
    refused(
        &risk.post(&judgements, changed(verdict(&signal, "dismissed"), "reason", json!(""))).await,
        "reason",
        "required",
    );
    refused(&risk.post(&judgements, verdict(&signal, "guilty")).await, "outcome", "choice");
    refused(&risk.post(&judgements, verdict(&signal, "open")).await, "outcome", "choice");
    let form = verdict(&signal, "to-examine");
    for _ in 0..2 {
        let judged = risk.post(&judgements, form.clone()).await.ok().json();
        assert_eq!((&judged["state"], &judged["version"]), (&json!("to-examine"), &json!(2)), "sent twice, it is one");
    }
    is(&risk.post(&judgements, verdict(&signal, "dismissed")).await, 412, "stale");
    let later = changed(verdict(&signal, "dismissed"), "version", json!(2));
    let judged = risk.post(&judgements, later).await.ok().json();
    let outcomes: Vec<_> = judged["judgements"].as_array().unwrap().iter().map(|one| text(one, "outcome")).collect();
    assert_eq!(outcomes, ["dismissed", "to-examine"], "both are in the history");
    let page = risk.page(&path).await.ok().text;
    assert!(page.contains("三家都按公开的最高限价报价") && page.contains("risk岗") && !page.contains('⟦'), "{page}");
    world.settle().await;
    assert_eq!(seen().await, before, "no tender, bid or company has changed, and nobody was told");
    let all = risk.get(&grant).await.ok().json();
    for one in all["signals"].as_array().unwrap().iter().filter(|one| one["state"] == "open") {
        risk.post(&format!("/desk/risk-signals/{}/judgements", text(one, "id")), verdict(one, "dismissed")).await.ok();
    }
    assert_eq!(risk.get("/desk/risk").await.ok().json()["lots"][0]["is_waiting"], false, "nothing waits any more");
}

#[tokio::test]
async fn of_two_who_judge_at_once_one_has_to_read_again() {
    let world = World::new().await;
    let case = Case::opened(&world, &["5000", "5000", "5000"]).await;
    let (one, other) = (holder(&world, OperatorDuty::Risk).await, holder(&world, OperatorDuty::Risk).await);
    let grant = case.begun(&one).await;
    case.begun(&other).await;
    let (path, signal) = case.signal(&one, &grant, "low-variation").await;
    let judgements = format!("{path}/judgements");
    let (first, second) = tokio::join!(
        one.post(&judgements, verdict(&signal, "dismissed")),
        other.post(&judgements, verdict(&signal, "to-examine")),
    );
    let mut told = [first.status.as_u16(), second.status.as_u16()];
    told.sort_unstable();
    assert_eq!(told, [201, 412]);
    assert_eq!(world.count("SELECT count(*) FROM risk_judgement").await, 1);
    // Another's judgement is not mine to repeat.
    let form = verdict(&signal, "dismissed");
    let form = changed(form, "version", json!(2));
    one.post(&judgements, form.clone()).await.ok();
    is(&other.post(&judgements, form).await, 404, "not-found");
}

#[tokio::test]
async fn a_company_sees_that_its_bids_were_compared_and_not_what_came_of_it() {
    let world = World::new().await;
    let case = Case::sealed(&world, &["5000", "5000", "5000"]).await;
    let bidder = &case.bidders[0];
    assert_eq!(bidder.get("/company/assessments").await.ok().json()["lots"], json!([]), "not before the opening");
    let stranger = world.member("provider").await;
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let (bidder, stranger) = (world.again(bidder).await, world.again(&stranger).await);
    let told = bidder.get("/company/assessments").await.ok().json();
    assert_eq!(told["lots"][0]["lot"], case.lot);
    assert!(!told.to_string().contains("equal") && !told.to_string().contains("signal"), "{told}");
    let page = bidder.page("/company/assessments").await.ok().text;
    assert!(page.contains("投标比对") && page.contains("由人说明") && !page.contains('⟦'), "{page}");
    for other in [&stranger, &world.again(&case.buyer).await] {
        assert_eq!(other.get("/company/assessments").await.ok().json()["lots"], json!([]));
    }
}

#[tokio::test]
async fn who_stands_for_the_bidders_is_opened_by_an_act_of_its_own_on_record() {
    let world = World::new().await;
    let case = Case::sealed(&world, &["5000", "5000", "5000"]).await;
    case.bidders[0].post("/company/representative", form("/company/representative")).await.ok();
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let name = text(&form("/company/representative"), "representative_name");
    let openings = "SELECT count(*) FROM opening WHERE purpose = 'risk-judgement' AND outcome = 'opened'";
    assert!(!risk.page(&grant).await.ok().text.contains(&name));
    assert_eq!(world.count(openings).await, 0, "reading signals opens nobody's name");
    let opened = risk.post(&format!("{grant}/persons"), json!({})).await.ok().json();
    let names: Vec<_> = opened["persons"].as_array().unwrap().iter().filter(|one| one["name"] == *name).collect();
    assert_eq!((names.len(), opened["persons"].as_array().unwrap().len()), (1, 3), "{opened}");
    assert_eq!(world.count(openings).await, 1);
    let page = risk.submit(&format!("{grant}/persons"), &[]).await.ok().text;
    assert!(page.contains(&name) && page.contains("同名不等于同一人") && !page.contains('⟦'), "{page}");
}

#[tokio::test]
async fn prices_far_apart_with_words_of_their_own_raise_nothing() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    for yuan in ["100000", "131000", "177000"] {
        bid(&world.member("provider").await, &lot, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM risk_assessment WHERE found = 0 AND waiting = 0").await, 1);
    let risk = holder(&world, OperatorDuty::Risk).await;
    assert_eq!(risk.get("/desk/risk").await.ok().json()["lots"], json!([]));
    is(&risk.post(&format!("/desk/risk/{lot}/grants"), why()).await, 404, "not-found");
}

#[tokio::test]
async fn a_thousandfold_copy_is_told_by_a_few_signals() {
    let world = World::new().await;
    let prices = ["5000"; 13];
    let case = Case::opened(&world, &prices).await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let shown = risk.get(&grant).await.ok().json();
    assert_eq!(shown["basis"]["bids"], 13);
    assert_eq!(shown["basis"]["found"], 80, "two of the prices, and each pair of texts");
    assert_eq!(shown["signals"].as_array().unwrap().len(), 60, "the first are kept");
    let page = risk.page(&grant).await.ok().text;
    assert!(page.contains("共有 80 条线索") && !page.contains('⟦'), "{page}");
}

#[tokio::test]
async fn after_three_years_all_of_it_is_gone() {
    let world = World::new().await;
    let case = Case::opened(&world, &["5000", "5000", "5000"]).await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let (path, signal) = case.signal(&risk, &grant, "equal-prices").await;
    risk.post(&format!("{path}/judgements"), verdict(&signal, "dismissed")).await.ok();
    world.stay_verified().await;
    world.pass(SignedDuration::from_hours(24 * 1090)).await;
    world.settle().await;
    assert!(world.count(ROWS).await > 0, "three years are not over");
    world.pass(SignedDuration::from_hours(24 * 10)).await;
    world.settle().await;
    let left = "SELECT (SELECT count(*) FROM risk_judgement) + (SELECT count(*) FROM risk_grant) + \
         (SELECT count(*) FROM risk_reading)";
    assert_eq!((world.count(ROWS).await, world.count(left).await), (0, 0));
}

#[tokio::test]
async fn one_verified_person_behind_two_bids_is_a_signal_without_their_number() {
    let world = World::new().await;
    let case = Case::sealed(&world, &["300", "410", "520"]).await;
    let (reviewer, same) = (world.operator().await, resident_id(42, "19060708"));
    for bidder in &case.bidders[..2] {
        let path = hand_in(bidder, BIDDER, &["employment"]).await;
        bidder.post(&format!("{BIDDER}/taking-back"), json!({})).await.ok();
        identify_as(bidder, BIDDER, &same).await;
        bidder.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok();
        let mut decision = employed();
        (decision["same_number"], decision["same_number_reason"]) = (json!("one-person"), json!("本人在两家公司任职"));
        decide(&reviewer, &path, decision).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let risk = holder(&world, OperatorDuty::Risk).await;
    let grant = case.begun(&risk).await;
    let (path, signal) = case.signal(&risk, &grant, "same-person").await;
    let about: Vec<_> = signal["bids"].as_array().unwrap().iter().map(|bid| bid["price"].clone()).collect();
    assert_eq!(about, [json!(30_000), json!(41_000)], "the two, and not the third");
    for page in [risk.page(&grant).await.ok().text, risk.page(&path).await.ok().text] {
        assert!(page.contains("同一人代表") && !page.contains(&same) && !page.contains('⟦'), "{page}");
    }
    let opened = "SELECT count(*) FROM opening WHERE purpose = 'risk-judgement'";
    assert_eq!(world.count(opened).await, 0, "nothing is opened for it");
}
