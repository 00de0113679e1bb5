//! Through whose accounts people may sign in: issuers of OpenID Connect, a table each in a file of their own.

use super::check::{broken, is_private};
use super::{Entrusted, Error, Settings};
use crate::web::Locale;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use url::Url;

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "IssuerKind")]
pub enum Kind {
    /// A company affiliated with the operator (关联公司).
    Group,
    /// Anybody else.
    ThirdParty,
}

/// An issuer, as the operator and it have agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// What it is called in our addresses and rows: 2 to 20 lower-case letters, digits and hyphens. It never changes.
    pub code: String,
    /// Whose account it is.
    pub kind: Kind,
    /// What people call that account, in Chinese and in English.
    pub names: [String; 2],
    /// Its own name for itself, compared letter by letter.
    pub issuer: String,
    /// Under which name it knows the platform.
    pub client_id: String,
    /// The file of the secret that the platform proves this with.
    pub secret_file: PathBuf,
    /// Where its people look after their accounts, and how it processes what it learns.
    pub addresses: [Url; 2],
    /// Who it is, and until when the contract holds.
    pub who: Entrusted,
    /// Whether it may lie in the operator's own network, where requests else do not go.
    pub inside: bool,
    /// Where an affiliate takes orders about who leaves, and the file of the secret that both sign with.
    pub orders: Option<(Url, PathBuf)>,
}

impl Issuer {
    /// What people call that account.
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.names[0], &self.names[1])
    }

    /// Where its people look after their accounts.
    pub fn account(&self) -> &str {
        self.addresses[0].as_str()
    }

    /// How it processes what it learns.
    pub fn privacy(&self) -> &str {
        self.addresses[1].as_str()
    }

    /// Whether the contract holds, its last day included.
    pub fn is_open(&self, now: Timestamp, zone: TimeZone) -> bool {
        now.to_zoned_datetime(zone).date() <= self.who.until
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuer: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    code: String,
    kind: Kind,
    name_zh: String,
    name_en: String,
    issuer: String,
    client_id: String,
    secret_file: PathBuf,
    account_url: String,
    privacy_url: String,
    who: String,
    #[serde(default)]
    inside: bool,
    orders_url: Option<String>,
    orders_secret_file: Option<PathBuf>,
}

/// What the file says; nothing where none is named.
pub(super) fn read(all: &Settings) -> Result<Vec<Issuer>, Error> {
    let Some(setting) = all.get("issuers_file") else { return Ok(Vec::new()) };
    let path = Path::new(&setting.value);
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Error::File { path: path.to_owned(), why: error.to_string() })?;
    parse(&text).map_err(|rule| broken(all, "issuers_file", rule))
}

/// Reads the tables.
///
/// # Errors
/// The rule that one of them breaks, with its code.
fn parse(text: &str) -> Result<Vec<Issuer>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let (mut codes, mut names) = (BTreeSet::new(), BTreeSet::new());
    let mut issuers = Vec::new();
    for table in file.issuer {
        let code = table.code.clone();
        let issuer = table.checked().map_err(|rule| format!("[[issuer]] {code}: {rule}"))?;
        if !codes.insert(issuer.code.clone()) || !names.insert(issuer.issuer.clone()) {
            return Err(format!("[[issuer]] {code}: each code and each issuer stands there once"));
        }
        issuers.push(issuer);
    }
    Ok(issuers)
}

impl Table {
    fn checked(self) -> Result<Issuer, String> {
        let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(2..=20).contains(&self.code.len()) || !self.code.chars().all(is_code) {
            return Err("`code` is 2 to 20 lower-case letters, digits and hyphens".to_owned());
        }
        if [&self.name_zh, &self.name_en, &self.client_id].iter().any(|text| text.trim().is_empty()) {
            return Err("`name_zh`, `name_en` and `client_id` must not be empty".to_owned());
        }
        is_issuer(&self.issuer)?;
        let orders = match (self.kind, &self.orders_url, self.orders_secret_file) {
            (_, None, None) => None,
            (Kind::Group, Some(url), Some(file)) => Some((address("orders_url", url)?, file)),
            (Kind::Group, ..) => return Err("`orders_url` and `orders_secret_file` belong together".to_owned()),
            (Kind::ThirdParty, ..) => return Err("orders go to affiliates alone, `kind = \"group\"`".to_owned()),
        };
        let who = Entrusted::parse(&self.who).ok_or_else(|| format!("`who`: {}", Entrusted::RULE))?;
        Ok(Issuer {
            addresses: [address("account_url", &self.account_url)?, address("privacy_url", &self.privacy_url)?],
            names: [self.name_zh, self.name_en],
            code: self.code,
            kind: self.kind,
            issuer: self.issuer,
            client_id: self.client_id,
            secret_file: self.secret_file,
            who,
            inside: self.inside,
            orders,
        })
    }
}

/// OpenID Connect Discovery 1.0, § 3: https without query and fragment; on this machine plain HTTP will do.
fn is_issuer(text: &str) -> Result<(), String> {
    let bare = |url: &Url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let fits = Url::parse(text).is_ok_and(|url| is_private(&url) && bare(&url) && url.password().is_none());
    if fits { Ok(()) } else { Err("`issuer`: write https://HOST or https://HOST/PATH, as it names itself".to_owned()) }
}

fn address(name: &str, text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(is_private);
    url.ok_or_else(|| format!("`{name}`: write https://HOST/PATH, where people can read it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
[[issuer]]
code = "lanhe"
kind = "group"
name_zh = "岚河集团账号"
name_en = "Lanhe Group account"
issuer = "https://id.lanhe.example"
client_id = "ziyun"
secret_file = "/etc/ziyun/lanhe.secret"
account_url = "https://id.lanhe.example/account"
privacy_url = "https://id.lanhe.example/privacy"
who = "岚河集团; dpo@lanhe.example; 华东; 2027-12-31"
"#;

    #[test]
    fn a_table_is_an_issuer() {
        let [one] = &parse(ONE).unwrap()[..] else { panic!("one") };
        assert_eq!((one.code.as_str(), one.kind, one.inside), ("lanhe", Kind::Group, false));
        assert_eq!((one.name(Locale::Zh), one.name(Locale::En)), ("岚河集团账号", "Lanhe Group account"));
        let at = |text: &str| one.is_open(text.parse().unwrap(), TimeZone::get("Asia/Shanghai").unwrap());
        assert!(at("2027-12-31T15:59:59Z") && !at("2027-12-31T16:00:00Z"), "the last day is one");
    }

    #[test]
    fn what_breaks_a_rule_is_refused_with_the_code() {
        for (old, new, word) in [
            ("\"lanhe\"", "\"Lanhe\"", "`code`"),
            ("group", "friend", "unknown variant"),
            ("https://id.lanhe.example\"", "http://id.lanhe.example\"", "`issuer`"),
            ("https://id.lanhe.example\"", "https://id.lanhe.example?x\"", "`issuer`"),
            ("https://id.lanhe.example/account", "javascript:alert(1)", "`account_url`"),
            ("2027-12-31", "soon", "`who`"),
            ("client_id", "client_name", "client_name"),
            ("who =", "orders_url = \"https://id.lanhe.example/orders\"\nwho =", "belong together"),
        ] {
            let refused = parse(&ONE.replacen(old, new, 1)).unwrap_err();
            assert!(refused.contains(word), "{refused}");
        }
        assert!(parse(&format!("{ONE}{ONE}")).unwrap_err().contains("stands there once"));
    }
}
