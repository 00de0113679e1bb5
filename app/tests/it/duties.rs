//! Duties: each act needs its own, compared at the door and again in the act's unit.

use crate::colleague::{account, colleague, remove, version};
use crate::sourcing::{add_lot, bid, draft, id, publish, published, submit, text};
use crate::world::{Answer, Browser, World};
use futures::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

async fn set(owner: &Browser, account: &str, duties: &[&str]) -> Answer {
    let seen = version(owner, account).await;
    owner.post(&format!("/company/people/{account}/duties"), json!({"version": seen, "duty": duties})).await
}

async fn token_of(browser: &Browser) -> String {
    let made = json!({"id": id(), "name": "采购系统", "days": "30", "read": true, "tender": true, "bid": true});
    text(&browser.post("/company/tokens", made).await.ok().json(), "secret")
}

async fn with_token(world: &World, secret: &str, method: reqwest::Method, path: &str, body: &Value) -> Answer {
    let visitor = world.visitor();
    let request = visitor.request(method.clone(), path).bearer_auth(secret);
    visitor.send(if method == reqwest::Method::GET { request } else { request.json(body) }).await
}

#[tokio::test]
async fn each_act_needs_its_duty_and_a_viewer_only_reads() {
    let world = World::new().await;
    let owner = world.member("both").await;
    let viewer = colleague(&world, &owner, &["viewer"]).await;
    let manager = colleague(&world, &owner, &["project-manager"]).await;
    let buyer = colleague(&world, &owner, &["buyer"]).await;
    let bidder = colleague(&world, &owner, &["bidder"]).await;
    let contact = colleague(&world, &owner, &["personal-information"]).await;
    let (other, lot) = published(&world, &world.member("buyer").await).await;
    // Everybody reads what is the company's.
    for one in [&viewer, &manager, &buyer, &bidder, &contact] {
        for path in ["/company", "/company/people", "/company/tokens", "/tenders", "/bids", "/company/agreements", "/"]
        {
            one.get(path).await.ok();
            assert!(!one.page(path).await.ok().text.contains('⟦'));
        }
    }
    let drafted = draft(&world);
    let tender = text(&manager.post("/tenders", drafted).await.ok().json(), "id");
    add_lot(&manager, &tender, &id(), "标段一").await;
    for one in [&viewer, &bidder, &contact] {
        assert_eq!(refusal(&one.post("/tenders", draft(&world)).await), (403, "duty-preparer".into()));
        assert_eq!(refusal(&one.get(&format!("/tenders/{tender}/draft")).await), (403, "duty-preparer".into()));
        assert!(one.get(&format!("/tenders/{tender}")).await.ok().text.contains("draft"), "read it may be");
    }
    for one in [&viewer, &bidder, &contact, &manager] {
        assert_eq!(refusal(&one.get(&format!("/tenders/{tender}/publication")).await), (403, "duty-buyer".into()));
        let path = format!("/tenders/{tender}/publication");
        assert_eq!(refusal(&one.post(&path, json!({"version": 2})).await), (403, "duty-buyer".into()));
    }
    for one in [&viewer, &manager, &buyer, &contact] {
        assert_eq!(refusal(&submit(one, &lot, &id(), "100").await), (403, "duty-bidder".into()));
        let ask = json!({"question_id": id(), "question": "是否接受联合体？"});
        let path = format!("/tenders/{other}/questions");
        assert_eq!(refusal(&one.post(&path, ask).await), (403, "duty-bidder".into()));
        assert_eq!(refusal(&one.post("/company/application", json!({})).await), (403, "duty-owner".into()));
        assert_eq!(refusal(&one.post("/agreements/rules/acceptances", json!({})).await), (403, "duty-owner".into()));
    }
    assert_eq!(refusal(&viewer.post("/company/tokens", json!({})).await), (403, "duty-any".into()));
    assert_eq!(refusal(&buyer.post("/company/authorisations/digest", json!({})).await).1, "duty-personal-information");
    publish(&buyer, &tender).await.ok();
    bid(&bidder, &lot, "4,000,000").await;
    let page = viewer.page(&format!("/tenders/{other}")).await.ok().text;
    assert!(!page.contains("/bids/new"), "no act is offered that would be refused");
    assert!(bidder.page(&format!("/tenders/{other}")).await.ok().text.contains("/bids/"));
}

#[tokio::test]
async fn duties_change_at_once_and_a_stale_form_changes_nothing() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["viewer"]).await;
    let theirs = account(&one).await;
    assert_eq!(refusal(&one.post("/tenders", draft(&world)).await), (403, "duty-preparer".into()));
    let seen = version(&owner, &theirs).await;
    set(&owner, &theirs, &["buyer"]).await.ok();
    one.post("/tenders", draft(&world)).await.ok();
    let path = format!("/company/people/{theirs}/duties");
    let stale = owner.post(&path, json!({"version": seen, "duty": ["viewer"]})).await;
    assert_eq!(refusal(&stale), (412, "stale".into()));
    let crowned = set(&owner, &theirs, &["owner"]).await;
    assert_eq!(crowned.json()["errors"][0]["code"], "owner-is-offered", "nobody is made an owner unasked");
    let own = account(&owner).await;
    assert_eq!(refusal(&set(&owner, &own, &["buyer"]).await), (409, "last-owner".into()));
    assert_eq!(refusal(&remove(&owner, &own).await), (409, "last-owner".into()));
    let stranger = world.member("buyer").await;
    assert_eq!(stranger.get(&format!("/company/people/{theirs}")).await.status, 404);
    assert_eq!(stranger.post(&path, json!({"version": 1, "duty": ["viewer"]})).await.status, 404);
    let removal = format!("/company/people/{theirs}/removal");
    assert_eq!(stranger.post(&removal, json!({"version": 1})).await.status, 404);
    let page = owner.page(&format!("/company/people/{theirs}")).await.ok().text;
    assert!(!page.contains('⟦') && !page.contains("value=\"owner\""), "{page}");
    world.settle().await;
    assert!(world.messages().iter().any(|one| one.text.contains("更改了你的职责")));
}

#[tokio::test]
async fn who_is_removed_in_mid_action_does_nothing_more() {
    let world = World::new().await;
    let owner = world.member("both").await;
    let one = colleague(&world, &owner, &["buyer", "bidder"]).await;
    let (other, lot) = published(&world, &world.member("buyer").await).await;
    let theirs = account(&one).await;
    // Two windows and a program's token, and a letter that waits to be sent.
    let second = world.again(&one).await;
    let secret = token_of(&one).await;
    with_token(&world, &secret, reqwest::Method::GET, "/company", &json!({})).await.ok();
    let form = draft(&world);
    let tender = text(&one.post("/tenders", form.clone()).await.ok().json(), "id");
    let (csrf, removed) = (one.token().await, remove(&owner, &theirs).await);
    removed.ok();
    for answer in [
        one.post_with(&csrf, "/tenders", &form).await,
        second.get("/company").await,
        second.get(&format!("/tenders/{tender}")).await,
        submit(&second, &lot, &id(), "100").await,
        with_token(&world, &secret, reqwest::Method::POST, "/tenders", &draft(&world)).await,
    ] {
        assert!([401, 403, 404].contains(&answer.status.as_u16()), "{}", answer.text);
    }
    // Signed in again they are a person without a company, with the privacy centre and no more.
    let again = world.again(&one).await;
    for path in ["/me", "/me/data", "/me/export", "/me/cancellation", "/me/accesses", "/"] {
        assert!(!again.page(path).await.ok().text.contains('⟦'), "{path}");
    }
    assert_eq!(refusal(&again.post("/tenders", form).await), (403, "no-company".into()));
    assert_eq!(refusal(&again.get("/company/people").await), (403, "no-company".into()));
    assert_eq!(again.get(&format!("/tenders/{tender}")).await.status, 404);
    again.get(&format!("/tenders/{other}")).await.ok();
    // In the unit itself: whoever was let in at the door before the removal is found out there.
    let race = colleague(&world, &owner, &["buyer"]).await;
    let theirs = account(&race).await;
    let (token, seen) = (race.token().await, version(&owner, &theirs).await);
    let (path, drafts) =
        (format!("/company/people/{theirs}/removal"), (0..8).map(|_| draft(&world)).collect::<Vec<_>>());
    let acts = join_all(drafts.iter().map(|draft| race.post_with(&token, "/tenders", draft)));
    let (acts, removal) = futures::future::join(acts, owner.post(&path, json!({"version": seen}))).await;
    removal.ok();
    for answer in acts {
        assert!(answer.status.is_success() || [401, 403].contains(&answer.status.as_u16()), "{}", answer.text);
    }
    in_two_halves(&world, &owner).await;
}

/// The head of a request is read, and with it who acts; then they are removed; then its body comes.
async fn in_two_halves(world: &World, owner: &Browser) {
    let one = colleague(world, owner, &["buyer"]).await;
    let theirs = account(&one).await;
    let between = async || drop(remove(owner, &theirs).await.ok());
    let answer = halved(world, &one.phone, "/tenders", &draft(world), between).await;
    assert!(answer.contains("403 Forbidden") && answer.contains("duties-changed"), "{answer}");
}

/// A request in two halves: its head is read, and with it who acts; then something else happens; then its body comes.
pub async fn halved(world: &World, phone: &str, path: &str, body: &Value, between: impl AsyncFnOnce()) -> String {
    let (cookie, csrf) = seat(world, phone).await;
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nX-Csrf-Token: {csrf}\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        world.address(),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(world.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("100 Continue\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "the server asks for the body");
    }
    between().await;
    stream.write_all(body.as_bytes()).await.unwrap();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The cookie of a new login session, and its form token.
async fn seat(world: &World, phone: &str) -> (String, String) {
    let answer = world.visitor().sign_in(phone, crate::people::PASSWORD).await.ok();
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let visitor = world.visitor();
    let request = visitor.request(reqwest::Method::GET, "/session").header("accept", "application/json");
    let session = visitor.send(request.header("cookie", &cookie)).await.ok().json();
    (cookie, text(&session, "csrf"))
}

#[tokio::test]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    let world = World::new().await;
    let first = world.member("buyer").await;
    let second = colleague(&world, &first, &["owner"]).await;
    let (one, two) = (account(&first).await, account(&second).await);
    let (seen_one, seen_two) = (version(&second, &one).await, version(&first, &two).await);
    let (token_first, token_second) = (first.token().await, second.token().await);
    let (path_one, path_two) = (format!("/company/people/{one}/removal"), format!("/company/people/{two}/removal"));
    let (form_one, form_two) = (json!({"version": seen_one}), json!({"version": seen_two}));
    let removals = join_all([
        first.post_with(&token_first, &path_two, &form_two),
        second.post_with(&token_second, &path_one, &form_one),
    ]);
    let answers = removals.await;
    let done = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(done, 1, "{:?}", answers.iter().map(|one| one.text.as_str()).collect::<Vec<_>>());
    assert_eq!(
        world.count("SELECT count(*) FROM account WHERE company IS NOT NULL AND duties LIKE '%owner%'").await,
        1
    );
}

#[tokio::test]
async fn removed_and_invited_again_nothing_of_before_comes_back() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["buyer"]).await;
    let theirs = account(&one).await;
    let secret = token_of(&one).await;
    let (old_version, csrf) = (version(&owner, &theirs).await, one.token().await);
    let old_form = draft(&world);
    remove(&owner, &theirs).await.ok();
    let again = world.again(&one).await;
    let mail = again.get("/me").await.ok().json()["email"].as_str().unwrap().to_owned();
    let link = crate::colleague::invite(&world, &owner, &mail, &["viewer"]).await;
    again.post(&format!("{link}/acceptance"), json!({})).await.ok();
    assert_eq!(one.post_with(&csrf, "/tenders", &old_form).await.code(), "csrf", "the old window is signed out");
    assert_eq!(refusal(&again.post("/tenders", old_form).await), (403, "duty-preparer".into()));
    let answer = with_token(&world, &secret, reqwest::Method::GET, "/company", &json!({})).await;
    assert_eq!(refusal(&answer), (401, "token-invalid".into()), "an old token does not come to life again");
    let path = format!("/company/people/{theirs}/removal");
    assert_eq!(refusal(&owner.post(&path, json!({"version": old_version})).await), (412, "stale".into()));
}

#[tokio::test]
async fn a_companys_letter_does_not_follow_who_has_left() {
    let world = World::new().await;
    let owner = world.member("both").await;
    let one = colleague(&world, &owner, &["bidder"]).await;
    let mail = one.get("/me").await.ok().json()["email"].as_str().unwrap().to_owned();
    let company: Vec<u8> = {
        let sql = "SELECT company FROM account WHERE company IS NOT NULL LIMIT 1";
        world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap()
    };
    let company = kit::id::Id::from_bytes(company.try_into().unwrap());
    let letter = app::identity::account::letter::Letter::new("letter-company-approved").with("company", "衡川");
    let unit = move |tx: &mut kit::db::Tx| app::identity::account::letter::to_company(tx, company, &letter);
    world.app.db().write::<_, kit::db::Error>(unit).await.unwrap();
    remove(&owner, &account(&one).await).await.ok();
    world.settle().await;
    let to_them =
        |text: &str| world.messages().iter().filter(|m| m.to.contains(&mail) && m.text.contains(text)).count();
    assert_eq!(
        (to_them("衡川 已通过"), to_them("移出了公司")),
        (0, 1),
        "their own letter comes, the company's does not"
    );
}
