//! Requests about the operator's people and the program's work.

use super::identity::forget_limits;
use super::line::Line;
use super::stage::{Sent, Stage};
use crate::operator_duty::holder;
use crate::operators::invitation;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{id, text};
use app::web::OperatorDuty;
use kit::values;
use serde_json::{Value, json};

/// Valid input, if the line is of these rooms and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match (line.method, path) {
        ("POST", "/desk/operators") => Sent::with(path, invitation()),
        (method, path) if path.starts_with("/desk/operators/{id}") => {
            let path = path.replace("{id}", &other(stage).await);
            if method == "POST" { Sent::with(path, json!({ "duty": "risk" })) } else { Sent::to(path) }
        }
        (_, "/desk/operator-invitations/{id}/withdrawal") => {
            Sent::to(path.replace("{id}", &text(&invited(stage).await["invitation"], "id")))
        }
        (method, path) if path.starts_with("/operator-invitations/{key}") => {
            let link = text(&invited(stage).await, "link");
            let link = &link[link.find("/operator-invitations/").expect("a path of ours")..];
            let path = path.replace("/operator-invitations/{key}", link);
            if method == "POST" { Sent::with(path, person(stage)) } else { Sent::to(path) }
        }
        ("POST", "/desk/company-lists") => {
            let fields = json!({"id": id(), "source": crate::company_list::SOURCE, "published": true});
            Sent { file: Some("companies"), ..Sent::with(path, fields) }
        }
        (_, path) if path.starts_with("/desk/company-lists/{id}") => {
            // One that was confirmed before is carried out.
            stage.world.settle().await;
            forget_limits(stage).await;
            let rows = [crate::company_list::row(&Applicant::new("both")), ",".into()];
            Sent::to(path.replace("/desk/company-lists/{id}", &crate::company_list::list(&stage.operator, &rows).await))
        }
        (_, path) if path.starts_with("/prepared/{key}") => {
            forget_limits(stage).await;
            let link = crate::company_list::prepared(&stage.world, &stage.operator, &Applicant::new("both")).await;
            Sent::to(path.replace("/prepared/{key}", &link))
        }
        ("POST", "/desk/jobs/{id}/waking") => Sent::to(path.replace("{id}", &dead(stage).await)),
        ("POST", "/desk/histories/{id}/grants" | "/desk/audit/histories/{id}/grants") => {
            Sent::with(path.replace("{id}", &stage.refused), crate::history::why())
        }
        (_, "/desk/histories/{id}" | "/desk/audit/histories/{id}") => Sent::to(path.replace("{id}", &stage.refused)),
        (_, path) if path.ends_with("/history-grants/{grant}") => {
            let begun = format!("/desk/histories/{}/grants", stage.refused);
            let grant = stage.operator.post(&begun, crate::history::why()).await.ok().json();
            Sent::to(path.replace("{grant}", &text(&grant, "id")))
        }
        (_, path) if path.starts_with("/desk/risk") && path.contains("{id}") => of_risk(stage, path).await,
        ("POST", "/desk/announcements") => Sent::with(path, crate::announcement::words(&stage.world)),
        (method, path) if path.contains("/announcements/{id}") => {
            let published = line.state == "published";
            let (id, version) = announced(stage, published).await;
            let path = path.replace("{id}", &id);
            match (method, path.ends_with("/publication"), path.ends_with("/withdrawal")) {
                ("POST", true, _) => Sent::with(path, json!({ "version": version })),
                ("POST", _, false) => {
                    let words =
                        crate::account::changed(crate::announcement::words(&stage.world), "version", version.into());
                    Sent::with(path, crate::announcement::without(words, "id"))
                }
                _ => Sent::to(path),
            }
        }
        _ => return None,
    })
}

/// A lot with signals, which the operator reads on one grant: how many one may make is limited.
async fn of_risk(stage: &mut Stage, path: &str) -> Sent {
    let operator = &stage.operator;
    let lot = text(&operator.get("/desk/risk").await.ok().json()["lots"][0], "lot");
    let begin = format!("/desk/risk/{lot}/grants");
    if path == "/desk/risk/{id}/grants" {
        return Sent::with(begin, crate::risk::why());
    }
    let asked = operator.get(&format!("/desk/risk/{lot}")).await.ok().json();
    let grant = match asked["before"][0]["id"].as_str() {
        Some(known) => known.to_owned(),
        None => text(&operator.post(&begin, crate::risk::why()).await.ok().json(), "id"),
    };
    if path == "/desk/risk/{id}" || path.starts_with("/desk/risk-grants/{id}") {
        let id = if path == "/desk/risk/{id}" { &lot } else { &grant };
        return Sent::to(path.replace("{id}", id));
    }
    let signal = operator.get(&format!("/desk/risk-grants/{grant}")).await.ok().json()["signals"][0].clone();
    let version = signal["version"].clone();
    let fields = json!({ "id": id(), "version": version, "outcome": "dismissed", "reason": "报价按公开的限价" });
    let path = path.replace("{id}", &text(&signal, "id"));
    if path.ends_with("/judgements") { Sent::with(path, fields) } else { Sent::to(path) }
}

/// A draft with its version, or what has become of it once it was published.
async fn announced(stage: &Stage, published: bool) -> (String, i64) {
    let draft = crate::announcement::words(&stage.world);
    let draft = stage.operator.post("/desk/announcements", draft).await.ok().json();
    let (id, version) = (text(&draft, "id"), draft["version"].as_i64().expect("a version"));
    if published {
        let path = format!("/desk/announcements/{id}/publication");
        stage.operator.post(&path, json!({ "version": version })).await.ok();
    }
    (id, version)
}

/// Somebody else of the operator's.
async fn other(stage: &Stage) -> String {
    let list = async || stage.operator.get("/desk/operators").await.ok().json()["operators"].clone();
    let id = |list: &Value| {
        let other =
            list.as_array().unwrap().iter().find(|one| one["is_own"] == false && one["duties"] != json!(["auditor"]));
        other.map(|one| text(one, "id"))
    };
    if let Some(id) = id(&list().await) {
        return id;
    }
    holder(&stage.world, OperatorDuty::Reviewer).await;
    id(&list().await).expect("who was just appointed")
}

async fn invited(stage: &Stage) -> Value {
    stage.operator.post("/desk/operators", invitation()).await.ok().json()
}

fn person(stage: &mut Stage) -> Value {
    let number = stage.address().replace("127.0.", "").replace('.', "");
    json!({
        "phone": format!("137{number:0>8}"), "email": format!("post{number}@operator.example"), "password": PASSWORD,
        "policy": policy::current().id, "agree": true
    })
}

/// A job that was given up.
async fn dead(stage: &Stage) -> String {
    let id: kit::id::Id<()> = stage.world.app.random().id();
    let lay = move |tx: &mut kit::db::Tx| {
        let now = tx.now();
        let sql = "INSERT INTO job (id, kind, payload, run_at, attempts, dead, error, created_at) \
                   VALUES ($1, 'account.letter', $2, $3, 8, 1, 'no', $3)";
        tx.execute(sql, values![id, b"{}".as_slice(), now])
    };
    stage.world.app.db().write::<_, kit::db::Error>(lay).await.unwrap();
    id.to_string()
}
