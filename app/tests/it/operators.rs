//! The operator's people: invited by an administrator, granted duties by others and never by themselves.

use crate::account::{changed, refused};
use crate::operator_duty::{holder, with};
use crate::people::PASSWORD;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use app::web::{OperatorDuties, OperatorDuty};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[track_caller]
fn conflict(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, code), "{}", answer.text);
}

/// The id of somebody's post, by one of its duties.
async fn post(administrator: &Browser, duty: &str) -> String {
    let list = administrator.get("/desk/operators").await.ok().json();
    let has = |one: &&Value| one["duties"].as_array().unwrap().iter().any(|one| one == duty);
    text(list["operators"].as_array().unwrap().iter().rev().find(has).unwrap_or_else(|| panic!("{list}")), "id")
}

pub fn invitation() -> Value {
    json!({ "id": id(), "title": "审核二岗", "duty": ["reviewer", "support"] })
}

fn person() -> Value {
    json!({
        "phone": "13899139099", "email": "second@operator.example", "password": PASSWORD,
        "policy": policy::current().id, "agree": true
    })
}

/// Invites, and answers the path of the link.
async fn invited(administrator: &Browser, form: Value) -> String {
    let made = administrator.post("/desk/operators", form).await.ok().json();
    let link = text(&made, "link");
    link[link.find("/operator-invitations/").unwrap()..].to_owned()
}

#[tokio::test]
async fn an_administrator_grants_to_others_and_never_to_themselves() {
    let world = World::new().await;
    let (administrator, reviewer) =
        (holder(&world, OperatorDuty::Administrator).await, holder(&world, OperatorDuty::Reviewer).await);
    let (own, other) = (post(&administrator, "administrator").await, post(&administrator, "reviewer").await);
    let act = async |whom: &str, act: &str, duty: &str| {
        administrator.post(&format!("/desk/operators/{whom}/{act}"), json!({ "duty": duty })).await
    };
    for duty in OperatorDuty::ALL {
        conflict(&act(&own, "duties", duty.code()).await, "operators-self");
    }
    assert_eq!(administrator.get("/desk/uses").await.status, 403);
    for _ in 0..2 {
        act(&other, "duties", "security").await.ok();
    }
    reviewer.get("/desk/uses").await.ok();
    conflict(&act(&other, "duties", "auditor").await, "operators-apart");
    act(&other, "duties/withdrawal", "security").await.ok();
    assert_eq!(reviewer.get("/desk/uses").await.status, 403, "taken, it is gone with the next request");
    refused(&act(&other, "duties", "emperor").await, "duty", "operators-duty");
    assert_eq!(act(&id().to_string(), "duties", "risk").await.status, 404);
    let buyer = world.member("buyer").await;
    assert_eq!(buyer.post(&format!("/desk/operators/{other}/duties"), json!({ "duty": "risk" })).await.status, 404);
    assert_eq!(reviewer.post(&format!("/desk/operators/{other}/duties"), json!({ "duty": "risk" })).await.status, 403);
    let page = administrator.page(&format!("/desk/operators/{other}")).await.ok().text;
    assert!(
        page.contains("授予") && page.contains("administrator岗") && page.contains("命令行") && !page.contains('⟦'),
        "{page}"
    );
    let own = administrator.page(&format!("/desk/operators/{own}")).await.ok().text;
    assert!(own.contains("自己的职责由另一位管理人员授予") && !own.contains(">授予</button>"), "{own}");
    assert!(
        !administrator.page("/desk/operators").await.ok().text.contains(&reviewer.phone),
        "nobody's contact is shown"
    );
    let changes = "SELECT count(*) FROM operator_duty_change WHERE duty = 'security' AND by_account IS NOT NULL";
    assert_eq!(world.count(changes).await, 2, "one grant and one taking: a repeat is none");
}

#[tokio::test]
async fn the_last_administrator_stays_also_when_two_take_each_others_at_once() {
    let world = World::new().await;
    let one = with(&world, OperatorDuties::NONE.with(OperatorDuty::Administrator), None).await;
    let own = post(&one, "administrator").await;
    let take = async |by: &Browser, whom: &str| {
        by.post(&format!("/desk/operators/{whom}/duties/withdrawal"), json!({ "duty": "administrator" })).await
    };
    conflict(&take(&one, &own).await, "operators-last");
    let two = with(&world, OperatorDuties::NONE.with(OperatorDuty::Administrator), None).await;
    let other = post(&one, "administrator").await;
    assert_ne!(own, other);
    let (first, second) = tokio::join!(take(&one, &other), take(&two, &own));
    let statuses = [first.status.as_u16(), second.status.as_u16()];
    assert!(statuses.contains(&201) && (statuses.contains(&403) || statuses.contains(&409)), "{statuses:?}");
    let left = "SELECT count(*) FROM account WHERE operator = 1 AND operator_duties = 'administrator'";
    assert_eq!(world.count(left).await, 1);
}

#[tokio::test]
async fn an_invitation_makes_one_account_by_whoever_has_the_link() {
    let world = World::new().await;
    let administrator = with(&world, OperatorDuties::NONE.with(OperatorDuty::Administrator), None).await;
    let link = invited(&administrator, invitation()).await;
    let page = world.visitor().page(&link).await.ok().text;
    assert!(page.contains("审核二岗") && page.contains("审核企业") && !page.contains('⟦'), "{page}");
    let accept = format!("{link}/acceptance");
    let visitor = world.visitor_from("127.0.6.1");
    refused(&visitor.post(&accept, changed(person(), "agree", json!(false))).await, "agree", "not-agreed");
    refused(&visitor.post(&accept, changed(person(), "policy", json!("2026-11"))).await, "policy", "policy-superseded");
    let weak = visitor.post(&accept, changed(person(), "password", json!("12345"))).await;
    assert_eq!(weak.status, 422);
    visitor.post(&accept, person()).await.ok();
    conflict(
        &visitor.post(&accept, changed(person(), "phone", json!("13899139098"))).await,
        "operators-invitation-over",
    );
    let second = world.visitor_from("127.0.6.2");
    second.sign_in("13899139099", PASSWORD).await.ok();
    second.get("/operator/companies").await.ok();
    assert_eq!(second.get("/desk/uses").await.status, 403, "only what it was for");
    assert_eq!(world.count("SELECT count(*) FROM agreement WHERE channel = 'web-json'").await, 1);
    let list = administrator.page("/desk/operators").await.ok().text;
    assert!(list.contains("已接受") && !list.contains("13899139099") && !list.contains('⟦'), "{list}");
    assert!(world.visitor().page(&link).await.ok().text.contains("这个链接已经不能使用"));
}

#[tokio::test]
async fn no_link_is_guessed_kept_too_long_or_used_after_it_was_withdrawn() {
    let world = World::new().await;
    let administrator = with(&world, OperatorDuties::NONE.with(OperatorDuty::Administrator), None).await;
    let link = invited(&administrator, invitation()).await;
    let key = link.trim_start_matches("/operator-invitations/").to_owned();
    let other = if &key[30..31] == "A" { "B" } else { "A" };
    for wrong in ["x".to_owned(), "A".repeat(43), format!("{}{other}{}", &key[..30], &key[31..])] {
        assert_eq!(world.visitor().get(&format!("/operator-invitations/{wrong}")).await.status, 404, "{wrong}");
        let act = format!("/operator-invitations/{wrong}/acceptance");
        assert_eq!(world.visitor().post(&act, person()).await.status, 404, "{wrong}");
    }
    let list = administrator.get("/desk/operators").await.ok().json();
    assert!(!list.to_string().contains(&key), "the key is shown once");
    let withdrawal = format!("/desk/operator-invitations/{}/withdrawal", text(&list["invitations"][0], "id"));
    administrator.post(&withdrawal, json!({})).await.ok();
    conflict(&administrator.post(&withdrawal, json!({})).await, "operators-invitation-over");
    let accept = |link: &str| format!("{link}/acceptance");
    conflict(&world.visitor().post(&accept(&link), person()).await, "operators-invitation-over");
    let late = invited(&administrator, invitation()).await;
    world.pass(SignedDuration::from_hours(73)).await;
    conflict(&world.visitor().post(&accept(&late), person()).await, "operators-invitation-over");
    let administrator = world.again_as(&administrator.phone).await;
    let orphan = invited(&administrator, invitation()).await;
    let take = |tx: &mut kit::db::Tx| tx.execute("UPDATE account SET operator_duties = '' WHERE operator = 1", &[]);
    world.app.db().write::<_, kit::db::Error>(take).await.unwrap();
    conflict(&world.visitor().post(&accept(&orphan), person()).await, "operators-invitation-over");
    assert_eq!(world.count("SELECT count(*) FROM account").await, 1, "nothing was made");
}

#[tokio::test]
async fn what_an_invitation_asks_is_checked_field_by_field() {
    let world = World::new().await;
    let administrator = holder(&world, OperatorDuty::Administrator).await;
    let ask = async |form: Value| administrator.post("/desk/operators", form).await;
    refused(&ask(changed(invitation(), "duty", json!([]))).await, "duty", "operators-none");
    refused(&ask(changed(invitation(), "duty", json!(["emperor"]))).await, "duty", "operators-duty");
    refused(&ask(changed(invitation(), "duty", json!(["reviewer", "auditor"]))).await, "duty", "operators-apart");
    let auditor = || json!({ "id": id(), "title": "外部审计", "duty": ["auditor"] });
    refused(&ask(auditor()).await, "until", "operators-endless");
    for day in ["2026-11-22", "2028-11-23", "soon"] {
        refused(&ask(changed(auditor(), "until", json!(day))).await, "until", "operators-day");
    }
    refused(&ask(changed(invitation(), "title", json!("审\u{202e}核"))).await, "title", "hidden-character");
    let form = changed(auditor(), "until", json!("2027-01-31"));
    let made = ask(form.clone()).await.ok().json();
    assert_eq!(text(&made["invitation"], "until"), "2027-01-31T16:00:00Z", "the end of the day in Beijing");
    ask(form.clone()).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM operator_invitation").await, 1, "sent twice it is one");
    let other = holder(&world, OperatorDuty::Administrator).await;
    assert_eq!(other.post("/desk/operators", form).await.status, 404, "another's id");
    let page = administrator.submit("/desk/operators", &[("title", "x")]).await;
    assert!(page.status == 422 && page.text.contains("至少选择一项职责") && !page.text.contains('⟦'), "{}", page.text);
}

#[tokio::test]
async fn the_last_administrator_does_not_leave_and_one_for_a_time_is_none_to_rely_on() {
    let world = World::new().await;
    let sole = OperatorDuties::NONE.with(OperatorDuty::Administrator);
    let administrator = with(&world, sole, None).await;
    // A reviewer without an end, and an administrator for a month: neither could appoint anybody for good.
    with(&world, OperatorDuties::NONE.with(OperatorDuty::Reviewer), None).await;
    holder(&world, OperatorDuty::Administrator).await;
    conflict(&crate::cancellation::ask(&administrator).await, "cancellation-obstacles");
    with(&world, sole, None).await;
    crate::cancellation::ask(&administrator).await.ok();
}
