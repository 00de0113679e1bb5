//! Exception cases: a statutory item, two others who approve, an end; each opening on record and shown to its person.

use crate::account::{changed, refused};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Who applies, and the two who approve.
pub struct Desk {
    applicant: Browser,
    approvers: [Browser; 2],
}

impl Desk {
    pub async fn of(world: &World) -> Self {
        let one =
            async |n: u8| world.operator_of(&format!("1390013900{n}"), &format!("desk{n}@operator.example")).await;
        Self { applicant: one(1).await, approvers: [one(2).await, one(3).await] }
    }

    /// A case about somebody; answers its address.
    pub async fn applied(&self, person: &str) -> String {
        self.applied_with(application(person)).await
    }

    async fn applied_with(&self, form: Value) -> String {
        let case = self.applicant.post("/desk/exceptions", form).await.ok().json();
        format!("/desk/exceptions/{}", case["id"].as_str().unwrap())
    }

    pub async fn approve(&self, case: &str) {
        for approver in &self.approvers {
            approver.post(&format!("{case}/approval"), json!({})).await.ok();
        }
    }

    async fn open(&self, case: &str) -> Answer {
        self.applicant.post(&format!("{case}/openings"), json!({})).await
    }
}

pub fn application(person: &str) -> Value {
    json!({
        "id": crate::sourcing::id(), "person": person, "phone": true, "basis": "legal-duty",
        "law": "刑事诉讼法第五十四条", "authority": "某市公安局", "document": "调证字〔2026〕17号",
        "document_hash": "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
        "reason": "核实一起诈骗案的联系方式", "days": "14"
    })
}

#[track_caller]
fn conflict(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, code), "{}", answer.text);
}

const OPENED: &str = "SELECT CAST(count(*) AS BIGINT) FROM opening WHERE purpose = 'exception' AND outcome = 'opened'";
const CASES: &str = "SELECT CAST(count(*) AS BIGINT) FROM exception_case";

#[tokio::test]
async fn a_case_names_exactly_one_statutory_item_or_is_refused() {
    let world = World::new().await;
    let (me, desk) = (world.member("both").await, Desk::of(&world).await);
    let apply = async |form: Value| desk.applicant.post("/desk/exceptions", form).await;
    let form = || application(&me.phone);
    for none in ["consent", "case", "legitimate-interest", "legal-duty emergency"] {
        refused(&apply(changed(form(), "basis", json!(none))).await, "basis", "exception-item");
    }
    refused(&apply(changed(form(), "basis", json!(""))).await, "basis", "required");
    for (field, value, code) in [
        ("phone", json!(false), "exception-field"),
        ("days", json!("31"), "exception-days"),
        ("days", json!("0"), "exception-days"),
        ("document_hash", json!("9f86"), "exception-hash"),
        ("person", json!("13700000000"), "exception-nobody"),
        ("reason", json!("查"), "too-short"),
    ] {
        refused(&apply(changed(form(), field, value)).await, field, code);
    }
    refused(&apply(changed(form(), "silent_days", json!("60"))).await, "silent_law", "exception-silence");
    refused(&apply(changed(form(), "silent_law", json!("国家安全法"))).await, "silent_days", "exception-silence");
    assert_eq!(world.count(CASES).await, 0, "nothing of what was refused is kept");
    let id = crate::sourcing::id().to_string();
    let page = desk.applicant.submit("/desk/exceptions", &[("id", &id), ("basis", "consent")]).await;
    assert!(page.text.contains("第十三条第一款第（二）至（七）项之一") && !page.text.contains('⟦'), "{}", page.text);
    let whole = form();
    for _ in 0..2 {
        apply(whole.clone()).await.ok();
    }
    assert_eq!(world.count(CASES).await, 1, "sent twice it is one case");
}

#[tokio::test]
async fn two_others_approve_and_nobody_opens_before() {
    let world = World::new().await;
    let (me, desk) = (world.member("both").await, Desk::of(&world).await);
    let case = desk.applied(&me.phone).await;
    let approval = format!("{case}/approval");
    let [one, two] = &desk.approvers;
    conflict(&desk.applicant.post(&approval, json!({})).await, "exception-own");
    let page = one.page("/").await.ok().text;
    assert!(page.contains("1 个例外案件等待你批准"), "{page}");
    assert_eq!(one.post(&approval, json!({})).await.ok().json()["state"], "waiting");
    conflict(&one.post(&approval, json!({})).await, "exception-approved");
    conflict(&desk.open(&case).await, "exception-waits");
    assert_eq!(world.count(OPENED).await, 0);
    let page = one.page(&case).await.ok().text;
    assert!(page.contains("等待其他人批准") && !page.contains(&me.phone) && !page.contains('⟦'), "{page}");
    assert_eq!(two.post(&approval, json!({})).await.ok().json()["state"], "approved");
    conflict(&world.operator().await.post(&approval, json!({})).await, "exception-over");
    for times in 1..=2 {
        let opened = desk.open(&case).await.ok().json();
        assert_eq!((&opened["phone"], &opened["email"]), (&json!(format!("+86{}", me.phone)), &Value::Null));
        assert_eq!(world.count(OPENED).await, times, "each time on record");
    }
    let page = desk.applicant.submit(&format!("{case}/openings"), &[]).await.ok().text;
    assert!(page.contains(&me.phone) && page.contains("只显示这一次") && !page.contains('⟦'), "{page}");
    let list = desk.applicant.page("/desk/exceptions?lang=en").await.ok().text;
    assert!(list.contains("2 / 2") && list.contains("(3) needed for a statutory duty"), "{list}");
}

#[tokio::test]
async fn its_person_reads_it_at_once_or_when_the_law_no_longer_forbids_it() {
    let world = World::new().await;
    let (me, you, desk) = (world.member("both").await, world.member("both").await, Desk::of(&world).await);
    let told = async |who: &Browser| {
        let page = world.again(who).await.get("/me/accesses").await.ok().json();
        let others = page["others"].as_array().unwrap().clone();
        others.into_iter().filter(|line| line["case"].is_string()).collect::<Vec<_>>()
    };
    let open = desk.applied(&me.phone).await;
    desk.approve(&open).await;
    desk.open(&open).await.ok();
    let seen = told(&me).await;
    assert_eq!(seen.len(), 1, "at once: {seen:?}");
    assert_eq!(seen[0]["case"], "例外案件：某市公安局，文书调证字〔2026〕17号，依据刑事诉讼法第五十四条");
    assert_eq!(seen[0]["basis"], "法定职责或法定义务");
    assert!(seen[0]["told"].as_str().unwrap().starts_with("运营方（例外案件）为"), "{seen:?}");
    let silent = changed(application(&me.phone), "silent_law", json!("国家安全法第七十八条"));
    let silent = desk.applied_with(changed(silent, "silent_days", json!("60"))).await;
    desk.approve(&silent).await;
    desk.open(&silent).await.ok();
    world.settle().await;
    assert_eq!(told(&me).await.len(), 1, "the law forbids it");
    let noted = "SELECT CAST(count(*) AS BIGINT) FROM event WHERE kind = 'exception.silenced'";
    assert_eq!(world.count(noted).await, 1, "that it is kept from them is itself on record");
    world.clock.advance(SignedDuration::from_hours(24 * 60 + 1));
    assert_eq!(told(&me).await.len(), 2, "the law no longer forbids it");
    assert_eq!(told(&you).await.len(), 0, "another person's");
}

#[tokio::test]
async fn an_ended_or_revoked_case_and_a_foreign_hand_open_nothing() {
    let world = World::new().await;
    let (me, desk) = (world.member("both").await, Desk::of(&world).await);
    let (ended, revoked) = (desk.applied(&me.phone).await, desk.applied(&me.phone).await);
    for case in [&ended, &revoked] {
        desk.approve(case).await;
    }
    for path in [ended.clone(), "/desk/exceptions".to_owned(), "/desk/exceptions/new".to_owned()] {
        assert_eq!(me.get(&path).await.status, 404, "{path}");
        assert_eq!(world.visitor().get(&path).await.status, 401, "{path}");
    }
    for act in ["approval", "revocation", "openings"] {
        assert_eq!(me.post(&format!("{ended}/{act}"), json!({})).await.status, 404, "{act}");
        let forged = format!("/desk/exceptions/{}/{act}", crate::sourcing::id());
        assert_eq!(desk.applicant.post(&forged, json!({})).await.status, 404, "{act}");
    }
    let more = desk.applicant.post(&format!("{ended}/openings"), json!({"email": true})).await;
    assert_eq!(more.status, 422, "a field that the case does not name cannot be asked for");
    desk.approvers[0].post(&format!("{revoked}/revocation"), json!({})).await.ok();
    conflict(&desk.open(&revoked).await, "exception-over");
    for act in ["approval", "revocation"] {
        conflict(&desk.approvers[1].post(&format!("{revoked}/{act}"), json!({})).await, "exception-over");
    }
    world.clock.advance(SignedDuration::from_hours(24 * 14));
    let desk = Desk::of(&world).await;
    conflict(&desk.open(&ended).await, "exception-over");
    assert_eq!(world.count(OPENED).await, 0);
    let denied = "SELECT CAST(count(*) AS BIGINT) FROM opening o JOIN exception_opening e ON e.opening = o.id \
                  WHERE o.outcome = 'denied' AND o.reason = 'no-case'";
    assert_eq!(world.count(denied).await, 2, "both attempts are on record with their case");
}

#[tokio::test]
async fn everybody_reads_how_many_there_are_by_item_and_how_many_are_withheld() {
    let world = World::new().await;
    let (me, desk) = (world.member("both").await, Desk::of(&world).await);
    let case = desk.applied(&me.phone).await;
    desk.approve(&case).await;
    desk.open(&case).await.ok();
    let silent = changed(application(&me.phone), "silent_law", json!("国家安全法第七十八条"));
    let silent = changed(changed(silent, "silent_days", json!("60")), "basis", json!("emergency"));
    desk.applied_with(silent).await;
    world.pass(SignedDuration::from_mins(11)).await;
    let trust = world.visitor().get("/trust").await.ok().json();
    let of = |name: &str| {
        let figures = trust["figures"].as_array().unwrap();
        let found = figures.iter().find(|figure| figure["name"] == format!("exceptions-{name}"));
        found.unwrap_or_else(|| panic!("{name} is not in {figures:?}"))["value"].clone()
    };
    for (name, count) in [("all", 2), ("open", 1), ("withheld", 1), ("item-3", 1), ("item-4", 1), ("item-7", 0)] {
        assert_eq!(of(name), count, "{name}");
    }
    assert_eq!(of("unfounded"), 0);
    let forge = "UPDATE exception_case SET approved_at = approved_at + 3600000000 WHERE approved_at IS NOT NULL";
    world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(forge, &[])).await.unwrap();
    world.pass(SignedDuration::from_mins(11)).await;
    assert!(
        world.visitor().page("/trust").await.ok().text.contains("证据不符"),
        "an opening before its approval shows"
    );
}
