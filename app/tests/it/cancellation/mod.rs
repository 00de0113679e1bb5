//! Cancellation: refused only for what others rely on, taken back by one click, then carried out for good, in one unit.

mod apart;
pub mod case;
mod certificate;
mod door;

use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{bid, id, published, text};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// The time to think, and a little more.
pub const OVER: SignedDuration = SignedDuration::from_hours(7 * 24 + 1);

/// Asks for it, as the page's form does.
pub async fn ask(browser: &Browser) -> Answer {
    browser.post("/me/cancellation", json!({ "id": id(), "password": PASSWORD })).await
}

async fn page(browser: &Browser) -> Value {
    browser.get("/me/cancellation").await.ok().json()
}

/// Status and code of a refusal.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn it_is_asked_for_with_the_password_once_and_taken_back_by_one_click() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let form = json!({ "id": id(), "password": "wrong and wrong again" });
    let wrong = me.post("/me/cancellation", form.clone()).await;
    assert_eq!((wrong.status.as_u16(), &wrong.json()["errors"][0]["code"]), (422, &json!("current-password")));
    let shown = me.submit("/me/cancellation", &[("id", &text(&form, "id")), ("password", "wrong")]).await;
    assert!(shown.status == 422 && shown.text.contains("现在的密码不对"), "{}", shown.text);
    let first = ask(&me).await.ok().json();
    let again = ask(&me).await.ok().json();
    assert_eq!(first["id"], again["id"], "a second request is the same request");
    assert_eq!(text(&first, "due_at")[..13], *"2026-11-30T01");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'cancellation.requested'").await, 1);
    world.settle().await;
    let messages = world.messages();
    let to_me =
        |channel, words: &str| messages.iter().filter(|one| one.channel == channel && one.text.contains(words)).count();
    assert_eq!(
        (to_me(Channel::Mail, "/cancellations/"), to_me(Channel::Sms, "申请了注销账号")),
        (1, 1),
        "told by both"
    );
    let shown = me.page("/me/cancellation").await.ok().text;
    assert!(
        shown.contains("撤回申请，保留账号") && !shown.contains('⟦') && !shown.contains("name=\"password\""),
        "{shown}"
    );
    assert!(me.page("/").await.ok().text.contains("你申请了注销账号"), "the desk says it too");
    me.get("/me").await.ok();
    for _ in 0..2 {
        let done = me.submit("/me/cancellation/withdrawal", &[]).await;
        assert_eq!(
            (done.status.as_u16(), done.header("location")),
            (303, "/me/cancellation?done=cancellation-withdrawn")
        );
    }
    world.stay_signed_in(30).await;
    world.pass(OVER).await;
    assert_eq!(page(&me).await["newest"]["state"], "withdrawn");
    me.get("/me").await.ok();
    assert!(world.messages().iter().all(|one| !one.text.contains("将在")), "nobody is reminded of what was taken back");
    let anew = ask(&me).await.ok().json();
    assert_ne!(anew["id"], first["id"]);
}

#[tokio::test]
async fn what_others_rely_on_is_named_with_its_end_and_nothing_else_refuses() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (tender, lot) = published(&world, &buyer).await;
    let bid = bid(&provider, &lot, "100").await;
    for (who, what, path) in
        [(&buyer, "tender-obstacle", format!("/tenders/{tender}")), (&provider, "bid-obstacle", format!("/bids/{bid}"))]
    {
        assert_eq!(told(&ask(who).await), (409, "cancellation-obstacles".to_owned()));
        let page = page(who).await;
        let [obstacle] = page["obstacles"].as_array().unwrap().as_slice() else { panic!("{page}") };
        assert_eq!((&obstacle["what"], &obstacle["path"]), (&json!(what), &json!(path)));
        assert_eq!(&text(obstacle, "ends_at")[..10], "2026-12-03", "the deadline");
        let shown = who.page("/me/cancellation").await.ok().text;
        assert!(shown.contains("要先结束的事项") && shown.contains("岚河通信云平台"), "{shown}");
        assert!(!shown.contains("name=\"password\""), "no form that would be refused");
    }
    assert_eq!(told(&ask(&world.operator().await).await), (409, "cancellation-obstacles".to_owned()), "the last one");
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    provider.post(&format!("/bids/{bid}/withdrawal"), json!({ "version": seen["bid"]["version"] })).await.ok();
    ask(&provider).await.ok();
    world.stay_signed_in(30).await;
    world.until(crate::sourcing::after(world.clock.now(), 10)).await;
    assert_eq!(page(&buyer).await["obstacles"], json!([]), "it has failed without a bid");
    ask(&buyer).await.ok();
}

#[tokio::test]
async fn a_bid_that_comes_in_between_stops_it_and_says_so() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published(&world, &buyer).await;
    ask(&provider).await.ok();
    let bid = bid(&provider, &lot, "100").await;
    world.stay_signed_in(30).await;
    world.pass(OVER).await;
    let page = page(&provider).await;
    assert_eq!((&page["newest"]["state"], page["obstacles"].as_array().map(Vec::len)), (&json!("stopped"), Some(1)));
    provider.get(&format!("/bids/{bid}")).await.ok();
    assert!(provider.page("/me/cancellation").await.ok().text.contains("注销已停止"));
    assert!(world.messages().iter().any(|one| one.text.contains("到期时还有尚未结束的事项")));
    assert_eq!(world.count("SELECT count(*) FROM subject WHERE standing = 'destroyed'").await, 0);
}

#[tokio::test]
async fn when_its_time_has_come_everything_of_the_person_is_gone() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    let company = text(&me.get("/company").await.ok().json()["company"], "id");
    let operator = world.operator().await;
    crate::company::decide(&operator, &company, "approval", json!({})).await.ok();
    let token =
        me.post("/company/tokens", json!({"id": id(), "name": "采购系统", "read": true, "days": "90"})).await.ok();
    let secret = text(&token.json(), "secret");
    ask(&me).await.ok();
    let link = text(&page(&me).await, "link");
    world.stay_signed_in(30).await;
    world.pass(SignedDuration::from_hours(6 * 24 + 1)).await;
    assert!(
        world
            .messages()
            .iter()
            .any(|one| one.channel == Channel::Mail && one.text.contains(&link) && one.text.contains("将在"))
    );
    me.get("/me").await.ok();
    world.pass(SignedDuration::from_hours(24 - 2)).await;
    let reset = world.visitor().post("/password-resets", json!({ "account": who.phone })).await.ok();
    let codes = world.codes(&who).await;
    world.pass(SignedDuration::from_hours(2)).await;
    // Every door is shut, at once, and as if nobody had ever been there.
    assert_eq!(me.get("/me").await.status, 401);
    assert_eq!(me.get("/company").await.status, 401);
    let unknown = world.visitor_from("127.0.0.7").sign_in("13500135000", PASSWORD).await;
    let gone = world.visitor_from("127.0.0.8").sign_in(&who.phone, PASSWORD).await;
    let without_request = |answer: &Answer| {
        let mut json = answer.json();
        json.as_object_mut().unwrap().remove("request");
        (answer.status, json)
    };
    assert_eq!(without_request(&gone), without_request(&unknown));
    let program = world.visitor();
    let request = program.request(reqwest::Method::GET, "/company").header("accept", "application/json");
    assert_eq!(program.send(request.header("authorization", format!("Bearer {secret}"))).await.status, 401);
    let mut set = codes.clone();
    set["password"] = json!("drei andere Ziegen im Schnee");
    let set_at = async |reset: &str| told(&world.visitor().post(&format!("{reset}/password"), set.clone()).await);
    let unknown = format!("/password-resets/{}", id());
    assert_eq!(set_at(reset.header("location")).await, set_at(&unknown).await, "codes on their way set nothing");
    // What is left are ids.
    for (sql, count) in [
        (
            "SELECT count(*) FROM account WHERE operator = 0 AND length(phone) = 0 AND length(email) = 0 AND password = ''",
            1,
        ),
        (
            "SELECT count(*) FROM account WHERE operator = 0 AND (length(phone_index) > 16 OR length(email_index) > 16)",
            0,
        ),
        ("SELECT count(*) FROM login_session WHERE length(token_hash) = 16 AND ended_at IS NULL", 0),
        ("SELECT count(*) FROM api_token", 0),
        ("SELECT count(*) FROM password_reset WHERE account IS NOT NULL", 0),
        ("SELECT count(*) FROM tombstone", 1),
        ("SELECT count(*) FROM company", 1),
        ("SELECT count(*) FROM agreement", 2),
    ] {
        assert_eq!(world.count(sql).await, count, "{sql}");
    }
    let state = world.visitor().get(&link).await.ok().json();
    assert_eq!(state["cancellation"]["state"], "erased");
    assert_eq!(world.visitor().get(&link).await.ok().json(), state, "reading consumes nothing");
    assert!(text(&state, "final_at") > text(&state["cancellation"], "keys_at"));
    // The phone is free, for a new person.
    let anew = Applicant { phone: who.phone.clone(), email: who.email.clone(), ..Applicant::new("buyer") };
    world.applicant(&anew).await.get("/me").await.ok();
    assert_eq!(
        world
            .count("SELECT count(*) FROM account a JOIN subject s ON s.id = a.subject WHERE s.standing = 'active'")
            .await,
        2
    );
}

#[tokio::test]
async fn keys_go_at_once_or_on_the_date_that_the_law_gives() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    ask(&me).await.ok();
    let whose = "SELECT subject FROM account WHERE operator = 0";
    let subject = world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(whose, &[], |row| row.next::<[u8; 16]>()));
    let subject = subject.await.unwrap();
    let keys = async || {
        let sql = "SELECT class FROM data_key WHERE subject = $1 ORDER BY class";
        let unit = move |tx: &mut kit::db::Tx| tx.all(sql, kit::values![subject], |row| row.next::<String>());
        world.app.keys().read::<_, kit::db::Error>(unit).await.unwrap()
    };
    assert_eq!(keys().await, ["netlog_6m", "operational"]);
    world.pass(OVER).await;
    assert_eq!(keys().await, ["netlog_6m"]);
    world.pass(SignedDuration::from_hours(24 * 180)).await;
    assert_eq!(keys().await, ["netlog_6m"], "the law has the sign-in log kept for six months");
    world.pass(SignedDuration::from_hours(24 * 5)).await;
    assert_eq!(keys().await, Vec::<String>::new());
    assert_eq!(world.count("SELECT count(*) FROM login_session").await, 0, "and so are its rows");
}

#[tokio::test]
async fn nobody_asks_for_another_and_no_link_can_be_guessed() {
    let world = World::new().await;
    let (me, you) = (world.applicant(&Applicant::new("both")).await, world.applicant(&Applicant::new("both")).await);
    let mine = ask(&me).await.ok().json();
    let stolen = json!({ "id": mine["id"], "password": PASSWORD });
    assert_eq!(you.post("/me/cancellation", stolen.clone()).await.status, 404, "another person's id");
    assert_eq!(told(&you.post("/me/cancellation/withdrawal", json!({})).await), (409, "cancellation-none".to_owned()));
    me.post("/me/cancellation/withdrawal", json!({})).await.ok();
    assert_eq!(me.post("/me/cancellation", stolen).await.status, 404, "an old form brings nothing back");
    assert_eq!(world.visitor().post("/me/cancellation", json!({ "id": id(), "password": PASSWORD })).await.status, 401);
    ask(&me).await.ok();
    let link = text(&page(&me).await, "link");
    let key = link.trim_start_matches("/cancellations/");
    let other = if &key[30..31] == "A" { "B" } else { "A" };
    for wrong in ["x".to_owned(), "A".repeat(43), format!("{}{other}{}", &key[..30], &key[31..])] {
        assert_eq!(world.visitor().get(&format!("/cancellations/{wrong}")).await.status, 404, "{wrong}");
    }
}
