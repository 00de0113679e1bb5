//! An answer with interest (意向): one of a provider's company to a demand, with an indicative price and an earliest day if it
//! wants. It binds nobody. The two companies read it, and nobody else.

use super::demand::{Demand, State};
use super::event::Interested;
use super::form::Given;
use super::store;
use crate::app::App;
use crate::business::Keys;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::web::{Actor, Bidder, Day, Error, Instant, Provider};
use jiff::Timestamp;
use jiff::civil::Date;
use kit::db::{self, Row, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a provider answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DemandOffered")]
pub struct Offered {
    /// 5 to 5,000 characters.
    pub text: String,
    /// An indicative price in fen.
    pub price: Option<i64>,
    /// From which day on it can be had.
    #[schemars(with = "Option<Day>")]
    pub earliest_on: Option<Date>,
}

/// An answer with interest.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DemandInterest")]
pub struct Interest {
    /// Its id.
    pub id: Id<Interest>,
    /// Who answers.
    pub company: Id<Company>,
    /// The company's name.
    pub company_name: String,
    /// What; none when it was withdrawn.
    pub offered: Option<Offered>,
    /// When it was given first.
    #[schemars(with = "Instant")]
    pub given_at: Timestamp,
    /// When it was changed last.
    #[schemars(with = "Instant")]
    pub changed_at: Timestamp,
    /// For forms: which version was seen.
    pub version: i64,
}

/// A row as it is stored.
pub struct Kept {
    id: Id<Interest>,
    pub(super) demand: Id<Demand>,
    company: Id<Company>,
    company_name: String,
    content: Option<Vec<u8>>,
    form: Id<Interest>,
    given_at: Timestamp,
    changed_at: Timestamp,
    version: i64,
}

const COLUMNS: &str = "i.id, i.demand, i.company, c.name, i.content, i.form, i.given_at, i.changed_at, i.version \
     FROM demand_interest i JOIN company c ON c.id = i.company";

/// The answers to a demand that this actor reads: all that stand for its company; for a provider its own, also when it was withdrawn;
/// for anybody else none.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(tx: &mut Tx, actor: &Actor, demand: &Demand) -> Result<Vec<Kept>, db::Error> {
    let company = actor.member().map(|member| member.company);
    let sql = format!("SELECT {COLUMNS} WHERE i.demand = $1 ORDER BY i.given_at, i.id LIMIT 500");
    let mut all = tx.all(&sql, values![demand.id], read)?;
    if demand.is_of(company) || !policy::holds(Control::InterestOfTwo) {
        all.retain(|one| one.content.is_some());
    } else {
        all.retain(|one| Some(one.company) == company);
    }
    Ok(all)
}

/// Reads what is sealed in them.
///
/// # Errors
/// 500 when one was changed; 503 while the keys cannot be asked for.
pub(super) async fn open(app: &App, kept: Vec<Kept>) -> Result<Vec<Interest>, Error> {
    let companies: Vec<_> = kept.iter().map(|one| one.company).collect();
    let keys = Keys::of(app, companies).await?;
    let opened = kept.into_iter().map(|one| {
        let offered = one.content.as_ref().map(|sealed| opened(&keys, one.company, one.id, sealed)).transpose()?;
        Ok::<_, Error>(Interest {
            id: one.id,
            company: one.company,
            company_name: one.company_name,
            offered,
            given_at: one.given_at,
            changed_at: one.changed_at,
            version: one.version,
        })
    });
    opened.collect()
}

/// The company's own answer to a demand, given or withdrawn.
///
/// # Errors
/// [`db::Error`].
pub(super) fn own(tx: &mut Tx, company: Id<Company>, demand: Id<Demand>) -> Result<Option<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE i.demand = $1 AND i.company = $2");
    tx.first(&sql, values![demand, company], read)
}

/// Whether a company has answered, also where it has taken that back.
///
/// # Errors
/// [`db::Error`].
pub(super) fn is_answered(tx: &mut Tx, company: Id<Company>, demand: Id<Demand>) -> Result<bool, db::Error> {
    Ok(own(tx, company, demand)?.is_some())
}

/// All of a provider's own, newest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list_own(tx: &mut Tx, provider: &Provider) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE i.company = $1 ORDER BY i.given_at DESC, i.id DESC LIMIT 100");
    tx.all(&sql, values![provider.company], read)
}

/// The companies whose answers stand, for the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn interested(tx: &mut Tx, demand: Id<Demand>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT company FROM demand_interest WHERE demand = $1 AND content IS NOT NULL ORDER BY company";
    tx.all(sql, values![demand], |row| row.next())
}

/// A demand that a provider may answer now.
///
/// # Errors
/// 404; 409 `own-demand`, `demand-not-open`.
pub(super) fn to_answer(tx: &mut Tx, provider: &Provider, id: Id<Demand>) -> Result<Demand, Error> {
    let found = store::find(tx, &Actor::Member((**provider).clone()), id)?;
    if found.company == provider.company {
        return Err(Error::conflict("own-demand"));
    }
    if found.state == State::Published { Ok(found) } else { Err(Error::conflict("demand-not-open")) }
}

/// Gives an answer, or puts another in its place. The same form again changes nothing.
///
/// # Errors
/// 401, 403 as of every act in a company's name; as [`to_answer`]; 412.
pub(super) fn give(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<Demand>,
    given: &Given,
    (target, keys): (&Target, &Keys),
) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, Act::Interest, target)?;
    to_answer(tx, provider, id)?;
    let now = tx.now();
    let (interest, act) = match own(tx, provider.company, id)? {
        // The same form again.
        Some(kept) if kept.form == given.id => return Ok(()),
        Some(kept) if kept.version == given.version => {
            let act = if kept.content.is_some() { "changed" } else { "given" };
            let content = sealed(keys, provider.company, kept.id, &given.offered)?;
            tx.execute(
                "UPDATE demand_interest SET content = $1, form = $2, changed_at = $3, version = version + 1 WHERE id = $4",
                values![content, given.id, now, kept.id],
            )?;
            (kept.id, act)
        }
        Some(_) => return Err(Error::stale()),
        None if given.version != 0 => return Err(Error::not_found()),
        None => {
            let content = sealed(keys, provider.company, given.id, &given.offered)?;
            let inserted = tx.execute(
                "INSERT INTO demand_interest (id, demand, company, content, form, given_at, changed_at, version) \
                 VALUES ($1, $2, $3, $4, $1, $5, $5, 1) ON CONFLICT DO NOTHING",
                values![given.id, id, provider.company, content, now],
            )?;
            if inserted == 0 {
                // Another's row has this id.
                return Err(Error::not_found());
            }
            (given.id, "given")
        }
    };
    record(tx, provider, id, interest, act)
}

/// Takes the company's answer back: what it said is gone. The same form again changes nothing.
///
/// # Errors
/// As [`give`].
pub(super) fn withdraw(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<Demand>,
    version: i64,
    target: &Target,
) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, Act::Interest, target)?;
    to_answer(tx, provider, id)?;
    let kept = own(tx, provider.company, id)?.ok_or_else(Error::not_found)?;
    if kept.content.is_none() && kept.version == version + 1 {
        return Ok(());
    }
    if kept.version != version || kept.content.is_none() {
        return Err(Error::stale());
    }
    let now = tx.now();
    let sql = "UPDATE demand_interest SET content = NULL, changed_at = $1, version = version + 1 WHERE id = $2";
    tx.execute(sql, values![now, kept.id])?;
    record(tx, provider, id, kept.id, "withdrawn")
}

fn record(tx: &mut Tx, by: &Bidder, demand: Id<Demand>, interest: Id<Interest>, act: &str) -> Result<(), Error> {
    event::record(tx, by.scope(), &Interested { demand, interest, act: act.to_owned() })?;
    Ok(())
}

/// Where it lies: a row's ciphertext opens nowhere else.
fn place(row: Id<Interest>) -> String {
    format!("demand_interest.content/{row}")
}

fn sealed(keys: &Keys, company: Id<Company>, row: Id<Interest>, offered: &Offered) -> Result<Vec<u8>, Error> {
    keys.seal(company, &place(row), &serde_json::to_vec(offered).map_err(Error::fault)?)
}

fn opened(keys: &Keys, company: Id<Company>, row: Id<Interest>, sealed: &[u8]) -> Result<Offered, Error> {
    serde_json::from_slice(&keys.open(company, &place(row), sealed)?).map_err(Error::fault)
}

/// What a letter of authorisation has to cover.
pub(super) fn target(app: &App, company: Id<Company>, demand: Id<Demand>) -> Target {
    Target::of(app, company, demand, None::<Id<Demand>>)
}

/// Answers of a company that closes go with it.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM demand_interest WHERE company = $1", values![company]).map(drop)
}

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    Ok(Kept {
        id: row.next()?,
        demand: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        content: row.next()?,
        form: row.next()?,
        given_at: row.next()?,
        changed_at: row.next()?,
        version: row.next()?,
    })
}
