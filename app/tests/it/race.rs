//! Races through the front door: the same form sent several times at once, two windows, two people, two companies.
//! Whatever order the requests take, what stands afterwards happened once.

use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{after, bid, draft, id, published, submit, text};
use crate::world::{Answer, Browser, World};
use futures::future::join_all;
use serde_json::{Value, json};

/// The same form so many times at once.
async fn at_once(browser: &Browser, times: usize, path: &str, fields: &Value) -> Vec<Answer> {
    let token = browser.token().await;
    join_all((0..times).map(|_| browser.post_with(&token, path, fields))).await
}

/// Different acts at once, each by its own browser.
async fn together(acts: &[(&Browser, String, Value)]) -> Vec<Answer> {
    let tokens = join_all(acts.iter().map(|(browser, _, _)| browser.token())).await;
    let sent = acts.iter().zip(&tokens);
    join_all(sent.map(|((browser, path, fields), token)| browser.post_with(token, path, fields))).await
}

fn succeeded(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status.is_success()).count()
}

/// All succeeded.
#[track_caller]
fn all_ok(answers: &[Answer]) {
    let told: Vec<_> = answers.iter().map(|answer| (answer.status.as_u16(), answer.text.as_str())).collect();
    assert_eq!(succeeded(answers), answers.len(), "{told:?}");
}

/// Exactly one succeeded, and the others were refused like this.
#[track_caller]
fn one_ok(answers: &[Answer], refused: &[(u16, &str)]) {
    let told: Vec<_> = answers.iter().map(|answer| (answer.status.as_u16(), answer.text.as_str())).collect();
    assert_eq!(succeeded(answers), 1, "{told:?}");
    for answer in answers.iter().filter(|answer| !answer.status.is_success()) {
        assert!(refused.contains(&(answer.status.as_u16(), &answer.code())), "{told:?}");
    }
}

#[tokio::test]
async fn a_draft_its_lots_and_documents_sent_five_times_at_once_are_one() {
    let world = World::crowded().await;
    let buyer = world.member("buyer").await;
    let form = draft(&world);
    all_ok(&at_once(&buyer, 5, "/tenders", &form).await);
    let tender = text(&form, "id");
    let lot = json!({"lot_id": id(), "lot_title": "网络设备维保"});
    all_ok(&at_once(&buyer, 5, &format!("/tenders/{tender}/lots"), &lot).await);
    let path = format!("/tenders/{tender}/documents");
    let files: [(&str, &str, &[u8]); 1] = [("documents", "招标文件.pdf", b"%PDF-1.7 tender")];
    all_ok(&join_all((0..5).map(|_| buyer.upload(&path, &[], &files))).await);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM tender").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM lot").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM tender_document").await, 1);
    assert_eq!(world.app.blobs().list(app::app::REGION).await.unwrap().len(), 1, "no file is kept twice");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.drafted'").await, 1);
}

#[tokio::test]
async fn publishing_asking_and_answering_five_times_at_once_happen_once() {
    let world = World::crowded().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    crate::sourcing::add_lot(&buyer, &tender, &id(), "服务器维保").await;
    let seen = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
    let form = json!({"version": seen["tender"]["version"]});
    all_ok(&at_once(&buyer, 5, &format!("/tenders/{tender}/publication"), &form).await);
    let question = json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    all_ok(&at_once(&provider, 5, &format!("/tenders/{tender}/questions"), &question).await);
    let answer = format!("/questions/{}/answer", text(&question, "question_id"));
    all_ok(&at_once(&buyer, 5, &answer, &json!({"answer": "含夜间。"})).await);
    let other = buyer.post(&answer, json!({"answer": "不含夜间。"})).await;
    assert_eq!(other.code(), "question-answered");
    world.settle().await;
    for (sql, count) in [
        ("SELECT count(*) FROM event WHERE kind = 'tender.published'", 1),
        // The invitation, and the answer, which is told to all.
        ("SELECT count(*) FROM notice", 2),
        ("SELECT count(*) FROM question", 1),
        ("SELECT count(*) FROM event WHERE kind = 'question.asked'", 1),
        ("SELECT count(*) FROM event WHERE kind = 'question.answered'", 1),
    ] {
        assert_eq!(world.count(sql).await, count, "{sql}");
    }
    let stolen = world.member("provider").await.post(&format!("/tenders/{tender}/questions"), question).await;
    assert_eq!(stolen.status, 404, "another's question is not acknowledged as one's own");
}

#[tokio::test]
async fn a_bid_its_replacement_and_its_withdrawal_five_times_at_once_leave_one_receipt_each() {
    let world = World::crowded().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let (bid, large) = (id(), vec![7u8; 60_000]);
    let fields = [("id", bid.as_str()), ("price", "100"), ("delivery_days", "30")];
    let files: [(&str, &str, &[u8]); 1] = [("files", "方案.pdf", &large)];
    let path = format!("/lots/{lot}/bids");
    all_ok(&join_all((0..5).map(|_| provider.upload(&path, &fields, &files))).await);
    world.settle().await;
    assert_eq!(world.app.blobs().list(app::app::REGION).await.unwrap().len(), 1, "no envelope is kept twice");
    let replaced = json!({"version": 1, "price": "90", "delivery_days": "30"});
    one_ok(&at_once(&provider, 5, &format!("/bids/{bid}/replacement"), &replaced).await, &[(412, "stale")]);
    assert_eq!(submit(&provider, &lot, &bid, "80").await.code(), "stale", "the first form brings nothing back");
    all_ok(&at_once(&provider, 5, &format!("/bids/{bid}/withdrawal"), &json!({"version": 2})).await);
    assert_eq!(submit(&provider, &lot, &bid, "80").await.code(), "stale");
    world.settle().await;
    assert_eq!(world.app.blobs().list(app::app::REGION).await.unwrap().len(), 0);
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    let acts: Vec<_> = seen["receipts"].as_array().unwrap().iter().map(|one| text(&one["statement"], "act")).collect();
    assert_eq!(acts, ["withdrawn", "replaced", "submitted"]);
    assert_eq!(world.count("SELECT count(*) FROM bid").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'bid.acted'").await, 3);
}

#[tokio::test]
async fn two_windows_of_one_bidder_make_one_bid_and_the_second_change_is_stale() {
    let world = World::crowded().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    let window = world.again(&provider).await;
    let form = |bid: &str, yuan: &str| json!({"id": bid, "price": yuan, "delivery_days": "30"});
    let path = format!("/lots/{lot}/bids");
    let (one, two) = (id(), id());
    let acts = [(&provider, path.clone(), form(&one, "100")), (&window, path, form(&two, "90"))];
    one_ok(&together(&acts).await, &[(409, "bid-exists")]);
    let bids = provider.get("/bids").await.ok().json();
    let bid = text(&bids["bids"][0]["bid"], "id");
    assert_eq!(bids["bids"].as_array().unwrap().len(), 1);
    for version in 1..6 {
        let change = |yuan: &str| json!({"version": version, "price": yuan, "delivery_days": "30"});
        let path = format!("/bids/{bid}/replacement");
        let acts = [(&provider, path.clone(), change("80")), (&window, path, change("70"))];
        one_ok(&together(&acts).await, &[(412, "stale")]);
    }
    let replace = json!({"version": 6, "price": "60", "delivery_days": "30"});
    let acts = [
        (&provider, format!("/bids/{bid}/replacement"), replace),
        (&window, format!("/bids/{bid}/withdrawal"), json!({"version": 6})),
    ];
    one_ok(&together(&acts).await, &[(412, "stale")]);
    assert_eq!(world.count("SELECT count(*) FROM bid_receipt").await, 7);
}

#[tokio::test]
async fn what_another_window_adds_to_a_draft_is_never_published_unseen() {
    let world = World::crowded().await;
    let buyer = world.member("buyer").await;
    let window = world.again(&buyer).await;
    for round in 0..6 {
        let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
        crate::sourcing::add_lot(&buyer, &tender, &id(), "服务器维保").await;
        let seen = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
        let lot = json!({"lot_id": id(), "lot_title": "没有人看过的标段"});
        let acts = [
            (&buyer, format!("/tenders/{tender}/publication"), json!({"version": seen["tender"]["version"]})),
            (&window, format!("/tenders/{tender}/lots"), lot),
        ];
        let answers = together(&acts).await;
        let told = (answers[0].status.as_u16(), answers[1].status.as_u16());
        assert!(matches!(told, (201, 409) | (412, 201)), "round {round}: {told:?}");
    }
}

#[tokio::test]
async fn of_two_companies_with_one_credit_code_and_two_people_with_one_phone_one_registers() {
    let world = World::crowded().await;
    let (one, mut two) = (Applicant::new("buyer"), Applicant::new("provider"));
    two.credit_code = one.credit_code.clone();
    one_ok(&confirmed(&world, [&one, &two]).await, &[(409, "credit-code-taken")]);
    let (one, mut two) = (Applicant::new("buyer"), Applicant::new("provider"));
    two.phone = one.phone.clone();
    one_ok(&confirmed(&world, [&one, &two]).await, &[(409, "account-exists")]);
    assert_eq!(world.count("SELECT count(*) FROM company").await, 2);
    assert_eq!(world.count("SELECT count(*) FROM account").await, 2);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'policy.agreed'").await, 2);
}

/// Both register, get their codes, and confirm them at once.
async fn confirmed(world: &World, applicants: [&Applicant; 2]) -> Vec<Answer> {
    let browsers = [world.visitor(), world.visitor()];
    let mut acts = Vec::new();
    for (browser, applicant) in browsers.iter().zip(applicants) {
        let registration = browser.post("/registrations", applicant.form()).await.ok();
        let path = format!("{}/confirmation", registration.header("location"));
        // Of two with one phone the second has the newer code.
        let codes = world.codes(applicant).await;
        acts.push((browser, path, codes));
    }
    together(&acts).await
}

#[tokio::test]
async fn codes_confirmed_five_times_at_once_make_one_account_and_tries_are_counted() {
    let world = World::crowded().await;
    let (browser, applicant) = (world.visitor(), Applicant::new("buyer"));
    let registration = browser.post("/registrations", applicant.form()).await.ok();
    let path = format!("{}/confirmation", registration.header("location"));
    let codes = world.codes(&applicant).await;
    one_ok(&at_once(&browser, 5, &path, &codes).await, &[(409, "registration-over")]);
    assert_eq!(world.count("SELECT count(*) FROM account").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM login_session WHERE ended_at IS NULL").await, 1);

    let (browser, applicant) = (world.visitor(), Applicant::new("buyer"));
    let registration = browser.post("/registrations", applicant.form()).await.ok();
    let path = format!("{}/confirmation", registration.header("location"));
    let right = world.codes(&applicant).await;
    let wrong = json!({"phone_code": right["email_code"], "email_code": right["phone_code"]});
    let guesses = at_once(&browser, 12, &path, &wrong).await;
    let rule = |answer: &Answer| text(&answer.json()["errors"][0], "code");
    assert_eq!(
        guesses.iter().filter(|answer| rule(answer) == "code-wrong").count(),
        4,
        "the fifth wrong one is the last"
    );
    assert!(guesses.iter().all(|answer| answer.status == 422));
    assert_eq!(rule(&browser.post(&path, right).await), "code-spent");
}

#[tokio::test]
async fn of_two_operators_one_decides_and_the_company_gets_one_letter() {
    let world = World::crowded().await;
    let one = world.operator().await;
    let (phone, email) = ("13900139001", "second@operator.example");
    app::identity::account::create_operator(&world.app, phone, email, PASSWORD).await.unwrap();
    let two = world.visitor();
    two.sign_in(phone, PASSWORD).await.ok();
    for _ in 0..3 {
        let applicant = Applicant::new("buyer");
        let member = world.applicant(&applicant).await;
        let company = member.get("/company").await.ok().json()["company"].clone();
        let (path, version) = (format!("/operator/companies/{}", text(&company, "id")), &company["version"]);
        let refusal = json!({"reason": "证照与名称不一致", "version": version});
        let acts = [
            (&one, format!("{path}/approval"), json!({"version": version})),
            (&two, format!("{path}/refusal"), refusal),
        ];
        one_ok(&together(&acts).await, &[(409, "company-decided")]);
        world.settle().await;
        let letters = world.messages().into_iter().filter(|message| message.to.contains(&applicant.email)).count();
        assert_eq!(letters, 2, "the code, and one decision");
    }
    let decided = "SELECT count(*) FROM event WHERE kind IN ('company.approved', 'company.refused')";
    assert_eq!(world.count(decided).await, 3);
}

#[tokio::test]
async fn of_two_awards_of_a_lot_one_stands() {
    let world = World::crowded().await;
    let buyer = world.member("buyer").await;
    let (_, lot) = published(&world, &buyer).await;
    let mut bids = Vec::new();
    for yuan in ["100", "200", "300"] {
        bids.push(bid(&world.member("provider").await, &lot, yuan).await);
    }
    world.stay_signed_in(30).await;
    world.until(after(world.clock.now(), 10)).await;
    let window = world.again(&buyer).await;
    let choice = |bid: &str| json!({"bid": bid, "reason": "满足全部要求，价格合理"});
    let path = format!("/lots/{lot}/award");
    let acts = [(&buyer, path.clone(), choice(&bids[0])), (&window, path.clone(), choice(&bids[1]))];
    one_ok(&together(&acts).await, &[(409, "lot-not-in-evaluation")]);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM award").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'tender.awarded'").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM notice").await, 2);
}

#[tokio::test]
async fn guesses_sent_at_once_are_all_counted() {
    let world = World::crowded().await;
    let member = world.applicant(&Applicant::new("buyer")).await;
    let thief = world.visitor_from("127.0.0.9");
    let guess = json!({"account": member.phone, "password": "wrong and wrong again"});
    let answers = at_once(&thief, 20, "/session", &guess).await;
    let status = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((status(422), status(429)), (5, 15), "five tries, however fast they come");
}
