//! What the program is made of, and the rooms it has.

use crate::config::Config;
use crate::identity::account::Secrets;
use crate::trust::log::Log;
use crate::watch::{self, Figures, Names};
use crate::web::limit::Limits;
use crate::web::text::Catalogue;
use crate::web::{Cookies, Cursors, Error, Kept, Paces, Room, Row, Texts, Tokens, assets, harden, shell};
use crate::work::Turns;
use aws_lc_rs::hmac;
use axum::Router;
use axum::middleware::from_fn_with_state;
use evidence::Signer;
use http::HeaderMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::blobs::Blobs;
use kit::clock::Clock;
use kit::db::{Db, Migration, Settings};
use kit::job::Worker;
use kit::mail::{Mailer, Sms};
use kit::random::Random;
use kit::search::Index;
use policy::Control;
use rust_embed::RustEmbed;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use vault::{RootKeys, Vault};

/// Every room, in the order of the house's wings.
#[rustfmt::skip]
pub const ROOMS: &[&Room] = &[
    &crate::identity::account::ROOM,
    &crate::identity::company::ROOM,
    &crate::identity::token::ROOM,
    &crate::identity::guardian::ROOM,
    &crate::sourcing::tender::ROOM,
    &crate::sourcing::clarification::ROOM,
    &crate::sourcing::bid::ROOM,
    &crate::sourcing::opening::ROOM,
    &crate::sourcing::award::ROOM,
    &crate::sourcing::dossier::ROOM,
    &crate::trust::log::ROOM,
    &crate::trust::policy::ROOM,
    &crate::trust::register::ROOM,
    &crate::trust::consent::ROOM,
    &crate::trust::access::ROOM,
    &crate::reach::notice::ROOM,
    &crate::reach::digest::ROOM,
    &crate::reach::remembered::ROOM,
    &crate::operate::desk::ROOM,
    &crate::operate::exception::ROOM,
    &crate::operate::styles::ROOM,
];

/// The region that everything lies in until a company can choose one.
pub const REGION: &str = "default";

#[derive(RustEmbed)]
#[folder = "../migrations"]
struct Migrations;

/// The program: stores, ports, clock, rooms. Clones are the same program.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    config: Config,
    rooms: Vec<&'static Room>,
    catalogue: Arc<Catalogue>,
    db: Db,
    keys: Db,
    vault: Vault,
    blobs: Blobs,
    search: Index,
    worker: Worker,
    mailer: Mailer,
    sms: Sms,
    signer: Signer,
    log: Arc<Log>,
    clock: Clock,
    random: Random,
    cookies: Cookies,
    tokens: Tokens,
    cursors: Cursors,
    kept: Kept,
    marks: hmac::Key,
    limits: Limits,
    paces: Paces,
    accounts: Secrets,
    names: Names,
    figures: Figures,
    started_at: Timestamp,
    turns: Turns,
    by_address: BTreeSet<&'static str>,
}

impl App {
    /// Opens every store. The main database's schema is not touched: see [`App::migrate`] and [`App::check_schema`].
    /// `more` are rooms that only some ways of running have (the demo's).
    ///
    /// # Errors
    /// A sentence that names the store, what is wrong and the way out.
    pub async fn open(
        config: Config,
        clock: Clock,
        random: Random,
        more: &[&'static Room],
    ) -> Result<Self, StartError> {
        let rooms: Vec<_> = ROOMS.iter().chain(more).copied().collect();
        check_purposes(&rooms)?;
        folders(&config)?;
        let db = Db::open(&Settings::new(&config.database_url), clock.clone(), random.clone())
            .map_err(|e| StartError::new("the database", e))?;
        let keys = Settings::new(&config.key_database_url).threads(2).secure_delete();
        let keys =
            Db::open(&keys, clock.clone(), random.clone()).map_err(|e| StartError::new("the key database", e))?;
        keys.migrate(vault::key_migrations()).await.map_err(|e| StartError::new("the key database", e))?;
        let root = RootKeys::read_or_create(&config.root_key_file, &random)
            .map_err(|e| StartError::new("the root key file", e))?;
        let vault = Vault::new(db.clone(), keys.clone(), root, REGION, random.clone());
        let secret =
            async |name| vault.secrets().derive(name).await.map_err(|e| StartError::new("the key database", e));
        let (signer, tokens) = (secret("log/signing-key").await?, secret("web/form-token").await?);
        let (cursors, marks) = (secret("web/cursor").await?, secret("app/marks").await?);
        let (limits, log) = (secret("web/limit").await?, secret("log/secret").await?);
        let accounts = Secrets::open(&vault).await.map_err(|e| StartError::new("the key database", e))?;
        let outbox = &config.outbox_dir;
        let mailer = match &config.smtp_url {
            Some(url) => Mailer::smtp(url, &config.mail_from),
            None => Mailer::folder(outbox, &config.mail_from),
        };
        let texts: Vec<_> =
            std::iter::once(&SHELL).chain([&PARTS]).chain(rooms.iter().map(|room| &room.texts)).copied().collect();
        Ok(Self(Arc::new(Parts {
            catalogue: Arc::new(Catalogue::new(&texts, config.zone.clone())),
            blobs: Blobs::local(&config.data_dir.join("blobs"), &[REGION])
                .map_err(|e| StartError::new("the blob folder", e))?,
            search: Index::open(&config.node_dir.join("search")).map_err(|e| StartError::new("the search index", e))?,
            // Whoever has the index open is the only process of this node.
            worker: Worker::of(&config.node_dir, &random, endless(&rooms))
                .map_err(|e| StartError::new("the node folder", e))?,
            mailer: mailer.map_err(|e| StartError::new("the mail server's address", e))?,
            sms: Sms::folder(outbox),
            signer: Signer::from_seed(&signer),
            log: Arc::new(Log::new(&log, &config.log_witnesses)),
            cookies: Cookies::new(config.tls.is_some() || config.trusted_proxy),
            tokens: Tokens::new(&tokens),
            cursors: Cursors::new(&cursors),
            kept: Kept::new(db.clone(), crate::reach::notice::published),
            marks: hmac::Key::new(hmac::HMAC_SHA256, &*marks),
            limits: Limits::new(&limits),
            paces: Paces::default(),
            accounts,
            names: Names::new(&table(&rooms), &rooms),
            figures: Figures::new(&db, &keys, &vault),
            started_at: clock.now(),
            turns: Turns::default(),
            by_address: table(&rooms).iter().filter(|row| row.op.by_address).map(|row| row.path).collect(),
            config,
            rooms,
            db,
            keys,
            vault,
            clock,
            random,
        })))
    }

    /// Brings the main database to this program's schema. Answers the names of the steps applied.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate(&self) -> Result<Vec<String>, kit::db::Error> {
        self.db().migrate(migrations()).await
    }

    /// Refuses a main database that is older or newer than this program.
    ///
    /// # Errors
    /// As [`Db::check_schema`].
    pub async fn check_schema(&self) -> Result<(), kit::db::Error> {
        self.db().check_schema(migrations()).await
    }

    /// All routes, inside the shell.
    pub fn router(&self) -> Router {
        let rooms = self.rooms().iter().fold(Router::new(), |router, room| router.merge((room.routes)().into_router()));
        rooms
            .fallback(async || Error::not_found())
            .layer(from_fn_with_state(self.clone(), shell))
            .merge(assets::routes())
            .merge(crate::health::routes())
            .merge(crate::trust::log::serve::routes())
            .merge(crate::description::routes(&self.table()))
            .layer(tower_http::compression::CompressionLayer::new())
            .layer(from_fn_with_state(self.clone(), watch::watch))
            .layer(from_fn_with_state(self.clone(), harden))
            .with_state(self.clone())
    }

    /// The table of route × actor of all rooms.
    pub fn table(&self) -> Vec<Row> {
        table(self.rooms())
    }

    /// Whether a route's acts rest on its address alone ([`crate::web::Op::by_address`]).
    pub fn is_by_address(&self, path: &str) -> bool {
        self.0.by_address.contains(path)
    }

    /// A keyed hash that stands in a row instead of what would identify somebody. `of` keeps the uses apart; the key
    /// lies in the key database, so that a copy of the data alone cannot test guesses.
    pub fn mark(&self, of: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0.marks);
        for part in [of.as_bytes()].iter().chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }

    /// Who a request comes from: the connection's address, or what a declared proxy says of it.
    pub fn peer(&self, headers: &HeaderMap, connection: Option<IpAddr>) -> IpAddr {
        let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        let direct = connection.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        if self.0.config.trusted_proxy { last.unwrap_or(direct) } else { direct }
    }
}

/// What the program is made of, part by part.
#[expect(missing_docs, reason = "each part documents itself")]
impl App {
    pub fn config(&self) -> &Config {
        &self.0.config
    }
    pub fn rooms(&self) -> &[&'static Room] {
        &self.0.rooms
    }
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.clone()
    }
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    pub fn keys(&self) -> &Db {
        &self.0.keys
    }
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }
    pub fn search(&self) -> &Index {
        &self.0.search
    }
    pub fn worker(&self) -> &Worker {
        &self.0.worker
    }
    pub fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }
    pub fn sms(&self) -> &Sms {
        &self.0.sms
    }
    pub fn signer(&self) -> &Signer {
        &self.0.signer
    }
    pub fn log(&self) -> &Arc<Log> {
        &self.0.log
    }
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub fn random(&self) -> &Random {
        &self.0.random
    }
    pub fn cookies(&self) -> Cookies {
        self.0.cookies
    }
    pub fn form_tokens(&self) -> &Tokens {
        &self.0.tokens
    }
    pub fn cursors(&self) -> &Cursors {
        &self.0.cursors
    }
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }
    pub fn paces(&self) -> &Paces {
        &self.0.paces
    }
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }
    pub fn names(&self) -> &Names {
        &self.0.names
    }
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }
    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }
    pub fn accounts(&self) -> &Secrets {
        &self.0.accounts
    }
    pub fn zone(&self) -> TimeZone {
        self.0.config.zone.clone()
    }
    pub fn operator_name(&self) -> &str {
        &self.0.config.operator_name
    }
    pub fn is_secure(&self) -> bool {
        self.0.config.tls.is_some() || self.0.config.trusted_proxy
    }
    pub fn is_demo(&self) -> bool {
        self.0.rooms.iter().any(|room| room.name == "demo")
    }
}

const SHELL: Texts = Texts { zh: include_str!("web/layout/texts.zh.ftl"), en: include_str!("web/layout/texts.en.ftl") };
const PARTS: Texts = Texts { zh: include_str!("web/parts.zh.ftl"), en: include_str!("web/parts.en.ftl") };

fn table(rooms: &[&Room]) -> Vec<Row> {
    rooms.iter().flat_map(|room| (room.routes)().table().to_vec()).collect()
}

/// The kinds of job that are never given up.
fn endless(rooms: &[&'static Room]) -> Vec<&'static str> {
    rooms.iter().flat_map(|room| room.jobs).filter(|work| work.endless).map(|work| work.kind).collect()
}

/// The steps of the main database's schema.
pub fn migrations() -> Vec<Migration> {
    let mut names: Vec<_> = Migrations::iter().collect();
    names.sort();
    let read = |name: &str| Migrations::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    names
        .iter()
        .map(|name| Migration { name: name.trim_end_matches(".sql").to_owned(), sql: read(name).unwrap_or_default() })
        .collect()
}

/// A room may only use purposes that the policy has: fail closed, at start.
fn check_purposes(rooms: &[&Room]) -> Result<(), StartError> {
    let is_unknown = |name: &&&str| policy::purpose_named(name).is_none() && policy::holds(Control::PurposesAtStart);
    let unknown = rooms.iter().flat_map(|room| room.purposes).find(is_unknown);
    unknown.map_or(Ok(()), |name| Err(StartError::new("the policy", format!("it has no purpose named {name}"))))
}

fn folders(config: &Config) -> Result<(), StartError> {
    let folders = [&config.data_dir, &config.node_dir, &config.outbox_dir, &config.key_dir];
    for folder in folders {
        std::fs::create_dir_all(folder)
            .map_err(|e| StartError::new("a folder", format!("{} cannot be made: {e}", folder.display())))?;
    }
    private(&config.key_dir)
}

/// Keys are for the program's own user alone.
fn private(folder: &Path) -> Result<(), StartError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
            .map_err(|e| StartError::new("the key folder", format!("{} cannot be closed: {e}", folder.display())))?;
    }
    Ok(())
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct StartError {
    what: &'static str,
    why: String,
}

impl StartError {
    /// Names the store and what is wrong with it.
    pub fn new(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self { what, why: why.to_string() }
    }
}
