//! How a company stood at an instant.

use super::happened::{self, Happened, tail};
use crate::identity::account::Account;
use crate::identity::company::part::{AsOf, stood_shut};
use crate::identity::company::{Company, State};
use crate::identity::people::{self, Duty};
use crate::identity::verification::{Decided, decided};
use crate::web::Instant;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// A company at an instant.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyAsOf")]
pub struct Stood {
    /// When it registered.
    #[schemars(with = "Instant")]
    pub registered_at: Timestamp,
    /// Whether it was there by then.
    pub existed: bool,
    /// Where it stood with the platform.
    pub state: State,
    /// When it closed, if it had by then.
    #[schemars(with = "Option<Instant>")]
    pub closed_at: Option<Timestamp>,
    /// What it said of itself then, part by part; a name stays sealed, and the bank account is not shown.
    pub parts: Vec<AsOf>,
    /// Who acted for it.
    pub people: Vec<Person>,
    /// What was decided on it by then, the newest first.
    pub decisions: Vec<Decided>,
    /// Which editions of agreements it had accepted, the newest first.
    pub agreements: Vec<Accepted>,
    /// What it had authorised, function by function.
    pub authorisations: Vec<Authorised>,
    /// What had happened, the newest first.
    pub events: Vec<Happened>,
}

/// Somebody who acted for the company: told by the last digits of the account.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HistoryPerson")]
pub struct Person {
    /// The last digits of their account.
    pub account: String,
    /// Their duties then.
    pub duties: Vec<Duty>,
    /// For whom they stood in then, as far as that is kept: a year after it was over.
    pub stood_in_for: Vec<String>,
    /// Since when.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
}

/// An agreement that was accepted.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HistoryAcceptance")]
pub struct Accepted {
    /// Which.
    pub terms: String,
    /// In which edition.
    pub edition: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// A function that needs the company's authorisation, as it stood.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HistoryAuthorisation")]
pub struct Authorised {
    /// Id of the purpose.
    pub purpose: String,
    /// The last act by then.
    pub act: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Whether a yes held.
    pub is_on: bool,
}

impl Stood {
    /// Reads it.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Self, db::Error> {
        let sql = "SELECT created_at, closed_at FROM company WHERE id = $1";
        let (registered_at, closed_at): (Timestamp, Option<Timestamp>) =
            tx.one(sql, values![company], |row| Ok((row.next()?, row.next()?)))?;
        let decisions = decided(tx, company, at)?;
        let events = happened::until(tx, company, at)?;
        let (people, runs) =
            (people::as_of(tx, company, at)?, people::substitutions_run(tx, company, SignedDuration::MAX)?);
        Ok(Self {
            registered_at,
            existed: registered_at <= at,
            state: state(&decisions, &events),
            closed_at: closed_at.filter(|closed| *closed <= at),
            parts: stood_shut(tx, company, at)?,
            people: people.into_iter().map(|one| Person::of(one, &runs, at)).collect(),
            decisions,
            agreements: agreements(tx, company, at)?,
            authorisations: authorisations(tx, company, at)?,
            events,
        })
    }
}

impl Person {
    fn of(one: people::Stood, runs: &people::Runs, at: Timestamp) -> Self {
        let told = |account: Id<Account>| tail(&account.to_string());
        let stood_in_for = runs.stood_in_for((one.account, at)).map(told).collect();
        Self { account: told(one.account), duties: one.duties, stood_in_for, since: one.since }
    }
}

/// The last decision by then, unless the company has applied again since: corrected, or by an appeal.
fn state(decisions: &[Decided], events: &[Happened]) -> State {
    let last = decisions.iter().find(|one| one.outcome != "returned");
    let Some(last) = last else { return State::Pending };
    if last.outcome == "accepted" {
        return State::Approved;
    }
    let applies = |one: &&Happened| one.kind == "company.applied" || one.act == "appealed";
    let again = events.iter().find(applies).is_some_and(|one| one.at > last.at);
    if again { State::Pending } else { State::Refused }
}

fn agreements(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<Accepted>, db::Error> {
    let sql =
        "SELECT terms, edition, at FROM terms_acceptance WHERE company = $1 AND at <= $2 ORDER BY at DESC, id DESC";
    tx.all(sql, values![company, at], |row| Ok(Accepted { terms: row.next()?, edition: row.next()?, at: row.next()? }))
}

fn authorisations(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<Authorised>, db::Error> {
    let sql = "SELECT e.purpose, e.act, e.at, e.ends_at FROM consent_event e WHERE e.holder = $1 AND e.party = 'company' \
               AND e.number = (SELECT MAX(n.number) FROM consent_event n WHERE n.holder = $1 AND n.purpose = e.purpose \
               AND n.at <= $2) ORDER BY e.purpose";
    tx.all(sql, values![company, at], |row| {
        let (purpose, act, when) = (row.next()?, row.next::<String>()?, row.next()?);
        let ends_at: Option<Timestamp> = row.next()?;
        let is_on = act == "given" && ends_at.is_none_or(|ends| at < ends);
        Ok(Authorised { purpose, act, at: when, is_on })
    })
}
