//! What the program is made of, and the rooms it has.

pub(crate) mod checks;
mod parts;
mod start;

pub use start::StartError;

use crate::config::Config;
use crate::folders;
use crate::identity::account::Secrets;
use crate::identity::linked::Issuers;
use crate::identity::verification::Attestor;
use crate::reach::inbox::Live;
use crate::sourcing::auction::Auctions;
use crate::trust::log::Log;
use crate::trust::usage::Uses;
use crate::watch::{self, Figures, Names};
use crate::web::limit::Limits;
use crate::web::text::Catalogue;
use crate::web::{
    Board, Cookies, Cursors, Error, Kept, Paces, Policies, Room, Row, Texts, Tokens, assets, found, harden, shell,
};
use crate::work::Turns;
use aws_lc_rs::hmac;
use axum::Router;
use axum::middleware::from_fn_with_state;
use evidence::Signer;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::blobs::Blobs;
use kit::clock::Clock;
use kit::db::{Db, Migration, Settings, Tx};
use kit::job::Worker;
use kit::mail::{Mailer, Push, Sms};
use kit::outgoing::Outgoing;
use kit::random::Random;
use kit::search::Index;
use policy::Versions;
use rust_embed::RustEmbed;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use vault::tombstone::Journal;
use vault::{RootKeys, Vault};

/// Every room, in the order of the house's wings.
#[rustfmt::skip]
pub const ROOMS: &[&Room] = &[
    &crate::identity::account::ROOM,
    &crate::identity::linked::ROOM,
    &crate::identity::company::ROOM,
    &crate::identity::verification::ROOM,
    &crate::identity::mandate::ROOM,
    &crate::identity::library::ROOM,
    &crate::identity::approval::ROOM,
    &crate::identity::officer::ROOM,
    &crate::identity::token::ROOM,
    &crate::identity::guardian::ROOM,
    &crate::identity::door::ROOM,
    &crate::identity::contacts::ROOM,
    &crate::identity::people::ROOM,
    &crate::identity::roster::ROOM,
    &crate::identity::company::prepared::ROOM,
    &crate::identity::company_list::ROOM,
    &crate::sourcing::tender::ROOM,
    &crate::sourcing::inviting::ROOM,
    &crate::sourcing::amendment::ROOM,
    &crate::sourcing::clarification::ROOM,
    &crate::sourcing::bid::ROOM,
    &crate::sourcing::consortium::ROOM,
    &crate::sourcing::opening::ROOM,
    &crate::sourcing::extension::ROOM,
    &crate::sourcing::auction::ROOM,
    &crate::sourcing::evaluation::ROOM,
    &crate::sourcing::negotiation::ROOM,
    &crate::sourcing::candidates::ROOM,
    &crate::sourcing::award::ROOM,
    &crate::sourcing::termination::ROOM,
    &crate::sourcing::demand::ROOM,
    &crate::sourcing::qualified::ROOM,
    &crate::sourcing::dossier::ROOM,
    &crate::sourcing::archive::ROOM,
    &crate::trust::log::ROOM,
    &crate::trust::policy::ROOM,
    &crate::trust::schedule::ROOM,
    &crate::trust::terms::ROOM,
    &crate::trust::processor::ROOM,
    &crate::trust::register::ROOM,
    &crate::trust::consent::ROOM,
    &crate::trust::cookies::ROOM,
    &crate::trust::access::ROOM,
    &crate::trust::drill::ROOM,
    &crate::trust::cancellation::ROOM,
    &crate::trust::closing::ROOM,
    &crate::trust::data::ROOM,
    &crate::trust::export::ROOM,
    &crate::trust::usage::ROOM,
    &crate::trust::complaint::ROOM,
    &crate::trust::leak::ROOM,
    &crate::reach::announcement::ROOM,
    &crate::reach::notice::ROOM,
    &crate::reach::ocds::ROOM,
    &crate::reach::conversation::ROOM,
    &crate::reach::report::ROOM,
    &crate::reach::inbox::ROOM,
    &crate::reach::provider::ROOM,
    &crate::reach::digest::ROOM,
    &crate::reach::subscription::ROOM,
    &crate::reach::remembered::ROOM,
    &crate::reach::webhook::ROOM,
    &crate::operate::desk::ROOM,
    &crate::operate::privacy::ROOM,
    &crate::operate::exception::ROOM,
    &crate::operate::operators::ROOM,
    &crate::operate::figures::ROOM,
    &crate::operate::history::ROOM,
    &crate::operate::risk::ROOM,
    &crate::operate::jobs::ROOM,
    &crate::operate::audit::ROOM,
    &crate::operate::styles::ROOM,
];

/// The region of what belongs to no company, and of companies that have chosen no other.
pub const REGION: &str = "default";

/// How long the target of a webhook may take. Of its answer the status is all that is wanted.
const HOOK_PATIENCE: Duration = Duration::from_secs(10);

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
    journal: Journal,
    blobs: Blobs,
    search: Index,
    directory: Index,
    demands: Index,
    worker: Worker,
    mailer: Mailer,
    sms: Sms,
    push: Push,
    outgoing: Outgoing,
    attestor: Option<Attestor>,
    issuers: Issuers,
    signer: Signer,
    log: Arc<Log>,
    clock: Clock,
    random: Random,
    cookies: Cookies,
    tokens: Tokens,
    cursors: Cursors,
    kept: Kept,
    policies: Policies,
    board: Board,
    marks: hmac::Key,
    limits: Limits,
    paces: Paces,
    uses: Uses,
    live: Live,
    auctions: Auctions,
    accounts: Secrets,
    names: Names,
    figures: Figures,
    started_at: Timestamp,
    turns: Turns,
    by_address: BTreeSet<&'static str>,
    resumable: BTreeSet<&'static str>,
    pieces: BTreeSet<&'static str>,
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
        Self::knowing(Versions::COMPILED, config, clock, random, more).await
    }

    /// The same with these versions of the policy, as a program of another build would be.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn knowing(
        versions: Versions,
        config: Config,
        clock: Clock,
        random: Random,
        more: &[&'static Room],
    ) -> Result<Self, StartError> {
        let rooms: Vec<_> = ROOMS.iter().chain(more).copied().collect();
        checks::purposes(&rooms)?;
        checks::held(&rooms)?;
        checks::assessed(&rooms)?;
        folders::make(&config)?;
        let data = Settings::new(&config.database_url).connections(config.database_connections.into());
        let db = Db::open(&data, clock.clone(), random.clone()).map_err(|e| StartError::new("the database", e))?;
        let keys = Settings::new(&config.key_database_url).threads(2).secure_delete();
        let keys =
            Db::open(&keys, clock.clone(), random.clone()).map_err(|e| StartError::new("the key database", e))?;
        keys.migrate(vault::key_migrations()).await.map_err(|e| StartError::new("the key database", e))?;
        let root = RootKeys::read_or_create(&config.root_key_file, &random)
            .map_err(|e| StartError::new("the root key file", e))?;
        let vault = Vault::knowing(versions, db.clone(), keys.clone(), root, REGION, random.clone());
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
        let sms = config.sms_url.as_deref().map_or_else(|| Ok(Sms::folder(outbox)), Sms::gateway);
        let push = config.push_url.as_deref().map_or_else(|| Ok(Push::folder(outbox)), Push::server);
        let issuers = Issuers::open(&config.issuers).map_err(|e| StartError::new("issuers_file", e))?;
        let attestor = config.attestor.as_ref().map(Attestor::open).transpose();
        let texts: Vec<_> =
            std::iter::once(&SHELL).chain([&PARTS]).chain(rooms.iter().map(|room| &room.texts)).copied().collect();
        Ok(Self(Arc::new(Parts {
            catalogue: Arc::new(Catalogue::new(&texts, config.zone.clone())),
            journal: Journal::at(&config.tombstone_journal),
            blobs: folders::blobs(&config)?,
            search: Index::open(&config.node_dir.join("search")).map_err(|e| StartError::new("the search index", e))?,
            directory: Index::open(&config.node_dir.join("directory"))
                .map_err(|e| StartError::new("the index of providers", e))?,
            demands: Index::open(&config.node_dir.join(crate::sourcing::demand::FOLDER))
                .map_err(|e| StartError::new("the index of demands", e))?,
            // Whoever has the index open is the only process of this node.
            worker: Worker::of(&config.node_dir, &random, endless(&rooms))
                .map_err(|e| StartError::new("the node folder", e))?,
            mailer: mailer.map_err(|e| StartError::new("the mail server's address", e))?,
            sms: sms.map_err(|e| StartError::new("the gateway of short messages", e))?,
            push: push.map_err(|e| StartError::new("the server of push messages", e))?,
            outgoing: Outgoing::new(config.webhook_reach, HOOK_PATIENCE, 0),
            issuers,
            attestor: attestor.map_err(|e| StartError::new("attestor_secret_file", e))?,
            signer: Signer::from_seed(&signer),
            log: Arc::new(Log::new(&log, &config.log_witnesses)),
            cookies: Cookies::new(config.tls.is_some() || config.trusted_proxy),
            tokens: Tokens::new(&tokens),
            cursors: Cursors::new(&cursors),
            policies: Policies::new(versions),
            board: Board::default(),
            kept: Kept::new(&db, editions),
            marks: hmac::Key::new(hmac::HMAC_SHA256, &*marks),
            limits: Limits::new(&limits),
            paces: Paces::default(),
            uses: Uses::default(),
            live: Live::default(),
            auctions: Auctions::new(&db),
            accounts,
            names: Names::new(&table(&rooms), &rooms),
            figures: Figures::new(&db, &keys, &vault),
            started_at: clock.now(),
            turns: Turns::default(),
            resumable: table(&rooms).iter().filter(|row| row.op.resumable).map(|row| row.path).collect(),
            pieces: table(&rooms).iter().filter(|row| row.method == Method::PATCH).map(|row| row.path).collect(),
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

    /// Brings the main database to this program's schema; a new installation begins with the newest version of the policy
    /// and of each agreement.
    /// Answers the names of the steps applied.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate(&self) -> Result<Vec<String>, kit::db::Error> {
        let steps = self.db().migrate(migrations()).await?;
        let versions = self.policies().versions();
        self.db().write(move |tx| found(tx, versions)).await?;
        self.db().write(crate::trust::terms::found).await?;
        Ok(steps)
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
            .merge(crate::trust::cookies::gpc::routes())
            .merge(crate::trust::log::serve::routes())
            .merge(crate::identity::linked::outside())
            .merge(crate::description::routes(self.table()))
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

    /// Whether a route is part of an upload that resumes ([`crate::web::Op::resumable`]).
    pub fn is_resumable(&self, path: &str) -> bool {
        self.0.resumable.contains(path)
    }

    /// Whether bytes of such an upload come to a route.
    pub fn takes_pieces(&self, path: &str) -> bool {
        self.0.pieces.contains(path)
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

const SHELL: Texts = Texts { zh: include_str!("web/layout/texts.zh.ftl"), en: include_str!("web/layout/texts.en.ftl") };
const PARTS: Texts = Texts { zh: include_str!("web/parts.zh.ftl"), en: include_str!("web/parts.en.ftl") };

fn table(rooms: &[&Room]) -> Vec<Row> {
    rooms.iter().flat_map(|room| (room.routes)().table().to_vec()).collect()
}

/// How far what is public has come: notices, and providers' pages.
fn editions(tx: &mut Tx) -> Result<Option<[i64; 4]>, kit::db::Error> {
    let (notices, providers) = (crate::reach::notice::published(tx)?, crate::reach::provider::edition(tx)?);
    Ok(notices.zip(providers).map(|([a, b], [c, d])| [a, b, c, d]))
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
