//! The canary: unmistakable personal values go in through every form, and come out nowhere but in the messages to their
//! own person and on that person's own page.

use crate::people::Applicant;
use crate::sourcing::text;
use crate::world::{Browser, World};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

const PASSWORD: &str = "Kanarienvogel-7431-im-Bergwerk";
const NEW_PASSWORD: &str = "Grubenlampe-8852-unter-Tage";
const WRONG_PASSWORD: &str = "Schlagwetter-9917-im-Stollen";
const SEARCH: &str = "Kanariensuche-5528-im-Berg";
const GUARDIAN: &str = "vormund.6114@bergwerk-6472.example";
const USER_AGENT: &str = "CanaryBrowser/6472.18";
const ADDRESS: &str = "127.0.71.93";

/// What the program logs, all of it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn captured() -> Log {
    let log = Log::default();
    let writer = log.clone();
    // `axum::serve` is these tests' own server, not the product's; at its finest it names its peers.
    let filter = "axum::serve=off,access=trace,trace=trace,app=trace,kit=trace,vault=trace,policy=trace,axum=trace,tower_http=trace,tantivy=debug";
    tracing_subscriber::fmt().with_ansi(false).with_env_filter(filter).with_writer(move || writer.clone()).init();
    log
}

fn canary() -> Applicant {
    Applicant {
        phone: "13871649253".into(),
        email: "kanarienvogel.7431@bergwerk-6472.example".into(),
        password: PASSWORD.into(),
        ..Applicant::new("both")
    }
}

/// Everything that must not be found, in the forms in which it could be.
fn needles(who: &Applicant) -> Vec<Vec<u8>> {
    let values =
        [who.phone.as_str(), &who.email, PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, USER_AGENT, ADDRESS, SEARCH, GUARDIAN];
    let name = who.email.split('@').next().unwrap();
    let plain = values.into_iter().chain([name, &name[..12]]).map(|value| value.as_bytes().to_vec());
    plain.flat_map(|value| [hex::encode(&value).into_bytes(), value]).collect()
}

fn find(needles: &[Vec<u8>], content: &[u8], place: &str) {
    for needle in needles {
        let found = content.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
        assert!(!found, "{} is in {place}", String::from_utf8_lossy(needle));
    }
}

/// Whether a value that is not personal is found: the search can find what a form brought.
pub fn is_found(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return is_found(&path, needle);
        }
        std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

fn search(needles: &[Vec<u8>], folder: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search(needles, &path);
        } else {
            find(needles, &std::fs::read(&path).unwrap(), &path.display().to_string());
            files += 1;
        }
    }
    files
}

/// Registers, renews codes, mistypes, resets, changes: every form with a personal field, right and wrong.
async fn use_every_form(world: &World, who: &Applicant) -> (Browser, Vec<String>) {
    let browser = world.browser(ADDRESS, USER_AGENT);
    let mut wrong = who.form();
    wrong["agree"] = json!(false);
    browser.post("/registrations", wrong).await;
    let registration = browser.post("/registrations", who.form()).await.ok().header("location").to_owned();
    browser.post(&format!("{registration}/confirmation"), json!({ "phone_code": "1", "email_code": "2" })).await;
    browser.post(&format!("{registration}/codes"), json!({})).await.ok();
    let codes = world.codes(who).await;
    browser.post(&format!("{registration}/confirmation"), codes).await.ok();
    let again = Applicant {
        phone: who.phone.clone(),
        email: who.email.clone(),
        password: PASSWORD.into(),
        ..Applicant::new("buyer")
    };
    browser.post("/registrations", again.form()).await.ok();
    browser.sign_in(&who.email, WRONG_PASSWORD).await;
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    browser.post("/me/password", json!({ "current": WRONG_PASSWORD, "password": NEW_PASSWORD })).await;
    browser.post("/me/password", json!({ "current": PASSWORD, "password": NEW_PASSWORD })).await.ok();
    world.pass(jiff::SignedDuration::from_mins(1)).await;
    let reset = browser.post("/password-resets", json!({ "account": who.email })).await.ok();
    let reset = reset.header("location").to_owned();
    let mut codes = world.codes(who).await;
    codes["password"] = json!(PASSWORD);
    browser.post(&format!("{reset}/password"), codes).await.ok();
    browser.sign_in(&who.phone, PASSWORD).await.ok();
    use_functions(&browser).await;
    let ask = |password: &str| json!({ "id": crate::sourcing::id(), "password": password });
    browser.post("/me/cancellation", ask(WRONG_PASSWORD)).await;
    let operator = world.operator().await;
    for account in [&who.phone, &who.email] {
        operator.post("/desk/privacy/cases", crate::cancellation::case::case_of(account)).await.ok();
    }
    operator.post("/desk/privacy/cases", json!({ "id": "x", "account": who.email, "file": "?" })).await;
    browser.post("/me/cancellation", ask(PASSWORD)).await.ok();
    browser.get("/nowhere?email=none").await;
    browser.get("/me").await.ok();
    browser.page("/me").await.ok();
    world.settle().await;
    (browser, vec![registration, reset])
}

/// What additional functions keep, and whom a minor's form names.
async fn use_functions(browser: &Browser) {
    crate::consent::switch_on(browser, "digest").await;
    browser.post("/me/digest", json!({ "categories": ["it-software"], "regions": ["36"] })).await.ok();
    crate::consent::give(browser, "remembered-search").await.ok();
    let search = json!({ "id": crate::sourcing::id(), "name": SEARCH, "query": format!("words={SEARCH}") });
    browser.post("/me/searches", search).await.ok();
    browser.page("/me/searches").await.ok();
    browser.post("/guardian-requests", json!({ "email": GUARDIAN })).await.ok();
}

#[tokio::test]
async fn personal_values_are_found_nowhere_but_with_their_person() {
    let log = captured();
    let world = World::new().await;
    let who = canary();
    let (own, addresses) = use_every_form(&world, &who).await;
    let needles = needles(&who);
    let me = own.get("/me").await.ok();
    assert!(me.text.contains(&who.phone) && me.text.contains(USER_AGENT) && me.text.contains(ADDRESS));
    assert!(world.messages().iter().any(|message| message.to.contains(&who.email)), "the outbox has it");

    let mut files = 0;
    for entry in std::fs::read_dir(world.folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        if entry != world.app.config().outbox_dir {
            files += search(&needles, &entry);
        }
    }
    assert!(files > 1, "the root key and the search index are files on any database");
    let in_rows = std::sync::atomic::AtomicBool::new(false);
    world.rows(|table, row| {
        find(&needles, row, table);
        let found = String::from_utf8_lossy(row).contains(&who.credit_code);
        in_rows.fetch_or(found, std::sync::atomic::Ordering::Relaxed);
    });
    let found = in_rows.into_inner() || is_found(&world.app.config().data_dir, &who.credit_code);
    assert!(found, "company data are found where personal data are not");
    let logged = log.0.lock().unwrap().clone();
    assert!(!logged.is_empty(), "the log is captured");
    find(&needles, &logged, "the log");
    let requests = String::from_utf8_lossy(&logged).matches("access: request").count();
    assert!(requests > 10, "each request has its line: {requests}");
    find(&needles, app::watch::scrape(&world.app).await.as_bytes(), "the figures");

    let company = own.get("/company").await.json()["company"]["id"].as_str().unwrap().to_owned();
    let operator = world.operator().await;
    let other = world.member("both").await;
    let mut paths = addresses;
    paths.extend(
        ["/", "/me", "/me/accesses", "/me/consents", "/company", "/policy", "/registration", "/session", "/notices"]
            .map(str::to_owned),
    );
    paths.push(text(&own.get("/me/cancellation").await.ok().json(), "link"));
    paths.extend([
        "/desk/privacy/cases".to_owned(),
        "/operator/companies".to_owned(),
        format!("/operator/companies/{company}"),
    ]);
    for (name, reader) in [("visitor", &world.visitor()), ("operator", &operator), ("other", &other)] {
        for path in &paths {
            find(&needles, reader.get(path).await.text.as_bytes(), &format!("{path} of {name}"));
            find(&needles, reader.page(path).await.text.as_bytes(), &format!("{path} of {name}"));
        }
    }
}
