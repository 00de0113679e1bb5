//! Duties of the operator's people: each opens its own routes and no others, ends with its time, and is asked anew with each
//! request.

use crate::duties::halved;
use crate::people::{Applicant, PASSWORD};
use crate::world::{Browser, World};
use app::identity::account::{Post, appoint};
use app::web::{OperatorDuties, OperatorDuty, Who};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;

/// `METHOD PATH DUTY`, a line for each route of the operator's.
pub fn declared() -> BTreeMap<(String, String), String> {
    let lines =
        include_str!("table/operator_duties.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let read = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let [method, path, duty] = words[..] else { panic!("{line}") };
        ((method.to_owned(), path.to_owned()), duty.to_owned())
    };
    lines.map(read).collect()
}

/// Somebody with this duty and no other.
pub async fn holder(world: &World, duty: OperatorDuty) -> Browser {
    let until = world.clock.now().checked_add(SignedDuration::from_hours(24 * 30)).unwrap();
    with(world, OperatorDuties::NONE.with(duty), Some(until)).await
}

/// Somebody with these duties.
pub async fn with(world: &World, duties: OperatorDuties, until: Option<Timestamp>) -> Browser {
    let number = world.count("SELECT count(*) FROM account WHERE operator = 1").await;
    let (phone, email) = (format!("138991390{number:02}"), format!("post{number}@operator.example"));
    let post = Post { title: format!("{}岗", duties.codes()), duties, until };
    appoint(&world.app, &phone, &email, PASSWORD, post).await.unwrap();
    let mut browser = world.visitor_from(&format!("127.0.8.{}", number + 1));
    browser.phone = phone.clone();
    browser.sign_in(&phone, PASSWORD).await.ok();
    browser
}

#[tokio::test]
async fn each_duty_opens_its_own_routes_and_no_others() {
    let world = World::new().await;
    let declared = declared();
    let mut real = BTreeMap::new();
    for row in world.app.table() {
        let key = (row.method.to_string(), row.path.to_owned());
        match row.who {
            Who::Duty(duty) => drop(real.insert(key, duty.code().to_owned())),
            Who::Operator => {
                panic!("{} {}: a route of the operator's names the duty that it needs: Who::Duty", key.0, key.1)
            }
            _ => {}
        }
    }
    assert_eq!(real, declared, "app/tests/it/table/operator_duties.txt declares each route of the operator's");
    let mut wrong = Vec::new();
    for duty in OperatorDuty::ALL {
        let browser = holder(&world, duty).await;
        let token = browser.token().await;
        for ((method, path), needed) in &declared {
            let path = path.split('/').map(|part| {
                if part.starts_with('{') { Id::<()>::from_bytes([7; 16]).to_string() } else { part.to_owned() }
            });
            let path = path.collect::<Vec<_>>().join("/");
            let answer = match method.as_str() {
                "POST" => browser.post_with(&token, &path, &json!({})).await,
                _ => browser.get(&path).await,
            };
            let refused = answer.status == 403 && answer.code() == format!("operator-duty-{needed}-missing");
            if refused == (duty.code() == needed) || [401, 500].contains(&answer.status.as_u16()) {
                wrong.push(format!("{method} {path} ({needed}) as {}: {}", duty.code(), answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn who_lacks_a_duty_is_told_which_and_where_it_comes_from_and_is_shown_no_way_there() {
    let world = World::new().await;
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    let page = reviewer.page("/desk/uses").await;
    assert_eq!(page.status, 403);
    assert!(
        page.text.contains("这一页需要“安全”职责") && page.text.contains("运营人员") && !page.text.contains('⟦'),
        "{}",
        page.text
    );
    let desk = reviewer.page("/").await.ok().text;
    assert!(desk.contains("href=\"/operator/companies\"") && !desk.contains("href=\"/desk/"), "{desk}");
    let privacy = holder(&world, OperatorDuty::PrivacyOfficer).await;
    world.applicant(&Applicant::new("buyer")).await;
    assert!(!privacy.page("/").await.ok().text.contains("/operator/companies"), "the queue waits for a reviewer only");
    assert!(reviewer.page("/").await.ok().text.contains("/operator/companies/"));
    let own = reviewer.page("/me").await.ok();
    assert!(!own.text.contains('⟦'), "what is everybody's own needs no duty");
}

#[tokio::test]
async fn an_auditors_time_ends_and_a_taken_duty_ends_at_once() {
    let world = World::new().await;
    let auditor = holder(&world, OperatorDuty::Auditor).await;
    auditor.get("/desk/audit").await.ok();
    world.stay_signed_in(60).await;
    world.pass(SignedDuration::from_hours(24 * 31)).await;
    let late = auditor.get("/desk/audit").await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (403, "operator-duty-auditor-missing"));
    auditor.get("/me").await.ok();
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    reviewer.get("/operator/companies").await.ok();
    let take = |tx: &mut kit::db::Tx| tx.execute("UPDATE account SET operator_duties = '' WHERE operator = 1", &[]);
    world.app.db().write::<_, kit::db::Error>(take).await.unwrap();
    assert_eq!(reviewer.get("/operator/companies").await.status, 403, "the next request");
    let strange =
        |tx: &mut kit::db::Tx| tx.execute("UPDATE account SET operator_duties = 'emperor' WHERE operator = 1", &[]);
    world.app.db().write::<_, kit::db::Error>(strange).await.unwrap();
    assert_eq!(reviewer.get("/operator/companies").await.status, 403, "what is no duty counts for none");
}

#[tokio::test]
async fn an_auditor_changes_nothing() {
    let world = World::new().await;
    let auditor = holder(&world, OperatorDuty::Auditor).await;
    let acts =
        world.app.table().into_iter().filter(|row| row.method == Method::POST && matches!(row.who, Who::Duty(_)));
    assert!(acts.clone().count() > 15);
    let own: Vec<_> = acts.filter(|row| row.who == Who::Duty(OperatorDuty::Auditor)).map(|row| row.path).collect();
    assert_eq!(own, ["/desk/audit/histories/{id}/grants"], "an auditor says why they read, and does nothing else");
    auditor.get("/desk/audit").await.ok();
}

#[tokio::test]
async fn a_duty_taken_in_mid_action_does_nothing_more() {
    let world = World::new().await;
    let (reviewer, administrator) =
        (holder(&world, OperatorDuty::Reviewer).await, holder(&world, OperatorDuty::Administrator).await);
    let applicant = world.applicant(&Applicant::new("buyer")).await;
    let company = applicant.get("/company").await.ok().json()["company"].clone();
    let approval = format!("/operator/companies/{}/approval", crate::sourcing::text(&company, "id"));
    let seen = json!({ "version": company["version"] });
    let posts = administrator.get("/desk/operators").await.ok().json()["operators"].clone();
    let of = |duty: &str| {
        let mut posts = posts.as_array().unwrap().iter();
        crate::sourcing::text(posts.find(|one| one["duties"] == json!([duty])).unwrap(), "id")
    };
    let take = async || {
        let sql = "UPDATE account SET operator_duties = '' WHERE operator = 1";
        world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[])).await.map(drop).unwrap();
    };
    let give = async || {
        let unit = |tx: &mut kit::db::Tx| {
            tx.execute("UPDATE account SET operator_duties = 'reviewer' WHERE post = 'reviewer岗'", &[])?;
            tx.execute("UPDATE account SET operator_duties = 'administrator' WHERE post = 'administrator岗'", &[])
        };
        world.app.db().write::<_, kit::db::Error>(unit).await.map(drop).unwrap();
    };
    for (phone, path, body) in [
        (&reviewer.phone, approval.clone(), seen.clone()),
        (&administrator.phone, format!("/desk/operators/{}/duties", of("reviewer")), json!({ "duty": "security" })),
        (&administrator.phone, "/desk/operators".to_owned(), crate::operators::invitation()),
    ] {
        let answer = halved(&world, phone, &path, &body, &take).await;
        assert!(answer.contains("403 Forbidden") && answer.contains("-missing"), "{path}: {answer}");
        give().await;
    }
    assert_eq!(world.count("SELECT count(*) FROM company WHERE state = 'approved'").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM operator_invitation").await, 0);
    let answer = halved(&world, &reviewer.phone, &approval, &seen, async || {}).await;
    assert!(answer.contains("201 Created"), "who holds it still acts: {answer}");
}
