//! Requests about qualified lists.

use super::line::Line;
use super::stage::{Sent, Stage};
use crate::qualified::{call, evidence, publish};
use crate::sourcing::{id, text};
use serde_json::json;

/// A pool that takes applications as long as it lasts, in some state, with a file and, once it is published, the provider's application.
#[derive(Clone)]
pub struct Listed {
    state: &'static str,
    list: String,
    document: String,
    application: String,
    file: String,
    question: String,
    version: i64,
}

/// Valid input, if the line is about qualified lists and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    if line.path.starts_with("/desk/qualified-objections/{id}") {
        let fields = json!({"outcome": "rejected", "decision": "答复已经说明理由。"});
        let path = line.path.replace("{id}", &id());
        return Some(if line.method == "GET" { Sent::to(path) } else { Sent::with(path, fields) });
    }
    if line.path == "/qualified-objections/{id}/appeal" {
        let fields = json!({"id": id(), "text": "答复没有看附件第二页。"});
        return Some(Sent::with(line.path.replace("{id}", &id()), fields));
    }
    if !line.path.starts_with("/qualified-") || (line.method == "GET" && !line.path.contains('{')) {
        return None;
    }
    if line.path == "/qualified-lists" {
        return Some(Sent::with(line.path, call(&stage.world, "standing")));
    }
    if matches!(line.path, "/qualified-objections/{id}/answer" | "/qualified-objections/{id}/approval") {
        let fields = json!({"outcome": "rejected", "answer": "业绩不是同类工程。"});
        return Some(Sent::with(line.path.replace("{id}", &id()), fields));
    }
    let own = stage.listed(line.state).await;
    let named = match line.path.split('/').nth(1) {
        Some("qualified-documents") => &own.document,
        Some("qualified-applications") => &own.application,
        Some("qualified-files") => &own.file,
        Some("qualified-questions") => &own.question,
        _ => &own.list,
    };
    let sent = line.path.replace("{id}", named);
    let fields = match (line.method, line.path.rsplit('/').next()) {
        ("GET", _) | (_, Some("removal")) => return Some(Sent::to(sent)),
        (_, Some("documents")) => return Some(Sent { file: Some("documents"), ..Sent::to(sent) }),
        (_, Some("draft")) => {
            let mut form = call(&stage.world, "standing");
            form.as_object_mut().expect("a form").remove("id");
            form["version"] = json!(own.version);
            form
        }
        (_, Some("approval")) if named == &own.application => json!({"version": 1}),
        (_, Some("publication" | "approval" | "conclusion" | "conclusion-approval")) => json!({"version": own.version}),
        (_, Some("questions")) => json!({"question_id": id(), "question": "业绩算不算在建的？"}),
        (_, Some("answer")) => json!({"answer": "在建的不算。"}),
        (_, Some("copy" | "tender")) => json!({"id": id()}),
        (_, Some("end")) => json!({"version": own.version, "reason": "改为自行维护。"}),
        (_, Some("application")) => json!({"id": id(), "version": 0, "statement": "持有海上作业资质。"}),
        (_, Some("suspension" | "leaving")) => json!({"version": 1, "reason": "资质年检没有通过。"}),
        (_, Some("objection")) => json!({"id": id(), "text": "年检已经通过，附证明。"}),
        _ => json!({"version": 1}),
    };
    Some(Sent::with(sent, fields))
}

impl Stage {
    async fn listed(&mut self, state: &'static str) -> Listed {
        if let Some(made) = self.listed.as_ref().filter(|made| made.state == state) {
            return made.clone();
        }
        let list = text(&self.owner.post("/qualified-lists", call(&self.world, "standing")).await.ok().json(), "id");
        let path = format!("/qualified-lists/{list}");
        self.owner.upload(&format!("{path}/documents"), &[], &[("documents", "入库须知.pdf", b"%PDF-1.7")]).await.ok();
        let [mut application, mut file, mut question] = [const { String::new() }; 3];
        if state != "draft" {
            publish(&self.owner, &list).await.ok();
            evidence(&self.provider, &list, "持有海上作业资质。").await.ok();
            let own = self.provider.get(&path).await.ok().json()["own"].clone();
            (application, file) = (text(&own, "id"), text(&own["files"][0], "id"));
            question = id();
            let asked = json!({"question_id": question, "question": "几年内的业绩？"});
            self.provider.post(&format!("{path}/questions"), asked).await.ok();
        }
        let page = self.owner.get(&path).await.ok().json();
        let document = text(&page["documents"][0], "id");
        let version = page["list"]["version"].as_i64().expect("a version");
        let made = Listed { state, list, document, application, file, question, version };
        self.listed = Some(made.clone());
        made
    }
}
