//! Two processes on one PostgreSQL, sharing databases, keys, files and the outbox: whichever of them is asked, it is one
//! platform. Nothing of this exists on an embedded database, which has one process at a time.

use crate::people::{Applicant, PASSWORD, credit_code};
use crate::sourcing::{after, bid, id, published, text};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::{job, values};
use serde_json::json;

#[tokio::test]
async fn signed_in_at_one_is_signed_in_at_the_other_and_a_session_that_ends_has_ended_at_both() {
    let Some([a, b]) = World::two().await else { return };
    let applicant = Applicant::new("buyer");
    let person = a.applicant(&applicant).await;
    let company = person.at(&b).get("/company").await.ok().json()["company"].clone();
    // The form was shown by one process and is sent to the other.
    let operator = a.operator().await;
    let token = operator.token().await;
    let approval = format!("/operator/companies/{}/approval", text(&company, "id"));
    operator.at(&b).post_with(&token, &approval, &json!({"version": company["version"]})).await.ok();
    assert_eq!(person.get("/session").await.json()["company"]["state"], "approved", "at once, at the other");
    let me = person.at(&b).get("/me").await.ok().json();
    assert!(text(&me, "email").contains(&applicant.email), "what one sealed the other opens");
    // Ended at one, refused at the other.
    let elsewhere = b.visitor();
    elsewhere.sign_in(&applicant.phone, PASSWORD).await.ok();
    let sessions = person.at(&b).get("/me").await.ok().json()["sessions"].clone();
    let other = sessions.as_array().unwrap().iter().find(|one| one["is_current"] == false).unwrap();
    person.post(&format!("/me/sessions/{}/end", text(other, "id")), json!({})).await.ok();
    assert_eq!(elsewhere.get("/me").await.status, 401);
    assert_eq!(elsewhere.at(&a).get("/me").await.status, 401);
    person.at(&b).post("/session/end", json!({})).await.ok();
    assert_eq!(person.get("/me").await.status, 401);
}

#[tokio::test]
async fn wrong_passwords_and_wrong_codes_are_counted_together() {
    let Some([a, b]) = World::two().await else { return };
    let member = a.applicant(&Applicant::new("buyer")).await;
    let thief = a.visitor_from("127.0.0.9");
    let mut statuses = Vec::new();
    for at_b in [false, true, false, true, true, false, true] {
        let thief = if at_b { thief.at(&b) } else { thief.clone() };
        statuses.push(thief.sign_in(&member.phone, "wrong and wrong again").await.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    let (browser, applicant) = (a.visitor(), Applicant::new("provider"));
    let registration = browser.post("/registrations", applicant.form()).await.ok();
    let path = format!("{}/confirmation", registration.header("location"));
    let codes = b.codes(&applicant).await;
    let wrong = json!({"phone_code": codes["email_code"], "email_code": codes["phone_code"]});
    for at_b in [false, true, false, true, false] {
        let browser = if at_b { browser.at(&b) } else { browser.clone() };
        assert_eq!(browser.post(&path, wrong.clone()).await.status, 422);
    }
    let spent = browser.at(&b).post(&path, codes).await;
    assert_eq!(text(&spent.json()["errors"][0], "code"), "code-spent");
}

#[tokio::test]
async fn both_work_at_once_and_each_thing_happens_once() {
    let Some([a, b]) = World::two().await else { return };
    let buyer = a.member("buyer").await;
    let mut providers = Vec::new();
    for at in [&a, &b, &a] {
        providers.push(at.member("provider").await);
    }
    a.stay_signed_in(100).await;
    let mut tenders = Vec::new();
    for round in 0..4 {
        let (tender, lot) =
            published(if round % 2 == 0 { &a } else { &b }, &buyer.at(if round < 2 { &a } else { &b })).await;
        for (provider, yuan) in providers.iter().zip(["300", "100", "200"]) {
            bid(&provider.at(if round % 2 == 0 { &b } else { &a }), &lot, yuan).await;
        }
        tenders.push((tender, lot));
    }
    a.clock.set(after(a.clock.now(), 10));
    let (one, two) = tokio::join!(a.app.settle(), b.app.settle());
    one.unwrap();
    two.unwrap();
    for (tender, lot) in &tenders {
        let record = b.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
        assert_eq!(record["lots"][0]["bids"].as_array().unwrap().len(), 3);
        let best = text(&record["lots"][0]["bids"][0], "id");
        let choice = json!({"bid": best, "reason": "价格最低，满足全部要求"});
        buyer.at(&b).post(&format!("/lots/{lot}/award"), choice).await.ok();
    }
    let (one, two) = tokio::join!(a.app.settle(), b.app.settle());
    one.unwrap();
    two.unwrap();
    // One may have looked for the last time before the other had done its last: each fills an index of its own.
    a.settle().await;
    b.settle().await;
    for (sql, count) in [
        ("SELECT count(*) FROM event WHERE kind = 'tender.closed'", 4),
        ("SELECT count(*) FROM event WHERE kind = 'tender.opened'", 4),
        ("SELECT count(*) FROM event WHERE kind = 'tender.questions-ended'", 4),
        ("SELECT count(*) FROM notice", 8),
        ("SELECT max(seq) - count(*) FROM event", 0),
        ("SELECT count(*) FROM job WHERE kind <> 'log.audit'", 0),
        ("SELECT max(version) - min(version) FROM tender", 0),
    ] {
        assert_eq!(a.count(sql).await, count, "{sql}");
    }
    let mut messages: Vec<_> = a.messages().into_iter().map(|one| (one.to, one.subject, one.text)).collect();
    for (subject, times) in [("验证码", 4), ("已通过审核", 4), ("已开标", 4 * 4), ("中标通知", 4), ("招标结果", 4 * 2)]
    {
        assert_eq!(messages.iter().filter(|one| one.1.contains(subject)).count(), times, "{subject}");
    }
    let all = messages.len();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), all, "nobody is told anything twice");
    for world in [&a, &b] {
        let found = world.visitor().get("/notices?words=中标公告").await.ok().json();
        assert_eq!(found["notices"].as_array().map(Vec::len), Some(4), "each has its own index: {found}");
    }
}

#[tokio::test]
async fn a_page_of_a_list_begun_at_one_goes_on_at_the_other() {
    let Some([a, b]) = World::two().await else { return };
    let operator = a.operator().await;
    a.app
        .db()
        .write::<_, kit::db::Error>(|tx| {
            for n in 0..60u64 {
                let (id, now) = (tx.id::<()>(), tx.now());
                tx.execute(
                    "INSERT INTO company (id, name, credit_code, buyer, provider, state, created_at, version) \
                     VALUES ($1, $2, $3, 1, 0, 'pending', $4, 1)",
                    values![id, format!("公司{n}"), credit_code(700_000 + n), now],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let first = operator.get("/operator/companies").await.ok().json();
    let next = text(&first, "next");
    let rest = operator.at(&b).get(&next).await.ok().json();
    let names = |page: &serde_json::Value| page["companies"].as_array().unwrap().len();
    assert_eq!((names(&first), names(&rest)), (50, 10));
}

#[tokio::test]
async fn what_a_dead_process_had_begun_the_other_takes_over_and_nothing_is_sent_twice() {
    let Some([a, b]) = World::two().await else { return };
    let (browser, applicant) = (a.visitor(), Applicant::new("buyer"));
    browser.post("/registrations", applicant.form()).await.ok();
    // One process claims both jobs, and dies before it does either.
    let mut claimed = Vec::new();
    for _ in 0..2 {
        let worker = a.app.worker().clone();
        claimed.push(a.app.db().write(move |tx| job::claim(tx, &worker)).await.unwrap().unwrap());
    }
    b.settle().await;
    assert_eq!(b.messages().len(), 0, "the lease still holds");
    b.pass(job::LEASE + SignedDuration::from_secs(1)).await;
    assert_eq!(b.messages().len(), 2);
    for job in claimed {
        a.app.db().write(move |tx| job::finish(tx, &job)).await.unwrap();
    }
    a.settle().await;
    assert_eq!((b.messages().len(), a.count("SELECT count(*) FROM job WHERE kind <> 'log.audit'").await), (2, 0));
}

#[tokio::test]
async fn the_same_form_sent_to_both_is_one_act() {
    let Some([a, b]) = World::two().await else { return };
    let (buyer, provider) = (a.member("buyer").await, a.member("provider").await);
    let (_, lot) = published(&a, &buyer).await;
    let token = provider.token().await;
    for round in 0..6 {
        let (first, second) = if round < 3 { (id(), None) } else { (id(), Some(id())) };
        let form = |bid: &str| json!({"id": bid, "price": "100", "delivery_days": "30"});
        let path = format!("/lots/{lot}/bids");
        let (form_a, form_b) = (form(&first), form(second.as_ref().unwrap_or(&first)));
        let (at_a, at_b): (Browser, Browser) = (provider.at(&a), provider.at(&b));
        let (one, two) = tokio::join!(at_a.post_with(&token, &path, &form_a), at_b.post_with(&token, &path, &form_b));
        let told = (one.status.as_u16(), two.status.as_u16());
        match second {
            None => assert_eq!(told, (201, 201), "{} {}", one.text, two.text),
            Some(_) => assert!(matches!(told, (201, 409) | (409, 201)), "{} {}", one.text, two.text),
        }
        assert_eq!(a.count("SELECT count(*) FROM bid").await, 1);
        a.app
            .db()
            .write(|tx| {
                tx.execute("DELETE FROM bid_receipt", &[])?;
                tx.execute("DELETE FROM bid", &[])
            })
            .await
            .map_err(|e: kit::db::Error| e)
            .unwrap();
    }
}
