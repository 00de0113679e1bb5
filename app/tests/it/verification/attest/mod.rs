//! Attestation: facts confirmed by an entrusted service, in place of papers; and what it takes for that to count.

mod lies;
mod provider;

use super::person::{BIDDER, decide, employed, identify, identify_as, representative};
use super::{CASE, accepted, give, photo, refusal};
use crate::account::refused;
use crate::colleague::colleague;
use crate::firm::{NAME, form, identity, part};
use crate::people::{Applicant, resident_id};
use crate::sourcing::id;
use crate::world::{Answer, Browser, World};
use app::config::Settings;
use app::doctor::{Finding, State, examine};
use futures::future::join_all;
use jiff::SignedDuration;
use kit::random::Random;
use provider::{Plays, Provider, SECRET, sign};
use serde_json::{Value, json};

const ATTESTATION: &str = "/company/verification/company/attestation";
const SENT: &str = "SELECT count(*) FROM opening WHERE purpose = 'attestation' AND recipient = 'attestor' \
     AND opener_role = 'verification.attest' AND opener_company IS NOT NULL AND outcome = 'opened'";

/// A world with a service under contract until the end of the year after.
async fn world() -> (World, Provider) {
    until("2027-12-31").await
}

async fn until(day: &str) -> (World, Provider) {
    let provider = Provider::new().await;
    let world = World::configured(|config| provider.configure(config, day)).await;
    (world, provider)
}

/// Somebody whose company is not verified yet, and has said who stands for it.
async fn filed(world: &World) -> Browser {
    let member = world.applicant(&Applicant::new("both")).await;
    member.post("/company/representative", form("/company/representative")).await.ok();
    member
}

async fn ask(member: &Browser) -> Answer {
    member.post(ATTESTATION, json!({ "id": id() })).await
}

/// The case, as its people have it.
async fn case(member: &Browser) -> Value {
    member.get(CASE).await.ok().json()["case"].clone()
}

/// How the licence stands, and the attestation.
async fn stands(member: &Browser) -> (Value, Value) {
    let case = case(member).await;
    (case["steps"][0]["state"].clone(), case["attestation"]["state"].clone())
}

/// Hands in what is left, and the case. Answers its address on the desk.
async fn hand_in(member: &Browser) -> String {
    give(member, "letter", &photo()).await.ok();
    let case = member.post(&format!("{CASE}/handing-in"), json!({})).await.ok().json();
    format!("/desk/verifications/{}", case["id"].as_str().unwrap())
}

/// What the register says of who confirms facts.
fn processor(trust: &Value) -> &Value {
    let all = trust["processors"].as_array().unwrap();
    all.iter().find(|one| one["service"] == "attestation").unwrap()
}

#[tokio::test]
async fn a_company_whose_facts_are_confirmed_hands_in_no_licence() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    let page = member.page(CASE).await.ok().text;
    assert!(page.contains("信核数据") && page.contains("不发送证件号") && !page.contains('⟦'), "{page}");
    ask(&member).await.ok();
    assert_eq!((world.count(SENT).await, provider.heard().len()), (0, 0), "the answer does not wait for the service");
    assert_eq!(stands(&member).await, (json!("missing"), json!("waiting")));
    assert!(member.page(CASE).await.ok().text.contains("正在核对"));
    world.settle().await;
    let [request] = &provider.heard()[..] else { panic!("asked once") };
    let (known, sent) = (member.get("/company").await.ok().json()["company"].clone(), request.json());
    let facts = json!({ "name": known["name"], "credit_code": known["credit_code"], "representative": NAME });
    assert_eq!((&sent["facts"], sent.as_object().unwrap().len()), (&facts, 2), "these three and nothing else");
    let (at, nonce) = (request.header("ziyun-timestamp"), request.header("ziyun-nonce"));
    let ago = world.clock.now().as_second() - at.parse::<i64>().unwrap();
    assert!((0..60).contains(&ago) && nonce.len() == 32, "{at} {nonce}");
    let signature = sign(&SECRET, "ziyun-attestation-question-v1", at, nonce, &request.body);
    assert_eq!((request.header("ziyun-signature"), request.header("ziyun-key")), (signature.as_str(), "ziyun-1"));
    assert_eq!(world.count(SENT).await, 1, "opened for it, on record, and once");
    assert_eq!(stands(&member).await, (json!("attested"), json!("confirmed")));
    let shown = case(&member).await["attestation"].clone();
    assert_eq!((&shown["counts"], &shown["token"]), (&json!(true), &Value::Null));
    assert!(member.page(CASE).await.ok().text.contains("这一步不用上传"));
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-holds".into()));
    assert_eq!(member.get("/session").await.json()["company"]["state"], "pending", "a reviewer decides");
    let (case, reviewer) = (hand_in(&member).await, world.operator().await);
    assert!(!reviewer.page(&case).await.ok().text.contains(NAME), "not before the case is theirs");
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let page = reviewer.page(&case).await.ok().text;
    for text in [NAME, "att_5e1f0b77", "没有图片"] {
        assert!(page.contains(text) && !page.contains('⟦'), "{text}: {page}");
    }
    let english = reviewer.page(&format!("{case}?lang=en")).await.ok().text;
    assert!(english.contains("No picture") && !english.contains('⟦'), "{english}");
    let forgotten = json!({ "letter": "accept", "letter_checks": ["seal", "person", "scope"] });
    refused(&reviewer.post(&format!("{case}/decision"), forgotten).await, "licence", "required");
    reviewer.post(&format!("{case}/decision"), accepted()).await.ok();
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    assert_eq!(stands(&member).await.0, "accepted");
    world.rows(|table, row| assert!(!String::from_utf8_lossy(row).contains(NAME), "{table} holds the name"));
}

#[tokio::test]
async fn a_reviewer_may_ask_for_the_paper_nevertheless() {
    let (world, _) = world().await;
    let member = filed(&world).await;
    ask(&member).await.ok();
    world.settle().await;
    let (case, reviewer) = (hand_in(&member).await, world.operator().await);
    let doubted = json!({
        "licence": "refuse", "licence_reason": "登记地址近期有变更，请上传营业执照",
        "letter": "accept", "letter_checks": ["seal", "person", "scope"],
    });
    decide(&reviewer, &case, doubted).await;
    assert_eq!(stands(&member).await, (json!("refused"), json!("confirmed")));
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-not-needed".into()));
    let early = member.post(&format!("{CASE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()));
    give(&member, "licence", &photo()).await.ok();
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    decide(&reviewer, &case, json!({ "licence": "accept", "licence_checks": ["name", "code", "valid"] })).await;
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn facts_that_change_are_not_confirmed_any_more() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    ask(&member).await.ok();
    world.settle().await;
    let renamed = identity(&member, json!({ "company": "换名之后有限公司" })).await;
    member.post("/company/identity", renamed).await.ok();
    assert_eq!(stands(&member).await, (json!("missing"), json!("confirmed")));
    assert!(member.page(CASE).await.ok().text.contains("法定代表人有变更"));
    ask(&member).await.ok();
    world.settle().await;
    assert_eq!(provider.heard()[1].json()["facts"]["name"], "换名之后有限公司");
    // It is handed in, and then somebody else stands for the company.
    let (case, reviewer) = (hand_in(&member).await, world.operator().await);
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let mut next = form("/company/representative");
    next["version"] = part(&member, "representative").await["version"].clone();
    next["representative_name"] = json!("闻人若水");
    member.post("/company/representative", next).await.ok();
    let late = reviewer.post(&format!("{case}/decision"), accepted()).await;
    assert_eq!(refusal(&late), (409, "verification-incomplete".into()));
    let page = reviewer.page(&case).await.ok().text;
    assert!(page.contains("现在不能通过") && !page.contains("闻人若水") && !page.contains('⟦'), "{page}");
    reviewer.post(&format!("{case}/release"), json!({})).await.ok();
    assert!(member.page(CASE).await.ok().text.contains("审核开始前请撤回"));
    member.post(&format!("{CASE}/taking-back"), json!({})).await.ok();
    ask(&member).await.ok();
    world.settle().await;
    member.post(&format!("{CASE}/handing-in"), json!({})).await.ok();
    decide(&reviewer, &case, accepted()).await;
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
}

#[tokio::test]
async fn after_the_contract_nothing_is_opened_and_nothing_is_sent() {
    let (world, provider) = until("2026-12-31").await;
    let member = filed(&world).await;
    world.stay_signed_in(60).await;
    provider.plays([Plays::Down]);
    ask(&member).await.ok();
    world.settle().await;
    assert_eq!((world.count(SENT).await, provider.heard().len()), (1, 1));
    world.until("2027-01-01T00:00:00Z".parse().unwrap()).await;
    assert_eq!((world.count(SENT).await, provider.heard().len()), (1, 1), "the try that was due is none");
    let shown = case(&member).await["attestation"].clone();
    assert_eq!((&shown["state"], &shown["trouble"]), (&json!("given-up"), &json!("contract")));
    let page = member.page(CASE).await.ok().text;
    assert!(page.contains("合同已到期") && !page.contains("请它核对"), "{page}");
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-off".into()));
    let trust = world.visitor().get("/trust").await.ok().json();
    assert_eq!(processor(&trust)["state"], "ended");
}

#[tokio::test]
async fn what_differs_and_what_is_not_known_is_said_with_the_next_step() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    provider.plays([Plays::Differs(&["name", "representative"]), Plays::Unsaid]);
    ask(&member).await.ok();
    world.settle().await;
    let shown = case(&member).await["attestation"].clone();
    assert_eq!((&shown["state"], &shown["differs"]), (&json!("differs"), &json!(["name", "representative"])));
    let page = member.page(CASE).await.ok().text;
    assert!(page.contains("与登记信息不一致") && page.contains("去公司页更正"), "{page}");
    // The reviewer sees it beside the paper.
    give(&member, "licence", &photo()).await.ok();
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-not-needed".into()));
    let case_path = hand_in(&member).await;
    let reviewer = world.operator().await;
    reviewer.post(&format!("{case_path}/claim"), json!({})).await.ok();
    let page = reviewer.page(&case_path).await.ok().text;
    assert!(page.contains("不一致的内容") && !page.contains(NAME), "{page}");
    let other = filed(&world).await;
    ask(&other).await.ok();
    world.settle().await;
    assert_eq!(stands(&other).await, (json!("missing"), json!("unsaid")));
    assert!(other.page(CASE).await.ok().text.contains("不说明公司有问题"));
    ask(&other).await.ok();
}

#[tokio::test]
async fn without_a_service_it_is_not_offered_and_papers_do() {
    let world = World::new().await;
    let member = filed(&world).await;
    let shown = member.get(CASE).await.ok().json();
    assert_eq!((&shown["attestor"], &shown["case"]["attestation"]), (&Value::Null, &Value::Null));
    assert!(!member.page(CASE).await.ok().text.contains("请它核对"));
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-off".into()));
    let trust = world.visitor().get("/trust").await.ok().json();
    assert_eq!(processor(&trust)["state"], "own");
}

#[tokio::test]
async fn an_owner_asks_for_their_own_company_and_twice_is_once() {
    let (world, provider) = world().await;
    let (member, other) = (filed(&world).await, world.applicant(&Applicant::new("both")).await);
    assert_eq!(refusal(&ask(&other).await), (409, "attestation-nobody-filed".into()));
    let bidder = colleague(&world, &member, &["bidder"]).await;
    assert_eq!(ask(&bidder).await.code(), "duty-owner");
    assert_eq!(world.visitor().post(ATTESTATION, json!({ "id": id() })).await.status, 401);
    for kind in ["demand-side", "bank-account"] {
        let path = format!("/company/verification/{kind}/attestation");
        let status = world.member("both").await.post(&path, json!({ "id": id() })).await.status;
        assert_eq!(status, 404, "{kind}: no register tells");
    }
    let question = json!({ "id": id() });
    let both = join_all([(); 2].map(|()| member.post(ATTESTATION, question.clone()))).await;
    assert!(both.iter().all(|answer| answer.status == 201), "the same form twice is one question");
    assert_eq!(refusal(&ask(&member).await), (409, "attestation-waiting".into()));
    other.post("/company/representative", form("/company/representative")).await.ok();
    assert_eq!(other.post(ATTESTATION, question).await.status, 404, "another's question");
    world.settle().await;
    assert_eq!(provider.heard().len(), 1);
    // What is withdrawn is not asked; what has nothing to withdraw says so.
    ask(&other).await.ok();
    other.post(&format!("{ATTESTATION}/withdrawal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!((provider.heard().len(), stands(&other).await.1), (1, json!("withdrawn")));
    let again = other.post(&format!("{ATTESTATION}/withdrawal"), json!({})).await;
    assert_eq!(refusal(&again), (409, "attestation-not-waiting".into()));
    let mut last = ask(&other).await;
    for _ in 0..5 {
        other.post(&format!("{ATTESTATION}/withdrawal"), json!({})).await;
        last = ask(&other).await;
    }
    assert_eq!(last.status, 429, "each question costs");
}

#[tokio::test]
async fn a_legal_representative_shows_no_appointment_and_still_says_that_it_is_them() {
    let (world, provider) = world().await;
    let (owner, path) = (world.member("both").await, "/company/verification/legal-representative");
    owner.post("/company/representative", form("/company/representative")).await.ok();
    owner.post(&format!("{path}/attestation"), json!({ "id": id() })).await.ok();
    world.settle().await;
    assert_eq!(provider.heard()[0].json()["facts"]["representative"], NAME);
    let early = owner.post(&format!("{path}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()), "the statement is the person's own");
    identify(&owner, path).await;
    owner.upload(&format!("{path}/steps/statement"), &[], &[("pages", "声明.jpg", &photo())]).await.ok();
    let handed = owner.post(&format!("{path}/handing-in"), json!({})).await.ok().json();
    let (case, reviewer) = (format!("/desk/verifications/{}", handed["id"].as_str().unwrap()), world.operator().await);
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    assert!(reviewer.page(&case).await.ok().text.contains(NAME), "compared with who has signed");
    reviewer.post(&format!("{case}/decision"), representative()).await.ok();
    assert_eq!(owner.get(path).await.ok().json()["case"]["holds"], true);
}

#[tokio::test]
async fn a_bidder_has_it_asked_whether_name_and_number_belong_to_one_person() {
    let (world, provider) = world().await;
    let (owner, path) = (world.member("provider").await, format!("{BIDDER}/attestation"));
    let ask = async || owner.post(&path, json!({ "id": id() })).await;
    assert_eq!(refusal(&ask().await), (409, "attestation-no-document".into()));
    let number = resident_id(77, "19070809");
    identify_as(&owner, BIDDER, &number).await;
    for (language, words) in [("", "是否属于同一人"), ("?lang=en", "belong to one person")] {
        let page = owner.page(&format!("{BIDDER}{language}")).await.ok().text;
        assert!(page.contains(words) && !page.contains('⟦'), "{page}");
    }
    ask().await.ok();
    world.settle().await;
    let sent = provider.heard()[0].json();
    assert_eq!(sent["facts"], json!({ "person_name": NAME, "person_number": number }), "these two and nothing else");
    assert_eq!(world.count(SENT).await, 1, "one record, of both");
    assert_eq!(refusal(&ask().await), (409, "attestation-holds".into()));
    owner.upload(&format!("{BIDDER}/steps/employment"), &[], &[("pages", "在职.jpg", &photo())]).await.ok();
    let handed = owner.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok().json();
    assert_eq!(handed["attestation"]["counts"], true);
    let (case, reviewer) = (format!("/desk/verifications/{}", handed["id"].as_str().unwrap()), world.operator().await);
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let page = reviewer.page(&case).await.ok().text;
    assert!(page.contains("属于同一人") && page.contains("att_5e1f0b77") && !page.contains('⟦'), "{page}");
    // Another document is not the one that was confirmed.
    reviewer.post(&format!("{case}/release"), json!({})).await.ok();
    owner.post(&format!("{BIDDER}/taking-back"), json!({})).await.ok();
    identify(&owner, BIDDER).await;
    assert_eq!(owner.get(BIDDER).await.ok().json()["case"]["attestation"]["counts"], false);
    owner.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok();
    decide(&reviewer, &case, employed()).await;
    assert_eq!(owner.get(BIDDER).await.ok().json()["case"]["holds"], true, "the reviewer decides");
}

#[tokio::test]
async fn what_was_confirmed_a_quarter_ago_stands_for_no_paper() {
    let (world, provider) = world().await;
    let member = filed(&world).await;
    world.stay_signed_in(200).await;
    ask(&member).await.ok();
    world.settle().await;
    world.pass(SignedDuration::from_hours(24 * 90 - 1)).await;
    assert_eq!(stands(&member).await.0, "attested");
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(stands(&member).await, (json!("missing"), json!("confirmed")));
    assert!(member.page(CASE).await.ok().text.contains("超过90天"));
    ask(&member).await.ok();
    world.settle().await;
    assert_eq!((stands(&member).await.0, provider.heard().len()), (json!("attested"), 2));
}

/// What the doctor says of the service that is configured so.
async fn examined(provider: &Provider, secret: &[u8]) -> Vec<Finding> {
    use base64::Engine;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("attestor.secret");
    std::fs::write(&file, base64::engine::general_purpose::STANDARD.encode(secret)).unwrap();
    let settings = [
        ("data_dir", folder.path().join("data").display().to_string()),
        ("attestor_url", provider.address.clone()),
        ("attestor_key_id", "ziyun-1".to_owned()),
        ("attestor_secret_file", file.display().to_string()),
        ("attestor_timeout", "1".to_owned()),
        ("entrusted_attestor", "信核数据; dpo@attest.example; 华东; 2027-12-31".to_owned()),
    ];
    let settings = Settings::read(None, [], settings).unwrap();
    let findings = examine(&settings, &crate::world::beginning(), &Random::seeded(1), &[]).await;
    findings.into_iter().filter(|one| one.check == "attestor").collect()
}

#[tokio::test]
async fn the_doctor_says_whether_it_answers_and_sends_nobodys_data() {
    let provider = Provider::new().await;
    let found = examined(&provider, &SECRET).await;
    assert!(found.iter().any(|one| one.state == State::Ok && one.what.contains("same secret")), "{found:?}");
    assert!(found.iter().any(|one| one.state == State::Warn && one.what.contains("others can read")), "{found:?}");
    assert_eq!(provider.heard()[0].json()["facts"], json!({}));
    let failed = |found: &[Finding], words: &str| {
        assert!(found.iter().any(|one| one.state == State::Fail && one.what.contains(words)), "{words}: {found:?}");
    };
    provider.plays([Plays::Forges, Plays::Hangs, Plays::Down]);
    failed(&examined(&provider, &SECRET).await, "not signed with the secret");
    failed(&examined(&provider, &SECRET).await, "in time");
    failed(&examined(&provider, &SECRET).await, "status");
    failed(&examined(&provider, &SECRET[..31]).await, "32 to 64 bytes");
}
