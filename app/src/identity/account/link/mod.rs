//! Links (关联): an account that a person has with an affiliate or a third party, through which they sign in here. It stands in for
//! the password and for nothing else: a second factor is asked for as ever, and the password and the codes to phone and mailbox
//! stay, so that nobody is left without a way in when a link goes.
//!
//! How an issuer says who somebody is, is [`identity::linked`](crate::identity::linked)'s; here is what is kept of it.

mod enter;
pub mod order;
mod store;

use super::whom::Owner;
use crate::app::App;
use crate::web::{Instant, Locale};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use vault::{LinkedIdentity, Slot};

pub use enter::{Arriving, Entered, enter};
pub use store::{Added, Found, New, add, count, end_sessions, find, forget, forget_until, held, pause, remove, resume};

/// A link of an account of ours with one elsewhere.
pub struct Link;

/// What a certificate calls a link that went: this, and the issuer's code.
pub const ERASED: &str = "erased-link:";

/// Where issuer and identifier are sealed.
pub const IDENTITY: Slot<LinkedIdentity> = Slot::new("account_link", "identity");

/// A link as its person sees it listed. Nothing is opened for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkedAccount")]
pub struct Linked {
    /// Which.
    pub id: Id<Link>,
    /// The issuer's code.
    pub issuer: String,
    /// What people call that account.
    pub name: String,
    /// Where it is looked after; none once the operator has no such issuer any more.
    pub account_url: Option<String>,
    /// Since when.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// When it signed in last.
    #[schemars(with = "Option<Instant>")]
    pub used_at: Option<Timestamp>,
    /// Since when it signs nobody in: after a leak, until its person says that it is theirs.
    #[schemars(with = "Option<Instant>")]
    pub paused_at: Option<Timestamp>,
}

/// The links of a person, in the order in which they were made, with names in this language.
///
/// # Errors
/// [`db::Error`].
pub fn links(tx: &mut Tx, app: &App, owner: Owner, locale: Locale) -> Result<Vec<Linked>, db::Error> {
    let named = |mut linked: Linked| {
        let issuer = app.config().issuers.iter().find(|issuer| issuer.code == linked.issuer);
        linked.name = issuer.map_or_else(|| linked.issuer.clone(), |issuer| issuer.name(locale).to_owned());
        linked.account_url = issuer.map(|issuer| issuer.account().to_owned());
        linked
    };
    Ok(store::list(tx, owner.0)?.into_iter().map(named).collect())
}
