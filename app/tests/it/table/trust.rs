//! Requests about consents, accesses and the privacy centre.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::cancellation::case::case_of;
use crate::consent::{function, yes};
use crate::exception::{Desk, application};
use crate::people::PASSWORD;
use crate::sourcing::text;
use serde_json::{Value, json};

/// Valid input, if the line is of these rooms and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match (line.method, path) {
        ("POST", "/me/consents/{purpose}") => {
            answer(stage, path, ("functions", "remembered-search"), ("subject", 9)).await
        }
        ("POST", "/company/authorisations/{purpose}") => {
            answer(stage, path, ("authorisations", "digest"), ("company", 7)).await
        }
        ("POST", "/me/leak") => leak(stage, path).await,
        ("POST", "/me/complaints") => Sent::with(path, crate::complaint::wanted()),
        (_, path) if path.starts_with("/me/complaints/{id}") || path.starts_with("/desk/privacy/requests/{id}") => {
            complaint(stage, path).await
        }
        ("POST", "/me/export") => {
            // One is made at a time: what was asked for before is finished first.
            stage.world.settle().await;
            Sent::with(path, crate::export::wanted())
        }
        ("POST", "/me/export/{id}/download") => {
            let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
            stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
            stage.world.settle().await;
            let copy = stage.owner.post("/me/export", crate::export::wanted()).await.ok().json();
            stage.world.settle().await;
            Sent::to(path.replace("{id}", &text(&copy, "id")))
        }
        ("POST", path) if path.ends_with("/{purpose}/withdrawal") => Sent::to(path.replace("{purpose}", "digest")),
        ("POST", "/me/digest" | "/me/subscription") => Sent::with(path, json!({ "regions": "36" })),
        ("POST", "/me/searches") => {
            Sent::with(path, json!({ "id": crate::sourcing::id(), "name": "江西的", "query": "region=36" }))
        }
        ("POST", "/me/searches/display") => Sent::with(path, json!({ "density": "compact" })),
        ("POST", "/me/searches/{id}/removal") => Sent::to(path.replace("{id}", &crate::sourcing::id().to_string())),
        ("GET", "/inbox/live") => Sent::to("/inbox/live?once=1"),
        ("POST", "/inbox/reading") => Sent::with(path, json!({ "until": stage.world.clock.now() })),
        ("POST", "/inbox/unreading") => Sent::with(path, json!({ "at": stage.world.clock.now() })),
        (_, path) if path.starts_with("/inbox/{id}/") => {
            let own = stage.owner.get("/inbox").await.ok().json();
            let one = own["unread"].as_array().into_iter().chain(own["read"].as_array()).flatten().next();
            Sent::to(path.replace("{id}", &text(one.expect("the owner was told of their approval"), "id")))
        }
        ("POST", "/me/notifications") => Sent::with(path, json!({ "on": "tender-opened.mail" })),
        (_, "/notifications/{key}/off") => Sent::to(path.replace("{key}", &"A".repeat(86))),
        (_, "/digests/{key}/withdrawal") => Sent::to(path.replace("{key}", &"A".repeat(43))),
        (_, "/me/consents/events/{id}/receipt") => {
            let page = stage.owner.get("/me/consents").await.ok().json();
            Sent::to(path.replace("{id}", &text(&page["history"][0], "id")))
        }
        ("POST", "/me/cancellation") => {
            let id: kit::id::Id<()> = stage.world.app.random().id();
            Sent::with(path, json!({ "id": id, "password": PASSWORD }))
        }
        ("POST", "/me/cancellation/withdrawal") => Sent::to(path),
        ("POST", "/desk/privacy/cases") => Sent::with(path, case_of(&stage.sleepers[2].phone)),
        (_, path) if path.starts_with("/desk/privacy/cases/{id}") => {
            let opened =
                stage.operator.post("/desk/privacy/cases", case_of(&stage.sleepers[2].phone)).await.ok().json();
            Sent::to(path.replace("{id}", &text(&opened, "id")))
        }
        (_, path) if path.starts_with("/cancellations/{key}") => {
            let sleeper = stage.world.again_as(&stage.sleepers[1].phone).await;
            let id: kit::id::Id<()> = stage.world.app.random().id();
            sleeper.post("/me/cancellation", json!({ "id": id, "password": PASSWORD })).await.ok();
            let link = text(&sleeper.get("/me/cancellation").await.ok().json(), "link");
            Sent::to(path.replace("/cancellations/{key}", &link))
        }
        ("POST", "/desk/uses") => {
            let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
            stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
            Sent::with(path, crate::usage::inquiry("person", &stage.owner.phone))
        }
        (_, "/desk/uses/{id}") => {
            let made = stage.operator.post("/desk/uses", crate::usage::inquiry("person", &stage.owner.phone)).await;
            Sent::to(path.replace("{id}", &text(&made.ok().json(), "id")))
        }
        ("POST", "/desk/exceptions") => Sent::with(path, application(&stage.owner.phone)),
        (_, path) if path.starts_with("/desk/exceptions/{id}") => {
            let desk = Desk::of(&stage.world).await;
            let applied = desk.applied(&stage.owner.phone).await;
            if path.ends_with("/openings") {
                desk.approve(&applied).await;
            }
            Sent::to(path.replace("/desk/exceptions/{id}", &applied))
        }
        _ => return policy(stage, line).await,
    })
}

/// Versions of the policy, their schedule, and agreements.
async fn policy(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match (line.method, path) {
        ("GET", "/policy/{version}/text") => Sent::to(format!("/policy/{}/text", policy::current().id)),
        ("GET", "/policy/versions/{version}") => Sent::to(format!("/policy/versions/{}", policy::current().id)),
        ("POST", "/policy/renewals") => {
            let page = stage.owner.get("/policy/renewal").await.ok().json();
            let (version, hash, language) = (&page["version"], &page["text_sha256"], &page["language"]);
            let fields = json!({"policy": version, "text_sha256": hash, "language": language, "agree": true});
            Sent::with(path, fields)
        }
        ("GET", "/me/agreements/{id}/receipt") => {
            let page = stage.owner.get("/me/agreements").await.ok().json();
            Sent::to(path.replace("{id}", &text(&page["agreements"][0], "id")))
        }
        ("POST", "/desk/policies") => {
            let soon = crate::sourcing::in_days(&stage.world, 9);
            Sent::with(path, json!({"policy": policy::current().id, "effective_at": soon, "after": 1}))
        }
        ("POST", "/cookies") => Sent::with(path, json!({"optional": "no"})),
        ("POST", "/desk/policies/{number}/withdrawal") => Sent::to("/desk/policies/1/withdrawal"),
        _ => return super::terms::request(stage, line).await,
    })
}

/// A request of the owner's; answered, where it is to be asked again.
async fn complaint(stage: &Stage, path: &str) -> Sent {
    let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
    stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
    let id = text(&stage.owner.post("/me/complaints", crate::complaint::wanted()).await.ok().json(), "id");
    let words = json!({ "text": "这是给表格的一段话" });
    if path.ends_with("/reopening") {
        stage.operator.post(&format!("/desk/privacy/requests/{id}/answer"), words.clone()).await.ok();
    }
    let fields = if path.ends_with("/answer") || path.ends_with("/reopening") { words } else { json!({}) };
    Sent::with(path.replace("{id}", &id), fields)
}

/// A yes to the question that everybody is asked. When all have said it, it is taken back, so that it can be said again.
async fn answer(
    stage: &Stage,
    path: &str,
    (of, purpose): (&str, &'static str),
    (party, all): (&'static str, i64),
) -> Sent {
    let mut fields = yes(&function(&stage.owner, of, purpose).await);
    let id: kit::id::Id<()> = stage.world.app.random().id();
    fields["question"] = Value::from(id.to_string());
    let unit = move |tx: &mut kit::db::Tx| {
        let given = "SELECT CAST(count(*) AS BIGINT) FROM consent_state WHERE party = $1 AND purpose = $2";
        let given: i64 = tx.one(given, kit::values![party, purpose], |row| row.next())?;
        if given == all {
            let end = "UPDATE consent_state SET act = 'withdrawn' WHERE party = $1 AND purpose = $2 AND number = 1";
            tx.execute(end, kit::values![party, purpose])?;
        }
        Ok(i64::from(given == all))
    };
    let after: i64 = stage.world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    fields["after"] = Value::from(after.to_string());
    Sent::with(path.replace("{purpose}", purpose), fields)
}

/// Who has reported has no password any more; for the next rendering they have that of the others again.
async fn leak(stage: &Stage, path: &str) -> Sent {
    let again = |tx: &mut kit::db::Tx| {
        let void = app::identity::account::void();
        let sql = "UPDATE account SET password = (SELECT MAX(password) FROM account WHERE password <> $1) WHERE password = $1";
        tx.execute(sql, kit::values![&void])
    };
    stage.world.app.db().write::<_, kit::db::Error>(again).await.unwrap();
    Sent::with(path, crate::leak::report())
}
