//! Grants: who may read which company's history, what for, until when; and each reading on them.

use super::form::{Purpose, Wanted};
use super::reader::Reader;
use crate::app::App;
use crate::identity::company::Company;
use crate::web::limit::{Counted, Limit};
use crate::web::{Error, Instant, Member, OperatorDuty};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A grant.
pub struct HistoryGrant;

/// For how long it is read on.
const HOLDS: SignedDuration = SignedDuration::from_hours(8);

/// How many are listed.
const MOST: i64 = 100;

/// One company at a time: thirty grants at once, then one in ten minutes.
static PACE: Limit = Limit { name: "history-grant", burst: 30, every: SignedDuration::from_mins(10) };

/// A grant as it is shown: to who reads, to the company's people, to the auditor.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HistoryGranted")]
pub struct Granted {
    /// Its id.
    pub id: Id<HistoryGrant>,
    /// Whose history.
    pub company: Id<Company>,
    /// Its name now.
    pub company_name: String,
    /// The post of who reads; empty where it has no name.
    pub title: String,
    /// In which duty: its code.
    pub duty: String,
    /// What for: its code.
    pub purpose: String,
    /// Why; the company's people are not told it, since it may be about somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// Until when it is read on.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// How often it was read on.
    pub readings: i64,
    /// When last.
    #[schemars(with = "Option<Instant>")]
    pub read_at: Option<Timestamp>,
}

impl Granted {
    /// The key of the duty's word.
    pub fn duty_word(&self) -> &'static str {
        let known = OperatorDuty::ALL.into_iter().find(|duty| duty.code() == self.duty);
        known.map_or("history-duty-unknown", OperatorDuty::word)
    }

    /// The key of the purpose's word.
    pub fn purpose_word(&self) -> &'static str {
        Purpose::of_code(&self.purpose).map_or("history-for-review", Purpose::word)
    }

    /// The same without the reason.
    fn without_reason(self) -> Self {
        Self { reason: None, ..self }
    }
}

/// Somebody began to read, or read. Ids only.
#[derive(Serialize)]
struct Read {
    grant: Id<HistoryGrant>,
    /// begun, read.
    act: &'static str,
}

impl Fact for Read {
    const KIND: &'static str = "history.read";
}

/// What a grant of this reader counts for.
pub fn pace(app: &App, reader: &Reader) -> Counted {
    app.limits().of(&PACE, &[reader.account().as_bytes()])
}

const COLUMNS: &str = "SELECT g.id, g.company, c.name, a.post, g.duty, g.purpose, g.reason, g.made_at, g.ends_at, \
     (SELECT count(*) FROM history_reading r WHERE r.history_grant = g.id), \
     (SELECT CAST(MAX(r.at) AS BIGINT) FROM history_reading r WHERE r.history_grant = g.id) \
     FROM history_grant g JOIN company c ON c.id = g.company JOIN account a ON a.id = g.account";

fn row(row: &mut Row<'_>) -> Result<Granted, db::Error> {
    Ok(Granted {
        id: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        title: row.next()?,
        duty: row.next()?,
        purpose: row.next()?,
        reason: Some(row.next()?),
        made_at: row.next()?,
        ends_at: row.next()?,
        readings: row.next()?,
        read_at: row.next()?,
    })
}

fn scope(reader: &Reader, company: Id<Company>) -> Scope {
    let actor = Some(*reader.subject().as_bytes());
    Scope { company: Some(*company.as_bytes()), actor, ..Scope::default() }
}

/// Makes one; the same id again is the same one.
///
/// # Errors
/// 404 when there is no such company, or the id is another's; 409 `verification-tied`.
pub fn begin(tx: &mut Tx, reader: &Reader, company: Id<Company>, wanted: &Wanted) -> Result<Granted, Error> {
    reader.may(tx, company)?;
    let known = tx.first("SELECT 1 FROM company WHERE id = $1", values![company], |row| row.next::<i64>())?;
    known.ok_or_else(Error::not_found)?;
    let now = tx.now();
    let ends = now.checked_add(HOLDS).unwrap_or(now);
    let made = tx.execute(
        "INSERT INTO history_grant (id, company, account, duty, purpose, reason, made_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        values![
            wanted.id,
            company,
            reader.account(),
            reader.duty().code(),
            wanted.purpose.code(),
            &wanted.reason,
            now,
            ends
        ],
    )?;
    if made == 1 {
        event::record(tx, scope(reader, company), &Read { grant: wanted.id, act: "begun" })?;
    }
    own(tx, reader, wanted.id)?.filter(|grant| grant.company == company).ok_or_else(Error::not_found)
}

/// A grant of this reader's, in the duty that they act in.
fn own(tx: &mut Tx, reader: &Reader, id: Id<HistoryGrant>) -> Result<Option<Granted>, db::Error> {
    let sql = format!("{COLUMNS} WHERE g.id = $1 AND g.account = $2 AND g.duty = $3");
    tx.first(&sql, values![id, reader.account(), reader.duty().code()], row)
}

/// Notes that a history is read as of an instant, before anything is shown.
///
/// # Errors
/// 404 for another's grant; 409 `history-over` when its time is over; `verification-tied`.
pub fn read(tx: &mut Tx, reader: &Reader, id: Id<HistoryGrant>, as_of: Timestamp) -> Result<Granted, Error> {
    let grant = own(tx, reader, id)?.ok_or_else(Error::not_found)?;
    reader.may(tx, grant.company)?;
    let (reading, now) = (tx.id::<Read>(), tx.now());
    if grant.ends_at <= now && policy::holds(Control::HistoryByGrant) {
        return Err(Error::conflict("history-over"));
    }
    let sql = "INSERT INTO history_reading (id, history_grant, as_of, at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, values![reading, id, as_of, now])?;
    event::record(tx, scope(reader, grant.company), &Read { grant: id, act: "read" })?;
    own(tx, reader, id)?.ok_or_else(Error::not_found)
}

/// What this reader may read now, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn open(tx: &mut Tx, reader: &Reader) -> Result<Vec<Granted>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "{COLUMNS} WHERE g.account = $1 AND g.duty = $2 AND g.ends_at > $3 ORDER BY g.made_at DESC, g.id DESC LIMIT {MOST}"
    );
    tx.all(&sql, values![reader.account(), reader.duty().code(), now], row)
}

/// Who read a company's history, the newest first: for who reads it too.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, _: &Reader, company: Id<Company>) -> Result<Vec<Granted>, db::Error> {
    let sql = format!("{COLUMNS} WHERE g.company = $1 ORDER BY g.made_at DESC, g.id DESC LIMIT {MOST}");
    tx.all(&sql, values![company], row)
}

/// Who read a member's own company, the newest first; without the reasons.
///
/// # Errors
/// [`db::Error`].
pub fn of_own_company(tx: &mut Tx, member: &Member) -> Result<Vec<Granted>, db::Error> {
    let sql = format!("{COLUMNS} WHERE g.company = $1 ORDER BY g.made_at DESC, g.id DESC LIMIT {MOST}");
    Ok(tx.all(&sql, values![member.company], row)?.into_iter().map(Granted::without_reason).collect())
}

/// Grants that were made in a span, the newest first: for the auditor's report.
///
/// # Errors
/// [`db::Error`].
pub fn granted(tx: &mut Tx, from: Timestamp, until: Timestamp) -> Result<Vec<Granted>, db::Error> {
    let sql =
        format!("{COLUMNS} WHERE g.made_at >= $1 AND g.made_at < $2 ORDER BY g.made_at DESC, g.id DESC LIMIT {MOST}");
    tx.all(&sql, values![from, until], row)
}
