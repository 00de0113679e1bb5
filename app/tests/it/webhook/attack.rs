//! Addresses inside, however they are written; targets that lead elsewhere, hang, pour, pretend; another company's webhooks.

use super::target::{Says, Target, read, status};
use super::{id, look, register, seconds, trial, wanted, world};
use crate::colleague::colleague;
use crate::people::{Applicant, PASSWORD};
use crate::sourcing::{published, text};
use crate::world::{Browser, World};
use kit::db::{Error, Tx};
use kit::values;
use reqwest::Method;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// Why the platform does not register this address.
async fn refusal(buyer: &Browser, url: &str) -> String {
    let refused = buyer.post("/company/webhooks", wanted(url, &["tender.published"])).await;
    assert_eq!(refused.status.as_u16(), 422, "{url}");
    text(&refused.json()["errors"][0], "code")
}

#[tokio::test]
async fn what_is_no_target_is_refused_at_once_and_inside_is_inside_in_all_spellings() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    for url in [
        "http://erp.example/hook",
        "ftp://erp.example/",
        "https://user:secret@erp.example/",
        "https://erp.example/#part",
        "//erp.example",
        "javascript:alert(1)",
        &format!("https://erp.example/{}", "x".repeat(500)),
    ] {
        assert_eq!(refusal(&buyer, url).await, "webhook-url", "{url}");
    }
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "0",
        "１２７.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "localhost",
        "LOCALHOST.",
        "db.localhost",
        "metadata.google.internal",
        "printer.local",
        "intranet",
    ] {
        assert_eq!(refusal(&buyer, &format!("https://{host}/hook")).await, "webhook-inside", "{host}");
    }
    let wrong = buyer.post("/company/webhooks", wanted("https://erp.example/", &["bid.acted"])).await;
    assert_eq!(wrong.json()["errors"][0]["code"], "webhook-kinds", "nothing of bids can be asked for");
    let form = [("id", &*id()), ("url", "https://10.0.0.1/"), ("kinds", "tender.opened")];
    let page = buyer.submit("/company/webhooks", &form).await;
    assert!(page.text.contains("本机或内网") && page.text.contains("https://10.0.0.1/"), "{}", page.text);
}

/// Behind the counter: as if the name of a registered webhook led here now.
async fn leads(world: &World, hook: &str, url: &str) {
    let (id, url) = (hook.parse::<kit::id::Id<()>>().unwrap(), url.to_owned());
    let unit = move |tx: &mut Tx| tx.execute("UPDATE webhook SET url = $1 WHERE id = $2", values![&url, id]);
    world.app.db().write::<_, Error>(unit).await.unwrap();
}

#[tokio::test]
async fn a_name_that_leads_inside_later_is_not_followed_there() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, "https://erp.example.com/hook", &["tender.published"]).await;
    for scheme in ["https", "http"] {
        leads(&world, &hook, &format!("{scheme}://localhost:{}/hook", target.port())).await;
        trial(&buyer, &hook).await;
        world.settle().await;
        assert_eq!(look(&buyer, &hook).await["deliveries"].as_array().unwrap().last().unwrap()["outcome"], "forbidden");
    }
    let page = buyer.page(&format!("/company/webhooks/{hook}")).await.ok().text;
    assert!(page.contains("指向本机或内网") && !page.contains('⟦'), "{page}");
    assert!(target.heard().is_empty(), "nobody inside was asked");
}

#[tokio::test]
async fn a_redirect_is_no_answer_and_gone_gives_up_at_once() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let (target, inner) = (Target::new().await, Target::new().await);
    let leads = format!("HTTP/1.1 307 Away\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", inner.address);
    target.answers([Says::Bytes(leads.into_bytes()), status("410 Gone")]);
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    published(&world, &buyer).await;
    assert_eq!(look(&buyer, &hook).await["deliveries"][0]["outcome"], "307");
    assert!(buyer.page(&format!("/company/webhooks/{hook}")).await.ok().text.contains("平台不跟随"));
    world.pass(seconds(5)).await;
    assert_eq!(look(&buyer, &hook).await["webhook"]["state"], "given-up");
    assert!(inner.heard().is_empty(), "a redirect is not followed");
}

#[tokio::test]
async fn of_what_a_target_pours_the_status_counts_and_what_is_no_answer_is_none() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    let mut huge = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n".to_vec();
    huge.resize(3_000_000, b'x');
    let head = [b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec(), vec![b'x'; 3_000_000]].concat();
    target.answers([Says::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Says::Bytes(head), Says::Bytes(huge)]);
    for outcome in ["malformed", "malformed", "200"] {
        trial(&buyer, &hook).await;
        world.settle().await;
        let all = look(&buyer, &hook).await["deliveries"].clone();
        let tried = all.as_array().unwrap().iter().rev().find(|one| one["tries"] != 0).unwrap().clone();
        assert_eq!(tried["outcome"], outcome, "{all}");
    }
}

#[tokio::test]
async fn a_certificate_of_nobodys_is_not_believed() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let file = |name| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let (cert, key) = (CertificateDer::from_pem_file(file("long.pem")), PrivateKeyDer::from_pem_file(file("key.pem")));
    let config = config.with_no_client_auth().with_single_cert(vec![cert.unwrap()], key.unwrap()).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::from_std(crate::world::listen()).unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        match acceptor.accept(stream).await {
            Ok(mut stream) => Some(read(&mut stream).await.head),
            Err(_) => None,
        }
    });
    let (hook, _) = register(&buyer, &url, &["tender.published"]).await;
    trial(&buyer, &hook).await;
    world.settle().await;
    assert_eq!(look(&buyer, &hook).await["deliveries"][0]["outcome"], "certificate");
    assert_eq!(server.await.unwrap(), None, "it was told nothing");
}

/// Waits until this holds; fails after a while.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(40);
    while !holds().await {
        assert!(Instant::now() < patience, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_target_that_hangs_keeps_nobody_waiting_and_is_left() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    target.answers([Says::Nothing]);
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    trial(&buyer, &hook).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = world.app.clone();
    let worker = tokio::spawn(async move { app.work(async { drop(stopped.await) }).await });
    until("it is asked", async || target.heard().len() == 1).await;
    let applicant = Applicant::new("buyer");
    world.visitor().post("/registrations", applicant.form()).await.ok();
    let came = || world.messages().iter().any(|message| message.to.contains(&applicant.email));
    until("a code is sent meanwhile", async || came()).await;
    assert_eq!(look(&buyer, &hook).await["deliveries"][0]["outcome"], Value::Null, "it still hangs");
    until("it is left", async || look(&buyer, &hook).await["deliveries"][0]["outcome"] == "slow").await;
    stop.send(()).unwrap();
    worker.await.unwrap();
}

#[tokio::test]
async fn another_company_neither_sees_nor_moves_it_and_a_colleague_only_what_is_theirs() {
    let world = world().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    let (own, _) = register(&other, &target.address, &["tender.published"]).await;
    let (ours, theirs) = (trial(&buyer, &hook).await, trial(&other, &own).await);
    world.settle().await;
    let at = |act: &str| format!("/company/webhooks/{hook}/{act}");
    assert_eq!(other.get(&format!("/company/webhooks/{hook}")).await.status, 404);
    for act in ["secret", "on", "off", "removal"] {
        assert_eq!(other.post(&at(act), json!({})).await.status, 404, "{act}");
    }
    assert_eq!(other.post(&at("test"), json!({ "id": id() })).await.status, 404);
    // Neither from a cursor of ours in theirs, nor from one of theirs in ours.
    for (who, hook, from) in
        [(&other, &hook, &ours), (&other, &own, &ours), (&buyer, &hook, &theirs), (&buyer, &hook, &id())]
    {
        let replay = who.post(&format!("/company/webhooks/{hook}/replay"), json!({ "from": from })).await;
        assert_eq!(replay.status, 404);
    }
    let viewer = colleague(&world, &buyer, &["viewer"]).await;
    viewer.get(&format!("/company/webhooks/{hook}")).await.ok();
    assert_eq!(viewer.post(&at("test"), json!({ "id": id() })).await.code(), "duty-any");
    let agent = colleague(&world, &buyer, &["buyer"]).await;
    trial(&agent, &hook).await;
    assert_eq!(agent.post(&at("secret"), json!({})).await.code(), "duty-owner");
    world.settle().await;
    assert_eq!(target.heard().len(), 3);
}

#[tokio::test]
async fn a_company_has_ten_at_most_and_a_form_sent_twice_shows_no_secret_again() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let same = wanted("https://erp.example.com/", &["tender.opened"]);
    buyer.post("/company/webhooks", same.clone()).await.ok();
    assert_eq!(buyer.post("/company/webhooks", same).await.code(), "webhook-exists");
    for _ in 0..9 {
        register(&buyer, "https://erp.example.com/", &["tender.opened"]).await;
    }
    let eleventh = buyer.post("/company/webhooks", wanted("https://erp.example.com/", &["tender.opened"])).await;
    assert_eq!(eleventh.code(), "too-many-webhooks");
}

#[tokio::test]
async fn a_program_looks_tries_and_asks_again_and_registers_nothing() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    let form = json!({"id": id(), "name": "采购系统", "days": "30", "read": true});
    let token = text(&buyer.post("/company/tokens", form).await.ok().json(), "secret");
    let ask = async |method: Method, path: &str, body: Value| {
        let visitor = world.visitor();
        visitor.send(visitor.request(method, path).bearer_auth(&token).json(&body)).await
    };
    let at = |act: &str| format!("/company/webhooks/{hook}{act}");
    let left = ask(Method::POST, &at("/test"), json!({ "id": id() })).await.ok().json();
    world.settle().await;
    let again = json!({ "from": left["delivery"] });
    assert_eq!(ask(Method::POST, &at("/replay"), again).await.ok().json()["count"], 1);
    world.settle().await;
    assert_eq!(target.ids(), [format!("msg_{}", text(&left, "delivery")), format!("msg_{}", text(&left, "delivery"))]);
    ask(Method::GET, &at(""), json!({})).await.ok();
    let made = ask(Method::POST, "/company/webhooks", wanted(&target.address, &["tender.opened"])).await;
    assert_eq!(made.code(), "token-not-here");
    assert_eq!(ask(Method::POST, &at("/secret"), json!({})).await.code(), "token-not-here");
}

#[tokio::test]
async fn a_company_that_closes_leaves_none_behind() {
    let world = world().await;
    let buyer = world.member("buyer").await;
    let target = Target::new().await;
    let (hook, _) = register(&buyer, &target.address, &["tender.published"]).await;
    trial(&buyer, &hook).await;
    buyer.post("/company/closing", json!({ "id": id(), "password": PASSWORD })).await.ok();
    world.stay_signed_in(10).await;
    world.pass(jiff::SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(world.count("SELECT count(*) FROM company WHERE closed_at IS NOT NULL").await, 1);
    for table in ["SELECT count(*) FROM webhook", "SELECT count(*) FROM webhook_delivery"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
}
