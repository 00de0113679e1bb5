//! Requests about consents, accesses and the privacy centre.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::consent::{function, yes};
use crate::exception::{Desk, application};
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
        ("POST", "/me/digest") => Sent::with(path, json!({ "regions": "36" })),
        ("POST", "/me/searches") => {
            Sent::with(path, json!({ "id": crate::sourcing::id(), "name": "江西的", "query": "region=36" }))
        }
        ("POST", "/me/searches/display") => Sent::with(path, json!({ "density": "compact" })),
        ("POST", "/me/searches/{id}/removal") => Sent::to(path.replace("{id}", &crate::sourcing::id().to_string())),
        (_, "/digests/{key}/withdrawal") => Sent::to(path.replace("{key}", &"A".repeat(43))),
        (_, "/me/consents/events/{id}/receipt") => {
            let page = stage.owner.get("/me/consents").await.ok().json();
            Sent::to(path.replace("{id}", &text(&page["history"][0], "id")))
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
        _ => return None,
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
