//! A world for one test: a program of its own on a database of its own, a clock to move, people with browsers.

pub use crate::answer::Answer;
pub use crate::browser::Browser;
use crate::place::laid_out;
pub use crate::place::{scratch, server};
use app::app::{App, migrations};
use app::config::{Config, SecondFactor};
use app::web::Room;
use jiff::{SignedDuration, Timestamp};
use kit::clock::Clock;
use kit::db::{Migration, Scratch, Settings};
use kit::random::Random;
use policy::Versions;
use reqwest::Client;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::redirect::Policy;
use std::net::SocketAddr;
use std::path::Path;
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

    /// The same with more connections to its server than two, for many who want one thing at once.
    pub async fn crowded() -> Self {
        Self::configured(|config| config.database_connections = 6).await
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
        let (folder, mut config, databases) = place().await;
        change(&mut config);
        Self::of(versions, folder, config, (clock, Random::seeded(20_261_123)), databases).await
    }

    /// A new one of a program that has these rooms too, and what the schema gets for them.
    pub async fn hosting(rooms: &[&'static Room], steps: Vec<Migration>) -> Self {
        let (folder, config, databases) = place().await;
        let random = Random::seeded(20_261_123);
        let app =
            App::knowing(Versions::COMPILED, config, beginning(), random, rooms).await.expect("the program opens");
        app.migrate().await.expect("the schema applies");
        app.db().migrate([migrations(), steps].concat()).await.expect("the steps apply");
        let mut world = Self::serving(app, folder).await;
        world.databases = databases;
        world
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
        let mut config = usual(folder.path());
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

    /// Ends it; its stores stay, closed: their folder, how they are found, and its databases on the test server, which are
    /// whose they are given to.
    pub async fn parted(mut self) -> (tempfile::TempDir, Config, Vec<Scratch>) {
        let databases = std::mem::take(&mut self.databases);
        let (folder, config) = self.close().await;
        (folder, config, databases)
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
        Browser::new(client, format!("http://{}", self.address))
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

/// Where a world of the engine under test lies.
async fn place() -> (tempfile::TempDir, Config, Vec<Scratch>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = usual(folder.path());
    let mut databases = Vec::new();
    if let Some(server) = server() {
        databases.push(laid_out(server).await);
        config.database_url = databases[0].url();
    }
    (folder, config, databases)
}

/// What holds in every world, unless its test says otherwise.
pub fn usual(folder: &Path) -> Config {
    let mut config = Config::under(folder);
    // What is required of an operator's sign-in is one test's affair.
    config.operator_second_factor = SecondFactor::Offered;
    // So is what chance draws for a second reviewer.
    config.verification_sample = 0;
    config.drawer = env!("CARGO_BIN_EXE_ziyun").into();
    // Each connection learns statements and tables anew: most of a short test's time on a server. Two still collide.
    config.database_connections = 2;
    // A hash of the real cost is a fifth of all that the tests compute; what it costs is one test's affair.
    config.password_memory = 64;
    config
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
