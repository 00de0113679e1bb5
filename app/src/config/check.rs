//! From text to types: the rules that values must keep, each with its way out.

use super::{Config, Entrusted, Error, LogFormat, PASSWORD_MEMORY, SecondFactor, Settings, Tls};
use super::{attestor, data_region, issuer};
use evidence::checkpoint::Witness;
use jiff::tz::TimeZone;
use kit::mail::{Push, Sms};
use kit::outgoing::Reach;
use std::net::SocketAddr;
use std::path::{Path, PathBuf, absolute};
use std::time::Duration;
use url::Url;

impl TryFrom<&Settings> for Config {
    type Error = Error;

    fn try_from(all: &Settings) -> Result<Self, Error> {
        let config = Self {
            database_url: database(all, "database_url")?,
            database_connections: database_connections(all)?,
            data_dir: path(all, "data_dir"),
            data_regions: data_region::read(all)?,
            entrusted_storage: entrusted(all, "entrusted_storage")?,
            key_database_url: database(all, "key_database_url")?,
            key_dir: path(all, "key_dir"),
            root_key_file: path(all, "root_key_file"),
            node_dir: path(all, "node_dir"),
            outbox_dir: path(all, "outbox_dir"),
            tombstone_journal: path(all, "tombstone_journal"),
            listen: listen(all)?,
            tls: tls(all)?,
            public_url: public_url(all)?,
            zone: zone(all)?,
            operator_name: filled(all, "operator_name")?,
            privacy_contact: filled(all, "privacy_contact")?,
            ocds_prefix: ocds_prefix(all)?,
            ocds_license: ocds_license(all)?,
            operator_second_factor: operator_second_factor(all)?,
            trusted_proxy: switch(all, "trusted_proxy")?,
            request_timeout: request_timeout(all)?,
            envelope_limit: megabytes(all, "envelope_limit", 25..=10_240)?,
            envelope_quota: megabytes(all, "envelope_quota", 25..=1_048_576)?,
            smtp_url: smtp(all)?,
            mail_from: sender(all)?,
            attestor: attestor::read(all)?,
            issuers: issuer::read(all)?,
            verification_sample: verification_sample(all)?,
            clamd_address: clamd_address(all)?,
            drawer: PathBuf::from("/proc/self/exe"),
            entrusted_machine: entrusted(all, "entrusted_machine")?,
            entrusted_mail: entrusted(all, "entrusted_mail")?,
            sms_url: gateway(all, "sms_url", |url| Sms::gateway(url).is_ok())?,
            push_url: gateway(all, "push_url", |url| Push::server(url).is_ok())?,
            webhook_reach: webhook_reach(all)?,
            metrics_listen: metrics_listen(all)?,
            otlp_endpoint: otlp_endpoint(all)?,
            log_witnesses: log_witnesses(all)?,
            password_memory: PASSWORD_MEMORY,
            log_format: log_format(all)?,
            log: all.text("log").to_owned(),
        };
        if config.envelope_quota < config.envelope_limit {
            return Err(broken(all, "envelope_quota", "write no less than envelope_limit"));
        }
        keys_lie_elsewhere(all, &config)?;
        journal_lies_apart(all, &config)?;
        plain_http_stays_here(all, &config)?;
        offered_stays_here(all, &config)?;
        Ok(config)
    }
}

pub(super) fn broken(all: &Settings, key: &'static str, rule: impl Into<String>) -> Error {
    let origin = all.get(key).map_or(super::Origin::Default, |setting| setting.origin.clone());
    Error::Value { key, origin, rule: rule.into() }
}

fn path(all: &Settings, key: &str) -> PathBuf {
    PathBuf::from(all.text(key))
}

fn database(all: &Settings, key: &'static str) -> Result<String, Error> {
    let url = all.text(key);
    let is_file = url.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty());
    let is_server = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if is_file || (is_server && Url::parse(url).is_ok()) {
        return Ok(url.to_owned());
    }
    Err(broken(all, key, "a database address is sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"))
}

/// One would let a unit that waits hold up all others.
fn database_connections(all: &Settings) -> Result<u8, Error> {
    let many = all.text("database_connections").parse().ok().filter(|many| (2..=100).contains(many));
    many.ok_or_else(|| broken(all, "database_connections", "a whole number from 2 to 100"))
}

fn listen(all: &Settings) -> Result<SocketAddr, Error> {
    let text = all.text("listen");
    text.parse().map_err(|_| {
        broken(
            all,
            "listen",
            format!("`{text}` is no address with a port; write for instance 127.0.0.1:8080 or [::1]:8080"),
        )
    })
}

fn ocds_prefix(all: &Settings) -> Result<String, Error> {
    let text = all.text("ocds_prefix");
    let own = |rest: &str| rest.len() == 6 && rest.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let rule = "write ocds- and six letters or digits, as the Open Contracting Partnership gave it out";
    let is_prefix = text.strip_prefix("ocds-").is_some_and(own);
    if is_prefix { Ok(text.to_owned()) } else { Err(broken(all, "ocds_prefix", rule)) }
}

fn ocds_license(all: &Settings) -> Result<Option<Url>, Error> {
    let Some(setting) = all.get("ocds_license") else { return Ok(None) };
    let url = Url::parse(&setting.value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.map(Some).ok_or_else(|| broken(all, "ocds_license", "write the licence's address, https://…"))
}

fn log_witnesses(all: &Settings) -> Result<Vec<Witness>, Error> {
    let Some(setting) = all.get("log_witnesses") else { return Ok(Vec::new()) };
    let read = |key: &str| {
        let rule = format!("`{key}` is no key of a witness; write NAME+ID+KEY, as its operator publishes it");
        Witness::parse(key).ok_or_else(|| broken(all, "log_witnesses", rule))
    };
    setting.value.split_whitespace().map(read).collect()
}

/// What is handed in goes there in the clear.
fn clamd_address(all: &Settings) -> Result<Option<SocketAddr>, Error> {
    let Some(setting) = all.get("clamd_address") else { return Ok(None) };
    let address = setting.value.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback());
    let rule = "write an address of this machine alone with a port, such as 127.0.0.1:3310; a clamd elsewhere is reached \
                through a tunnel of yours, since files go there in the clear";
    address.map(Some).ok_or_else(|| broken(all, "clamd_address", rule))
}

/// Figures tell an attacker when the program is weak, and nobody signs in to read them.
fn metrics_listen(all: &Settings) -> Result<Option<SocketAddr>, Error> {
    let Some(setting) = all.get("metrics_listen") else { return Ok(None) };
    let address = setting.value.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback());
    let rule = "write an address of this machine alone with a port, such as 127.0.0.1:9464; a Prometheus elsewhere \
                reaches it through an agent or a tunnel of yours";
    address.map(Some).ok_or_else(|| broken(all, "metrics_listen", rule))
}

/// The program speaks HTTPS with nobody: a collector elsewhere is reached through one on this machine.
fn otlp_endpoint(all: &Settings) -> Result<Option<Url>, Error> {
    let Some(setting) = all.get("otlp_endpoint") else { return Ok(None) };
    let url = Url::parse(&setting.value).ok().filter(|url| url.scheme() == "http" && url.path() == "/");
    let rule = "write http://HOST:PORT without a path, such as http://127.0.0.1:4318; a collector that speaks HTTPS is \
                reached through one on this machine";
    url.map(Some).ok_or_else(|| broken(all, "otlp_endpoint", rule))
}

fn log_format(all: &Settings) -> Result<LogFormat, Error> {
    match all.text("log_format") {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        other => Err(broken(all, "log_format", format!("`{other}` is neither json nor text"))),
    }
}

fn operator_second_factor(all: &Settings) -> Result<SecondFactor, Error> {
    match all.text("operator_second_factor") {
        "required" => Ok(SecondFactor::Required),
        "offered" => Ok(SecondFactor::Offered),
        other => Err(broken(all, "operator_second_factor", format!("`{other}` is neither required nor offered"))),
    }
}

fn tls(all: &Settings) -> Result<Option<Tls>, Error> {
    match (all.get("tls_cert"), all.get("tls_key")) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => Ok(Some(Tls { cert: PathBuf::from(&cert.value), key: PathBuf::from(&key.value) })),
        (Some(_), None) => Err(broken(all, "tls_cert", "a certificate needs its private key; set tls_key too")),
        (None, Some(_)) => Err(broken(all, "tls_key", "a private key needs its certificate; set tls_cert too")),
    }
}

fn public_url(all: &Settings) -> Result<Option<Url>, Error> {
    let Some(setting) = all.get("public_url") else { return Ok(None) };
    let url = Url::parse(&setting.value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let bare = url.filter(|url| url.path() == "/" && url.query().is_none() && url.host().is_some());
    let rule = "write scheme and host, without a path, for instance https://ziyun.example";
    bare.map(Some).ok_or_else(|| broken(all, "public_url", rule))
}

fn zone(all: &Settings) -> Result<TimeZone, Error> {
    let name = all.text("zone");
    TimeZone::get(name).map_err(|_| {
        let rule =
            format!("no zone `{name}` is known here; write a name such as Asia/Shanghai (Debian: package tzdata)");
        broken(all, "zone", rule)
    })
}

fn filled(all: &Settings, key: &'static str) -> Result<String, Error> {
    let text = all.text(key).trim();
    if text.is_empty() {
        return Err(broken(all, key, "must not be empty"));
    }
    Ok(text.to_owned())
}

fn switch(all: &Settings, key: &'static str) -> Result<bool, Error> {
    match all.text(key) {
        "0" | "false" => Ok(false),
        "1" | "true" => Ok(true),
        other => Err(broken(all, key, format!("`{other}` is neither 0 nor 1"))),
    }
}

/// Without an end, connections that say nothing would take what others need.
fn request_timeout(all: &Settings) -> Result<Duration, Error> {
    let seconds = all.text("request_timeout").parse().ok().filter(|seconds| (1..=600).contains(seconds));
    let rule = "write whole seconds from 1 to 600";
    seconds.map(Duration::from_secs).ok_or_else(|| broken(all, "request_timeout", rule))
}

/// Whole MB, as bytes.
fn megabytes(all: &Settings, key: &'static str, range: std::ops::RangeInclusive<u64>) -> Result<u64, Error> {
    let given: Option<u64> = all.text(key).parse().ok().filter(|many| range.contains(many));
    let rule = format!("write whole MB from {} to {}", range.start(), range.end());
    given.map(|many| many * 1024 * 1024).ok_or_else(|| broken(all, key, rule))
}

fn smtp(all: &Settings) -> Result<Option<String>, Error> {
    let Some(setting) = all.get("smtp_url") else { return Ok(None) };
    let url = Url::parse(&setting.value).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps"));
    let rule = "write smtp://HOST or smtps://USER:PASSWORD@HOST";
    url.map(|url| Some(url.to_string())).ok_or_else(|| broken(all, "smtp_url", rule))
}

pub(super) fn entrusted(all: &Settings, key: &'static str) -> Result<Option<Entrusted>, Error> {
    let Some(setting) = all.get(key) else { return Ok(None) };
    Entrusted::parse(&setting.value).map(Some).ok_or_else(|| broken(all, key, Entrusted::RULE))
}

/// Who gets numbers or words of people is spoken to over TLS, unless it is on this machine.
fn gateway(all: &Settings, key: &'static str, is_right: fn(&str) -> bool) -> Result<Option<String>, Error> {
    let Some(setting) = all.get(key) else { return Ok(None) };
    let url = Url::parse(&setting.value).ok().filter(|url| is_private(url) && is_right(&setting.value));
    url.map(|url| Some(url.to_string())).ok_or_else(|| broken(all, key, "write https://:KEY@HOST"))
}

/// Over TLS, or on this machine.
pub fn is_private(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    url.scheme() == "https" || url.scheme() == "http" && is_here
}

fn verification_sample(all: &Settings) -> Result<u8, Error> {
    let share = all.text("verification_sample").parse().ok().filter(|share| (0..=100).contains(share));
    share.ok_or_else(|| broken(all, "verification_sample", "a whole number from 0 to 100"))
}

fn webhook_reach(all: &Settings) -> Result<Reach, Error> {
    match all.text("webhook_reach") {
        "public" => Ok(Reach::Public),
        "anywhere" => Ok(Reach::Anywhere),
        other => Err(broken(all, "webhook_reach", format!("`{other}` is neither public nor anywhere"))),
    }
}

fn sender(all: &Settings) -> Result<String, Error> {
    let from = filled(all, "mail_from")?;
    match kit::mail::Mailer::folder(Path::new(""), &from) {
        Ok(_) => Ok(from),
        Err(_) => Err(broken(all, "mail_from", "write Name <name@example.org> or name@example.org")),
    }
}

/// A copy of the data folder must hold neither keys nor codes.
fn keys_lie_elsewhere(all: &Settings, config: &Config) -> Result<(), Error> {
    let key_file = config.key_database_url.strip_prefix("sqlite:").map(PathBuf::from);
    let outside = [
        ("key_dir", Some(&config.key_dir)),
        ("key_database_url", key_file.as_ref()),
        ("root_key_file", Some(&config.root_key_file)),
        ("outbox_dir", Some(&config.outbox_dir)),
    ];
    for (key, path) in outside {
        if path.is_some_and(|path| lies_in(path, &config.data_dir)) {
            let rule = format!(
                "must lie outside data_dir ({}), so that a copy of the data holds no key and no code",
                config.data_dir.display()
            );
            return Err(broken(all, key, rule));
        }
    }
    if config.key_database_url == config.database_url {
        return Err(broken(
            all,
            "key_database_url",
            "must be another database than database_url: a copy of the data would hold the keys",
        ));
    }
    Ok(())
}

/// What is restored must not take back what it says.
fn journal_lies_apart(all: &Settings, config: &Config) -> Result<(), Error> {
    let inside = [("data_dir", &config.data_dir), ("key_dir", &config.key_dir)]
        .into_iter()
        .find(|(_, folder)| lies_in(&config.tombstone_journal, folder));
    inside.map_or(Ok(()), |(name, folder)| {
        let rule = format!("must lie outside {name} ({}): a restore would take back who was erased", folder.display());
        Err(broken(all, "tombstone_journal", rule))
    })
}

fn lies_in(path: &Path, folder: &Path) -> bool {
    match (absolute(path), absolute(folder)) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => path.starts_with(folder),
    }
}

fn plain_http_stays_here(all: &Settings, config: &Config) -> Result<(), Error> {
    if config.listen.ip().is_loopback() || config.tls.is_some() || config.trusted_proxy {
        return Ok(());
    }
    let rule = format!(
        "{} can be reached from other machines, and plain HTTP would show them passwords and cookies; set tls_cert and \
         tls_key, or trusted_proxy = 1 when a proxy of yours speaks HTTPS in front, or listen on 127.0.0.1",
        config.listen
    );
    Err(broken(all, "listen", rule))
}

/// The operator's people have a second factor wherever anybody else can reach the program.
fn offered_stays_here(all: &Settings, config: &Config) -> Result<(), Error> {
    let is_known = config.public_url.is_some() || config.tls.is_some() || config.trusted_proxy;
    if config.operator_second_factor == SecondFactor::Required || (config.listen.ip().is_loopback() && !is_known) {
        return Ok(());
    }
    let rule = "a second factor may be left to the operator's people only where nobody else reaches the program: without \
                public_url, tls_cert and trusted_proxy, on 127.0.0.1; write required";
    Err(broken(all, "operator_second_factor", rule))
}
