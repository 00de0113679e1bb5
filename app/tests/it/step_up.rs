//! Proving anew who one is: which acts ask for it, whom they refuse without, and where the reader is led.

use crate::account::refused;
use crate::attack::cookie;
use crate::factor::Phone;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::id;
use crate::world::{Answer, Browser, World};
use app::web::{Demand, Who};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

/// Every act of the rooms that credentials belong to, and whatever else asks for a proof, each with what it asks. An act
/// without a line fails: whoever adds one decides here.
const DECLARED: [(&str, Demand); 114] = [
    // What is done by who is not signed in, or proves it by codes.
    ("account.register", Demand::Nothing),
    ("account.registration-codes", Demand::Nothing),
    ("account.confirm", Demand::Nothing),
    ("account.reset", Demand::Nothing),
    ("account.reset-codes", Demand::Nothing),
    ("account.reset-password", Demand::Nothing),
    ("session.begin", Demand::Nothing),
    // By an issuer's account, in place of the password.
    ("linked.go", Demand::Nothing),
    ("linked.arrive", Demand::Nothing),
    ("session.step", Demand::Nothing),
    ("session.passkey-challenge", Demand::Nothing),
    ("session.passkey", Demand::Nothing),
    ("session.step-passkey-challenge", Demand::Nothing),
    ("session.step-passkey", Demand::Nothing),
    // The proof itself, and what makes an account safer.
    ("session.step-up", Demand::Nothing),
    ("session.step-up-passkey-challenge", Demand::Nothing),
    ("session.step-up-passkey", Demand::Nothing),
    ("session.end", Demand::Nothing),
    ("me.end-session", Demand::Nothing),
    ("me.end-other-sessions", Demand::Nothing),
    ("session.deny", Demand::Nothing),
    ("token.revoke", Demand::Nothing),
    // Credentials.
    ("me.change-password", Demand::WithPassword),
    ("contact.begin", Demand::WithPassword),
    ("contact.confirm", Demand::WithPassword),
    ("officer.enrol", Demand::Credentials),
    ("officer.revoke", Demand::Credentials),
    ("officer.wrap", Demand::Credentials),
    ("officer.unwrap", Demand::Credentials),
    ("security.begin", Demand::Credentials),
    ("security.confirm", Demand::Credentials),
    ("security.remove", Demand::Credentials),
    ("security.recovery", Demand::Credentials),
    ("passkey.challenge", Demand::Credentials),
    ("passkey.add", Demand::Credentials),
    ("passkey.remove", Demand::Credentials),
    ("passkey.confirm", Demand::Credentials),
    ("linked.begin", Demand::Credentials),
    ("linked.remove", Demand::Credentials),
    ("linked.confirm", Demand::Credentials),
    ("token.make", Demand::Credentials),
    // The secret that programs believe the platform by.
    ("webhook.make", Demand::Credentials),
    ("webhook.rotate", Demand::Credentials),
    // What takes all of a person's data away, or along.
    ("export.ask", Demand::WithPassword),
    ("export.download", Demand::WithPassword),
    ("cancellation.request", Demand::WithPassword),
    // Binding acts, and the pages that they are sent from.
    ("tender.review", Demand::Binding),
    ("tender.publish", Demand::Binding),
    ("demand.review", Demand::Binding),
    ("demand.publish", Demand::Binding),
    ("demand.change-form", Demand::Binding),
    ("demand.change", Demand::Binding),
    ("demand.close", Demand::Binding),
    ("demand.tender", Demand::Binding),
    ("inviting.form", Demand::Binding),
    ("inviting.invite", Demand::Binding),
    ("inviting.ask-approval", Demand::Binding),
    ("qualified.publication", Demand::Binding),
    ("qualified.publish", Demand::Binding),
    ("qualified.ask-approval", Demand::Binding),
    ("qualified.applications", Demand::Binding),
    ("qualified.conclude", Demand::Binding),
    ("qualified.ask-conclusion-approval", Demand::Binding),
    ("qualified.end", Demand::Binding),
    ("qualified.tender", Demand::Binding),
    ("amendment.form", Demand::Binding),
    ("amendment.publish", Demand::Binding),
    ("termination.form", Demand::Binding),
    ("termination.publish", Demand::Binding),
    ("extension.form", Demand::Binding),
    ("extension.ask", Demand::Binding),
    ("extension.answer", Demand::Binding),
    ("evaluation.sign", Demand::Binding),
    ("bid.form", Demand::Binding),
    ("bid.submit", Demand::Binding),
    ("bid.enclose", Demand::Binding),
    ("consortium.form", Demand::Binding),
    ("consortium.make", Demand::Binding),
    ("consortium.accept", Demand::Binding),
    ("consortium.depart", Demand::Binding),
    ("bid.enclose-again", Demand::Binding),
    ("bid.commit", Demand::Binding),
    ("bid.commit-again", Demand::Binding),
    ("bid.replacement-form", Demand::Binding),
    ("bid.replace", Demand::Binding),
    ("bid.confirm", Demand::Binding),
    ("bid.withdraw", Demand::Binding),
    ("auction.offer", Demand::Binding),
    ("negotiation.confirm", Demand::Binding),
    ("negotiation.change", Demand::Binding),
    ("negotiation.invite", Demand::Binding),
    ("negotiation.leave", Demand::Binding),
    ("final-offer.submit", Demand::Binding),
    ("award.form", Demand::Binding),
    ("candidates.publish", Demand::Binding),
    ("candidates.withdraw", Demand::Binding),
    ("award.create", Demand::Binding),
    // What lets others bind the company.
    ("mandate.issue", Demand::Binding),
    ("mandate.rule", Demand::Binding),
    ("substitution.ask", Demand::Binding),
    // What others in the company have to approve, and their approval.
    ("approval.rule-form", Demand::Credentials),
    ("approval.set-rule", Demand::Credentials),
    ("approval.restore-rule", Demand::Binding),
    ("approval.approve", Demand::Binding),
    ("approval.refuse", Demand::Binding),
    ("tender.ask-approval", Demand::Binding),
    ("demand.ask-approval", Demand::Binding),
    ("demand.ask-change-approval", Demand::Binding),
    ("award.ask-approval", Demand::Binding),
    ("amendment.ask-approval", Demand::Binding),
    // Who may do what for the operator.
    ("operators.invite", Demand::Binding),
    ("operators.grant", Demand::Binding),
    ("operators.take", Demand::Binding),
    // What everybody reads on every page.
    ("announcement.publish", Demand::Binding),
];

/// Rooms whose every operation has a line above.
const ROOMS: [&str; 7] = ["account.", "session.", "me.", "contact.", "security.", "passkey.", "token."];

#[tokio::test]
async fn every_operation_on_credentials_declares_which_proof_it_asks_for() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for row in world.app.table() {
        let is_ours = ROOMS.iter().any(|room| row.op.id.starts_with(room)) && row.method == "POST";
        let declared = DECLARED.iter().find(|(id, _)| *id == row.op.id).map(|(_, demand)| *demand);
        if (is_ours && declared.is_none()) || row.op.demand != declared.unwrap_or_default() {
            wrong.push(format!("{} {}: {:?}, declared {declared:?}", row.method, row.op.id, row.op.demand));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let ids: Vec<_> = world.app.table().into_iter().map(|row| row.op.id).collect();
    let gone: Vec<_> = DECLARED.iter().filter(|(id, _)| !ids.contains(id)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

/// Asks a route, with nothing that could make it succeed.
async fn ask(browser: &Browser, row: &app::web::Row, token: &str) -> Answer {
    let path = row.path.replace("{id}", &id());
    if row.method == Method::GET { browser.get(&path).await } else { browser.post_with(token, &path, &json!({})).await }
}

#[tokio::test]
async fn every_act_that_asks_for_a_fresh_proof_refuses_a_session_without_one() {
    let world = World::new().await;
    let (strong, weak) = (world.member("both").await, world.member("both").await);
    Phone::register(&world, &strong).await;
    let before = world.again(&weak).await;
    // What is the operator's is asked by people of the operator.
    let chief = world.operator_of("13900139005", "chief@operator.example").await;
    Phone::register(&world, &chief).await;
    let clerk = world.operator_of("13900139006", "clerk@operator.example").await;
    let rows: Vec<_> = world.app.table().into_iter().filter(|row| row.op.demand != Demand::Nothing).collect();
    assert!(rows.len() >= 15 && rows.iter().all(|row| row.who != Who::Anyone));
    let is_step_up = |answer: &Answer| answer.status == 403 && answer.code() == "step-up";
    let members = ((&strong, strong.token().await), (&before, before.token().await));
    let operators = ((&chief, chief.token().await), (&clerk, clerk.token().await));
    let of = |row: &app::web::Row| if matches!(row.who, Who::Duty(_)) { &operators } else { &members };
    for row in &rows {
        let ((strong, token), (weak, other)) = of(row);
        assert!(!is_step_up(&ask(strong, row, token).await), "{} with a fresh proof", row.op.id);
        assert!(!is_step_up(&ask(weak, row, other).await), "{} with a fresh password", row.op.id);
    }
    world.pass(SignedDuration::from_mins(61)).await;
    for row in &rows {
        let ((strong, token), (weak, other)) = of(row);
        assert!(is_step_up(&ask(strong, row, token).await), "{} an hour after the proof", row.op.id);
        let asks = row.op.demand == Demand::Credentials;
        assert_eq!(is_step_up(&ask(weak, row, other).await), asks, "{} without a second factor", row.op.id);
    }
}

#[tokio::test]
async fn a_proof_of_the_password_leads_back_to_what_asked() {
    let world = World::new().await;
    let member = world.member("buyer").await;
    world.pass(SignedDuration::from_mins(16)).await;
    let form = json!({ "id": id(), "name": "采购系统", "read": true, "days": "90" });
    assert_eq!(member.post("/company/tokens", form.clone()).await.code(), "step-up");
    let token = member.token().await;
    let referer = format!("http://{}/company/tokens", world.address());
    let sent = member.request(Method::POST, "/company/tokens").header("accept", "text/html").header("referer", referer);
    let page = member.send(sent.form(&[("csrf", token.as_str())])).await;
    assert!(page.status == 403 && page.text.contains("href=\"/me/step-up?next=%2Fcompany%2Ftokens\""), "{}", page.text);
    let page = member.page("/me/step-up?next=/company/tokens").await.ok().text;
    assert!(page.contains("确认是你本人") && page.contains("type=\"password\"") && !page.contains('⟦'), "{page}");
    refused(&member.post("/me/step-up", json!({ "proof": "nicht das richtige" })).await, "proof", "current-password");
    let done = member.submit("/me/step-up", &[("proof", PASSWORD), ("next", "/company/tokens")]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/company/tokens"));
    member.post("/company/tokens", form).await.ok();
}

#[tokio::test]
async fn the_page_of_a_binding_act_leads_to_the_second_factor_and_back() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let phone = Phone::register(&world, &provider).await;
    let (_, lot) = crate::sourcing::published(&world, &buyer).await;
    let form = format!("/lots/{lot}/bids/new");
    provider.page(&form).await.ok();
    world.pass(SignedDuration::from_mins(16)).await;
    let led = provider.page(&form).await;
    let query: String = url::form_urlencoded::byte_serialize(form.as_bytes()).collect();
    assert_eq!((led.status.as_u16(), led.header("location")), (303, &*format!("/me/step-up?next={query}")));
    let page = provider.page(led.header("location")).await.ok().text;
    assert!(page.contains("验证码或恢复码") && !page.contains("type=\"password\""), "{page}");
    let code = phone.code(&world);
    let done = provider.submit("/me/step-up", &[("proof", &code), ("next", &form)]).await;
    assert_eq!(done.header("location"), form);
    provider.page(&form).await.ok();
    world.pass(SignedDuration::from_mins(45)).await;
    crate::sourcing::bid(&provider, &lot, "300").await;
}

#[tokio::test]
async fn a_program_with_a_token_is_asked_for_nothing_more() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    Phone::register(&world, &buyer).await;
    let form = json!({ "id": id(), "name": "采购系统", "read": true, "tender": true, "days": "90" });
    let made = buyer.post("/company/tokens", form).await.ok().json();
    world.pass(SignedDuration::from_mins(61)).await;
    let program = world.visitor();
    let request = program.request(Method::GET, &format!("/tenders/{}/publication", id()));
    let secret = made["secret"].as_str().unwrap();
    let answer = program.send(request.header("authorization", format!("Bearer {secret}"))).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not-found"));
}

#[tokio::test]
async fn a_proof_gives_the_session_another_secret() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    let me = world.applicant(&who).await;
    let before = cookie(&me.sign_in(&who.phone, PASSWORD).await.ok(), "session").unwrap();
    let token = me.token().await;
    let proved = me.post("/me/step-up", json!({ "proof": PASSWORD })).await.ok();
    assert_ne!(cookie(&proved, "session").unwrap(), before);
    let thief = world.visitor();
    let request = thief.request(Method::GET, "/me").header("cookie", &before).header("accept", "application/json");
    assert_eq!(thief.send(request).await.status, 401, "a copy made before is worth nothing");
    let forged = me.post_with(&token, "/me/security/authenticator", &json!({})).await;
    assert_eq!((forged.status.as_u16(), forged.code().as_str()), (403, "csrf"), "nor is a form");
    me.get("/me").await.ok();
}
