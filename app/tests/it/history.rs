//! A company's whole history as of any day: read on a stated purpose, on record, told to the company, listed for the auditor.

use crate::account::{changed, refused};
use crate::operator_duty::holder;
use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::table::stage::company;
use crate::world::{Answer, Browser, World};
use app::web::OperatorDuty;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What is said before a history is read.
pub fn why() -> Value {
    json!({ "id": id(), "purpose": "audit", "reason": "核对2026年11月的审核决定" })
}

#[track_caller]
fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.text);
}

/// Begins to read as the auditor, and answers the path of the grant.
async fn begun(auditor: &Browser, company: &str) -> String {
    let grant = auditor.post(&format!("/desk/audit/histories/{company}/grants"), why()).await.ok().json();
    format!("/desk/audit/history-grants/{}", text(&grant, "id"))
}

fn words<'a>(list: &'a Value, of: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[of].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_auditor_reads_how_a_company_stood_on_a_day_and_what_was_decided_by_then() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let applicant = world.applicant(&who).await;
    let company = company(&applicant).await;
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    world.stay_signed_in(30).await;
    // 23 November: registered. 24: refused. 25: corrected. 26: approved. 27: a colleague joins.
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    world.pass(days(1)).await;
    let reason = json!({ "reason": "名称与证照不一致" });
    crate::company::decide(&reviewer, &company, "refusal", reason).await.ok();
    world.pass(days(1)).await;
    let own = applicant.get("/company").await.ok().json()["company"].clone();
    let corrected = json!({
        "company": format!("{}二", text(&own, "name")), "credit_code": own["credit_code"], "buyer": true, "provider": true
    });
    applicant.post("/company/application", corrected).await.ok();
    world.pass(days(1)).await;
    crate::company::decide(&reviewer, &company, "approval", json!({})).await.ok();
    world.pass(days(1)).await;
    crate::colleague::colleague(&world, &applicant, &["bidder"]).await;
    let auditor = holder(&world, OperatorDuty::Auditor).await;
    let grant = begun(&auditor, &company).await;
    let on = async |day: &str| auditor.get(&format!("{grant}?at={day}")).await.ok().json()["stood"].clone();
    let before = on("2026-11-22").await;
    assert_eq!((&before["existed"], &before["people"], &before["events"]), (&json!(false), &json!([]), &json!([])));
    let first = on("2026-11-23").await;
    assert_eq!((&first["state"], &first["decisions"]), (&json!("pending"), &json!([])));
    assert_eq!(first["people"].as_array().unwrap().len(), 1);
    let second = on("2026-11-24").await;
    assert_eq!((&second["state"], words(&second["decisions"], "outcome")), (&json!("refused"), vec!["refused"]));
    assert_eq!(second["decisions"][0]["reason"], "名称与证照不一致", "why, although the row has forgotten it since");
    assert_eq!(second["decisions"][0]["by"], "reviewer岗");
    assert_eq!(on("2026-11-25").await["state"], "pending", "it had applied again");
    let fourth = on("2026-11-26").await;
    assert_eq!(
        (&fourth["state"], words(&fourth["decisions"], "outcome")),
        (&json!("approved"), vec!["accepted", "refused"])
    );
    assert_eq!(fourth["people"].as_array().unwrap().len(), 1, "the colleague was not there yet");
    let now = on("2026-11-27").await;
    assert_eq!(now["people"].as_array().unwrap().len(), 2);
    assert_eq!(now["people"][1]["duties"], json!(["bidder"]));
    assert!(words(&now["events"], "kind").contains(&"people.changed"));
    assert_eq!(on("2030-01-01").await["people"].as_array().unwrap().len(), 2, "what has not come is now");
    let (name_then, name_now) = (second["parts"].to_string(), now["parts"].to_string());
    assert!(!name_then.contains("二\"") && name_now.contains("二\""), "{name_then} {name_now}");
    let page = auditor.page(&format!("{grant}?at=2026-11-24")).await.ok().text;
    assert!(page.contains("名称与证照不一致") && page.contains("依公示信息") && !page.contains('⟦'), "{page}");
    for told in [page, now.to_string()] {
        assert!(!told.contains(&who.phone) && !told.contains(&who.email), "no datum of a person: {told}");
    }
    is(&auditor.get(&format!("{grant}?at=yesterday")).await, 400, "history-day");
}

#[tokio::test]
async fn a_grant_is_its_readers_and_ends_after_eight_hours() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let company = company(&buyer).await;
    let (auditor, reviewer) =
        (holder(&world, OperatorDuty::Auditor).await, holder(&world, OperatorDuty::Reviewer).await);
    let grant = begun(&auditor, &company).await;
    auditor.get(&grant).await.ok();
    let same = grant.replace("/desk/audit", "/desk");
    is(&reviewer.get(&same).await, 404, "not-found");
    is(&reviewer.get(&grant).await, 403, "operator-duty-auditor-missing");
    is(&auditor.get(&same).await, 403, "operator-duty-reviewer-missing");
    is(&buyer.get(&grant).await, 404, "not-found");
    let other = holder(&world, OperatorDuty::Auditor).await;
    is(&other.get(&grant).await, 404, "not-found");
    let ask = format!("/desk/audit/histories/{company}/grants");
    let form = why();
    let one = auditor.post(&ask, form.clone()).await.ok().json();
    assert_eq!(auditor.post(&ask, form.clone()).await.ok().json()["id"], one["id"], "sent twice, it is one");
    is(&other.post(&ask, form).await, 404, "not-found");
    refused(&auditor.post(&ask, changed(why(), "purpose", json!("curiosity"))).await, "purpose", "choice");
    refused(&auditor.post(&ask, changed(why(), "reason", json!("看看"))).await, "reason", "too-short");
    refused(&auditor.post(&ask, changed(why(), "at", json!("2027-01-01"))).await, "at", "history-day");
    let nobody = format!("/desk/audit/histories/{}/grants", id());
    is(&auditor.post(&nobody, why()).await, 404, "not-found");
    let prefetch = auditor.request(reqwest::Method::GET, &grant).header("sec-purpose", "prefetch");
    assert_eq!(auditor.send(prefetch.header("accept", "text/html")).await.status, 403);
    world.stay_signed_in(1).await;
    world.pass(SignedDuration::from_hours(8)).await;
    is(&auditor.get(&grant).await, 409, "history-over");
    assert_eq!(world.count("SELECT count(*) FROM history_reading").await, 1, "only what was shown is a reading");
}

#[tokio::test]
async fn who_read_is_told_to_the_company_and_to_the_auditor_whose_own_readings_are_among_them() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let id = company(&buyer).await;
    let auditor = holder(&world, OperatorDuty::Auditor).await;
    let grant = begun(&auditor, &id).await;
    for _ in 0..2 {
        auditor.get(&grant).await.ok();
    }
    let told = buyer.get("/company/readings").await.ok().json();
    let line = &told["readings"][0];
    assert_eq!((&line["duty"], &line["purpose"], &line["readings"]), (&json!("auditor"), &json!("audit"), &json!(2)));
    assert_eq!(line["title"], "auditor岗");
    assert!(!told.to_string().contains("核对2026年"), "the reason may be about others");
    let page = buyer.page("/company/readings").await.ok().text;
    assert!(page.contains("审计平台的决定") && page.contains("查看2次") && !page.contains('⟦'), "{page}");
    assert_eq!(provider.get("/company/readings").await.ok().json()["readings"], json!([]));
    let report = auditor.get("/desk/audit").await.ok().json();
    assert_eq!(report["histories"][0]["readings"], 2, "{report}");
    assert_eq!(report["histories"][0]["reason"], "核对2026年11月的审核决定");
    let page = auditor.page("/desk/audit").await.ok().text;
    assert!(page.contains("谁看过企业历史") && !page.contains('⟦'), "{page}");
    let events = "SELECT count(*) FROM event WHERE kind = 'history.read' AND company IS NOT NULL";
    assert_eq!(world.count(events).await, 3, "the beginning and both readings are in the log");
    let form = auditor.page(&format!("/desk/audit/histories/{id}")).await.ok().text;
    assert!(form.contains("查看2次") && form.contains("为什么要看") && !form.contains('⟦'), "{form}");
    let empty = auditor.submit(&format!("/desk/audit/histories/{id}/grants"), &[("reason", "x")]).await;
    assert!(empty.status == 422 && !empty.text.contains('⟦'), "{}", empty.text);
}

#[tokio::test]
async fn a_company_is_found_by_its_code_or_whole_name_and_a_tied_reviewer_does_not_read_it() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let own = buyer.get("/company").await.ok().json()["company"].clone();
    let (company, code, name) = (text(&own, "id"), text(&own, "credit_code"), text(&own, "name"));
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    let found = async |words: &str| {
        let answer = reviewer.get(&format!("/desk/histories?words={words}")).await.ok().json();
        answer["found"].as_array().unwrap().len()
    };
    assert_eq!([found(&code).await, found(&code.to_lowercase()).await, found(&name).await], [1, 1, 1]);
    assert_eq!([found("%25").await, found("").await, found(&name[..3]).await], [0, 0, 0]);
    let page = reviewer.page(&format!("/desk/histories?words={code}")).await.ok().text;
    assert!(
        page.contains(&name) && page.contains(&format!("/desk/histories/{company}")) && !page.contains('⟦'),
        "{page}"
    );
    let begin = format!("/desk/histories/{company}/grants");
    let grant = reviewer.post(&begin, changed(why(), "purpose", json!("review"))).await.ok().json();
    let shown = reviewer.page(&format!("/desk/history-grants/{}", text(&grant, "id"))).await.ok().text;
    assert!(shown.contains(&name) && !shown.contains('⟦'), "{shown}");
    let list = reviewer.page("/desk/histories").await.ok().text;
    assert!(list.contains(&name) && list.contains("审核或复核"), "{list}");
    let case = reviewer.post(&format!("/operator/companies/{company}/verification"), json!({})).await.ok();
    let case = format!("/desk/verifications/{}/recusal", text(&case.json(), "id"));
    reviewer.post(&case, json!({})).await.ok();
    is(&reviewer.post(&begin, why()).await, 409, "verification-tied");
    let again = reviewer.get(&format!("/desk/history-grants/{}", text(&grant, "id"))).await;
    is(&again, 409, "verification-tied");
}

#[tokio::test]
async fn no_bid_is_told_by_a_companys_history() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = crate::sourcing::published_as(&world, &buyer, crate::sourcing::draft(&world)).await;
    let auditor = holder(&world, OperatorDuty::Auditor).await;
    let grant = begun(&auditor, &company(&provider).await).await;
    let before = auditor.get(&grant).await.ok().json()["stood"].clone();
    crate::sourcing::bid(&provider, &lot, "300").await;
    world.settle().await;
    assert_eq!(auditor.get(&grant).await.ok().json()["stood"], before);
}
