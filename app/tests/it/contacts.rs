//! Contacts of companies: nobody is shown before the person and the company have said yes, to nobody but the demand side.

use crate::account::refused;
use crate::consent::{function, give, withdraw, yes};
use crate::door::enter;
use crate::people::Applicant;
use crate::verification::demand::demand_side;
use crate::world::{Browser, World, sabotaged};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const NAME: &str = "鹿其野";
pub const PURPOSE: &str = "contact-display";

fn form(world: &World, phone: &str) -> Value {
    let id: kit::id::Id<()> = world.app.random().id();
    json!({
        "id": id, "label": "华东销售", "name": NAME, "phone": phone, "email": format!("p{phone}@lu.example"),
        "department": "第三业务部", "title": "客户经理", "other": "分机 8017", "adult": true, "confirmed": true,
    })
}

async fn company(browser: &Browser) -> String {
    browser.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned()
}

/// The company's own switch.
pub async fn authorise(browser: &Browser) {
    let firm = function(browser, "authorisations", PURPOSE).await;
    browser.post(&format!("/company/authorisations/{PURPOSE}"), yes(&firm)).await.ok();
}

/// A provider with a contact who has been told; answers the contact's phone too.
pub async fn named(world: &World) -> (Browser, String, String) {
    let provider = world.member("provider").await;
    let phone = Applicant::new("buyer").phone;
    provider.post("/company/contacts", form(world, &phone)).await.ok();
    world.settle().await;
    let company = company(&provider).await;
    (provider, company, phone)
}

/// The person behind a phone comes through the door.
pub async fn at_door(world: &World, phone: &str) -> Browser {
    let guest = world.visitor();
    enter(world, &guest, phone).await;
    guest
}

async fn count(buyer: &Browser, company: &str) -> i64 {
    buyer.get(&format!("/companies/{company}/contacts")).await.ok().json()["count"].as_i64().unwrap()
}

#[tokio::test]
async fn nobody_is_shown_before_person_and_company_have_said_yes() {
    sabotaged();
    let world = World::new().await;
    let (provider, company, phone) = named(&world).await;
    let buyer = demand_side(&world).await;
    let showing = format!("/companies/{company}/contacts/showing");
    assert_eq!(count(&buyer, &company).await, 0);
    assert_eq!(buyer.post(&showing, json!({})).await.status, 404);
    let guest = at_door(&world, &phone).await;
    give(&guest, PURPOSE).await.ok();
    assert_eq!(function(&guest, "functions", PURPOSE).await["waits_for_company"], true);
    assert_eq!(count(&buyer, &company).await, 0, "the person alone is not enough");
    authorise(&provider).await;
    assert_eq!(count(&buyer, &company).await, 1);
    let shown = buyer.post(&showing, json!({})).await.ok().json();
    let card = json!({
        "name": NAME, "phone": format!("+86{phone}"), "email": format!("p{phone}@lu.example"),
        "department": "第三业务部", "title": "客户经理", "other": "分机 8017",
    });
    assert_eq!(shown["cards"], json!([card]));
    // Who looked, for the person: one line, with the company and every field.
    let told = guest.get("/me/accesses").await.ok().json()["others"].clone();
    let viewer = buyer.get("/company").await.ok().json()["company"]["name"].as_str().unwrap().to_owned();
    let lines: Vec<_> =
        told.as_array().unwrap().iter().filter(|one| one["told"].as_str().unwrap().contains(&viewer)).collect();
    assert_eq!(lines.len(), 1, "{told}");
    for word in ["姓名", "手机号", "邮箱", "部门", "职务"] {
        assert!(lines[0]["fields"].as_str().unwrap().contains(word), "{}", lines[0]);
    }
    assert!(!told.to_string().contains(&buyer.phone), "the person behind the company is not told");
    // The company takes its authorisation back: nothing is shown from that moment.
    provider.post(&format!("/company/authorisations/{PURPOSE}/withdrawal"), json!({})).await.ok();
    assert_eq!(count(&buyer, &company).await, 0);
    assert_eq!(buyer.post(&showing, json!({})).await.status, 404);
}

#[tokio::test]
async fn nobody_but_the_demand_side_sees_a_contact() {
    let world = World::new().await;
    let (provider, company, phone) = named(&world).await;
    authorise(&provider).await;
    give(&at_door(&world, &phone).await, PURPOSE).await.ok();
    let path = format!("/companies/{company}/contacts");
    let pending = world.applicant(&Applicant::new("buyer")).await;
    let declared = world.member("buyer").await;
    let (rival, operator) = (world.member("provider").await, world.operator().await);
    let guest = at_door(&world, &phone).await;
    for (browser, code) in [
        (&world.visitor(), "unauthenticated"),
        (&guest, "unauthenticated"),
        (&pending, "company-pending"),
        (&declared, "demand-side-first"),
        (&rival, "buyers-only"),
        (&provider, "buyers-only"),
        (&operator, "members-only"),
    ] {
        let closed = browser.get(&path).await;
        assert_eq!(closed.code(), code, "{}", closed.text);
        let shown = browser.post(&format!("{path}/showing"), json!({})).await;
        assert_eq!(shown.code(), code, "{}", shown.text);
        assert!(!format!("{}{}", closed.text, shown.text).contains(NAME));
    }
    // Not even the company that entered it reads it again.
    for page in ["/company/contacts", "/company"] {
        let page = provider.page(page).await.ok().text;
        assert!(!page.contains(NAME) && !page.contains(&phone) && !page.contains('⟦'), "{page}");
    }
    assert!(provider.page("/company/contacts").await.ok().text.contains("华东销售"));
    // Nor by a page that was only fetched ahead, nor as a list.
    let buyer = demand_side(&world).await;
    let page = buyer.page(&path).await.ok().text;
    assert!(page.contains("1 位联系人") && !page.contains(NAME) && !page.contains('⟦'), "{page}");
    assert_eq!(buyer.get("/companies/contacts").await.status, 404);
    let shown = buyer.submit(&format!("{path}/showing"), &[]).await;
    assert!(
        shown.text.contains(NAME) && shown.text.contains("可以看到") && !shown.text.contains('⟦'),
        "{}",
        shown.text
    );
    assert_eq!(shown.header("cache-control"), "no-store");
    let none: kit::id::Id<()> = world.app.random().id();
    assert_eq!(buyer.get(&format!("/companies/{none}/contacts")).await.status, 404);
}

#[tokio::test]
async fn a_withdrawal_takes_a_contact_out_of_view_at_once_and_then_deletes_it() {
    let world = World::new().await;
    let (provider, company, phone) = named(&world).await;
    authorise(&provider).await;
    let guest = at_door(&world, &phone).await;
    give(&guest, PURPOSE).await.ok();
    let buyer = demand_side(&world).await;
    assert_eq!(count(&buyer, &company).await, 1, "the page is open before the buyer");
    withdraw(&guest, PURPOSE).await.ok();
    let late = buyer.post(&format!("/companies/{company}/contacts/showing"), json!({})).await;
    assert_eq!((late.status.as_u16(), late.text.contains(NAME)), (404, false));
    assert_eq!(count(&buyer, &company).await, 0);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM contact").await, 0, "withdrawn means deleted");
    assert_eq!(guest.get("/me/data").await.ok().json()["fields"], json!([]), "the visit goes on and shows that");
    let told = |world: &World| world.messages().into_iter().any(|one| one.text.contains("已由本人撤回或删除"));
    assert!(told(&world), "the company learns it, by the label");
    world.pass(SignedDuration::from_mins(31)).await;
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1, "then the keys go");
    assert_eq!(guest.get("/me/data").await.status, 401);
}

#[tokio::test]
async fn a_viewer_sees_so_many_providers_a_day_and_no_more() {
    sabotaged();
    let world = World::new().await;
    let buyer = demand_side(&world).await;
    let mut companies = Vec::new();
    for n in 0..11 {
        let (provider, company, phone) = named(&world).await;
        authorise(&provider).await;
        let guest = world.visitor_from(&format!("127.0.5.{}", n + 1));
        enter(&world, &guest, &phone).await;
        give(&guest, PURPOSE).await.ok();
        companies.push(company);
    }
    let show = async |company: &str| {
        let shown = buyer.post(&format!("/companies/{company}/contacts/showing"), json!({})).await;
        shown.status.as_u16()
    };
    for company in &companies[..10] {
        assert_eq!(show(company).await, 201);
    }
    assert_eq!(show(&companies[0]).await, 201, "the same again does not count again");
    assert_eq!(show(&companies[10]).await, 429);
    let page = buyer.page(&format!("/companies/{}/contacts", companies[10])).await.ok().text;
    assert!(page.contains("今天的次数用完了") && !page.contains("/showing\" data"), "{page}");
    world.pass(SignedDuration::from_hours(24)).await;
    let buyer = world.again(&buyer).await;
    let shown = buyer.post(&format!("/companies/{}/contacts/showing", companies[10]), json!({})).await;
    assert_eq!(shown.status, 201, "tomorrow");
    world.pass(SignedDuration::from_hours(49)).await;
    assert_eq!(world.count("SELECT count(*) FROM contact_showing").await, 0, "what was counted is forgotten");
}

#[tokio::test]
async fn the_person_is_asked_by_a_link_that_shows_nothing_of_theirs_and_decides_at_the_door() {
    let world = World::new().await;
    let (_, _, phone) = named(&world).await;
    let messages: Vec<_> = world.messages().into_iter().filter(|one| one.text.contains("登记为公司联系人")).collect();
    assert_eq!(messages.len(), 2, "one to the phone, one to the mailbox: {messages:?}");
    let at = messages[0].text.find("/contacts/").unwrap();
    let link = messages[0].text[at..].split_whitespace().next().unwrap().to_owned();
    for _ in 0..3 {
        let page = world.visitor().page(&link).await.ok().text;
        assert!(
            page.contains("你被登记为联系人") && page.contains("向需求方显示联系人") && !page.contains('⟦'),
            "{page}"
        );
        assert!(!page.contains(NAME) && !page.contains(&phone), "{page}");
    }
    assert!(world.visitor().page(&format!("{link}?lang=en")).await.ok().text.contains("You were named as a contact"));
    for forged in ["x", "AAAA", &link["/contacts/".len() + 1..], &"A".repeat(43)] {
        assert_eq!(world.visitor().get(&format!("/contacts/{forged}")).await.status, 404);
    }
    assert_eq!(world.count("SELECT count(*) FROM consent_event").await, 0, "reading agrees to nothing");
    let guest = at_door(&world, &phone).await;
    let asked = function(&guest, "functions", PURPOSE).await;
    assert_eq!((&asked["is_on"], &asked["asks"]["version"]), (&json!(false), &json!(policy::current().id)));
    let data = guest.get("/me/data").await.ok().json();
    assert_eq!(data["fields"].as_array().unwrap().len(), 6, "{data}");
    let page = guest.page("/privacy/door/contact").await.ok().text;
    assert!(page.contains(NAME) && !page.contains('⟦'), "{page}");
    let words = json!({ "name": "鹿其野一", "department": "", "title": "总监", "other": "" });
    guest.post("/privacy/door/contact", words).await.ok();
    refused(&guest.post("/privacy/door/contact", json!({ "name": "" })).await, "name", "required");
    let values = guest.get("/privacy/door/contact").await.ok().json()["card"].clone();
    assert_eq!(
        (&values["name"], &values["title"], &values["other"]),
        (&json!("鹿其野一"), &json!("总监"), &Value::Null)
    );
    give(&guest, PURPOSE).await.ok();
    let history = guest.get("/me/consents").await.ok().json()["history"].clone();
    let receipt = format!("/me/consents/events/{}/receipt", history[0]["id"].as_str().unwrap());
    let receipt = guest.get(&receipt).await.ok();
    assert!(receipt.text.contains("separate"), "{}", receipt.text);
    let other = named(&world).await.2;
    let other = at_door(&world, &other).await;
    let theirs = format!("/me/consents/events/{}/receipt", history[0]["id"].as_str().unwrap());
    assert_eq!(other.get(&theirs).await.status, 404, "another contact's");
}

#[tokio::test]
async fn a_wrong_number_is_cut_off_and_the_rest_of_the_entry_stays() {
    let world = World::new().await;
    let (provider, _, phone) = named(&world).await;
    let stranger = world.visitor();
    let asked = stranger.post("/privacy/door/visits", json!({ "contact": phone })).await.ok();
    let visit = asked.header("location").to_owned();
    world.settle().await;
    let message = world.messages().into_iter().find(|one| one.text.contains("查看平台保存的你的信息")).unwrap();
    let code = crate::people::digits(&message.text).unwrap();
    stranger.post(&format!("{visit}/proof"), json!({ "code": code })).await.ok();
    let entry = stranger.get(&visit).await.ok().json()["entries"][0]["entry"].clone();
    stranger.post(&format!("{visit}/denial"), json!({ "entry": entry })).await.ok();
    world.settle().await;
    let line = provider.get("/company/contacts").await.ok().json()["contacts"][0].clone();
    assert_eq!((&line["has_phone"], &line["has_email"]), (&json!(false), &json!(true)));
    assert!(world.messages().iter().any(|one| one.text.contains("收到消息的人说这不是他本人")));
    // By the mailbox, which is right, the person still comes in; when that is denied, too, nothing is left.
    let guest = world.visitor();
    enter(&world, &guest, &format!("p{phone}@lu.example")).await;
    let data = guest.get("/me/data").await.ok().text;
    assert!(data.contains(NAME) && !data.contains(&format!("+86{phone}")), "{data}");
    guest.post("/privacy/door/visit/erasure", json!({})).await.ok();
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM contact").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1);
}

#[tokio::test]
async fn what_is_entered_is_checked_and_nothing_is_kept_of_a_minor() {
    let world = World::new().await;
    let provider = world.member("provider").await;
    let phone = Applicant::new("buyer").phone;
    let with = |name: &str, value: Value| {
        let mut form = form(&world, &phone);
        form[name] = value;
        form
    };
    for (name, value, field, code) in [
        ("adult", json!(false), "adult", "contact-minor"),
        ("confirmed", json!(false), "confirmed", "contact-unconfirmed"),
        ("name", json!(""), "name", "required"),
        ("phone", json!("12"), "phone", "phone"),
        ("email", json!("x@"), "email", "email"),
        ("other", json!("长".repeat(300)), "other", "too-long"),
        ("id", json!("x"), "id", "id"),
    ] {
        refused(&provider.post("/company/contacts", with(name, value)).await, field, code);
    }
    let mut nowhere = form(&world, &phone);
    (nowhere["phone"], nowhere["email"]) = (json!(""), json!(""));
    refused(&provider.post("/company/contacts", nowhere).await, "phone", "contact-unreachable");
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM contact").await, 0);
    assert!(world.messages().iter().all(|one| !one.text.contains("登记为公司联系人")), "nobody was written to");
    // The same form twice is one contact, and one message.
    let once = form(&world, &phone);
    for _ in 0..2 {
        provider.post("/company/contacts", once.clone()).await.ok();
    }
    let rival = world.member("provider").await;
    assert_eq!(rival.post("/company/contacts", once.clone()).await.status, 404, "another company's id");
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM contact").await, 1);
    let removal = format!("/company/contacts/{}/removal", once["id"].as_str().unwrap());
    assert_eq!(rival.post(&removal, json!({})).await.status, 404);
    provider.post(&removal, json!({})).await.ok();
    assert_eq!(provider.post(&removal, json!({})).await.status, 404);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 1);
    // Nobody is flooded in a company's name.
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(provider.post("/company/contacts", form(&world, &phone)).await.status.as_u16());
    }
    assert_eq!(answers.last(), Some(&429), "{answers:?}");
}

#[tokio::test]
async fn who_does_not_answer_within_a_month_is_forgotten() {
    let world = World::new().await;
    let (provider, company, phone) = named(&world).await;
    let (_, _, silent) = named(&world).await;
    authorise(&provider).await;
    give(&at_door(&world, &phone).await, PURPOSE).await.ok();
    world.stay_signed_in(40).await;
    world.pass(SignedDuration::from_hours(24 * 31)).await;
    assert_eq!(world.count("SELECT count(*) FROM contact").await, 1, "who agreed stays");
    let buyer = demand_side(&world).await;
    assert_eq!(count(&buyer, &company).await, 1);
    let again = world.visitor();
    again.post("/privacy/door/visits", json!({ "contact": silent })).await.ok();
    world.settle().await;
    let sent = world.messages().into_iter().filter(|one| one.text.contains("查看平台保存的你的信息"));
    assert!(sent.filter(|one| one.to.contains(&silent)).count() == 0, "nothing leads there any more");
}

/// Whether a value stands in any file under a folder.
fn is_found(folder: &std::path::Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return is_found(&path, needle);
        }
        std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

#[tokio::test]
async fn what_is_entered_lies_nowhere_in_the_clear() {
    let world = World::new().await;
    let (provider, company, phone) = named(&world).await;
    authorise(&provider).await;
    let guest = at_door(&world, &phone).await;
    give(&guest, PURPOSE).await.ok();
    let buyer = demand_side(&world).await;
    buyer.post(&format!("/companies/{company}/contacts/showing"), json!({})).await.ok();
    guest.get("/privacy/door/contact").await.ok();
    world.settle().await;
    for needle in [NAME, "第三业务部", "客户经理", "分机 8017", phone.as_str()] {
        let stores = [&world.app.config().data_dir, &world.app.config().key_dir, &world.app.config().node_dir];
        assert!(stores.into_iter().all(|folder| !is_found(folder, needle)), "{needle}");
        world.rows(|table, row| assert!(!String::from_utf8_lossy(row).contains(needle), "{needle} in {table}"));
    }
}

#[tokio::test]
async fn a_contact_is_told_of_an_answer_though_they_have_no_account() {
    let world = World::new().await;
    let (_, _, phone) = named(&world).await;
    let guest = at_door(&world, &phone).await;
    let id: kit::id::Id<()> = world.app.random().id();
    guest.post("/me/complaints", json!({ "id": id, "kind": "objection", "text": "请不要显示我的手机" })).await.ok();
    let operator = world.operator().await;
    operator.post(&format!("/desk/privacy/requests/{id}/claim"), json!({})).await.ok();
    operator.post(&format!("/desk/privacy/requests/{id}/answer"), json!({ "text": "已经照办了" })).await.ok();
    world.settle().await;
    let told = world.messages().into_iter().find(|one| one.text.contains("你提出的请求已有答复")).unwrap();
    assert!(told.to == format!("p{phone}@lu.example") && told.text.contains("/privacy/door"), "{told:?}");
    assert!(guest.page(&format!("/me/complaints/{id}")).await.ok().text.contains("已经照办"));
    // What the law has kept of the request outlives the entry, and nobody opens it any more.
    guest.post("/privacy/door/visit/erasure", json!({})).await.ok();
    world.settle().await;
    let held = world.count("SELECT count(*) FROM key_hold WHERE class = 'evidence_3y'").await;
    assert_eq!(held, 1);
    assert_eq!(guest.get(&format!("/me/complaints/{id}")).await.status, 401);
}
