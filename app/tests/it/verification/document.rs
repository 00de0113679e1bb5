//! Identity documents of who acts for a company: compared at once, shown whole to who has the case alone, gone with the verification.

use super::person::{BIDDER, REPRESENTATIVE, decide, employed, hand_in, holds, representative};
use super::{photo, refusal, second};
use crate::account::refused;
use crate::colleague::{account, colleague, remove};
use crate::firm::{NAME, form};
use crate::people::{PASSWORD, resident_id};
use crate::sourcing::id;
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const STEP: &str = "/company/verification/authorised-bidder/steps/identity";

/// What is typed beside the page of a document.
async fn typed(who: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    who.upload(path, fields, &[("pages", "证件.jpg", &photo())]).await
}

async fn number(who: &Browser, kind: &str, number: &str) -> Answer {
    typed(who, STEP, &[("document", kind), ("id_name", NAME), ("id_number", number)]).await
}

/// How many documents lie here.
async fn kept(world: &World) -> i64 {
    world.count("SELECT count(*) FROM verification_document").await
}

#[tokio::test]
async fn a_number_is_compared_at_once_and_the_error_tells_the_way() {
    let world = World::new().await;
    let owner = world.member("provider").await;
    let good = resident_id(1, "19010203");
    let wrong = format!("{}{}", &good[..17], if good.ends_with('1') { '2' } else { '1' });
    for (kind, text, code) in [
        ("resident-id", wrong.as_str(), "resident-id-check"),
        ("resident-id", "110101190102030", "resident-id-superseded"),
        ("resident-id", &good[1..], "resident-id-length"),
        ("resident-id", &resident_id(1, "19010230"), "resident-id-date"),
        ("resident-id", &resident_id(1, "20991231"), "resident-id-future"),
        ("resident-id", &good.replacen("110101", "990101", 1), "resident-id-region"),
        ("resident-id", &resident_id(2, "20101231"), "id-minor"),
        ("hong-kong-macao-permit", "K12345678", "hong-kong-macao-permit"),
        ("passport", "", "required"),
    ] {
        let answer = number(&owner, kind, text).await;
        refused(&answer, "id_number", code);
        assert!(text.is_empty() || !answer.text.contains(text), "{text}");
    }
    refused(&number(&owner, "driving-licence", "110101190102030").await, "document", "choice");
    refused(&typed(&owner, STEP, &[]).await, "document", "required");
    refused(&typed(&owner, STEP, &[("document", "passport"), ("id_number", "E1234567")]).await, "id_name", "required");
    let elsewhere = STEP.replace("identity", "employment");
    refused(&typed(&owner, &elsewhere, &[("id_number", "E1234567")]).await, "id_number", "unknown-field");
    assert_eq!(kept(&world).await, 0, "nothing of it is kept");
    for language in ["", "?lang=en"] {
        let page = owner.page(&format!("{BIDDER}{language}")).await.ok().text;
        assert!(page.contains("id_number") && !page.contains('⟦'), "{page}");
    }
    // The legal representative is who is on the company's record, however the name is spaced.
    let step = format!("{REPRESENTATIVE}/steps/identity");
    let as_named = async |name: &str| {
        typed(&owner, &step, &[("document", "resident-id"), ("id_name", name), ("id_number", &good)]).await
    };
    assert_eq!(refusal(&as_named(NAME).await), (409, "representative-not-filed".into()));
    owner.post("/company/representative", form("/company/representative")).await.ok();
    refused(&as_named("欧阳明月").await, "id_name", "representative-differs");
    as_named("司空 望舒").await.ok();
    number(&owner, "resident-id", &good.to_lowercase()).await.ok();
    assert_eq!((kept(&world).await, world.count(INDEXES).await), (2, 1), "one number, found again by its index");
    // Another name on the record: what was compared is compared anew.
    for step in ["appointment", "statement"] {
        typed(&owner, &format!("{REPRESENTATIVE}/steps/{step}"), &[]).await.ok();
    }
    let mut other = form("/company/representative");
    (other["version"], other["representative_name"]) = (json!(1), json!("欧阳明月"));
    owner.post("/company/representative", other).await.ok();
    let early = owner.post(&format!("{REPRESENTATIVE}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "representative-changed".into()));
    as_named("欧阳明月").await.ok();
    owner.post(&format!("{REPRESENTATIVE}/handing-in"), json!({})).await.ok();
}

const INDEXES: &str = "SELECT count(DISTINCT number_index) FROM verification_document";

#[tokio::test]
async fn the_same_number_under_two_accounts_is_told_and_explained() {
    let world = World::new().await;
    let (one, two) = (world.member("provider").await, world.member("provider").await);
    let same = resident_id(7, "19020304");
    for who in [&one, &two] {
        number(who, "resident-id", &same).await.ok();
        typed(who, &STEP.replace("identity", "employment"), &[]).await.ok();
    }
    let address = async |who: &Browser| {
        let case = who.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok().json();
        format!("/desk/verifications/{}", case["id"].as_str().unwrap())
    };
    let (case, reviewer) = (address(&one).await, world.operator().await);
    assert_eq!(reviewer.get(&case).await.ok().json()["same"], json!([]), "not before it is theirs");
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    let shown = reviewer.get(&case).await.ok();
    assert_eq!(shown.json()["same"], json!(["authorised-bidder"]), "which kinds, and not whose");
    let theirs = two.get("/company").await.ok().json()["company"]["name"].as_str().unwrap().to_owned();
    let page = reviewer.page(&case).await.ok().text;
    // Companies of almost the same name are told elsewhere on the page.
    let told = page.split_once("其他账号之下有同一证件号码").and_then(|(_, rest)| rest.split_once("</ul>"));
    let (told, _) = told.expect("a part of its own");
    assert!(!told.contains(&theirs) && !told.contains('⟦'), "{told}");
    let mut decision = employed();
    refused(&reviewer.post(&format!("{case}/decision"), decision.clone()).await, "same_number", "required");
    decision["same_number"] = json!("one-person");
    refused(&reviewer.post(&format!("{case}/decision"), decision.clone()).await, "same_number_reason", "reason");
    decision["same_number_reason"] = json!("两家公司的在职证明都写明本人兼任");
    reviewer.post(&format!("{case}/decision"), decision).await.ok();
    assert!(holds(&one, BIDDER).await, "two companies are lawful");
    let noted = "SELECT count(*) FROM verification_document WHERE found = 'one-person' AND found_reason IS NOT NULL \
         AND found_by IS NOT NULL";
    assert_eq!(world.count(noted).await, 1);
    // Refusing needs no explanation; and the same account's other case is no other account.
    let second_case = address(&two).await;
    reviewer.post(&format!("{second_case}/claim"), json!({})).await.ok();
    let mut refusing = employed();
    (refusing["identity"], refusing["identity_reason"]) = (json!("refuse"), json!("证件照片看不清，请重新上传"));
    reviewer.post(&format!("{second_case}/decision"), refusing).await.ok();
    one.post("/company/representative", form("/company/representative")).await.ok();
    number(&two, "resident-id", &resident_id(8, "19020304")).await.ok();
    let fields = [("document", "resident-id"), ("id_name", NAME), ("id_number", same.as_str())];
    typed(&one, &format!("{REPRESENTATIVE}/steps/identity"), &fields).await.ok();
    for step in ["appointment", "statement"] {
        typed(&one, &format!("{REPRESENTATIVE}/steps/{step}"), &[]).await.ok();
    }
    let handed = one.post(&format!("{REPRESENTATIVE}/handing-in"), json!({})).await.ok().json();
    let own = format!("/desk/verifications/{}", handed["id"].as_str().unwrap());
    decide(&reviewer, &own, representative()).await;
    assert!(holds(&one, REPRESENTATIVE).await);
}

#[tokio::test]
async fn a_number_is_shown_whole_to_who_has_the_case_and_nowhere_else() {
    let world = World::new().await;
    let owner = world.member("provider").await;
    let colleague = colleague(&world, &owner, &["bidder"]).await;
    let whole = resident_id(9, "19030405");
    let masked = format!("{}***********{}", &whole[..3], &whole[14..]);
    let mut answers = vec![number(&owner, "resident-id", &whole).await.ok()];
    answers.push(typed(&owner, &STEP.replace("identity", "employment"), &[]).await.ok());
    answers.push(owner.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok());
    let case = format!("/desk/verifications/{}", answers[2].json()["id"].as_str().unwrap());
    let shown = owner.get(BIDDER).await.ok();
    assert_eq!(shown.json()["document"], json!({ "kind": "resident-id", "name": NAME, "number": masked }));
    assert!(owner.page(BIDDER).await.ok().text.contains(&masked));
    assert_eq!(colleague.get(BIDDER).await.ok().json()["document"], Value::Null, "each has their own");
    let (reviewer, other) = (world.operator().await, second(&world).await);
    let told = async || owner.get("/me/accesses").await.ok().json()["others"].to_string();
    answers.push(reviewer.page(&case).await.ok());
    assert!(!told().await.contains("身份证件号码"), "nothing is opened before it is claimed");
    answers.push(reviewer.post(&format!("{case}/claim"), json!({})).await.ok());
    assert!(reviewer.page(&case).await.ok().text.contains(&whole), "while they have the case");
    assert!(told().await.contains("身份证件号码"), "{}", told().await);
    let data = reviewer.get(&case).await.ok();
    assert_eq!(data.json()["document"]["number"], masked, "not to programs");
    let again = reviewer.submit(&format!("{case}/decision"), &[("employment", "accept")]).await;
    assert!(again.status == 422 && again.text.contains(&whole), "the form comes back with what it is compared with");
    answers.extend([data, other.page(&case).await.ok(), other.get(&case).await.ok()]);
    answers.push(reviewer.post(&format!("{case}/decision"), employed()).await.ok());
    for path in [case.as_str(), "/desk/verifications?state=accepted"] {
        answers.extend([reviewer.page(path).await, reviewer.get(path).await]);
    }
    let mine = [BIDDER, "/company/verification", "/me/data", "/me/accesses", "/me", "/me/use", "/inbox", "/company"];
    for path in mine {
        answers.extend([owner.page(path).await.ok(), owner.get(path).await.ok(), colleague.page(path).await.ok()]);
    }
    assert!(owner.get("/me/data").await.ok().text.contains(&format!("居民身份证 {masked}")));
    for answer in &answers {
        assert!(!answer.text.contains(&whole) && !answer.text.contains(&whole[3..14]), "{}", answer.text);
    }
    world.settle().await;
    assert!(!crate::canary::is_found(world.folder.path(), &whole), "nowhere in the clear");
    world.rows(|table, row| assert!(!String::from_utf8_lossy(row).contains(&whole), "{table} holds the number"));
}

#[tokio::test]
async fn the_number_goes_with_the_verification_and_with_its_person() {
    let world = World::new().await;
    let reviewer = world.operator().await;
    world.stay_signed_in(500).await;
    let owner = world.member("provider").await;
    let (leaving, refused_one, lying) = (
        colleague(&world, &owner, &["bidder"]).await,
        colleague(&world, &owner, &["bidder"]).await,
        colleague(&world, &owner, &["bidder"]).await,
    );
    world.stay_signed_in(500).await;
    world.stay_verified().await;
    for who in [&owner, &leaving] {
        decide(&reviewer, &hand_in(who, BIDDER, &["employment"]).await, employed()).await;
    }
    let contested = hand_in(&refused_one, BIDDER, &["employment"]).await;
    reviewer.post(&format!("{contested}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{contested}/refusal"), json!({ "reason": "证件与本人不符" })).await.ok();
    number(&lying, "resident-id", &resident_id(11, "19040506")).await.ok();
    world.settle().await;
    assert_eq!(kept(&world).await, 4);
    remove(&owner, &account(&leaving).await).await.ok();
    world.settle().await;
    assert_eq!(kept(&world).await, 3, "who leaves the company takes it along");
    // A refusal may be appealed against: then it is for good.
    refused_one.post(&format!("{BIDDER}/appeal"), json!({ "appeal": "证件是我本人的，请再看一次" })).await.ok();
    let other = second(&world).await;
    other.post(&format!("{contested}/claim"), json!({})).await.ok();
    other.post(&format!("{contested}/refusal"), json!({ "reason": "证件与本人不符" })).await.ok();
    assert_eq!(kept(&world).await, 2, "refused for good");
    world.pass(SignedDuration::from_hours(24 * 30 - 1)).await;
    assert_eq!(kept(&world).await, 2);
    world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(kept(&world).await, 1, "never handed in");
    let step = lying.get(BIDDER).await.ok().json()["case"]["steps"][0].clone();
    assert_eq!((&step["step"], &step["state"]), (&json!("identity"), &json!("missing")));
    world.pass(SignedDuration::from_hours(24 * 334)).await;
    assert_eq!(kept(&world).await, 1, "as long as the verification holds");
    world.pass(SignedDuration::from_hours(48)).await;
    assert_eq!(kept(&world).await, 0, "and no longer");
    // With the account: erased like everything of its person.
    number(&lying, "resident-id", &resident_id(12, "19040506")).await.ok();
    assert_eq!(kept(&world).await, 1);
    assert_eq!(lying.post("/me/cancellation", json!({ "id": id(), "password": PASSWORD })).await.status, 201);
    world.pass(SignedDuration::from_hours(24 * 8)).await;
    assert_eq!(kept(&world).await, 0, "with the account");
}

#[tokio::test]
async fn what_was_accepted_without_a_number_holds_until_it_is_shown_anew() {
    let world = World::new().await;
    let owner = world.member("provider").await;
    let case = hand_in(&owner, BIDDER, &["employment"]).await;
    decide(&world.operator().await, &case, employed()).await;
    // As it was before identity documents were asked for.
    let before = |tx: &mut kit::db::Tx| {
        tx.execute("DELETE FROM verification_document", &[])?;
        tx.execute("UPDATE verification_step SET state = 'missing', given_at = NULL WHERE step = 'identity'", &[])
    };
    world.app.db().write::<_, kit::db::Error>(before).await.unwrap();
    world.settle().await;
    assert!(holds(&owner, BIDDER).await);
    assert!(owner.page(BIDDER).await.ok().text.contains("下次重新认证时填写"));
    world.stay_signed_in(400).await;
    world.stay_verified().await;
    world.pass(SignedDuration::from_hours(24 * 340)).await;
    owner.post(&format!("{BIDDER}/renewal"), json!({})).await.ok();
    typed(&owner, &STEP.replace("identity", "employment"), &[]).await.ok();
    let early = owner.post(&format!("{BIDDER}/handing-in"), json!({})).await;
    assert_eq!(refusal(&early), (409, "verification-incomplete".into()), "the re-check asks for it");
    assert!(holds(&owner, BIDDER).await, "meanwhile it holds");
    number(&owner, "resident-id", &resident_id(13, "19050607")).await.ok();
    owner.post(&format!("{BIDDER}/handing-in"), json!({})).await.ok();
}
