//! Handing over ownership (所有权移交): an act of two sides. An owner asks a colleague to answer for the company, too or instead
//! of them; the colleague accepts, or not. An offer whose sender is an owner no more is void.

use super::duty::{Duties, Duty};
use super::page::Place;
use super::store::{self, Changed};
use super::{PLACE, leave};
use crate::app::App;
use crate::identity::account::Account;
use crate::web::{At, Error, Fields, Input, Instant, Member, Owner, Parse, Saved};
use axum::extract::State as Of;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::period;
use schemars::JsonSchema;
use serde::Serialize;

/// An offer.
pub struct Ownership;

/// What became of an offer. Ids only.
#[derive(Serialize)]
struct Told {
    offer: Id<Ownership>,
    account: Id<Account>,
    state: &'static str,
}

impl Fact for Told {
    const KIND: &'static str = "people.ownership";
}

/// An offer that waits, as the company's people see it.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "OwnershipOffer")]
pub struct Offer {
    pub id: Id<Ownership>,
    /// Who is asked.
    pub account: Id<Account>,
    /// Whether its sender is an owner no more once it is accepted.
    pub hands_over: bool,
    /// Until when it can be accepted.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    #[serde(skip)]
    offered_by: Id<Account>,
}

/// What the form of an offer sends. The id makes two sendings one.
pub struct New {
    id: Id<Ownership>,
    hands_over: bool,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, hands_over) = (fields.id("id"), fields.ticked("hands_over"));
        Some(Self { id: id?, hands_over })
    }
}

/// The offers of a member's company that can be accepted: their senders are owners still.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, member: &Member) -> Result<Vec<Offer>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id, account, hands_over, expires_at, offered_by FROM ownership_offer \
               WHERE company = $1 AND state = 'waiting' AND expires_at > $2 ORDER BY created_at, id";
    let all = tx.all(sql, values![member.company, now], |row| {
        let (id, account, hands_over) = (row.next()?, row.next()?, row.next()?);
        Ok(Offer { id, account, hands_over, expires_at: row.next()?, offered_by: row.next()? })
    })?;
    let owners = store::owners(tx, member.company)?;
    Ok(all.into_iter().filter(|offer| owners.contains(&offer.offered_by)).collect())
}

/// Asks a colleague.
pub async fn offer(Of(app): Of<App>, owner: Owner, At(id): At<Id<Account>>, input: Input) -> Result<Saved, Error> {
    let new: New = input.parse()?;
    let place = app.db().write(move |tx| make(tx, &owner, id, &new)).await?;
    Ok(Saved::at(format!("{PLACE}?done=ownership-offered"), place))
}

fn make(tx: &mut Tx, owner: &Owner, account: Id<Account>, new: &New) -> Result<Place, Error> {
    owner.still(tx)?;
    let one = store::one(tx, owner, account)?;
    let place = Place { account, duties: one.duties };
    if one.duties.has(Duty::Owner) {
        return Err(Error::conflict("owner-already"));
    }
    match waiting(tx, owner)?.into_iter().find(|offer| offer.account == account) {
        // The same form again.
        Some(offer) if offer.id == new.id => return Ok(place),
        Some(_) => return Err(Error::conflict("ownership-waits")),
        None => {}
    }
    let now = tx.now();
    let expires = now.checked_add(SignedDuration::from_hours(period::INVITATION.hours())).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO ownership_offer (id, company, account, offered_by, hands_over, state, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7) ON CONFLICT (id) DO NOTHING",
        values![new.id, owner.company, account, owner.account(), new.hands_over, now, expires],
    )?;
    if made == 0 {
        return Err(Error::conflict("ownership-void"));
    }
    event::record(tx, owner.scope(), &Told { offer: new.id, account, state: "offered" })?;
    leave::tell(tx, account, "letter-people-offered", &owner.company_name)?;
    Ok(place)
}

/// Accepts: the colleague is an owner; whoever hands over is none any more. Both in one unit.
pub async fn accept(Of(app): Of<App>, member: Member, At(id): At<Id<Ownership>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let place = app.db().write(move |tx| take(tx, &member, id)).await?;
    Ok(Saved::at(format!("{PLACE}?done=ownership-accepted"), place))
}

fn take(tx: &mut Tx, member: &Member, id: Id<Ownership>) -> Result<Place, Error> {
    member.still(tx)?;
    let offer = addressed(tx, member, id)?;
    if !end(tx, id, "accepted")? {
        return Err(Error::conflict("ownership-void"));
    }
    let duties = add(tx, member, member.account(), |duties| duties.with(Duty::Owner))?;
    if offer.hands_over {
        add(tx, member, offer.offered_by, laid_down)?;
    }
    event::record(tx, member.scope(), &Told { offer: id, account: member.account(), state: "accepted" })?;
    leave::tell(tx, offer.offered_by, "letter-people-accepted", &member.company_name)?;
    Ok(Place { account: member.account(), duties })
}

/// Without ownership; whoever had nothing else reads.
fn laid_down(duties: Duties) -> Duties {
    let rest = duties.without(Duty::Owner);
    if rest.is_empty() { rest.with(Duty::Viewer) } else { rest }
}

fn add(tx: &mut Tx, member: &Member, account: Id<Account>, change: impl Fn(Duties) -> Duties) -> Result<Duties, Error> {
    let one = store::one(tx, member, account)?;
    let duties = change(one.duties);
    store::set_duties(tx, &one, one.version, duties)?;
    let changed = Changed { account, company: member.company, what: "duties", duties: duties.codes() };
    event::record(tx, member.scope(), &changed)?;
    Ok(duties)
}

/// The offer, if it is to this member and can be accepted.
fn addressed(tx: &mut Tx, member: &Member, id: Id<Ownership>) -> Result<Offer, Error> {
    let sql = "SELECT 1 FROM ownership_offer WHERE id = $1 AND account = $2 AND company = $3";
    let known = tx.first(sql, values![id, member.account(), member.company], |row| row.next::<i64>())?;
    known.ok_or_else(Error::not_found)?;
    let found = waiting(tx, member)?.into_iter().find(|offer| offer.id == id);
    found.ok_or_else(|| Error::conflict("ownership-void"))
}

/// Declines.
pub async fn decline(
    Of(app): Of<App>,
    member: Member,
    At(id): At<Id<Ownership>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        member.still(tx)?;
        let offer = addressed(tx, &member, id)?;
        end(tx, id, "declined")?;
        event::record(tx, member.scope(), &Told { offer: id, account: member.account(), state: "declined" })?;
        leave::tell(tx, offer.offered_by, "letter-people-declined", &member.company_name)?;
        Ok::<_, Error>(Place { account: member.account(), duties: member.duties })
    };
    let place = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=ownership-declined"), place))
}

/// Takes an offer back: any owner of the company. Twice is once.
pub async fn withdraw(Of(app): Of<App>, owner: Owner, At(id): At<Id<Ownership>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let sql = "SELECT account FROM ownership_offer WHERE id = $1 AND company = $2";
        let account: Option<Id<Account>> = tx.first(sql, values![id, owner.company], |row| row.next())?;
        let account = account.ok_or_else(Error::not_found)?;
        if end(tx, id, "withdrawn")? {
            event::record(tx, owner.scope(), &Told { offer: id, account, state: "withdrawn" })?;
        }
        let duties = store::one(tx, &owner, account).map_or_else(|_| Duties::default(), |one| one.duties);
        Ok::<_, Error>(Place { account, duties })
    };
    let place = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=ownership-withdrawn"), place))
}

/// `false`: it does not wait any more.
fn end(tx: &mut Tx, id: Id<Ownership>, state: &'static str) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE ownership_offer SET state = $1, ended_at = $2 WHERE id = $3 AND state = 'waiting'";
    Ok(tx.execute(sql, values![state, now, id])? == 1)
}

/// Ends what is offered to, or by, who leaves.
///
/// # Errors
/// [`db::Error`].
pub fn end_of(tx: &mut Tx, account: Id<Account>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE ownership_offer SET state = 'withdrawn', ended_at = $1 \
               WHERE (account = $2 OR offered_by = $2) AND state = 'waiting'";
    tx.execute(sql, values![now, account]).map(drop)
}
