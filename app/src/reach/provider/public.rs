//! The page as it is public, and nothing beside it.

use super::profile::Profile;
use super::store;
use crate::identity::company::part::permits::Permits;
use crate::identity::company::part::{self, identity::Identity};
use crate::identity::company::part::{DocumentKind, Kind, Statement};
use crate::identity::company::{self, Company, State};
use crate::web::{Day, Error, Instant};
use jiff::Timestamp;
use jiff::civil::Date;
use kit::db::Tx;
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A provider as anybody may read it. The first fields are what law and rules want public (clause 6.5); `profile` is what the
/// provider chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Provider")]
pub struct Public {
    /// Its id: the page's address for good.
    pub id: Id<Company>,
    /// The registered name; a sole operator's trade name.
    pub name: String,
    /// Enterprise or sole operator.
    pub kind: Kind,
    /// Unified social credit code.
    pub credit_code: String,
    /// The administrative permits that its business needs.
    pub permits: Vec<Permit>,
    /// Why its business needs none, if it says so.
    pub exemption: Option<String>,
    /// When the platform last found name and code true.
    #[schemars(with = "Instant")]
    pub verified_at: Timestamp,
    /// How anybody reaches it; none: through the platform.
    pub channel: Option<String>,
    /// The day from which it does not operate any more, announced beforehand.
    #[schemars(with = "Option<Day>")]
    pub closes_on: Option<Date>,
    /// Of a sole operator: since when, and on which basis, their identity is public.
    pub publication: Option<Publication>,
    /// What it chose to show.
    pub profile: Option<Profile>,
}

impl Public {
    /// How the channel is reached by a click.
    pub fn channel_link(&self) -> Option<String> {
        let channel = self.channel.as_deref()?;
        if channel.starts_with("https://") {
            Some(channel.to_owned())
        } else if channel.contains('@') {
            Some(format!("mailto:{channel}"))
        } else {
            Some(format!("tel:{}", channel.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>()))
        }
    }
}

/// An administrative permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ProviderPermit")]
pub struct Permit {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Its last day; none where it has no end.
    #[schemars(with = "Option<Day>")]
    pub ends_on: Option<Date>,
}

/// Why and since when a natural person's identity is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ProviderPublication")]
pub struct Publication {
    /// Its basis: `ecommerce-law-15`.
    pub basis: String,
    /// Since when.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
}

/// A provider's page changed, came or went.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// Whose.
    pub company: Id<Company>,
}

impl Fact for Changed {
    const KIND: &'static str = "provider.changed";
}

/// Makes a company's page anew in this unit: it changes, comes, goes, or stays as it is.
///
/// # Errors
/// Of the database.
pub fn refresh(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    let now = now_public(tx, company)?;
    let content = now.as_ref().map(serde_json::to_string).transpose().map_err(Error::fault)?;
    if store::set(tx, company, content.as_deref())? {
        let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Changed { company })?;
    }
    Ok(())
}

/// What is public of a company now; nothing unless it is an approved provider, and of a sole operator only while their
/// publication lasts.
fn now_public(tx: &mut Tx, company: Id<Company>) -> Result<Option<Public>, Error> {
    let profile = store::newest(tx, company)?.map(|(_, profile)| profile);
    let publication = store::publication(tx, company)?;
    let is_hidden = |page: &Public| page.kind == Kind::SoleOperator && publication.is_none();
    let page = page(tx, company, profile, publication.clone())?;
    Ok(page.filter(|page| !(is_hidden(page) && policy::holds(Control::SoleOperatorPublishes))))
}

/// The page as it would be with this profile, and once a sole operator has begun to publish.
///
/// # Errors
/// Of the database.
pub fn as_if(tx: &mut Tx, company: Id<Company>, profile: Option<Profile>) -> Result<Option<Public>, Error> {
    let since = tx.now();
    let lasting = store::publication(tx, company)?;
    page(tx, company, profile, lasting.or(Some(Publication { basis: store::BASIS.to_owned(), since })))
}

fn page(
    tx: &mut Tx,
    company: Id<Company>,
    profile: Option<Profile>,
    publication: Option<Publication>,
) -> Result<Option<Public>, Error> {
    let Some(known) = company::known(tx, company)? else { return Ok(None) };
    if known.state != State::Approved || !known.provider || company::is_closed(tx, company)? {
        return Ok(None);
    }
    let (identity, verified_at) = match version::<Identity>(tx, company)? {
        Some(version) => (version.content, version.reviewed_at),
        None => (Identity::known(&known.name, &known.credit_code, known.buyer, known.provider), None),
    };
    let permits = version::<Permits>(tx, company)?.map(|version| version.content).unwrap_or_default();
    let channel = profile.as_ref().and_then(|profile| profile.channel.clone());
    Ok(Some(Public {
        id: company,
        publication: publication.filter(|_| identity.kind == Kind::SoleOperator),
        name: identity.name,
        kind: identity.kind,
        credit_code: identity.credit_code,
        exemption: permits.ground.clone().filter(|_| permits.statement == Some(Statement::Exempt)),
        permits: shown(permits),
        verified_at: verified_at.or(known.decided_at).unwrap_or(known.created_at),
        channel,
        closes_on: store::closing(tx, company)?,
        profile: profile.map(|profile| Profile { channel: None, ..profile }).filter(|one| *one != Profile::default()),
    }))
}

/// Only what was found true is public, whatever waits for its review.
fn version<C: part::Content>(tx: &mut Tx, company: Id<Company>) -> Result<Option<part::Version<C>>, kit::db::Error> {
    if policy::holds(Control::ReviewedFactsPublic) { part::reviewed(tx, company) } else { part::newest(tx, company) }
}

/// Of the documents only the permits are public.
fn shown(permits: Permits) -> Vec<Permit> {
    let permits = permits.documents.into_iter().filter(|document| document.kind == DocumentKind::Permit);
    permits.map(|one| Permit { name: one.name, number: one.number, issuer: one.issuer, ends_on: one.ends_on }).collect()
}
