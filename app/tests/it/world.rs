//! A world for one test: a program of its own on a database of its own, a clock to move, people with browsers.

pub use crate::answer::Answer;
use crate::contract;
use crate::place::laid_out;
pub use crate::place::{scratch, server};
use app::app::App;
use app::config::{Config, SecondFactor};
use jiff::{SignedDuration, Timestamp};
use kit::clock::Clock;
use kit::db::{Scratch, Settings};
use kit::random::Random;
use policy::Versions;
use reqwest::Client;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::task::JoinHandle;

/// The instant at which every world begins: a Monday morning in Beijing.
pub const START: &str = "2026-11-23T01:00:00Z";

/// A program, served on loopback.
pub struct World {
    /// The program itself, for looking behind the counter.
    pub app: App,
    /// Its clock.
    pub clock: Clock,
    /// The folder that everything of it lies in.
    pub folder: tempfile::TempDir,
    address: SocketAddr,
    server: JoinHandle<()>,
    databases: Vec<Scratch>,
}

impl World {
    /// A new, empty world.
    pub async fn new() -> Self {
        Self::made(beginning(), |_| {}).await
    }

    /// The same with this clock: the system's, where real processes work beside it.
    pub async fn timed(clock: Clock) -> Self {
        Self::made(clock, |_| {}).await
    }

    /// The same with a configuration of the test's own.
    pub async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::made(beginning(), change).await
    }

    /// The same, as a program of a build with these versions of the policy.
    pub async fn knowing(versions: Versions) -> Self {
        Self::built(versions, beginning(), |_| {}).await
    }

    /// The same with a clock and a configuration of the test's own.
    pub async fn made(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        Self::built(Versions::COMPILED, clock, change).await
    }

    async fn built(versions: Versions, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config::under(folder.path());
        // What is required of an operator's sign-in is one test's affair.
        config.operator_second_factor = SecondFactor::Offered;
        // So is what chance draws for a second reviewer.
        config.verification_sample = 0;
        config.drawer = env!("CARGO_BIN_EXE_ziyun").into();
        let mut databases = Vec::new();
        if let Some(server) = server() {
            databases.push(laid_out(server).await);
        }
        if let [database] = databases.as_slice() {
            config.database_url = database.url();
        }
        change(&mut config);
        Self::of(versions, folder, config, (clock, Random::seeded(20_261_123)), databases).await
    }

    /// One whose databases both lie on the test server, so that other processes may share them. Without a server there is
    /// none, and the test that asks says so.
    pub async fn on_server(clock: Clock) -> Option<Self> {
        let Some(server) = server() else {
            eprintln!("skipped 1 test of two processes: ZIYUN_TEST_DATABASE_URL names no server");
            return None;
        };
        Some(Self::on_servers(server, server, clock).await)
    }

    /// One whose main database lies on one server and that of keys on another, or on the same.
    pub async fn on_servers(data: &str, keys: &str, clock: Clock) -> Self {
        Self::served(data, keys, clock, |_| {}).await
    }

    async fn served(data: &str, keys: &str, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let (data, keys) = (laid_out(data).await, scratch(keys).await);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config::under(folder.path());
        config.operator_second_factor = SecondFactor::Offered;
        // So is what chance draws for a second reviewer.
        config.verification_sample = 0;
        config.drawer = env!("CARGO_BIN_EXE_ziyun").into();
        (config.database_url, config.key_database_url) = (data.url(), keys.url());
        change(&mut config);
        Self::of(Versions::COMPILED, folder, config, (clock, Random::seeded(1)), vec![data, keys]).await
    }

    /// Two that share everything but their search index: as two processes do.
    pub async fn two() -> Option<[Self; 2]> {
        Self::two_configured(|_| {}).await
    }

    /// The same with a configuration of the test's own.
    pub async fn two_configured(change: impl FnOnce(&mut Config)) -> Option<[Self; 2]> {
        let Some(server) = server() else {
            eprintln!("skipped 1 test of two processes: ZIYUN_TEST_DATABASE_URL names no server");
            return None;
        };
        let one = Self::served(server, server, beginning(), change).await;
        let two = one.beside().await;
        Some([one, two])
    }

    /// Another process on the same stores.
    pub async fn beside(&self) -> Self {
        self.beside_with(Versions::COMPILED).await
    }

    /// Another process on the same stores, of another build.
    pub async fn beside_with(&self, versions: Versions) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = self.app.config().clone();
        config.node_dir = folder.path().join("node");
        Self::of(versions, folder, config, (self.clock.clone(), Random::seeded(2)), Vec::new()).await
    }

    /// One on stores that are there already; the databases are dropped with it.
    pub async fn of(
        versions: Versions,
        folder: tempfile::TempDir,
        config: Config,
        (clock, random): (Clock, Random),
        databases: Vec<Scratch>,
    ) -> Self {
        sabotaged();
        let app = App::knowing(versions, config, clock, random, &[]).await.expect("the program opens");
        app.migrate().await.expect("the schema applies");
        let mut world = Self::serving(app, folder).await;
        world.databases = databases;
        world
    }

    /// The world of a program that has been opened already.
    pub async fn serving(app: App, folder: tempfile::TempDir) -> Self {
        let listener = tokio::net::TcpListener::from_std(listen()).expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let router = app.router().into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("the server serves") });
        Self { clock: app.clock().clone(), app, folder, address, server, databases: Vec::new() }
    }

    /// Ends it and leaves its stores, closed, to others: their folder and how they are found.
    pub async fn close(mut self) -> (tempfile::TempDir, Config) {
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let (folder, config) = (std::mem::replace(&mut self.folder, elsewhere), self.app.config().clone());
        drop(self);
        // Who closes an embedded database last removes its log. Of two that close at the same moment each takes the other for
        // the last, and neither does: then somebody opens and closes it once more.
        let logs = [config.data_dir.join("ziyun.db-wal"), config.key_dir.join("keys.db-wal")];
        for looks in 1_u32.. {
            let Some(log) = logs.iter().find(|log| log.exists()) else { break };
            if looks % 100 == 0 {
                let settings = Settings::file(log.with_extension("db")).threads(1);
                drop(kit::db::Db::open(&settings, Clock::system(), Random::seeded(1)).expect("it opens"));
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        (folder, config)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets time pass, and everything happen that is due.
    pub async fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        self.settle().await;
    }

    /// Moves the clock to an instant, and lets everything happen that is due.
    pub async fn until(&self, instant: Timestamp) {
        self.clock.set(instant);
        self.settle().await;
    }

    /// Lets everybody who is signed in stay so over so many days.
    pub async fn stay_signed_in(&self, days: i64) {
        let by = SignedDuration::from_hours(24 * days);
        self.app.db().write(move |tx| app::web::session::prolong(tx, by)).await.expect("sessions live longer");
    }

    /// Lets no company's re-check become due.
    pub async fn stay_verified(&self) {
        let sql =
            "UPDATE verification_case SET valid_until = 9000000000000000, remind_at = NULL WHERE kind = 'company'";
        self.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[])).await.expect("cases hold longer");
    }

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.expect("a number")
    }

    /// Lets followers and jobs finish.
    pub async fn settle(&self) {
        self.app.settle().await.expect("background work succeeds");
    }

    /// Drops the last of its databases on the test server under the running program: first that of keys, then the main one.
    pub async fn lose_database(&mut self) {
        let database = self.databases.pop().expect("a database on the test server");
        tokio::task::spawn_blocking(move || database.remove()).await.expect("it ends").expect("the server drops it");
    }

    /// Every row of every table of a database server, as text; an embedded database is a file of the data folder.
    pub fn rows(&self, each: impl Fn(&str, &[u8]) + Send + Sync) {
        let Some(url) = self.databases.first().map(Scratch::url) else { return };
        let dump = || {
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the test server answers");
            let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
            for table in client.query(tables, &[]).expect("tables") {
                let table: String = table.get(0);
                for row in client.query(&format!("SELECT t::text FROM \"{table}\" t"), &[]).expect("rows") {
                    each(&table, row.get::<_, String>(0).as_bytes());
                }
            }
        };
        std::thread::scope(|scope| scope.spawn(dump).join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }

    /// Somebody with a browser and an empty cookie jar.
    pub fn visitor(&self) -> Browser {
        self.visitor_from("127.0.0.1")
    }

    /// The same from another address of loopback.
    pub fn visitor_from(&self, address: &str) -> Browser {
        self.browser(address, "Mozilla/5.0 (world)")
    }

    /// The same with another browser.
    pub fn browser(&self, address: &str, user_agent: &str) -> Browser {
        // It speaks no TLS: to read the system's certificates would take longer than most requests.
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).tls_certs_only([]);
        let client = client.local_address(address.parse::<std::net::IpAddr>().expect("an address"));
        let client = client.user_agent(user_agent).build().expect("a client");
        Browser { phone: String::new(), client, root: format!("http://{}", self.address) }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
        for database in std::mem::take(&mut self.databases) {
            std::thread::spawn(move || database.remove()).join().ok();
        }
    }
}

/// A person's browser, or an integrator's client: the same cookie jar, pages by [`Browser::page`], data by the rest.
#[derive(Clone)]
pub struct Browser {
    /// Who uses it, once they have registered.
    pub phone: String,
    client: Client,
    root: String,
}

impl Browser {
    /// The same person and cookies, at another process.
    pub fn at(&self, world: &World) -> Self {
        self.at_root(&format!("http://{}", world.address))
    }

    /// The same by that process's address.
    pub fn at_root(&self, root: &str) -> Self {
        Self { root: root.to_owned(), ..self.clone() }
    }

    /// Reads data.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.client.get(self.url(path)).header(ACCEPT, "application/json")).await
    }

    /// Reads a page.
    pub async fn page(&self, path: &str) -> Answer {
        self.send(self.client.get(self.url(path)).header(ACCEPT, "text/html").header("accept-language", "zh-CN")).await
    }

    /// Acts, with JSON; the form token comes along.
    pub async fn post(&self, path: &str, fields: Value) -> Answer {
        let token = self.token().await;
        self.post_with(&token, path, &fields).await
    }

    /// Acts at once: the form token was read before.
    pub async fn post_with(&self, token: &str, path: &str, fields: &Value) -> Answer {
        let request = self.client.post(self.url(path)).header("x-csrf-token", token).json(fields);
        self.send(request.header(ACCEPT, "application/json")).await
    }

    /// Acts as a page's form does.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        let request = self.client.post(self.url(path)).form(&fields);
        self.send(request.header(ACCEPT, "text/html").header("accept-language", "zh-CN")).await
    }

    /// Acts with files: `(field, file name, content)`.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut form = reqwest::multipart::Form::new().text("csrf", self.token().await);
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (field, name, content) in files {
            let part = reqwest::multipart::Part::bytes(content.to_vec()).file_name((*name).to_owned());
            form = form.part((*field).to_owned(), part);
        }
        self.send(self.client.post(self.url(path)).multipart(form).header(ACCEPT, "application/json")).await
    }

    /// A request of any kind, for attacks.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends a request of any kind.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let answer = Answer { status, headers, text: response.text().await.expect("a body of text") };
        crate::cookies::check(&answer);
        contract::check(method.as_str(), &path, status.as_u16(), answer.header("content-type"), &answer.text);
        answer
    }

    /// The form token of this cookie jar.
    pub async fn token(&self) -> String {
        self.get("/session").await.json()["csrf"].as_str().expect("a token").to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

/// A port that nobody listens on now.
pub fn port() -> u16 {
    listen().local_addr().expect("an address").port()
}

/// A port below the ephemeral ones. Tests run side by side, in processes of their own whose numbers follow each other: each
/// begins to look far from its neighbours, since between finding a port and using it nobody holds it.
pub fn listen() -> std::net::TcpListener {
    let start = 20_000 + std::process::id() * 37 % 11_000;
    let bind = |port| std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).ok()?))).ok();
    let listener = (0..1000).map(|step| start + step).find_map(bind).expect("a free port below 32768");
    listener.set_nonblocking(true).expect("a listener for tokio");
    listener
}

/// The clock of a world: it stands, at [`START`], until it is moved.
pub fn beginning() -> Clock {
    Clock::movable(START.parse().expect("an instant"))
}

/// Switches off the control that a test of tests has named.
#[expect(clippy::disallowed_methods, reason = "the test of tests says through the environment what is switched off")]
pub fn sabotaged() {
    if let Ok(control) = std::env::var("ZIYUN_SABOTAGE") {
        assert!(policy::sabotage::switch_off(&control), "there is no control {control}");
    }
}

/// The header of a client that accepts nothing we have.
pub fn unacceptable() -> (reqwest::header::HeaderName, HeaderValue) {
    (ACCEPT, HeaderValue::from_static("image/png"))
}
