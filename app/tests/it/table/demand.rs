//! Requests about demands.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::demand::{answer, changed, code, draft, inviting, offer, publish};
use crate::sourcing::{id, text};
use serde_json::json;

/// A demand in some state, with a file and, once it is published, a question.
#[derive(Clone)]
pub struct Demanded {
    state: &'static str,
    demand: String,
    document: String,
    question: String,
    version: i64,
}

/// Valid input, if the line is about demands and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    if !line.path.starts_with("/demand") || (line.method == "GET" && !line.path.contains('{')) {
        return None;
    }
    if line.path == "/demands" {
        return Some(Sent::with(line.path, draft(&stage.world)));
    }
    let own = stage.demanded(line.state).await;
    let path = line.path.replace("{number}", "1");
    let named = match path.split('/').nth(1) {
        Some("demand-documents") => &own.document,
        Some("demand-questions") => &own.question,
        _ => &own.demand,
    };
    let sent = path.replace("{id}", named);
    let seen = json!({"version": own.version});
    let fields = match (line.method, line.path) {
        ("POST", "/demands/{id}/documents") => return Some(Sent { file: Some("documents"), ..Sent::to(sent) }),
        ("POST", "/demands/{id}/draft" | "/demands/{id}/change" | "/demands/{id}/change-approval") => {
            changed(&stage.world, &seen["version"], "title", "两厂区通勤班车租赁（两年）")
        }
        ("POST", "/demands/{id}/publication" | "/demands/{id}/approval") => seen,
        ("POST", "/demands/{id}/closing") => json!({"version": own.version, "reason": "改由现有车队承担。"}),
        ("POST", "/demands/{id}/tender") => json!({"id": id(), "version": own.version}),
        ("POST", "/demands/{id}/copy") => json!({"id": id()}),
        ("POST", "/demands/{id}/interest") => offer(0, "可以提供新能源客车。"),
        ("POST", "/demands/{id}/interest/withdrawal") => {
            answer(&stage.provider, &own.demand, "可以提供新能源客车。").await.ok();
            stage.demand = None;
            json!({"version": 1})
        }
        ("POST", "/demands/{id}/questions") => json!({"question_id": id(), "question": "司机由哪一方雇用？"}),
        ("POST", "/demand-questions/{id}/answer") => json!({"answer": "由服务商雇用。"}),
        _ => return Some(Sent::to(sent)),
    };
    Some(Sent::with(sent, fields))
}

impl Stage {
    async fn demanded(&mut self, state: &'static str) -> Demanded {
        if let Some(made) = self.demand.as_ref().filter(|made| made.state == state) {
            return made.clone();
        }
        let known = code(&self.provider).await;
        let form = if state == "invited" { inviting(&self.world, &[known.as_str()]) } else { draft(&self.world) };
        let demand = text(&self.owner.post("/demands", form).await.ok().json(), "id");
        let path = format!("/demands/{demand}");
        self.owner.upload(&format!("{path}/documents"), &[], &[("documents", "线路图.pdf", b"%PDF-1.7")]).await.ok();
        let question = id();
        if state != "draft" {
            publish(&self.owner, &demand).await.ok();
            let fields = json!({"question_id": question, "question": "司机由哪一方雇用？"});
            self.provider.post(&format!("{path}/questions"), fields).await.ok();
        }
        let page = self.owner.get(&path).await.ok().json();
        let document = text(&page["documents"][0], "id");
        let version = page["demand"]["version"].as_i64().expect("a version");
        let made = Demanded { state, demand, document, question, version };
        self.demand = Some(made.clone());
        made
    }
}
