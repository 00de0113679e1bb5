//! The demand side's side: which contacts a provider has, and, counted and on record, what they are.

use super::page::{Card, Of, Shown};
use super::store::{self, Lying};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::verification;
use crate::web::{At, Buyer, Context, Ctx, Error, Input, Level, Page, Purchaser, Saved};
use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{Control, purpose, recipient};
use vault::{Grant, Opener, Proof, Scope, Subject};

/// Providers whose contacts one viewer sees on one day.
pub const A_DAY: i64 = 10;

/// The right to be shown contacts: a member with a buyer's duty of a company that was verified as demand side (clause 2.4).
pub struct Demand {
    subject: Id<Subject>,
    company: Id<Company>,
}

impl Demand {
    /// The one place that says who is the demand side: members of buyers that are verified as such (需求方认证). A buyer that
    /// says so of itself is none. It is compared in the unit of the act, with what the company and the member are by then.
    ///
    /// # Errors
    /// 401; 403 `duties-changed`, `demand-side-first`.
    pub fn of(tx: &mut Tx, buyer: &Buyer) -> Result<Self, Error> {
        buyer.still(tx)?;
        if !verification::is_demand_side(tx, buyer.company)? && policy::holds(Control::DemandSideVerified) {
            return Err(Error::forbidden("demand-side-first").below(Level::DemandSide));
        }
        Ok(Self { subject: buyer.subject(), company: buyer.company })
    }
}

impl Proof for Demand {
    type Recipient = recipient::DemandSide;

    fn opener(&self) -> Opener {
        Opener::person(self.subject, "demand-side").of_company(self.company)
    }

    /// Which contacts is decided row by row, and by each one's consent.
    fn scope(&self) -> Scope {
        Scope::Any
    }
}

/// The name of an approved provider.
fn provider(tx: &mut Tx, id: Id<Company>) -> Result<Option<String>, db::Error> {
    let sql = "SELECT name FROM company WHERE id = $1 AND provider = 1 AND state = 'approved'";
    tx.first(sql, values![id], |row| row.next())
}

/// How many there are. Nothing is opened, and nothing is counted.
pub async fn closed(
    State(app): State<App>,
    context: Ctx,
    buyer: Buyer,
    At(id): At<Id<Company>>,
) -> Result<Page, Error> {
    let (viewer, (day, _)) = (buyer.subject(), day(context.now, app.zone()));
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some(name) = provider(tx, id)? else { return Ok(None) };
        Ok(Some((name, store::visible(tx, id)?.len(), used(tx, viewer, day)?, is_seen(tx, viewer, day, id)?)))
    });
    let (company, count, used, is_seen) = read.await?.ok_or_else(Error::not_found)?;
    let left = (A_DAY - used).max(0);
    Ok(Page::new("contacts-of", Of { id, company, count, left, most: A_DAY, can_show: is_seen || left > 0 }))
}

/// Shows them: the day's count first, then the record, then the values.
pub async fn open(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let (viewer, zone) = (buyer.subject(), app.zone());
    let read = app.db().write::<_, Error>(move |tx| {
        let demand = Demand::of(tx, &buyer)?;
        let company = provider(tx, id)?.ok_or_else(Error::not_found)?;
        let visible = store::visible(tx, id)?;
        if visible.is_empty() {
            return Err(Error::not_found());
        }
        count(tx, viewer, id, &zone)?;
        Ok((demand, company, visible))
    });
    let (demand, company, visible) = read.await?;
    let cards = cards(&app, &context, &demand, &visible).await?;
    Ok(Saved::here("contacts-of", Shown { id, company, cards }))
}

/// Opens them with one record for all fields of all of them.
async fn cards(app: &App, context: &Context, demand: &Demand, visible: &[Lying]) -> Result<Vec<Card>, Error> {
    let grant = Grant::<purpose::ContactDisplay, _>::new(demand, context.request);
    match Card::open(app.vault(), &grant, visible).await {
        // Somebody has taken it back since the rows were read.
        Err(vault::Error::Refused(_)) => Err(Error::conflict("contacts-changed")),
        opened => Ok(opened?),
    }
}

/// The day of an instant by the calendar, as a number, and how long it lasts yet in seconds.
fn day(now: Timestamp, zone: TimeZone) -> (i64, i64) {
    let local = now.to_zoned_datetime(zone);
    let number = i64::from(local.year()) * 10_000 + i64::from(local.month()) * 100 + i64::from(local.day());
    let tomorrow = local.end_of_day().map_or(now, |end| end.timestamp());
    (number, tomorrow.duration_since(now).as_secs() + 1)
}

fn used(tx: &mut Tx, viewer: Id<Subject>, day: i64) -> Result<i64, db::Error> {
    let sql = "SELECT count(*) FROM contact_showing WHERE subject = $1 AND day = $2";
    tx.one(sql, values![viewer, day], |row| row.next())
}

fn is_seen(tx: &mut Tx, viewer: Id<Subject>, day: i64, company: Id<Company>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM contact_showing WHERE subject = $1 AND day = $2 AND company = $3";
    Ok(tx.first(sql, values![viewer, day, company], |row| row.next::<i64>())?.is_some())
}

/// Counts a provider for the day, once.
fn count(tx: &mut Tx, viewer: Id<Subject>, company: Id<Company>, zone: &TimeZone) -> Result<(), Error> {
    let now = tx.now();
    let (day, left) = day(now, zone.clone());
    if is_seen(tx, viewer, day, company)? {
        return Ok(());
    }
    if used(tx, viewer, day)? >= A_DAY && policy::holds(Control::ContactsCounted) {
        return Err(Error::limited(left));
    }
    tx.execute(
        "INSERT INTO contact_showing (subject, day, company, at) VALUES ($1, $2, $3, $4)",
        values![viewer, day, company, now],
    )?;
    Ok(())
}
