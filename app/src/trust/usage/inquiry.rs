//! Inquiries (调阅): what the security duty asks before it reads anything. One person's use or one day of visitors', with a
//! stated reason, for [`HOLDS`], by the operator who asked. There is no way to read without one, and none that names two.

use super::store::{day_of, of_day};
use crate::app::App;
use crate::identity::account::{Account, Whom};
use crate::web::limit::{Counted, Limit};
use crate::web::{Error, Fields, Instant, Operator, Parse};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use vault::{Id, RequestId, Subject};

/// For how long an inquiry is read on.
const HOLDS: SignedDuration = SignedDuration::from_hours(24);

/// How many a page lists.
pub const PAGE: usize = 50;

/// Reading is for what happened, one thing at a time: ten inquiries at once, then one in two hours.
static PACE: Limit = Limit { name: "use-inquiry", burst: 10, every: SignedDuration::from_hours(2) };

/// What is asked for. No Debug: whom it is about is somebody's phone or e-mail.
#[derive(Clone)]
pub struct Wanted {
    /// Made with the form: sent twice, it is one inquiry.
    pub id: Id<Inquiry>,
    /// Whose use.
    pub about: About,
    /// Why; the person reads it.
    pub reason: String,
}

/// One person, or the visitors of one day.
#[derive(Clone)]
pub enum About {
    /// Phone, e-mail or account id: looked up, and not kept.
    Person(String),
    /// A day in UTC.
    Visitors(Date),
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let person = fields.like("person", "li@example.com").optional("person", |text| Ok::<_, &str>(text.to_owned()));
        let day = fields.optional("day", |text| text.parse::<Date>().map_err(|_| "usage-day"));
        let about = match (person, day) {
            (Some(Some(person)), Some(None)) => Some(About::Person(person)),
            (Some(None), Some(Some(day))) => Some(About::Visitors(day)),
            // What is no day was said already.
            (None, _) | (_, None) => None,
            _ => fields.wrong("person", "usage-one"),
        };
        let reason = fields.text("reason", 10..=500);
        Some(Self { id: id?, about: about?, reason: reason? })
    }
}

/// An inquiry, as the operator's people see it. It names its person by the account only.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "UseInquiry")]
pub struct Inquiry {
    /// Its id.
    pub id: Id<Inquiry>,
    #[serde(skip)]
    pub subject: Id<Subject>,
    /// Whose use, if a person's.
    pub account: Option<Id<Account>>,
    /// The day in UTC, if visitors'.
    pub day: Option<String>,
    /// Why.
    pub reason: String,
    /// When it was asked.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// From when on nothing is read on it any more.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// How many requests have read on it.
    pub readings: i64,
    /// Whether the reader asked.
    pub is_own: bool,
    /// Whether the reader may read on it now.
    pub is_open_to_reader: bool,
}

impl Inquiry {
    /// The key of what it is about.
    pub fn kind(&self) -> &'static str {
        if self.account.is_some() { "usage-kind-person" } else { "usage-kind-day" }
    }

    /// The account, or the day.
    pub fn about(&self) -> String {
        self.account.map_or_else(|| self.day.clone().unwrap_or_default(), |account| account.to_string())
    }
}

/// An inquiry was made. Ids only: the event is proven by the transparency log like any other.
#[derive(Serialize)]
struct Made {
    inquiry: Id<Inquiry>,
}

impl Fact for Made {
    const KIND: &'static str = "use.inquired";
}

/// Whose entries an inquiry is about.
pub struct Found {
    subject: Id<Subject>,
    account: Option<Id<Account>>,
    day: Option<i64>,
}

impl About {
    /// Looks it up. `None`: there is no such account, or nobody came on that day.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn find(&self, tx: &mut Tx, app: &App) -> Result<Option<Found>, db::Error> {
        match self {
            Self::Person(text) => {
                let found = Whom::read(app.accounts(), text).find(tx)?;
                Ok(found.map(|(account, subject)| Found { subject, account: Some(account), day: None }))
            }
            Self::Visitors(day) => {
                let Ok(begins) = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)) else { return Ok(None) };
                let day = day_of(begins);
                Ok(of_day(tx, day)?.map(|subject| Found { subject, account: None, day: Some(day) }))
            }
        }
    }

    /// The field of the form that it was asked in, and the rule that it breaks when nothing is found.
    pub fn missing(&self) -> (&'static str, &'static str) {
        match self {
            Self::Person(_) => ("person", "usage-nobody"),
            Self::Visitors(_) => ("day", "usage-day-none"),
        }
    }
}

/// What an inquiry of this operator counts for; attempts that find nobody count, too.
pub fn pace(app: &App, operator: &Operator) -> Counted {
    app.limits().of(&PACE, &[operator.account().as_bytes()])
}

/// Makes an inquiry. The same id again is the same one.
///
/// # Errors
/// 404 when the id is another operator's.
pub fn make(tx: &mut Tx, operator: &Operator, wanted: &Wanted, found: &Found) -> Result<Inquiry, Error> {
    operator.still(tx)?;
    let now = tx.now();
    let ends = now.checked_add(HOLDS).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO use_inquiry (id, subject, account, day, reason, operator, asked_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        values![wanted.id, found.subject, found.account, found.day, &wanted.reason, operator.account(), now, ends],
    )?;
    if made == 1 {
        let by = Scope { actor: Some(*operator.subject().as_bytes()), ..Scope::default() };
        event::record(tx, by, &Made { inquiry: wanted.id })?;
    }
    one(tx, operator, wanted.id)?.filter(|inquiry| inquiry.is_own).ok_or_else(Error::not_found)
}

/// `$1` is the reader's account.
const COLUMNS: &str = "i.id, i.subject, i.account, i.day, i.reason, i.asked_at, i.ends_at, \
     (SELECT count(*) FROM use_reading r WHERE r.inquiry = i.id), CASE WHEN i.operator = $1 THEN 1 ELSE 0 END";

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Inquiry, db::Error> {
    let mut inquiry = Inquiry {
        id: row.next()?,
        subject: row.next()?,
        account: row.next()?,
        day: row.next::<Option<i64>>()?.map(day),
        reason: row.next()?,
        asked_at: row.next()?,
        ends_at: row.next()?,
        readings: row.next()?,
        is_own: row.next()?,
        is_open_to_reader: false,
    };
    inquiry.is_open_to_reader = inquiry.is_own && now < inquiry.ends_at;
    Ok(inquiry)
}

/// As `2026-11-23`.
fn day(number: i64) -> String {
    let begins = super::store::start_of(number.saturating_mul(24));
    begins.to_zoned_datetime(TimeZone::UTC).date().to_string()
}

fn one(tx: &mut Tx, operator: &Operator, id: Id<Inquiry>) -> Result<Option<Inquiry>, db::Error> {
    let now = tx.now();
    let sql = format!("SELECT {COLUMNS} FROM use_inquiry i WHERE i.id = $2");
    tx.first(&sql, values![operator.account(), id], |row| read(row, now))
}

/// The newest first, before this instant (µs) and id; one more than a page when there are more.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, operator: &Operator, before: (i64, [u8; 16])) -> Result<Vec<Inquiry>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} FROM use_inquiry i WHERE (i.asked_at, i.id) < ($2, $3) \
         ORDER BY i.asked_at DESC, i.id DESC LIMIT $4"
    );
    let most = PAGE as i64 + 1;
    tx.all(&sql, values![operator.account(), before.0, before.1, most], |row| read(row, now))
}

/// The inquiry that a request reads on, noted before anything is opened.
///
/// # Errors
/// 404 when there is none of this operator's; 409 `usage-over` when its time is over.
pub fn begin(tx: &mut Tx, operator: &Operator, id: Id<Inquiry>, request: RequestId) -> Result<Inquiry, Error> {
    operator.still(tx)?;
    let inquiry = one(tx, operator, id)?.ok_or_else(Error::not_found)?;
    if policy::holds(Control::UseReadByInquiry) {
        if !inquiry.is_own {
            return Err(Error::not_found());
        }
        if !inquiry.is_open_to_reader {
            return Err(Error::conflict("usage-over"));
        }
    }
    let sql = "INSERT INTO use_reading (request, inquiry) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    tx.execute(sql, values![request, id])?;
    Ok(inquiry)
}

/// The reasons that were stated for these requests' readings: the person reads them beside the openings.
///
/// # Errors
/// [`db::Error`].
pub fn reasons(
    tx: &mut Tx,
    requests: impl Iterator<Item = RequestId>,
) -> Result<BTreeMap<RequestId, String>, db::Error> {
    let mut reasons = BTreeMap::new();
    for request in requests {
        let sql = "SELECT i.reason FROM use_reading r JOIN use_inquiry i ON i.id = r.inquiry WHERE r.request = $1";
        let reason = tx.first(sql, values![request], |row| row.next())?;
        reasons.extend(reason.map(|reason| (request, reason)));
    }
    Ok(reasons)
}
