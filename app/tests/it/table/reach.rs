//! Requests about the correspondence of companies: the rival has asked the owner, who has accepted.

use super::line::Line;
use super::stage::{Sent, Stage, company};
use crate::conversation::joined;
use crate::sourcing::{id, text};
use serde_json::json;

/// The thread of owner and rival, and the request that it came from.
#[derive(Clone)]
pub struct Joined {
    thread: String,
    request: String,
}

/// Valid input, if the line is of this room and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let seen = "00".repeat(32);
    Some(match (line.method, line.path) {
        (method, path @ ("/contact-requests" | "/contact-requests/new"))
            if method == "POST" || path.ends_with("new") =>
        {
            asking(stage, path).await
        }
        (_, "/company/blocks/{id}/end") => Sent::to(format!("/company/blocks/{}/end", id())),
        ("GET", "/thread-files/{id}") => Sent::to(format!("/thread-files/{}", attached(stage).await.1)),
        ("GET", "/desk/report-files/{id}") => {
            let (message, _) = attached(stage).await;
            let thread = joined_pair(stage).await.thread;
            let fields = json!({"id": id(), "ground": "abuse", "text": "对方言语威胁", "message": [message]});
            stage.owner.post(&format!("/threads/{thread}/reports"), fields).await.ok();
            let newest = |tx: &mut kit::db::Tx| {
                tx.one("SELECT id FROM thread_report_file ORDER BY id DESC LIMIT 1", &[], |row| {
                    row.next::<kit::id::Id<()>>()
                })
            };
            let file = stage.world.app.db().read::<_, kit::db::Error>(newest).await.expect("a copy");
            Sent::to(format!("/desk/report-files/{file}"))
        }
        ("POST", "/messages/{id}/withdrawal") => {
            let thread = joined_pair(stage).await.thread;
            let sent =
                stage.owner.post(&format!("/threads/{thread}/messages"), json!({"id": id(), "text": "您好"})).await;
            Sent::to(format!("/messages/{}/withdrawal", text(&sent.ok().json(), "id")))
        }
        (_, path) if path.starts_with("/contact-requests/{id}") => {
            Sent::to(path.replace("{id}", &joined_pair(stage).await.request))
        }
        ("POST", "/threads/{id}/reports") => {
            let (thread, fields) = reporting(stage).await;
            Sent::with(format!("/threads/{thread}/reports"), fields)
        }
        (_, "/desk/reports") => Sent::to("/desk/reports"),
        (method, path) if path.contains("reports/{id}") => of_report(stage, method, path, line.state).await,
        (method, path) if path.starts_with("/threads/{id}") => {
            let to = path.replace("{id}", &joined_pair(stage).await.thread);
            match (method, path) {
                ("POST", "/threads/{id}/messages") => Sent::with(to, json!({"id": id(), "text": "您好"})),
                ("POST", "/threads/{id}/sharing/preview") => Sent::with(to, json!({"phone": "13911118888"})),
                ("POST", "/threads/{id}/sharing") => {
                    Sent::with(to, json!({"id": id(), "phone": "13911118888", "seen": seen}))
                }
                ("POST", "/threads/{id}/address") => Sent::with(to, json!({"seen": seen})),
                _ => Sent::to(to),
            }
        }
        _ => return None,
    })
}

/// Everybody asks the other buyer. What was asked before is over, so that each may ask.
async fn asking(stage: &Stage, path: &str) -> Sent {
    let over = |tx: &mut kit::db::Tx| tx.execute("UPDATE contact_request SET live = NULL", &[]);
    stage.world.app.db().write::<_, kit::db::Error>(over).await.expect("they are over");
    let asked = company(&stage.world.again_as(&stage.phones["buyer"]).await).await;
    if path.ends_with("new") {
        return Sent::to(format!("{path}?company={asked}"));
    }
    Sent::with(path, json!({"id": id(), "company": asked, "matter": "general", "text": "想与贵公司联系"}))
}

async fn joined_pair(stage: &mut Stage) -> Joined {
    if stage.joined.is_none() {
        let rival = stage.world.again_as(&stage.phones["rival"]).await;
        let thread = joined(&rival, &stage.owner).await;
        let requests = rival.get("/contact-requests").await.ok().json()["requests"].clone();
        let of_thread = requests.as_array().expect("requests").iter().find(|one| one["thread"] == json!(thread));
        let request = text(of_thread.expect("its request"), "id");
        stage.joined = Some(Joined { thread, request });
    }
    stage.joined.clone().expect("it was made")
}

/// A message of the owner's with a file: its id, and the file's.
async fn attached(stage: &mut Stage) -> (String, String) {
    let (thread, message) = (joined_pair(stage).await.thread, id());
    let path = format!("/threads/{thread}/messages");
    let fields = [("id", message.as_str()), ("text", "见附件")];
    stage.owner.upload(&path, &fields, &[("files", "a.txt", b"a")]).await.ok();
    let shown = stage.owner.get(&format!("/threads/{thread}")).await.ok().json();
    let last = shown["messages"].as_array().expect("messages").last().expect("one").clone();
    (message, text(&last["files"][0], "id"))
}

/// What the owner reports: a message of their own.
async fn reporting(stage: &mut Stage) -> (String, serde_json::Value) {
    let thread = joined_pair(stage).await.thread;
    let sent = stage.owner.post(&format!("/threads/{thread}/messages"), json!({"id": id(), "text": "您好"})).await;
    let message = text(&sent.ok().json(), "id");
    let fields = json!({"id": id(), "ground": "abuse", "text": "对方言语威胁", "message": [message]});
    (thread, fields)
}

async fn of_report(stage: &mut Stage, method: &str, path: &str, state: &str) -> Sent {
    let (thread, fields) = reporting(stage).await;
    stage.owner.post(&format!("/threads/{thread}/reports"), fields.clone()).await.ok();
    let report = text(&fields, "id");
    if state == "claimed" {
        stage.operator.post(&format!("/desk/reports/{report}/claim"), json!({})).await.ok();
    }
    let to = path.replace("{id}", &report);
    match (method, path) {
        ("POST", "/reports/{id}/reply") => Sent::with(to, json!({"text": "我们不同意"})),
        ("POST", "/desk/reports/{id}/decision") => Sent::with(to, json!({"decision": "warned", "reasons": "言语不当"})),
        ("POST", "/desk/reports/{id}/answer") => Sent::with(to, json!({"outcome": "upheld", "reasons": "理由充分"})),
        _ => Sent::to(to),
    }
}
