//! What the pages show, and what their JSON says.

use super::issuer::Issuer;
use crate::app::App;
use crate::config::IssuerKind;
use crate::identity::account::link::order::Told;
use crate::identity::account::{Link, Linked};
use crate::trust::consent::Works;
use crate::web::{Locale, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The way to an issuer.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "LinkGo")]
#[template(path = "identity/linked/go.html")]
pub struct Go {
    /// What people call that account.
    pub name: String,
    /// Whose it is.
    pub who: String,
    /// At which host one arrives.
    pub host: String,
    /// How it processes what it learns.
    pub privacy_url: String,
    /// Where it leads, with all that goes along.
    pub address: String,
    /// Whether an account is to be linked, and not signed in to.
    pub links: bool,
}

/// Back from an issuer.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "LinkBack")]
#[template(path = "identity/linked/back.html")]
pub struct Back {
    /// The issuer's code.
    pub issuer: String,
    /// What people call that account.
    pub name: String,
    /// Whether nothing came along to go on with: it was called off there, or went wrong.
    pub failed: bool,
    /// What came along. Not part of any JSON: the reader brought it.
    #[serde(skip)]
    pub code: String,
    #[serde(skip)]
    pub state: String,
    #[serde(skip)]
    pub iss: String,
    /// Whether somebody is signed in here.
    pub signed_in: bool,
}

/// What came of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LinkArrived")]
pub struct Arrived {
    /// The link, when an account was linked; else somebody is signed in.
    pub linked: Option<Id<Link>>,
    /// Whether the second factor is asked for: it goes to `/session/factor`.
    pub waits_for_second_factor: bool,
    /// Where the reader wanted to go.
    pub next: String,
}

/// An issuer as a person reads of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LinkIssuer")]
pub struct Offer {
    /// Its code.
    pub code: String,
    /// What people call that account.
    pub name: String,
    /// Whether it is an affiliate or a third party.
    pub kind: IssuerKind,
    /// Who it is.
    pub who: String,
    /// How to reach it.
    pub contact: String,
    /// Where it processes.
    pub region: String,
    /// Where its people look after their accounts.
    pub account_url: String,
    /// How it processes what it learns.
    pub privacy_url: String,
    /// Whether an account with it can be linked now: the contract holds, and none is.
    pub is_free: bool,
}

impl Offer {
    /// One, `linked` or not.
    pub fn of(app: &App, issuer: &Issuer, locale: Locale, now: Timestamp, linked: bool) -> Self {
        let config = &issuer.config;
        Self {
            code: config.code.clone(),
            name: config.name(locale).to_owned(),
            kind: config.kind,
            who: config.who.name.clone(),
            contact: config.who.contact.clone(),
            region: config.who.region.clone(),
            account_url: config.account().to_owned(),
            privacy_url: config.privacy().to_owned(),
            is_free: !linked && config.is_open(now, app.zone()),
        }
    }

    /// Key of what it is.
    fn word(&self) -> &'static str {
        match self.kind {
            IssuerKind::Group => "link-kind-group",
            IssuerKind::ThirdParty => "link-kind-third-party",
        }
    }
}

/// The accounts that a person has linked.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "LinkedAccounts")]
#[template(path = "identity/linked/own.html")]
pub struct Own {
    /// How the function stands.
    pub works: Works,
    /// Those that are linked.
    pub links: Vec<Linked>,
    /// Whose accounts can be.
    pub issuers: Vec<Offer>,
    /// Orders about this person to affiliates, and how they stand.
    pub orders: Vec<Told>,
    /// Whether this login session was proved a short while ago, as a change asks for.
    pub is_fresh: bool,
}

impl Own {
    fn is_on(&self) -> bool {
        self.works == Works::On
    }
}

/// A link is gone.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LinkRemoved")]
pub struct Removed {
    /// Which.
    pub removed: Id<Link>,
    /// Where the account there is looked after: what the third party keeps, only its person can have deleted.
    pub account_url: Option<String>,
}

/// A link signs in again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LinkConfirmed")]
pub struct Confirmed {
    /// Which.
    pub confirmed: Id<Link>,
}
