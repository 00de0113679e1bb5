//! Requests about accounts and companies.

use super::line::Line;
use super::stage::{Sent, Stage, company, decide};
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::text;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Valid input, if the line is of these rooms and needs any.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match (line.method, path) {
        ("POST", "/registrations") => Sent::with(path, Applicant::new("buyer").form()),
        (_, path) if path.starts_with("/registrations/{id}") => registration(stage, path).await,
        ("POST", "/guardian-requests") => Sent::with(path, json!({"email": Applicant::new("buyer").email})),
        ("POST", "/guardian/{key}/consent") => {
            let yes = json!({"policy": policy::current().id, "guardian": "1", "agree": "1"});
            Sent::with(path.replace("{key}", &"A".repeat(54)), yes)
        }
        (_, path) if path.starts_with("/guardian/{key}") => Sent::to(path.replace("{key}", &"A".repeat(54))),
        ("POST", "/privacy/door/visits") => Sent::with(path, json!({"contact": nobody()})),
        (_, path) if path.starts_with("/privacy/door/visits/{id}") => another_visit(stage, path).await,
        ("POST", path) if path.starts_with("/privacy/door/visit/") => Sent::to(path),
        ("POST", "/session") => Sent::with(path, json!({"account": stage.sleepers[0].phone, "password": PASSWORD})),
        ("POST", "/session/end") => Sent::to(path),
        ("POST", "/me/sessions/{id}/end") => another_session(stage).await,
        ("POST", "/me/password") => Sent::with(path, json!({"current": PASSWORD, "password": PASSWORD})),
        ("POST", "/me/contact") => Sent::with(path, contact()),
        (_, path) if path.starts_with("/me/contact/{id}") => correction(stage, path).await,
        ("POST", "/password-resets") => Sent::with(path, json!({"account": nobody()})),
        (_, path) if path.starts_with("/password-resets/{id}") => reset(stage, path).await,
        ("POST", "/preferences/theme") => Sent::with(path, json!({"theme": "dark", "next": "/notices"})),
        (_, path) if path.starts_with("/company/permits/") || path.starts_with("/company/group/") => {
            crate::firm::listed(stage, path).await
        }
        ("POST", "/company/profile" | "/company/profile/preview") => {
            Sent::with(path, json!({"version": 0, "about": "工业软件", "services": "it-software", "price": "fixed"}))
        }
        ("POST", "/company/profile/undo") => Sent::with(path, json!({"version": 999})),
        ("POST", "/company/closing-notice") => Sent::with(path, json!({"closes_on": "2099-12-31"})),
        ("POST", path) if path.starts_with("/company/publication") || path.starts_with("/company/closing-notice/") => {
            Sent::to(path)
        }
        ("GET", "/providers/{id}") => Sent::to(crate::provider::address(&stage.provider).await),
        ("POST", "/company/bank") => {
            let mut fields = crate::firm::form(path);
            fields["version"] = json!(999);
            Sent::with(path, fields)
        }
        ("POST", path) if crate::firm::FORMS.contains(&path) => Sent::with(path, crate::firm::form(path)),
        ("POST", "/company/application") => application(stage, path).await,
        ("POST", "/company/tokens") => Sent::with(path, token(stage)),
        ("POST", "/company/tokens/{id}/revocation") => {
            let made = stage.owner.post("/company/tokens", token(stage)).await.ok().json();
            Sent::to(path.replace("{id}", &text(&made["token"], "id")))
        }
        (_, path) if path.starts_with("/operator/companies/{id}") => waiting(stage, path).await,
        _ => return None,
    })
}

async fn registration(stage: &mut Stage, path: &str) -> Sent {
    let (address, who) = (stage.address(), Applicant::new("buyer"));
    let begun = stage.world.visitor_from(&address).post("/registrations", who.form()).await.ok();
    let path = path.replace("/registrations/{id}", begun.header("location"));
    let fields = if path.ends_with("/confirmation") { stage.world.codes(&who).await } else { json!({}) };
    Sent::with(path, fields)
}

/// A token to be made.
fn token(stage: &Stage) -> Value {
    let id: kit::id::Id<()> = stage.world.app.random().id();
    json!({"id": id, "name": "采购系统", "read": true, "days": "90"})
}

/// A phone that no account has: the answer is the same, and no limit is used up.
fn nobody() -> String {
    Applicant::new("buyer").phone
}

/// A new e-mail that nobody has.
fn contact() -> Value {
    json!({"field": "email", "value": Applicant::new("buyer").email, "current": PASSWORD})
}

/// A correction of the owner's that waits for its codes. How many one may ask for is another test's affair.
async fn correction(stage: &mut Stage, path: &str) -> Sent {
    let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
    stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
    let begun = stage.owner.post("/me/contact", contact()).await.ok();
    stage.world.settle().await;
    let fields = if path.ends_with("/confirmation") { crate::contact::codes(&stage.world) } else { json!({}) };
    Sent::with(path.replace("/me/contact/{id}", begun.header("location")), fields)
}

/// A visit that was asked for in a browser that nobody sits at.
async fn another_visit(stage: &mut Stage, path: &str) -> Sent {
    let address = stage.address();
    let begun =
        stage.world.visitor_from(&address).post("/privacy/door/visits", json!({"contact": nobody()})).await.ok();
    let entry: kit::id::Id<()> = stage.world.app.random().id();
    let fields = if path.ends_with("/proof") { json!({"code": "123456"}) } else { json!({"entry": entry}) };
    Sent::with(path.replace("/privacy/door/visits/{id}", begun.header("location")), fields)
}

async fn reset(stage: &mut Stage, path: &str) -> Sent {
    let address = stage.address();
    stage.sleepers.rotate_left(1);
    let who = stage.sleepers[0].clone();
    let needs_codes = path.ends_with("/password");
    let account = if needs_codes { who.phone.clone() } else { nobody() };
    let begun = stage.world.visitor_from(&address).post("/password-resets", json!({"account": account})).await.ok();
    let path = path.replace("/password-resets/{id}", begun.header("location"));
    let mut fields = json!({});
    if needs_codes {
        fields = stage.world.codes(&who).await;
        fields["password"] = json!(PASSWORD);
    }
    Sent::with(path, fields)
}

/// A session of the owner's that nobody else sits in.
async fn another_session(stage: &mut Stage) -> Sent {
    let before = sessions(stage).await;
    stage.seat("owner", true).await;
    let now = sessions(stage).await;
    let new = now.difference(&before).next().expect("another session");
    Sent::to(format!("/me/sessions/{new}/end"))
}

async fn sessions(stage: &Stage) -> BTreeSet<String> {
    let me = stage.owner.get("/me").await.ok().json();
    me["sessions"].as_array().expect("sessions").iter().map(|session| text(session, "id")).collect()
}

/// What a refused company hands in again; it is refused again first if need be.
async fn application(stage: &mut Stage, path: &str) -> Sent {
    let page = format!("/operator/companies/{}", stage.refused);
    let facts: Value = stage.operator.get(&page).await.ok().json()["company"].clone();
    if facts["state"] == "pending" {
        decide(&stage.operator, &stage.refused, "refusal").await;
    }
    let fields =
        json!({"company": facts["name"], "credit_code": facts["credit_code"], "buyer": true, "provider": true});
    Sent::with(path, fields)
}

/// A company that waits for the operator.
async fn waiting(stage: &mut Stage, path: &str) -> Sent {
    let address = stage.address();
    let who = Applicant::new("buyer");
    let browser = stage.world.visitor_from(&address);
    let begun = browser.post("/registrations", who.form()).await.ok();
    let codes = stage.world.codes(&who).await;
    browser.post(&format!("{}/confirmation", begun.header("location")), codes).await.ok();
    let path = path.replace("{id}", &company(&browser).await);
    let fields = if path.ends_with("/refusal") { json!({"reason": "名称与证照不一致"}) } else { json!({}) };
    Sent::with(path, fields)
}
