//! Configuration: one table of keys, four sources in rising order (default, `ziyun.toml`, `ZIYUN_*`, flags).
//!
//! The sources are handed in: only the command line reads the process's environment. What the sources say becomes
//! [`Settings`] (text with its origin, what `ziyun config` prints), and these become a [`Config`] (typed, checked,
//! what the program is made from).

mod address;
mod attestor;
mod check;
mod data_region;
mod entrusted;
mod error;
mod file;
mod issuer;
mod key;
mod party;
mod settings;

pub use address::masked;
pub use attestor::Attestor;
pub use check::is_private;
pub use data_region::{BucketAt, DataRegion};
pub use entrusted::Entrusted;
pub use error::Error;
pub use issuer::{Issuer, Kind as IssuerKind};
pub use key::{KEYS, Key, UNREGISTERED, nearest, nearest_flag};
pub use party::Party;
pub use settings::{Origin, Setting, Settings};

use evidence::checkpoint::Witness;
use jiff::tz::TimeZone;
use kit::outgoing::Reach;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// What hashing a password takes, in KiB of memory: OWASP's first choice for Argon2id is 46 MiB, one pass, one lane (Password Storage Cheat
/// Sheet).
pub const PASSWORD_MEMORY: u32 = 46 * 1024;

/// What the program is made from. Two folders never lie inside `data_dir`: keys and sinks, so that a copy of the data
/// holds neither.
#[derive(Clone)]
pub struct Config {
    /// The main database: `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// How many connections this process holds to a server of that address.
    pub database_connections: u8,
    /// Database file and blobs.
    pub data_dir: PathBuf,
    /// Where files lie, in the order in which companies are offered it; one of them is [`crate::app::REGION`].
    pub data_regions: Vec<DataRegion>,
    /// Who runs the buckets of these regions, where that is not the operator.
    pub entrusted_storage: Option<Entrusted>,
    /// The key database: `sqlite:PATH` or `postgres://…`.
    pub key_database_url: String,
    /// Where the embedded key database and the root key lie.
    pub key_dir: PathBuf,
    /// The root key.
    pub root_key_file: PathBuf,
    /// What this process can build again: the search index.
    pub node_dir: PathBuf,
    /// Where mails and short messages are written when nothing sends them.
    pub outbox_dir: PathBuf,
    /// The journal of tombstones: apart from data, keys and their back-ups.
    pub tombstone_journal: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Certificate and key, for HTTPS.
    pub tls: Option<Tls>,
    /// The address under which people reach the server, where it is not `listen`.
    pub public_url: Option<Url>,
    /// Zone of calendars and of times that name none.
    pub zone: TimeZone,
    /// Who operates the platform, as pages and the policy name them.
    pub operator_name: String,
    /// How to reach the personal information officer.
    pub privacy_contact: String,
    /// What the ids of the open data begin with: [`UNREGISTERED`] where none was given out.
    pub ocds_prefix: String,
    /// The licence of the open data.
    pub ocds_license: Option<Url>,
    /// Whether people of the operator must have a second factor.
    pub operator_second_factor: SecondFactor,
    /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxy: bool,
    /// How long a client may take to send the head of a request, and to begin its body.
    pub request_timeout: Duration,
    /// The largest sealed envelope that is uploaded, in bytes.
    pub envelope_limit: u64,
    /// How much all sealed envelopes of one company may take until they are opened, in bytes.
    pub envelope_quota: u64,
    /// The mail server; without one mails go to `outbox_dir`.
    pub smtp_url: Option<String>,
    /// Who mails come from: `Name <name@example.org>`.
    pub mail_from: String,
    /// The service that confirms facts of companies; without one reviewers compare documents.
    pub attestor: Option<Attestor>,
    /// Through whose accounts people may sign in.
    pub issuers: Vec<Issuer>,
    /// How many of a hundred approvals go to a second reviewer.
    pub verification_sample: u8,
    /// Where clamd looks at what is handed in for verification: an address of this machine alone.
    pub clamd_address: Option<SocketAddr>,
    /// The program whose `draw` decodes what is handed in: this one, as the kernel keeps it though its file be replaced.
    pub drawer: PathBuf,
    /// Whose machine it runs on, where that is not the operator's own.
    pub entrusted_machine: Option<Entrusted>,
    /// Who runs the mail server, where that is not the operator.
    pub entrusted_mail: Option<Entrusted>,
    /// The gateway of short messages; without one they go to `outbox_dir`.
    pub sms_url: Option<String>,
    /// The server of push messages; without one they go to `outbox_dir`.
    pub push_url: Option<String>,
    /// Where requests of webhooks may go.
    pub webhook_reach: Reach,
    /// Where figures are served for Prometheus: an address of this machine alone.
    pub metrics_listen: Option<SocketAddr>,
    /// The collector of traces, without a path.
    pub otlp_endpoint: Option<Url>,
    /// Whose cosignatures the transparency log takes.
    pub log_witnesses: Vec<Witness>,
    /// [`PASSWORD_MEMORY`]. No setting reads it: it is less for tests alone, which hash by the thousand.
    pub password_memory: u32,
    /// How lines of the log are written.
    pub log_format: LogFormat,
    /// Filter of the log, as `tracing` writes it: `info`, `app=debug,warn`.
    pub log: String,
}

/// Whether people of the operator must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Without one they can do nothing but register one.
    Required,
    /// It is their choice, as it is everybody else's: for a demo.
    Offered,
}

/// How lines of the log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One object a line.
    Json,
    /// For reading.
    Text,
}

/// Files of a certificate, PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate and those between it and the root.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Config {
    /// Everything embedded and by default in one folder: `DIR/data`, `DIR/keys`, `DIR/node`, `DIR/outbox`,
    /// `DIR/journal`.
    /// For tests and the demo.
    pub fn under(folder: &Path) -> Self {
        let data = folder.join("data").display().to_string();
        let settings = Settings::collect(None, [], [("data_dir", data)]).expect("a known key");
        Self::try_from(&settings).expect("defaults are valid")
    }

    /// The absolute address of a path of ours, for what is read elsewhere than on our pages.
    pub fn address(&self, path: &str) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let root = match &self.public_url {
            Some(url) => url.to_string(),
            None => format!("{scheme}://{}", self.listen),
        };
        format!("{}{path}", root.trim_end_matches('/'))
    }

    /// The folder of the embedded database, or `None` when a server holds the data.
    pub fn embedded(&self) -> Option<&Path> {
        self.database_url.strip_prefix("sqlite:").map(|path| Path::new(path).parent().unwrap_or(Path::new(".")))
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("data_dir", &self.data_dir).field("listen", &self.listen).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
