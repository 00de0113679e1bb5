//! The table that drives everything: the file's keys, the environment's names, the flags, their help.

use super::Settings;

/// One thing that can be configured.
#[derive(Debug)]
pub struct Key {
    /// As the file writes it: `data_dir`.
    pub name: &'static str,
    /// What it means, and its default in words; a line of the help.
    pub help: &'static str,
    /// Whether it is an address that may hold a password.
    pub is_address: bool,
    /// What holds when no source says anything; may rest on keys before it in [`KEYS`].
    pub(super) default: fn(&Settings) -> Option<String>,
}

impl Key {
    /// As the environment writes it: `ZIYUN_DATA_DIR`.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_uppercase())
    }

    /// As the command line writes it, without the two hyphens: `data-dir`.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// What the environment's names begin with.
pub const PREFIX: &str = "ZIYUN_";

/// The prefix of an installation that has none of its own.
pub const UNREGISTERED: &str = "ocds-000000";

/// All keys, in the order in which they are printed.
pub static KEYS: [Key; 45] = [
    key("data_dir", "Folder of the embedded database and of files [default: data]", |_| some("data")),
    address("database_url", "sqlite:PATH or postgres://… [default: ziyun.db in data_dir]", |all| {
        Some(format!("sqlite:{}/ziyun.db", all.text("data_dir")))
    }),
    key(
        "database_connections",
        "How many connections this process holds to a PostgreSQL server, 2 to 100 [default: 16]",
        |_| some("16"),
    ),
    key(
        "data_regions",
        "Where files lie: NAME; 中文; English; folder, or … https://HOST/BUCKET; SIGNING-REGION; FILE of the two keys, for a bucket; a vertical bar between two regions, of which companies choose [default: one folder in data_dir]",
        |_| some("default; 平台的数据中心; The platform's own data centre; folder"),
    ),
    key("key_dir", "Folder of keys, outside data_dir [default: keys beside data_dir]", |all| beside(all, "keys")),
    address(
        "key_database_url",
        "sqlite:PATH or postgres://…, never the same as database_url [default: keys.db in key_dir]",
        |all| Some(format!("sqlite:{}/keys.db", all.text("key_dir"))),
    ),
    key("root_key_file", "File of the root key [default: root.key in key_dir]", |all| {
        Some(format!("{}/root.key", all.text("key_dir")))
    }),
    key(
        "node_dir",
        "Folder of what this process can build again: the search index [default: node beside data_dir]",
        |all| beside(all, "node"),
    ),
    key(
        "outbox_dir",
        "Folder where mails and short messages are put when nothing sends them, outside data_dir [default: outbox beside data_dir]",
        |all| beside(all, "outbox"),
    ),
    key(
        "tombstone_journal",
        "File that says who was erased, outside data_dir, key_dir and their back-ups [default: journal/tombstones.jsonl beside data_dir]",
        |all| beside(all, "journal/tombstones.jsonl"),
    ),
    key("listen", "Address and port of the server [default: 127.0.0.1:8080]", |_| some("127.0.0.1:8080")),
    key("tls_cert", "Certificate chain, PEM; with tls_key the server speaks HTTPS", |_| None),
    key("tls_key", "Private key of the certificate, PEM", |_| None),
    key(
        "public_url",
        "Address under which people reach the server, such as https://ziyun.example [default: where it listens]",
        |_| None,
    ),
    key(
        "trusted_proxy",
        "1 when a proxy of yours stands in front and sets X-Forwarded-For and X-Forwarded-Proto, else 0 [default: 0]",
        |_| some("0"),
    ),
    key(
        "request_timeout",
        "Seconds that a client may take to send the head of a request, and to begin its body [default: 30]",
        |_| some("30"),
    ),
    key("envelope_limit", "The largest sealed envelope that is uploaded, in MB, 25 to 10240 [default: 1024]", |_| {
        some("1024")
    }),
    key(
        "envelope_quota",
        "How much all sealed envelopes of one company may take until they are opened, in MB, no less than envelope_limit [default: 5120]",
        |_| some("5120"),
    ),
    key("zone", "Time zone of calendars and of times that name none [default: Asia/Shanghai]", |_| {
        some("Asia/Shanghai")
    }),
    key("operator_name", "Who operates the platform, as pages name them [default: 资源共享云]", |_| {
        some("资源共享云")
    }),
    key(
        "privacy_contact",
        "How to reach the personal information officer, as the policy names it [default: privacy@localhost]",
        |_| some("privacy@localhost"),
    ),
    key(
        "ocds_prefix",
        "Prefix of the ids in the open data, as the Open Contracting Partnership gave it out [default: ocds-000000, which nobody gave out]",
        |_| some(UNREGISTERED),
    ),
    key("ocds_license", "Address of the licence of the open data, https://… [default: none is named]", |_| None),
    key(
        "operator_second_factor",
        "required or offered: whether people of the operator must have a second factor [default: required]",
        |_| some("required"),
    ),
    address(
        "smtp_url",
        "Mail server, such as smtps://USER:PASSWORD@HOST [default: none, mails go to outbox_dir]",
        |_| None,
    ),
    key("mail_from", "Sender of the mails [default: 资源共享云 <no-reply@localhost>]", |_| {
        some("资源共享云 <no-reply@localhost>")
    }),
    address(
        "sms_url",
        "Gateway of short messages, https://:APIKEY@sms.yunpian.com [default: none, they go to outbox_dir]",
        |_| None,
    ),
    address(
        "push_url",
        "Server of push messages (ntfy), https://:TOKEN@HOST [default: none, they go to outbox_dir]",
        |_| None,
    ),
    key(
        "entrusted_machine",
        "Whose machine this is, for the register of who is entrusted: NAME; CONTACT; REGION; 2027-12-31, the contract's end [default: none, the operator's own]",
        |_| None,
    ),
    key(
        "entrusted_mail",
        "Who runs the mail server, written likewise [default: none; with smtp_url the register shows its host, and that nothing is said]",
        |_| None,
    ),
    key(
        "entrusted_storage",
        "Who runs the buckets of data_regions, written likewise [default: none; with buckets the register shows their hosts, and that nothing is said]",
        |_| None,
    ),
    address(
        "attestor_url",
        "Service that confirms facts of companies, https://HOST/PATH [default: none, reviewers compare documents]",
        |_| None,
    ),
    key("attestor_key_id", "Name under which that service knows the secret that both sign with", |_| None),
    key("attestor_secret_file", "File of that secret: base64 of 32 to 64 bytes", |_| None),
    key("attestor_timeout", "Seconds that the service may take to answer, 1 to 60 [default: 10]", |_| some("10")),
    key(
        "entrusted_attestor",
        "Who runs that service, written as entrusted_machine is; after the contract's end nothing is sent",
        |_| None,
    ),
    key(
        "issuers_file",
        "File of the issuers through whose accounts people may sign in, docs/sign-in-through.md [default: none]",
        |_| None,
    ),
    key(
        "verification_sample",
        "How many of a hundred approvals of verifications go to a second reviewer, 0 to 100 [default: 10]",
        |_| some("10"),
    ),
    key(
        "webhook_reach",
        "Where webhooks may lead: public addresses, or anywhere, for trials on one machine [default: public]",
        |_| some("public"),
    ),
    key(
        "clamd_address",
        "Address of this machine where clamd looks at what is handed in for verification, such as 127.0.0.1:3310 [default: none]",
        |_| None,
    ),
    key(
        "metrics_listen",
        "Address of this machine where Prometheus finds GET /metrics, such as 127.0.0.1:9464 [default: none, nothing is served]",
        |_| None,
    ),
    key(
        "otlp_endpoint",
        "Collector of traces by OTLP over HTTP, such as http://127.0.0.1:4318 [default: none, nothing is sent]",
        |_| None,
    ),
    key(
        "log_witnesses",
        "Verifier keys of the witnesses of the transparency log, NAME+ID+KEY, a space between two [default: none]",
        |_| None,
    ),
    key("log_format", "json, one object a line, or text, for reading [default: json]", |_| some("json")),
    key("log", "Filter of the log, such as warn or app=debug,info [default: info]", |_| some("info")),
];

const fn key(name: &'static str, help: &'static str, default: fn(&Settings) -> Option<String>) -> Key {
    Key { name, help, is_address: false, default }
}

const fn address(name: &'static str, help: &'static str, default: fn(&Settings) -> Option<String>) -> Key {
    Key { name, help, is_address: true, default }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn beside(all: &Settings, name: &str) -> Option<String> {
    let data = std::path::PathBuf::from(all.text("data_dir"));
    Some(data.parent().unwrap_or(std::path::Path::new("")).join(name).display().to_string())
}

/// The key of this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The known key whose name is most like this one.
pub fn nearest(name: &str) -> &'static Key {
    let name = name.to_lowercase();
    let likeness = |key: &&Key| strsim::jaro_winkler(key.name, &name);
    KEYS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))).expect("the table is not empty")
}

/// The known flag that is most like this one, both written with their hyphens.
pub fn nearest_flag(flag: &str) -> String {
    format!("--{}", nearest(&flag.trim_start_matches('-').replace('-', "_")).flag())
}
