//! Integrators' tokens and idempotency keys.

use crate::sourcing::{draft, text};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub async fn make(world: &World, member: &Browser, scopes: &[&str]) -> Answer {
    let id: kit::id::Id<()> = world.app.random().id();
    let mut form = json!({"id": id, "name": "采购系统", "days": "30"});
    for scope in scopes {
        form[*scope] = json!(true);
    }
    member.post("/company/tokens", form).await
}

/// A program with a token: no cookies, no form token.
struct Program<'w> {
    world: &'w World,
    secret: String,
}

impl<'w> Program<'w> {
    async fn of(world: &'w World, member: &Browser, scopes: &[&str]) -> Self {
        let made = make(world, member, scopes).await.ok().json();
        Self { world, secret: text(&made, "secret") }
    }

    async fn get(&self, path: &str) -> Answer {
        let visitor = self.world.visitor();
        visitor.send(visitor.request(reqwest::Method::GET, path).bearer_auth(&self.secret)).await
    }

    async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        let visitor = self.world.visitor();
        let mut request = visitor.request(reqwest::Method::POST, path).bearer_auth(&self.secret).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        visitor.send(request).await
    }
}

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn a_token_acts_for_its_company_within_its_scopes_and_reaches_no_person() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let made = make(&world, &owner, &["read", "tender"]).await.ok();
    let secret = text(&made.json(), "secret");
    assert!(secret.starts_with("ziyun_") && secret.len() == 49);
    let program = Program { world: &world, secret: secret.clone() };
    let id = text(&program.post("/tenders", None, &draft(&world)).await.ok().json(), "id");
    assert_eq!(program.get("/tenders").await.ok().json()["tenders"][0]["id"], id);
    assert_eq!(program.get("/notices").await.ok().header("content-type"), "application/json");
    assert_eq!(refusal(&program.get("/bids").await), (403, "token-scope-bid".into()));
    for path in ["/me", "/company/tokens", "/session", "/"] {
        assert_eq!(refusal(&program.get(path).await), (403, "token-not-here".into()), "{path}");
    }
    for path in ["/company/tokens", "/session/end", "/me/password", "/session", "/registrations"] {
        assert_eq!(refusal(&program.post(path, None, &json!({})).await), (403, "token-not-here".into()), "{path}");
    }
    let list = owner.get("/company/tokens").await.ok();
    assert_eq!(list.json()["tokens"][0]["used_on"], "2026-11-23");
    assert!(!list.text.contains(&secret) && !owner.page("/company/tokens").await.ok().text.contains(&secret));
}

#[tokio::test]
async fn a_token_ends_by_time_and_by_hand() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let made = make(&world, &owner, &["read"]).await.ok().json();
    let program = Program { world: &world, secret: text(&made, "secret") };
    program.get("/company").await.ok();
    let stranger = world.member("buyer").await;
    let path = format!("/company/tokens/{}/revocation", text(&made["token"], "id"));
    assert_eq!(stranger.post(&path, json!({})).await.status, 404);
    owner.post(&path, json!({})).await.ok();
    let refused = program.get("/company").await;
    assert_eq!(refusal(&refused), (401, "token-invalid".into()));
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let other = Program::of(&world, &owner, &["read"]).await;
    world.pass(SignedDuration::from_hours(24 * 30 - 1)).await;
    other.get("/company").await.ok();
    world.pass(SignedDuration::from_hours(1)).await;
    assert_eq!(refusal(&other.get("/company").await), (401, "token-invalid".into()));
}

#[tokio::test]
async fn what_comes_with_a_token_has_no_cookie_and_is_data() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let program = Program::of(&world, &owner, &["read"]).await;
    let visitor = world.visitor();
    let get = |path: &str| visitor.request(reqwest::Method::GET, path);
    let both = visitor.send(get("/company").bearer_auth(&program.secret).header("cookie", "session=x")).await;
    assert_eq!(refusal(&both), (400, "token-and-cookie".into()));
    let page = visitor.send(get("/company").bearer_auth(&program.secret).header("accept", "text/html")).await;
    assert_eq!(refusal(&page), (406, "not-acceptable".into()));
    for wrong in ["Basic YTpi", "Bearer", "Bearer ziyun_short", &format!("Bearer {}x", program.secret)] {
        let answer = visitor.send(get("/notices").header("authorization", wrong)).await;
        assert_eq!(refusal(&answer), (401, "token-invalid".into()), "{wrong}");
    }
    program.get("/company").await.ok();
    // What it may ask for in the next hour is taken, however fast this machine is.
    let read = |tx: &mut kit::db::Tx| tx.one("SELECT id FROM api_token", &[], |row| row.next::<kit::id::Id<()>>());
    let token = world.app.db().read::<_, kit::db::Error>(read).await.unwrap();
    let later = world.clock.now() + SignedDuration::from_hours(1);
    while world.app.paces().take(*token.as_bytes(), later).is_ok() {}
    let answer = program.get("/company").await;
    assert_eq!(refusal(&answer), (429, "limited".into()));
}

#[tokio::test]
async fn only_an_approved_company_makes_tokens_and_each_form_makes_one() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let refused = make(&world, &owner, &[]).await;
    assert_eq!(refused.json()["errors"][0]["code"], "token-scope");
    let id: kit::id::Id<()> = world.app.random().id();
    let form = json!({"id": id, "name": "采购系统", "days": "30", "read": true});
    owner.post("/company/tokens", form.clone()).await.ok();
    assert_eq!(refusal(&owner.post("/company/tokens", form).await), (409, "token-exists".into()));
    for _ in 1..20 {
        make(&world, &owner, &["read"]).await.ok();
    }
    assert_eq!(refusal(&make(&world, &owner, &["read"]).await), (409, "too-many-tokens".into()));
}

#[tokio::test]
async fn an_act_sent_again_under_its_key_is_answered_as_it_was() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let program = Program::of(&world, &owner, &["read", "tender"]).await;
    let (one, other) = (draft(&world), draft(&world));
    let first = program.post("/tenders", Some("one"), &one).await.ok();
    let again = program.post("/tenders", Some("\"one\""), &one).await.ok();
    assert_eq!((first.text, first.status), (again.text.clone(), again.status));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(refusal(&program.post("/tenders", Some("one"), &other).await), (422, "idempotency-mismatch".into()));
    assert_eq!(refusal(&program.post("/tenders", Some(""), &one).await), (400, "idempotency-key".into()));
    let id = text(&one, "id");
    let wrong = program.post(&format!("/tenders/{id}/publication"), Some("two"), &json!({"version": 1})).await;
    let same = program.post(&format!("/tenders/{id}/publication"), Some("two"), &json!({"version": 1})).await;
    assert_eq!((wrong.status.as_u16(), same.header("idempotency-replayed")), (409, "true"), "{}", wrong.text);
    let stranger = world.member("buyer").await;
    let theirs = Program::of(&world, &stranger, &["read", "tender"]).await;
    theirs.post("/tenders", Some("one"), &other).await.ok();
    world.pass(SignedDuration::from_hours(25)).await;
    let fresh = draft(&world);
    assert_eq!(program.post("/tenders", Some("one"), &fresh).await.ok().json()["id"], fresh["id"], "a day later");
}

#[tokio::test]
async fn an_act_whose_process_died_may_run_again_after_a_minute() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let program = Program::of(&world, &owner, &["read", "tender"]).await;
    let form = draft(&world);
    program.post("/tenders", Some("k"), &form).await.ok();
    // The process died after the act and before its answer was kept.
    let forget = |tx: &mut kit::db::Tx| tx.execute("UPDATE idempotency_key SET status = NULL", &[]);
    world.app.db().write::<_, kit::db::Error>(forget).await.unwrap();
    assert_eq!(refusal(&program.post("/tenders", Some("k"), &form).await), (409, "idempotency-in-flight".into()));
    world.pass(SignedDuration::from_secs(61)).await;
    let again = program.post("/tenders", Some("k"), &form).await.ok();
    assert_eq!((again.json()["id"].clone(), again.header("idempotency-replayed")), (form["id"].clone(), ""));
    assert_eq!(
        program.get("/tenders").await.ok().json()["tenders"].as_array().unwrap().len(),
        1,
        "one act, one tender"
    );
}
