//! Where data about people come from besides themselves (clause 4.4): whose accounts they may sign in through.

use crate::app::App;
use crate::web::Locale;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A source, as everybody reads of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DataSource")]
pub struct Source {
    /// What people call that account.
    pub name: String,
    /// Who it is.
    pub who: String,
    /// How to reach it.
    pub contact: String,
    /// Where it processes.
    pub region: String,
    /// Whether it is an affiliate of the operator.
    pub is_affiliate: bool,
    /// Where its people look after their accounts.
    pub account_url: String,
    /// How it processes what it learns.
    pub privacy_url: String,
    /// The day on which the contract ends.
    pub until: String,
    /// Whether it holds.
    pub is_open: bool,
}

/// Those of this installation, at this instant.
pub fn sources(app: &App, locale: Locale, now: Timestamp) -> Vec<Source> {
    let all = app.config().issuers.iter().map(|issuer| Source {
        name: issuer.name(locale).to_owned(),
        who: issuer.who.name.clone(),
        contact: issuer.who.contact.clone(),
        region: issuer.who.region.clone(),
        is_affiliate: issuer.kind == crate::config::IssuerKind::Group,
        account_url: issuer.account().to_owned(),
        privacy_url: issuer.privacy().to_owned(),
        until: issuer.who.until.to_string(),
        is_open: issuer.is_open(now, app.zone()),
    });
    all.collect()
}
