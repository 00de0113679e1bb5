//! What the pages of the second factor show, and what their JSON says.

use super::super::link::{self, Linked};
use super::super::passkey;
use super::authenticator::{self, Authenticator};
use super::recovery;
use crate::app::App;
use crate::config::SecondFactor;
use crate::web::{Actor, Context, Error, Form, Instant, Operator, Person, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// With what a person proves who they are.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SignInSecurity")]
#[template(path = "identity/account/factor/security.html")]
pub struct Security {
    /// The authenticator app that holds.
    pub authenticator: Option<Registered>,
    /// The passkeys.
    pub passkeys: Vec<passkey::page::Line>,
    /// On whose pages passkeys can be used; none where the installation's address is not fit for them.
    pub passkey_origin: Option<String>,
    /// Accounts elsewhere through which this one is signed in to.
    pub links: Vec<Linked>,
    /// Whether there are any such issuers.
    pub offers_links: bool,
    /// The set of recovery codes.
    pub recovery: Option<Left>,
    /// Whether this person must have a second factor.
    pub is_required: bool,
    /// Whether this login session was proved a short while ago, as a change asks for.
    pub is_fresh: bool,
    /// The name of a new passkey, as typed.
    pub form: Form,
}

/// An authenticator app.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Authenticator")]
pub struct Registered {
    pub id: Id<Authenticator>,
    #[schemars(with = "Instant")]
    pub since: Timestamp,
}

/// What is left of a set of recovery codes.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecoveryCodesLeft")]
pub struct Left {
    pub left: i64,
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
}

impl Security {
    /// As it stands. Names of passkeys are opened for it, if there are any.
    pub async fn read(app: &App, context: &Context, person: Person, form: Form) -> Result<Self, Error> {
        let (account, subject) = (person.account(), person.subject());
        let (theirs, locale) = (app.clone(), context.locale);
        let read = app.db().read::<_, db::Error>(move |tx| {
            let owner = (account, subject);
            let (passkeys, links) = (passkey::list(tx, owner)?, link::links(tx, &theirs, owner, locale)?);
            Ok((authenticator::own(tx, account)?, recovery::left(tx, account)?, passkeys, links))
        });
        let (authenticator, recovery, passkeys, links) = read.await?;
        Ok(Self {
            passkeys: passkey::page::Line::all(app, context, person, passkeys).await?,
            passkey_origin: passkey::origin(app),
            offers_links: !app.config().issuers.is_empty(),
            links,
            form,
            authenticator: authenticator.map(|(id, since)| Registered { id, since }),
            recovery: recovery.map(|(left, made_at)| Left { left, made_at }),
            is_required: is_required(app, &context.actor),
            is_fresh: person.assurance().is_fresh(context.now),
        })
    }
}

impl Security {
    /// Whether there is any second factor.
    fn is_on(&self) -> bool {
        self.authenticator.is_some() || !self.passkeys.is_empty()
    }

    /// Whether the authenticator may go: something else holds, or nothing must.
    fn may_lose_authenticator(&self) -> bool {
        !self.is_required || self.passkeys.iter().any(|one| one.doubted_at.is_none())
    }

    /// Whether this passkey may go.
    fn may_lose(&self, one: &passkey::page::Line) -> bool {
        let others = self.passkeys.iter().any(|other| other.id != one.id && other.doubted_at.is_none());
        !self.is_required || others || self.authenticator.is_some()
    }

    /// Whether there is room for another.
    fn has_room(&self) -> bool {
        self.passkeys.len() < passkey::MOST
    }
}

/// Whether this actor must have a second factor.
pub fn is_required(app: &App, actor: &Actor) -> bool {
    matches!(actor, Actor::Operator(Operator { .. })) && app.config().operator_second_factor == SecondFactor::Required
}

/// A new authenticator app, which waits for its first code. The secret is shown this once.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AuthenticatorBegun")]
#[template(path = "identity/account/factor/begun.html")]
pub struct Begun {
    pub id: Id<Authenticator>,
    /// In Base32, to be typed into the app.
    pub secret: String,
    /// The same as an address that apps read.
    pub address: String,
    /// Path of the QR code, and its side.
    #[serde(skip)]
    pub code: (String, usize),
    pub form: Form,
}

impl Begun {
    /// In fours, for who types it.
    fn fours(&self) -> impl Iterator<Item = &str> {
        (0..self.secret.len()).step_by(4).map(|at| &self.secret[at..(at + 4).min(self.secret.len())])
    }
}

/// Where a first code that was wrong is typed again. The secret is not shown a second time.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AuthenticatorWaiting")]
#[template(path = "identity/account/factor/waiting.html")]
pub struct Waiting {
    pub id: Id<Authenticator>,
    pub form: Form,
}

/// A set of recovery codes, shown this once.
#[derive(Clone, Template, Serialize, JsonSchema)]
#[schemars(rename = "RecoveryCodes")]
#[template(path = "identity/account/factor/codes.html")]
pub struct Codes {
    /// Each for one use.
    pub codes: Vec<String>,
}

/// The authenticator app was removed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuthenticatorRemoved")]
pub struct Removed {
    pub removed: Id<Authenticator>,
}
