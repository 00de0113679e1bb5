//! Correcting phone and e-mail: by password, a code to the old one and a code to the new one.

use crate::account::refused;
use crate::people::{Applicant, PASSWORD, digits};
use crate::world::World;
use serde_json::{Value, json};

/// What the form sends.
fn to(field: &str, value: &str) -> Value {
    json!({ "field": field, "value": value, "current": PASSWORD })
}

/// The codes of the newest correction, as its form sends them.
pub fn codes(world: &World) -> Value {
    let of = |words: &str| {
        let message = world.messages().into_iter().find(|message| message.text.contains(words));
        message.and_then(|message| digits(&message.text)).unwrap_or_default()
    };
    json!({ "old_code": of("换成新的联系方式"), "new_code": of("设为账号的新联系方式") })
}

#[tokio::test]
async fn a_new_phone_holds_when_both_codes_are_right() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let (me, you) = (world.applicant(&who).await, world.member("both").await);
    let new = Applicant::new("both").phone;
    let begun = me.post("/me/contact", to("phone", &new)).await.ok();
    let path = begun.header("location").to_owned();
    world.settle().await;
    let sent: Vec<_> = world.messages().into_iter().take(2).map(|message| message.to).collect();
    assert!(sent.contains(&format!("+86{}", who.phone)) && sent.contains(&format!("+86{new}")), "{sent:?}");
    let confirmation = format!("{path}/confirmation");
    let mut wrong = codes(&world);
    wrong["old_code"] = json!("000000");
    refused(&me.post(&confirmation, wrong).await, "old_code", "code-wrong");
    assert_eq!(you.post(&confirmation, codes(&world)).await.status, 404, "another person's");
    assert_eq!(you.get(&path).await.status, 404);
    assert_eq!(me.get("/me").await.ok().json()["phone"], format!("+86{}", who.phone), "nothing has changed yet");
    me.post(&confirmation, codes(&world)).await.ok();
    assert_eq!(me.post(&confirmation, codes(&world)).await.status, 404, "used up");
    let page = me.get("/me/contact").await.ok().json();
    assert_eq!(page["phone"], format!("+86{new}"));
    assert_eq!((&page["history"][0]["field"], page["history"][0]["changed_at"].is_string()), (&json!("phone"), true));
    assert_eq!(world.visitor().sign_in(&who.phone, PASSWORD).await.status, 422, "the old one finds nobody");
    world.visitor().sign_in(&new, PASSWORD).await.ok();
    world.settle().await;
    assert!(world.messages().iter().any(|message| message.to == who.email && message.text.contains("刚刚更正")));
    assert_eq!(world.count("SELECT count(*) FROM contact_change WHERE phone IS NOT NULL").await, 0, "no old value");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'account.contact-changed'").await, 1);
}

#[tokio::test]
async fn what_is_asked_is_checked() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    refused(&me.post("/me/contact", to("phone", "12")).await, "value", "phone");
    refused(&me.post("/me/contact", to("email", &who.phone)).await, "value", "email");
    refused(&me.post("/me/contact", to("name", "x")).await, "field", "choice");
    refused(&me.post("/me/contact", to("phone", &who.phone)).await, "value", "contact-same");
    let stranger = json!({ "field": "phone", "value": "13900139777", "current": "nicht das richtige" });
    refused(&me.post("/me/contact", stranger.clone()).await, "current", "current-password");
    let page = me.submit("/me/contact", &[("field", "email"), ("value", "neu@"), ("current", PASSWORD)]).await;
    assert!(page.status == 422 && page.text.contains("不是邮箱地址") && !page.text.contains('⟦'), "{}", page.text);
    for _ in 0..3 {
        me.post("/me/contact", stranger.clone()).await;
    }
    assert_eq!(me.post("/me/contact", stranger).await.status, 429, "guessing at the password is slowed");
}

#[tokio::test]
async fn one_that_somebody_has_is_answered_alike_and_its_person_is_told() {
    let world = World::new().await;
    let me = world.applicant(&Applicant::new("both")).await;
    let other = Applicant::new("both");
    world.applicant(&other).await;
    let free = me.post("/me/contact", to("email", "frei@hengchuan.example")).await.ok();
    let taken = me.post("/me/contact", to("email", &other.email)).await.ok();
    let shape = |answer: &Value| answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((taken.status, shape(&taken.json())), (free.status, shape(&free.json())));
    world.settle().await;
    let told = world.messages().into_iter().find(|message| message.to == other.email).unwrap();
    assert!(told.text.contains("已经属于你的账号") && digits(&told.text).is_none(), "{}", told.text);
}

#[tokio::test]
async fn what_is_begun_is_replaced_or_forgotten_after_a_day_and_shown_meanwhile() {
    let world = World::new().await;
    let me = world.member("both").await;
    let first = me.post("/me/contact", to("email", "eins@hengchuan.example")).await.ok();
    me.post("/me/contact", to("email", "zwei@hengchuan.example")).await.ok();
    assert_eq!(me.get(first.header("location")).await.status, 404, "replaced");
    let data = me.get("/me/data").await.ok().text;
    assert!(data.contains("zwei@hengchuan.example") && data.contains("等待验证码的更正"), "{data}");
    world.stay_signed_in(3).await;
    world.pass(jiff::SignedDuration::from_hours(25)).await;
    assert_eq!(world.count("SELECT count(*) FROM contact_change").await, 0);
}
