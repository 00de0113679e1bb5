//! Lists of companies that the operator brings along: what is prepared, who is asked, and that nothing of it is left.

mod attack;
mod killed;

use crate::people::Applicant;
use crate::roster::file::cells;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World, sabotaged};
use jiff::SignedDuration;
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// Where the addresses of all these lists were published.
pub const SOURCE: &str = "国家企业信用信息公示系统 2025 年度报告";

const HEAD: &str = "公司名称,公司类型,公司性质,统一社会信用代码,身份,行业,地区,注册地址,联系邮箱";

/// The row of a company that somebody may register, as programs write it in Chinese.
pub fn row(who: &Applicant) -> String {
    let Applicant { company, credit_code, email, .. } = who;
    format!(
        "{company},企业或其他组织,民营,{credit_code},需求方、服务商,I6513,浙江省,文三路 {} 号,{email}",
        credit_code.len()
    )
}

/// A list as csv.
pub fn csv(rows: &[String]) -> Vec<u8> {
    format!("{HEAD}\r\n{}\r\n", rows.join("\r\n")).into_bytes()
}

/// Hands a file in.
pub async fn hand_in(administrator: &Browser, id: &str, name: &str, content: &[u8]) -> Answer {
    let fields = [("id", id), ("source", SOURCE), ("published", "1")];
    administrator.upload("/desk/company-lists", &fields, &[("sheet", name, content)]).await
}

/// Hands a list in, and answers its address.
pub async fn list(administrator: &Browser, rows: &[String]) -> String {
    let made = hand_in(administrator, &id(), "企业.csv", &csv(rows)).await.ok().json();
    format!("/desk/company-lists/{}", text(&made, "id"))
}

/// The administrator's word, and all that follows from it.
pub async fn confirm(world: &World, administrator: &Browser, list: &str) {
    administrator.post(&format!("{list}/confirmation"), json!({})).await.ok();
    world.settle().await;
}

/// A company that is prepared, and its letter's link.
pub async fn prepared(world: &World, administrator: &Browser, who: &Applicant) -> String {
    let list = list(administrator, &[row(who)]).await;
    confirm(world, administrator, &list).await;
    link(world, &who.email)
}

/// The path of the link in the newest letter to this address.
#[track_caller]
pub fn link(world: &World, email: &str) -> String {
    let letters = world.messages().into_iter().filter(|one| one.channel == Channel::Mail && one.to.contains(email));
    let links = letters.filter_map(|one| one.text.split_once("/prepared/").map(|(_, rest)| rest.to_owned()));
    let rest = links.into_iter().next().expect("a letter that asks to register");
    let key: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("/prepared/{key}")
}

/// What somebody who was asked sends.
pub fn form(who: &Applicant, link: &str) -> Value {
    let mut form = who.form();
    form["prepared"] = json!(link.trim_start_matches("/prepared/"));
    form
}

/// Registers by the letter: the answer to both codes, and the browser.
async fn register(world: &World, who: &Applicant, link: &str) -> (Answer, Browser) {
    let mut browser = world.visitor();
    browser.phone = who.phone.clone();
    let begun = browser.post("/registrations", form(who, link)).await.ok();
    let codes = world.codes(who).await;
    let done = browser.post(&format!("{}/confirmation", begun.header("location")), codes).await;
    (done, browser)
}

/// What becomes of each row: its outcome, or while there is none yet what is foreseen.
pub fn fates(page: &Value) -> Vec<String> {
    let fate = |row: &Value| match &row["foreseen"] {
        Value::Null => text(row, "outcome"),
        foreseen => text(foreseen, "plan"),
    };
    page["rows"].as_array().unwrap().iter().map(fate).collect()
}

/// Why each row is not carried out.
pub fn whys(page: &Value) -> Vec<String> {
    let rows = page["rows"].as_array().unwrap().iter();
    rows.flat_map(|row| row["why"].as_array().unwrap().clone()).map(|why| why.as_str().unwrap().to_owned()).collect()
}

/// Prepared registrations.
const PREPARED: &str = "SELECT count(*) FROM prepared_company";
/// Subjects whose keys are gone, or go.
const DESTROYED: &str = "SELECT count(*) FROM subject WHERE standing = 'destroyed'";

fn letters(world: &World, email: &str) -> usize {
    world.messages().iter().filter(|one| one.to.contains(email)).count()
}

#[tokio::test]
async fn an_administrator_sees_what_each_row_does_and_confirms_it() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (known, new, twice) = (Applicant::new("both"), Applicant::new("both"), Applicant::new("both"));
    world.applicant(&known).await;
    let mut wrong =
        row(&Applicant::new("both")).replace("民营", "火星").replace("I6513", "I99").replace("浙江省", "某地");
    wrong = wrong.replace("需求方、服务商", "看客").replace("@hengchuan.example", "");
    let flipped = |code: &str| format!("{}{}", &code[..17], if code.ends_with('0') { '1' } else { '0' });
    let rows = [
        row(&new),
        row(&known),
        wrong,
        row(&twice).replace(&twice.credit_code, &flipped(&twice.credit_code)),
        row(&twice).replace(&twice.email, &new.email),
        row(&Applicant { credit_code: new.credit_code.clone(), ..Applicant::new("both") }),
        ",,,,,,,,".to_owned(),
    ];
    let list = list(&operator, &rows).await;
    let page = operator.get(&list).await.ok().json();
    assert_eq!(fates(&page), ["invite", "refuse", "broken", "broken", "broken", "broken"], "{page}");
    let expected = [
        "credit-code-taken",
        "nature:choice",
        "industry:industry",
        "buyer:side",
        "registered_region:choice",
        "email:email",
        "credit_code:uscc-check",
        "email:repeated",
        "credit_code:repeated",
    ];
    assert_eq!(whys(&page), expected);
    assert_eq!((&page["source"], &page["rows"][0]["company"]), (&json!(SOURCE), &json!(new.company)));
    assert_eq!(world.count(PREPARED).await, 0, "a look is no act");
    let shown = operator.page(&list).await.ok().text;
    assert!(shown.contains("确认，预登记 1 家企业") && !shown.contains('⟦'), "{shown}");
    assert!(!shown.contains("@hengchuan.example"), "no address stands on an operator's page: {shown}");
    let (problems, ..) = crate::roster::file::download(&operator, &format!("{list}/problems.xlsx")).await;
    let problems = cells(&problems);
    assert_eq!(problems.len(), 6);
    assert!(problems[1][3].contains("已经在平台注册") && problems[2][3].contains("行业:数字不属于"), "{problems:?}");
    confirm(&world, &operator, &list).await;
    let page = operator.get(&list).await.ok().json();
    assert_eq!((&page["import"]["state"], &page["import"]["counts"]["invited"]), (&json!("done"), &json!(1)), "{page}");
    assert_eq!((letters(&world, &new.email), letters(&world, &twice.email)), (1, 0));
    assert!(
        world.messages().iter().any(|one| one.text.contains("你确认的企业名单已经办完")),
        "the administrator is told"
    );
}

#[tokio::test]
async fn who_is_asked_sees_whence_checks_and_registers_with_their_own_agreement() {
    let world = World::new().await;
    let operator = world.operator().await;
    let who = Applicant::new("both");
    let link = prepared(&world, &operator, &who).await;
    let letter = world.messages().into_iter().find(|one| one.to.contains(&who.email)).unwrap();
    let told = [who.company.as_str(), SOURCE, "第二十七条", "拒绝并删除", "全部删除"];
    assert!(told.iter().all(|word| letter.text.contains(word)), "{}", letter.text);
    let visitor = world.visitor();
    let page = visitor.page(&link).await.ok().text;
    let told = [
        who.company.as_str(),
        SOURCE,
        who.credit_code.as_str(),
        "6513",
        "浙江省",
        "文三路 18 号",
        "民营",
        "拒绝并删除",
    ];
    assert!(told.iter().all(|word| page.contains(word)) && !page.contains('⟦'), "{page}");
    assert!(!page.contains(&who.email), "the address is not shown to who has the link: {page}");
    // Nothing of it is anywhere else.
    assert_eq!(world.count("SELECT count(*) FROM company").await, 0);
    for path in ["/providers", "/providers.csv", "/operator/companies"] {
        let text = operator.page(path).await.ok().text;
        assert!(!text.contains(&who.company), "{path}: {text}");
    }
    let start = visitor.page(&format!("/registration?prepared={}", link.trim_start_matches("/prepared/"))).await.ok();
    assert!(start.text.contains(&who.company) && start.text.contains(&who.credit_code), "{}", start.text);
    assert!(!start.text.contains("name=\"agree\" value=\"1\" checked"), "nobody agrees for anybody");
    let corrected = Applicant { company: format!("{}（杭州）", who.company), ..who.clone() };
    let (done, browser) = register(&world, &corrected, &link).await;
    assert_eq!(done.ok().json()["state"], "pending", "verified it is by nobody yet");
    let company = browser.get("/company").await.ok().json();
    assert_eq!(company["company"]["name"], corrected.company.as_str());
    let filed = browser.page("/company").await.ok().text;
    assert!(filed.contains("文三路 18 号") && filed.contains("6513") && filed.contains("民营"), "{filed}");
    assert_eq!(world.count(PREPARED).await, 0);
    assert_eq!(world.count("SELECT count(*) FROM prepared_asked").await, 0);
    assert!(visitor.page(&link).await.ok().text.contains("这份预登记已经不在"), "used once");
    let again = Applicant { email: who.email.clone(), ..Applicant::new("both") };
    assert_eq!(visitor.post("/registrations", form(&again, &link)).await.code(), "prepared-over");
}

#[tokio::test]
async fn who_refuses_is_forgotten_at_once_and_asked_by_no_list_again() {
    sabotaged();
    let world = World::new().await;
    let operator = world.operator().await;
    world.stay_signed_in(1200).await;
    let who = Applicant::new("both");
    let link = prepared(&world, &operator, &who).await;
    let before = world.count(DESTROYED).await;
    for _ in 0..2 {
        let gone = world.visitor().submit(&format!("{link}/refusal"), &[]).await;
        assert_eq!(gone.status, 303, "by the link alone, without a cookie: {}", gone.text);
    }
    world.settle().await;
    assert_eq!((world.count(PREPARED).await, world.count(DESTROYED).await), (0, before + 1));
    let page = world.visitor().page(&link).await.ok().text;
    assert!(page.contains("这份预登记已经不在") && !page.contains(&who.company), "{page}");
    let other = Applicant { email: who.email.clone(), ..Applicant::new("both") };
    for days in [0, 200, 800] {
        world.pass(SignedDuration::from_hours(24 * days)).await;
        for company in [&who, &other] {
            let again = list(&operator, &[row(company)]).await;
            assert_eq!(whys(&operator.get(&again).await.ok().json()), ["not-asked-again"]);
            confirm(&world, &operator, &again).await;
        }
    }
    assert_eq!(letters(&world, &who.email), 1);
}

#[tokio::test]
async fn what_nobody_takes_up_lapses_and_is_gone() {
    sabotaged();
    let world = World::new().await;
    let operator = world.operator().await;
    world.stay_signed_in(400).await;
    let who = Applicant::new("both");
    let link = prepared(&world, &operator, &who).await;
    let before = world.count(DESTROYED).await;
    world.pass(SignedDuration::from_hours(24 * 14 - 1)).await;
    assert!(world.visitor().page(&link).await.ok().text.contains(&who.company));
    world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!((world.count(PREPARED).await, world.count(DESTROYED).await), (0, before + 1), "with the key");
    assert!(!world.visitor().page(&link).await.ok().text.contains(&who.company));
    assert_eq!(world.visitor().post("/registrations", form(&who, &link)).await.code(), "prepared-over");
    let kept = "SELECT count(*) FROM company_import_row WHERE email IS NOT NULL OR typed IS NOT NULL";
    assert_eq!(world.count(kept).await, 0);
    world.pass(SignedDuration::from_hours(24 * 31)).await;
    assert_eq!(world.count("SELECT count(*) FROM company_import").await, 0, "and the list's own numbers");
    let again = list(&operator, &[row(&who)]).await;
    assert_eq!(whys(&operator.get(&again).await.ok().json()), ["not-asked-again"], "one letter in half a year");
    world.pass(SignedDuration::from_hours(24 * 140)).await;
    assert_eq!(world.count("SELECT count(*) FROM prepared_asked").await, 0);
    let again = prepared(&world, &operator, &who).await;
    assert_ne!(again, link);
}

#[tokio::test]
async fn the_same_list_again_asks_nobody_twice() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (one, two) = (Applicant::new("both"), Applicant::new("both"));
    for round in 0..3 {
        let list = list(&operator, &[row(&one), row(&two)]).await;
        for _ in 0..2 {
            confirm(&world, &operator, &list).await;
        }
        let counts = operator.get(&list).await.ok().json()["import"]["counts"].clone();
        let fresh = if round == 0 { ["invited", "same"] } else { ["same", "invited"] };
        assert_eq!((&counts[fresh[0]], &counts[fresh[1]]), (&json!(2), &json!(0)), "{counts}");
    }
    assert_eq!((world.count(PREPARED).await, letters(&world, &one.email)), (2, 1));
    let elsewhere = Applicant { email: Applicant::new("both").email, ..one.clone() };
    let refused = list(&operator, &[row(&elsewhere)]).await;
    assert_eq!(whys(&operator.get(&refused).await.ok().json()), ["prepared-already"]);
}

#[tokio::test]
async fn who_is_asked_sees_it_at_the_public_door_and_refuses_there() {
    let world = World::new().await;
    let operator = world.operator().await;
    let who = Applicant::new("both");
    prepared(&world, &operator, &who).await;
    let guest = world.visitor();
    crate::door::enter(&world, &guest, &who.email).await;
    let data = guest.page("/me/data").await.ok().text;
    assert!(data.contains(&who.email) && data.contains("请你登记企业的那封信") && !data.contains('⟦'), "{data}");
    let looked = guest.page("/me/accesses").await.ok().text;
    assert!(looked.contains("凭企业公开的联系邮箱") && !looked.contains('⟦'), "{looked}");
    guest.post("/privacy/door/visit/erasure", json!({})).await.ok();
    world.settle().await;
    assert_eq!(world.count(PREPARED).await, 0);
    let again = list(&operator, &[row(&who)]).await;
    assert_eq!(whys(&operator.get(&again).await.ok().json()), ["not-asked-again"]);
}

#[tokio::test]
async fn letters_keep_their_limit_and_the_list_waits_and_is_stopped() {
    let world = World::new().await;
    let operator = world.operator().await;
    let rows: Vec<_> = (0..104).map(|_| row(&Applicant::new("both"))).collect();
    let list = list(&operator, &rows).await;
    let next = operator.get(&list).await.ok().json()["next"].as_str().unwrap().to_owned();
    assert_eq!(operator.get(&next).await.ok().json()["rows"].as_array().unwrap().len(), 4, "a hundred rows a page");
    confirm(&world, &operator, &list).await;
    let page = operator.get(&list).await.ok().json();
    assert_eq!((&page["import"]["state"], &page["import"]["counts"]["invited"]), (&json!("running"), &json!(100)));
    assert!(page["import"]["next_at"].is_string(), "{page}");
    let other = hand_in(&operator, &id(), "b.csv", &csv(&[row(&Applicant::new("both"))])).await;
    assert_eq!((other.status.as_u16(), other.code()), (409, "import-running".into()));
    world.pass(SignedDuration::from_mins(1)).await;
    let stopped = operator.post(&format!("{list}/stop"), json!({})).await.ok().json();
    assert_eq!((&stopped["state"], &stopped["reason"]), (&json!("stopped"), &json!("stopped")), "{stopped}");
    let done = world.count(PREPARED).await;
    assert!((101..104).contains(&done), "{done}");
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(world.count(PREPARED).await, done, "nothing goes on");
}
