//! The auditor's report and the administrator's jobs.

use crate::operator_duty::holder;
use crate::sourcing::{draft, published_as, text};
use crate::usage::inquiry;
use crate::world::World;
use app::web::OperatorDuty;
use jiff::SignedDuration;
use kit::values;
use serde_json::{Value, json};

#[tokio::test]
async fn an_auditor_reads_who_could_and_who_did_and_no_value_of_anybody() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let (auditor, security) =
        (holder(&world, OperatorDuty::Auditor).await, holder(&world, OperatorDuty::SecurityOfficer).await);
    buyer.get("/notices").await.ok();
    world.app.write_uses(true).await.unwrap();
    let before = auditor.get("/desk/audit").await.ok().json();
    assert_eq!(
        before["openings"],
        json!([]),
        "nobody has opened anybody's data; people's own pages are no matter of an audit"
    );
    let asked = security.post("/desk/uses", inquiry("person", &buyer.phone)).await.ok().json();
    security.get(&format!("/desk/uses/{}", text(&asked, "id"))).await.ok();
    let report = auditor.get("/desk/audit").await.ok().json();
    let line = &report["openings"][0];
    assert_eq!(
        (&line["role"], &line["purpose"], &line["persons"]),
        (&json!("security-duty"), &json!("security"), &json!(1))
    );
    assert_eq!((&line["title"], &line["opened"]), (&json!("security岗"), &json!(true)));
    assert_eq!(report["sums"], json!([{ "role": "security-duty", "purpose": "security", "opened": 1, "denied": 0 }]));
    assert!(report["posts"].as_array().unwrap().iter().any(|one| one["duties"] == json!(["auditor"])), "{report}");
    assert!(report["changes"].as_array().unwrap().len() >= 2, "{report}");
    let page = auditor.page("/desk/audit").await.ok().text;
    assert!(page.contains("运营方的安全职责") && page.contains("security岗") && !page.contains('⟦'), "{page}");
    let table = auditor.get("/desk/audit/table").await.ok();
    assert!(table.text.contains("\"security-duty\"") && table.header("content-type").starts_with("text/csv"));
    for told in [&report.to_string(), &page, &table.text] {
        for value in [&buyer.phone, "hengchuan.example", "127.0.0.1", "核实这一时段"] {
            assert!(!told.contains(value), "{value}: {told}");
        }
    }
    let subject = "SELECT subject FROM account WHERE company IS NOT NULL";
    let subject: [u8; 16] =
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(subject, &[], |row| row.next())).await.unwrap();
    let subject = kit::id::Id::<()>::from_bytes(subject).to_string();
    assert!(!report.to_string().contains(&subject) && !table.text.contains(&subject), "nor whose they were");
    let earlier = auditor.get("/desk/audit?from=2026-10-01&until=2026-10-31").await.ok().json();
    assert_eq!((&earlier["from"], &earlier["openings"]), (&json!("2026-10-01"), &json!([])));
    let odd = auditor.get("/desk/audit?from=2030-01-01&until=1000-01-01").await.ok().json();
    assert_eq!(odd["from"], odd["until"], "a span that makes no sense is none");
    assert_eq!(auditor.get("/desk/audit?after=x").await.status, 400);
}

#[tokio::test]
async fn no_bid_moves_what_an_auditor_or_an_administrator_reads() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = published_as(&world, &buyer, draft(&world)).await;
    let (auditor, administrator) =
        (holder(&world, OperatorDuty::Auditor).await, holder(&world, OperatorDuty::Administrator).await);
    world.settle().await;
    let read = async || {
        let (report, jobs) =
            (auditor.get("/desk/audit").await.ok().json(), administrator.get("/desk/jobs").await.ok().json());
        let names = |jobs: &Value| {
            jobs["standings"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>()
        };
        (report, names(&jobs))
    };
    let before = read().await;
    crate::sourcing::bid(&provider, &lot, "300").await;
    world.settle().await;
    assert_eq!(read().await, before);
}

#[tokio::test]
async fn a_job_that_was_given_up_is_shown_with_its_reason_and_tried_again() {
    let world = World::new().await;
    let administrator = holder(&world, OperatorDuty::Administrator).await;
    let lay = |tx: &mut kit::db::Tx| {
        let now = tx.now();
        let sql = "INSERT INTO job (id, kind, payload, run_at, attempts, dead, error, created_at) \
                   VALUES ($1, 'account.letter', $2, $3, 8, 1, 'the mail server does not answer', $3)";
        tx.execute(sql, values![[9u8; 16], b"{}".as_slice(), now])
    };
    world.app.db().write::<_, kit::db::Error>(lay).await.unwrap();
    let list = administrator.get("/desk/jobs").await.ok().json();
    assert_eq!(list["dead"][0]["error"], "the mail server does not answer");
    assert!(list["standings"].as_array().unwrap().iter().all(|one| one["name"] != "account.letter"), "{list}");
    let page = administrator.page("/desk/jobs").await.ok().text;
    assert!(
        page.contains("再试一次") && page.contains("the mail server does not answer") && !page.contains('⟦'),
        "{page}"
    );
    let waking = format!("/desk/jobs/{}/waking", text(&list["dead"][0], "id"));
    administrator.post(&waking, json!({})).await.ok();
    assert_eq!(world.count("SELECT count(*) FROM job WHERE dead = 1").await, 0);
    let again = administrator.post(&waking, json!({})).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "jobs-not-dead"));
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'job.woken'").await, 1);
    let reviewer = holder(&world, OperatorDuty::Reviewer).await;
    assert_eq!(reviewer.post(&waking, json!({})).await.status, 403);
    world.clock.advance(SignedDuration::from_secs(1));
}
