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
        ("POST", "/company/contacts") => Sent::with(path, contact(stage)),
        ("POST", "/company/contacts/{id}/removal") => {
            let fields = contact(stage);
            stage.provider.post("/company/contacts", fields.clone()).await.ok();
            Sent::to(path.replace("{id}", &text(&fields, "id")))
        }
        (_, "/contacts/{key}") => Sent::to(path.replace("{key}", &"A".repeat(43))),
        (_, path) if path.starts_with("/companies/{id}/contacts") => {
            let provider = company(&stage.provider).await;
            Sent::to(path.replace("{id}", &provider))
        }
        ("POST", "/privacy/door/contact") => Sent::with(path, json!({"name": "鹿其野"})),
        ("POST", "/session") => Sent::with(path, json!({"account": stage.sleepers[0].phone, "password": PASSWORD})),
        ("POST", "/session/end") => Sent::to(path),
        ("POST", "/me/sessions/{id}/end") => another_session(stage).await,
        (_, path) if path.starts_with("/sign-ins/{key}") => Sent::to(path.replace("{key}", &"A".repeat(43))),
        ("POST", "/me/other-sessions/end") => Sent::to(path),
        ("POST", "/session/factor") => Sent::with(path, json!({"code": "012345"})),
        ("POST", "/me/step-up") => Sent::with(path, json!({"proof": PASSWORD})),
        ("POST", path) if path.starts_with("/me/security/authenticator/{id}") => {
            let code = if path.ends_with("/removal") { json!({}) } else { json!({"code": "012345"}) };
            Sent::with(path.replace("{id}", &crate::sourcing::id()), code)
        }
        ("POST", "/me/security/authenticator" | "/me/security/recovery-codes") => Sent::to(path),
        ("POST", path) if path.contains("/passkey") => passkey(path),
        (method, path) if path.contains("/{issuer}") => {
            let path = path.replace("{issuer}", "nobody");
            let is_return = method == "POST" && path.ends_with("/return");
            if is_return { Sent::with(path, json!({"code": "c", "state": "s"})) } else { Sent::to(path) }
        }
        ("POST", path) if path.starts_with("/me/linked/{id}") || path.starts_with("/desk/privacy/orders/{id}") => {
            Sent::to(path.replace("{id}", &crate::sourcing::id()))
        }
        ("POST", "/me/opening-key") => Sent::with(path, crate::hands::new_key().1),
        (_, path) if path.starts_with("/me/opening-key/{id}") || path.starts_with("/me/openings/{id}") => {
            let answer = if path.ends_with("/proof") { "AAAA" } else { "[]" };
            let fields = match path.rsplit('/').next() {
                Some("revocation" | "passkey-removal") => json!({}),
                Some("passkey") => crate::hands::wrapped(),
                _ => json!({"answer": answer}),
            };
            Sent::with(path.replace("{id}", &crate::sourcing::id()), fields)
        }
        (_, path) if path.starts_with("/me/witnessing/{id}") => Sent::to(path.replace("{id}", &crate::sourcing::id())),
        ("POST", "/me/password") => Sent::with(path, json!({"current": PASSWORD, "password": PASSWORD})),
        ("POST", "/me/contact") => Sent::with(path, new_mail()),
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
        ("POST", "/company/data-region") => Sent::with(path, json!({"region": "default", "seen": "default"})),
        ("POST", "/company/bank") => {
            let mut fields = crate::firm::form(path);
            fields["version"] = json!(999);
            Sent::with(path, fields)
        }
        ("POST", path) if crate::firm::FORMS.contains(&path) => Sent::with(path, crate::firm::form(path)),
        ("POST", "/company/application") => application(stage, path).await,
        ("POST", "/company/webhooks") => Sent::with(path, webhook()),
        (_, path) if path.starts_with("/company/webhooks/{id}") => {
            let forget = |tx: &mut kit::db::Tx| {
                tx.execute("DELETE FROM webhook_delivery", &[])?;
                tx.execute("DELETE FROM webhook", &[])
            };
            stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
            let made = stage.owner.post("/company/webhooks", webhook()).await.ok().json();
            let own = path.replace("{id}", &text(&made["webhook"], "id"));
            let trial = json!({ "id": crate::sourcing::id() });
            match path.rsplit('/').next() {
                Some("test") => Sent::with(own, trial),
                Some("replay") => {
                    let left = stage.owner.post(&own.replace("/replay", "/test"), trial).await.ok().json();
                    Sent::with(own, json!({ "from": text(&left, "delivery") }))
                }
                _ => Sent::to(own),
            }
        }
        ("POST", "/company/tokens") => Sent::with(path, token(stage)),
        ("POST", "/company/tokens/{id}/revocation") => {
            let made = stage.owner.post("/company/tokens", token(stage)).await.ok().json();
            Sent::to(path.replace("{id}", &text(&made["token"], "id")))
        }
        (_, path) if path.starts_with("/operator/companies/{id}") && !path.ends_with("/verification") => {
            waiting(stage, path).await
        }
        ("POST", "/company/invitations") => Sent::with(path, crate::colleague::invitation(&nobodys(), &["viewer"])),
        ("POST", "/company/invitations/{id}/revocation") => {
            let new = crate::colleague::invitation(&nobodys(), &["viewer"]);
            let made = stage.owner.post("/company/invitations", new).await.ok().json();
            forget_limits(stage).await;
            Sent::to(path.replace("{id}", &text(&made, "id")))
        }
        ("POST", "/company/imports") => {
            Sent { file: Some("sheet"), ..Sent::with(path, json!({"id": crate::sourcing::id()})) }
        }
        (_, path) if path.starts_with("/company/imports/{id}") => {
            // One that was confirmed before is carried out.
            stage.world.settle().await;
            forget_limits(stage).await;
            let list = crate::roster::csv(&[(&nobodys(), "viewer"), ("nobody", "viewer")]);
            let made =
                crate::roster::hand_in(&stage.owner, &crate::sourcing::id(), "名册.csv", &list).await.ok().json();
            Sent::to(path.replace("{id}", &text(&made, "id")))
        }
        (_, path) if path.starts_with("/invitations/{key}") => {
            let link = crate::colleague::invite(&stage.world, &stage.owner, &nobodys(), &["viewer"]).await;
            forget_limits(stage).await;
            Sent::to(path.replace("/invitations/{key}", &link))
        }
        (_, path) if path.starts_with("/company/people/{id}") => own_place(stage, path).await,
        (_, path) if path.starts_with("/company/approvals/{id}") => {
            let path = path.replace("{id}", &crate::sourcing::id());
            let step = json!({"step": "colleague"});
            match path.rsplit('/').next() {
                Some("approval") => Sent::with(path, step),
                Some("refusal") => Sent::with(path, json!({"step": "colleague", "reason": "预算过高，请重新核算"})),
                _ => Sent::to(path),
            }
        }
        ("POST", "/company/approval-rules/{act}/restoration") => {
            Sent::with(path.replace("{act}", "publish"), json!({"rule": crate::sourcing::id()}))
        }
        (_, "/company/approval-rules/{act}") => Sent::to(path.replace("{act}", "publish")),
        ("POST", "/company/library") => Sent { file: Some("file"), ..Sent::with(path, paper(&crate::sourcing::id())) },
        (_, path) if path.starts_with("/company/library/{id}") || path == "/library-files/{id}" => {
            let own = crate::sourcing::id();
            let fields = [("id", &*own), ("kind", "other"), ("name", "资信证明")];
            let files: [(&str, &str, &[u8]); 1] = [("file", "资信证明.pdf", b"%PDF-1.7")];
            let made = stage.provider.upload("/company/library", &fields, &files).await.ok().json();
            let of = path.replace("{id}", &if path.starts_with("/company") { own } else { text(&made, "file") });
            match path.rsplit('/').next() {
                Some("editions") => {
                    let mut fields = paper(&crate::sourcing::id());
                    fields["version"] = json!(1);
                    fields.as_object_mut().expect("fields").remove("kind");
                    Sent { file: Some("file"), ..Sent::with(of, fields) }
                }
                Some("removal") => Sent::with(of, json!({"version": 1})),
                _ => Sent::to(of),
            }
        }
        ("POST", "/company/mandate-rule") => Sent::with(path, json!({"rule": "none"})),
        ("POST", "/company/mandates") => Sent::with(path, own_letter(stage).await),
        (_, path) if path.starts_with("/company/mandates/{id}") => {
            let made = stage.owner.post("/company/mandates", own_letter(stage).await).await.ok().json();
            Sent::to(path.replace("{id}", &text(&made, "id")))
        }
        (_, path) if path.starts_with("/company/ownership/{id}") => {
            Sent::to(path.replace("{id}", &crate::sourcing::id()))
        }
        ("POST", "/company/substitutions") => {
            forget_limits(stage).await;
            let [begins_on, ends_on] = [1, 3].map(|days| crate::substitution::day(&stage.world, days));
            let whom =
                json!({"email": nobodys(), "begins_on": begins_on, "ends_on": ends_on, "id": crate::sourcing::id()});
            Sent::with(path, whom)
        }
        (_, path) if path.starts_with("/company/substitutions/{id}") => {
            Sent::to(path.replace("{id}", &crate::sourcing::id()))
        }
        ("POST", "/company/leaving" | "/company/closing/withdrawal") => Sent::to(path),
        ("POST", "/company/closing") => Sent::with(path, json!({"id": crate::sourcing::id(), "password": PASSWORD})),
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
fn new_mail() -> Value {
    json!({"field": "email", "value": Applicant::new("buyer").email, "current": PASSWORD})
}

/// An e-mail that nobody has.
fn nobodys() -> String {
    Applicant::new("buyer").email
}

/// How often one may ask is another test's affair.
pub async fn forget_limits(stage: &Stage) {
    let forget = |tx: &mut kit::db::Tx| tx.execute("DELETE FROM rate_limit", &[]);
    stage.world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
}

/// The owner's own place in their company, with what its forms send.
async fn own_place(stage: &Stage, path: &str) -> Sent {
    let account = crate::colleague::account(&stage.owner).await;
    let version = crate::colleague::version(&stage.owner, &account).await;
    let every = ["owner", "buyer", "project-manager", "bidder", "finance", "personal-information", "viewer"];
    let fields = match path.rsplit('/').next() {
        Some("duties") => json!({"version": version, "duty": every}),
        Some("removal") => json!({"version": version}),
        Some("ownership") => json!({"id": crate::sourcing::id()}),
        _ => json!({}),
    };
    Sent::with(path.replace("{id}", &account), fields)
}

/// A correction of the owner's that waits for its codes. How many one may ask for is another test's affair.
/// The form of a letter of authorisation that the owner issues to themselves.
/// What the form of the library says.
fn paper(id: &str) -> Value {
    json!({"id": id, "kind": "other", "name": "资信证明"})
}

async fn own_letter(stage: &Stage) -> Value {
    let account = crate::colleague::account(&stage.owner).await;
    let (from, until) = (crate::sourcing::in_days(&stage.world, 0), crate::sourcing::in_days(&stage.world, 30));
    json!({"id": crate::sourcing::id(), "account": account, "act": ["bid"], "valid_from": from, "valid_until": until})
}

async fn correction(stage: &mut Stage, path: &str) -> Sent {
    forget_limits(stage).await;
    let begun = stage.owner.post("/me/contact", new_mail()).await.ok();
    stage.world.settle().await;
    let fields = if path.ends_with("/confirmation") { crate::contact::codes(&stage.world) } else { json!({}) };
    Sent::with(path.replace("/me/contact/{id}", begun.header("location")), fields)
}

/// A contact to be entered. How many messages go to one phone is another test's affair.
fn contact(stage: &Stage) -> Value {
    let id: kit::id::Id<()> = stage.world.app.random().id();
    json!({"id": id, "label": "华东", "name": "鹿其野", "phone": nobody(), "adult": true, "confirmed": true})
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
    let made = browser.get("/company").await.ok().json()["company"].clone();
    let path = path.replace("{id}", &text(&made, "id"));
    let fields = match path.rsplit('/').next() {
        Some("refusal") => json!({"reason": "名称与证照不一致", "version": made["version"]}),
        Some("approval") => json!({"version": made["version"]}),
        _ => json!({}),
    };
    Sent::with(path, fields)
}

/// What a registration of a webhook sends; nobody is at its address.
fn webhook() -> Value {
    json!({ "id": crate::sourcing::id(), "url": "https://erp.invalid/", "kinds": ["tender.opened"] })
}

/// An answer of the right form, to a challenge that nobody posed.
fn passkey(path: &str) -> Sent {
    let new = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}"#;
    let answer = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":null}}"#;
    let id = crate::sourcing::id();
    match path {
        "/me/security/passkeys" => Sent::with(path, json!({"challenge": id, "credential": new, "name": "手机"})),
        path if path.ends_with("/passkey") => Sent::with(path, json!({"challenge": id, "credential": answer})),
        path => Sent::to(path.replace("{id}", &id)),
    }
}
