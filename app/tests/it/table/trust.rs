//! Requests about consents, accesses and the privacy centre.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::consent::{function, yes};
use crate::sourcing::text;
use serde_json::{Value, json};

/// Valid input, if the line is of these rooms and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match (line.method, path) {
        ("POST", "/me/consents/{purpose}") => {
            answer(stage, path, ("functions", "remembered-search"), ("subject", 8)).await
        }
        ("POST", "/company/authorisations/{purpose}") => {
            answer(stage, path, ("authorisations", "digest"), ("company", 7)).await
        }
        ("POST", path) if path.ends_with("/{purpose}/withdrawal") => Sent::to(path.replace("{purpose}", "digest")),
        (_, "/me/consents/events/{id}/receipt") => {
            let page = stage.owner.get("/me/consents").await.ok().json();
            Sent::to(path.replace("{id}", &text(&page["history"][0], "id")))
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
