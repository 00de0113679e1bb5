//! Requests about service agreements and platform rules.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::sourcing::{id, in_days, text};
use crate::terms::{announced, comment, yes};
use serde_json::json;

/// Valid input, if the line is of this room and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    let newest = policy::terms("service")?.newest().id;
    Some(match (line.method, path) {
        ("POST", "/agreements/{id}/acceptances") => {
            let fields = yes(&stage.owner, "service").await;
            Sent::with("/agreements/service/acceptances", fields)
        }
        ("POST", "/agreements/{id}/comments") => {
            announced(&stage.world, &stage.operator).await;
            Sent::with("/agreements/rules/comments", comment(&id(), "意见期应当更长"))
        }
        ("GET", "/company/agreements/{id}/receipt") => {
            let fields = yes(&stage.owner, "service").await;
            let made = stage.owner.post("/agreements/service/acceptances", fields).await.ok().json();
            Sent::to(path.replace("{id}", &text(&made, "id")))
        }
        ("POST", "/desk/agreements") => {
            let (until, from) = (in_days(&stage.world, 3), in_days(&stage.world, 12));
            let fields = json!({
                "agreement": "service", "edition": newest, "comments_until": until, "effective_at": from, "after": 1,
            });
            Sent::with(path, fields)
        }
        ("POST", "/desk/agreements/{id}/withdrawal") => {
            Sent::with("/desk/agreements/service/withdrawal", json!({"number": 1}))
        }
        ("POST", "/desk/agreement-comments/{id}/decision") => {
            announced(&stage.world, &stage.operator).await;
            let fields = comment(&id(), "意见期应当更长");
            let said = stage.owner.post("/agreements/rules/comments", fields).await.ok().json();
            Sent::with(path.replace("{id}", &text(&said, "id")), json!({"decision": "published"}))
        }
        (_, path) if path.starts_with("/agreements/{id}") => {
            Sent::to(path.replace("{id}", "service").replace("{edition}", newest))
        }
        _ => return None,
    })
}
