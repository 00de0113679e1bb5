//! What of a demand reaches nobody else.

use super::{answer, broken, code, draft, inviting, publish, published_as, read, told, version};
use crate::sourcing::{id, text};
use crate::world::{Browser, World, sabotaged};
use serde_json::{Value, json};

/// The budget of a draft in every way that it could be written.
const BUDGET: [&str; 5] = ["48612345", "486123.45", "486,123.45", "48.612345", "48.61"];

async fn holds_no_budget(reader: &Browser, path: &str) {
    for language in ["", "zh-CN", "en"] {
        let mark = if path.contains('?') { '&' } else { '?' };
        let answer = match language {
            "" => reader.get(path).await,
            language => reader.page(&format!("{path}{mark}lang={language}")).await,
        };
        for needle in BUDGET {
            assert!(!answer.text.contains(needle), "{needle} in {path} {language}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_budget_not_shown_and_an_invited_only_demand_reach_nobody_else() {
    sabotaged();
    let world = World::new().await;
    let (buyer, guest, other) =
        (world.member("buyer").await, world.member("provider").await, world.member("both").await);
    let (visitor, operator) = (world.visitor(), world.operator().await);
    let mut hidden = draft(&world);
    hidden["budget_shown"] = json!("");
    let demand = published_as(&buyer, hidden.clone()).await;
    answer(&guest, &demand, "可以提供新能源客车。").await.ok();
    let mut second = hidden.clone();
    second.as_object_mut().unwrap().remove("id");
    (second["version"], second["title"]) = (version(&buyer, &demand).await, json!("通勤班车租赁（两年）"));
    buyer.post(&format!("/demands/{demand}/change"), second).await.ok();
    world.settle().await;
    let page = format!("/demands/{demand}");
    let paths = [
        page.clone(),
        format!("{page}/editions/1"),
        format!("{page}/editions/2"),
        format!("{page}/interest"),
        "/demands".into(),
        "/demands?budget_from=1".into(),
        "/demands?category=it".into(),
        "/interests".into(),
        "/inbox".into(),
        "/".into(),
        "/notices?words=%E7%8F%AD%E8%BD%A6".into(),
    ];
    for reader in [&visitor, &guest, &other, &operator] {
        for path in &paths {
            holds_no_budget(reader, path).await;
        }
    }
    assert_eq!(read(&visitor, &demand).await["demand"]["budget"], Value::Null);
    assert_eq!(visitor.get("/demands?budget_from=1").await.ok().json()["demands"], json!([]), "nor is it found by it");
    assert_eq!(read(&buyer, &demand).await["demand"]["budget"], 48_612_345);
    let own = buyer.get(&format!("{page}/editions/1")).await.ok().json();
    assert_eq!(own["edition"]["budget"], 48_612_345);
    for mail in world.messages() {
        assert!(!BUDGET.iter().any(|needle| mail.text.contains(needle)), "{}", mail.text);
    }
    // Nor by the tender that it becomes: its notice, its open data.
    let form = json!({"id": id(), "version": version(&buyer, &demand).await});
    let tender = text(&buyer.post(&format!("{page}/tender"), form).await.ok().json(), "id");
    crate::sourcing::publish(&buyer, &tender).await.ok();
    world.settle().await;
    for path in [format!("/tenders/{tender}"), page, "/notices".into(), "/ocds/releases".into()] {
        holds_no_budget(&visitor, &path).await;
    }

    // For invited companies only.
    let (known, unknown) = (code(&guest).await, code(&other).await);
    let mut form = inviting(&world, &[known.as_str()]);
    form["invited"] = json!(format!("{known}\n91330100MA2H99999X"));
    assert_eq!(broken(&buyer.post("/demands", form.clone()).await), ("invited".into(), "invited-unknown".into()));
    form["invited"] = json!(code(&buyer).await);
    assert_eq!(
        broken(&buyer.post("/demands", form.clone()).await),
        ("invited".into(), "invited-unknown".into()),
        "no provider"
    );
    form["invited"] = json!("");
    let empty = text(&buyer.post("/demands", form).await.ok().json(), "id");
    assert_eq!(publish(&buyer, &empty).await.code(), "demand-unready", "nobody is invited");
    let private = text(&buyer.post("/demands", inviting(&world, &[known.as_str()])).await.ok().json(), "id");
    let path = format!("/demands/{private}");
    buyer.upload(&format!("{path}/documents"), &[], &[("documents", "线路图.pdf", b"%PDF-1.7")]).await.ok();
    assert_eq!(guest.get(&path).await.status, 404, "a draft is nobody else's yet");
    publish(&buyer, &private).await.ok();
    world.settle().await;
    let document = format!("/demand-documents/{}", text(&read(&buyer, &private).await["documents"][0], "id"));
    for place in [path.clone(), format!("{path}/editions/1"), document] {
        for (who, reader) in [("visitor", &visitor), ("other", &other), ("operator", &operator)] {
            assert_eq!(reader.get(&place).await.status, 404, "{place} for {who}");
        }
        guest.get(&place).await.ok();
    }
    for act in ["interest", "questions"] {
        let fields = json!({"id": id(), "version": 0, "text": "我们也想报名。", "question_id": id(), "question": "可以参加吗？"});
        let fields = if act == "interest" {
            json!({"id": fields["id"], "version": 0, "text": fields["text"]})
        } else {
            json!({"question_id": fields["question_id"], "question": fields["question"]})
        };
        assert_eq!(told(&other.post(&format!("{path}/{act}"), fields).await), (404, "not-found".into()), "{act}");
    }
    for list in ["/demands", "/interests", "/inbox", "/"] {
        assert!(!other.page(list).await.ok().text.contains(&private), "{list}");
    }
    let invited = guest.page("/interests").await.ok().text;
    assert!(invited.contains(&private) && !invited.contains('⟦'), "{invited}");
    let told_of = guest.get("/inbox").await.ok().text;
    assert!(told_of.contains("demand-invited"), "{told_of}");
    assert_eq!(read(&guest, &private).await["invited"], Value::Null, "nor who else is invited");
    // More may be invited later, and none less.
    let mut form = inviting(&world, &[unknown.as_str()]);
    form.as_object_mut().unwrap().remove("id");
    form["version"] = version(&buyer, &private).await;
    assert_eq!(
        broken(&buyer.post(&format!("{path}/change"), form.clone()).await),
        ("invited".into(), "invited-fewer".into())
    );
    form["invited"] = json!(format!("{known}，{unknown}"));
    buyer.post(&format!("{path}/change"), form).await.ok();
    other.get(&path).await.ok();
    assert_eq!(read(&buyer, &private).await["invited"].as_array().unwrap().len(), 2);
}
