//! An objection (异议) of an applicant: to the result of its application, or to a suspension. The buyer answers it; while one to the result
//! waits, nothing is made of the list.

use super::appeal::{Appeal, Made};
use super::application::{self, Application};
use super::event::{Answered, Concluded, Decided, Objected};
use super::form::{Answering, Objecting};
use super::list::QualifiedList;
use super::rule::{MINIMUM, Standing, State};
use super::{admission, store};
use crate::app::App;
use crate::identity::approval;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act};
use crate::sourcing::tender::of_list;
use crate::web::{Bidder, Error, Instant, Purchaser};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx, Value, coded};
use kit::event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedOutcome")]
pub enum Outcome {
    /// 成立: the applicant is on the list.
    Upheld,
    /// 不成立: the decision stands.
    Rejected,
}

impl Outcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Upheld, Self::Rejected];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }

    /// The outcome that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("qualified-outcome-{}", self.code())
    }
}

/// An objection, with its answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedObjection")]
pub struct Objection {
    /// Its id.
    pub id: Id<Objection>,
    /// Of which application.
    pub application: Id<Application>,
    /// The instant of the decision that it is against.
    #[schemars(with = "Instant")]
    pub about: Timestamp,
    /// What it says.
    pub text: String,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// By when it is to be answered.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// What the answer came to.
    pub outcome: Option<Outcome>,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
    /// The appeal to the operator against the answer.
    pub appeal: Option<Appeal>,
}

/// The answer to an act on an objection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QualifiedObjectionDone")]
pub struct Done {
    /// The objection.
    pub objection: Id<Objection>,
}

const COLUMNS: &str = "id, application, about, text, made_at, due_at, outcome, answer, answered_at, appeal, appeal_reason, appealed_at, appeal_due_at, judged, judgement, judged_at FROM qualified_objection";

/// Those of applications, the oldest of each first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn of(tx: &mut Tx, applications: &[Id<Application>]) -> Result<Vec<Objection>, db::Error> {
    let sql = |places: &str| format!("SELECT {COLUMNS} WHERE application IN ({places}) ORDER BY made_at, id");
    tx.among(applications, sql, read)
}

/// The rows of a condition.
pub(super) fn select(tx: &mut Tx, condition: &str, values: &[Value]) -> Result<Vec<Objection>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE {condition}"), values, read)
}

/// An objection by its id, whoever asks: for what has its own rule.
///
/// # Errors
/// 404.
pub(super) fn load(tx: &mut Tx, id: Id<Objection>) -> Result<Objection, Error> {
    select(tx, "id = $1", values![id])?.pop().ok_or_else(Error::not_found)
}

/// The lists of a company to which one waits for its answer.
///
/// # Errors
/// [`db::Error`].
pub(super) fn waiting(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Id<QualifiedList>>, db::Error> {
    let sql = "SELECT DISTINCT o.list FROM qualified_list q JOIN qualified_objection o ON o.list = q.id \
               WHERE q.company = $1 AND o.outcome IS NULL";
    tx.all(sql, values![company], |row| row.next())
}

/// Whether one to a list's result waits for its answer: while it does, nothing is made of the list.
///
/// # Errors
/// [`db::Error`].
pub(super) fn holds_up(tx: &mut Tx, list: &QualifiedList) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM qualified_objection WHERE list = $1 AND about = $2 \
               AND (outcome IS NULL OR (appeal IS NOT NULL AND judged IS NULL)) LIMIT 1";
    Ok(tx.first(sql, values![list.id, list.concluded_at], |row| row.next::<i64>())?.is_some())
}

/// The company that made one; none where there is none. For the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn objector(tx: &mut Tx, id: Id<Objection>) -> Result<Option<Id<Company>>, db::Error> {
    let sql = "SELECT a.company FROM qualified_objection o JOIN qualified_application a ON a.id = o.application WHERE o.id = $1";
    tx.first(sql, values![id], |row| row.next())
}

/// Until when the company of an application may object to how it stands.
pub(super) fn until(state: Standing, decided_at: Option<Timestamp>, zone: &TimeZone) -> Option<Timestamp> {
    decided_at.filter(|_| state.is_against()).map(|at| store::objections_until(at, zone))
}

/// Makes an objection: one to each decision. The same form again is the same objection.
///
/// # Errors
/// 401, 403 as of every act in a company's name; 404; 409 `qualified-objection-not-open`, `qualified-objection-over` with both times, `qualified-objection-exists`.
pub(super) fn make(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<Application>,
    (given, app): (&Objecting<Objection>, &App),
) -> Result<Id<QualifiedList>, Error> {
    provider.still(tx)?;
    let (kept, zone) = (application::of_provider(tx, provider, id)?, app.zone());
    mandate::may(tx, provider, Act::Bid, &application::target(app, provider.company, kept.list))?;
    let known = of(tx, &[id])?;
    if known.iter().any(|one| one.id == given.id) {
        return Ok(kept.list);
    }
    let (Some(until), Some(about)) = (until(kept.state, kept.decided_at, &zone), kept.decided_at) else {
        return Err(Error::conflict("qualified-objection-not-open"));
    };
    let now = tx.now();
    if now >= until {
        return Err(Error::conflict("qualified-objection-over").with("deadline", until).with("received", now));
    }
    if known.iter().any(|one| one.about == about) {
        return Err(Error::conflict("qualified-objection-exists"));
    }
    let inserted = tx.execute(
        "INSERT INTO qualified_objection (id, list, application, about, text, made_at, due_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        values![given.id, kept.list, id, about, &given.text, now, store::objections_until(now, &zone)],
    )?;
    if inserted == 0 {
        // Another's row has this id.
        return Err(Error::not_found());
    }
    event::record(tx, provider.scope(), &Objected { list: kept.list, objection: given.id })?;
    Ok(kept.list)
}

/// Answers one. Upheld, its company is on the list; a call that had failed for too few has its result once there are enough. The same form
/// again changes nothing.
///
/// # Errors
/// 403 where approval is asked for and not given; 404; 409 `qualified-objection-answered`. That the buyer still may is compared before, in this
/// unit.
pub(super) fn answer(
    tx: &mut Tx,
    buyer: &Purchaser,
    (list, objection): (QualifiedList, Objection),
    given: &Answering,
) -> Result<(), Error> {
    if objection.outcome == Some(given.outcome) && objection.answer.as_deref() == Some(given.answer.as_str()) {
        return Ok(());
    }
    if objection.outcome.is_some() {
        return Err(Error::conflict("qualified-objection-answered"));
    }
    if let Some(ask) = admission::upholding(tx, (&list, &objection), given)? {
        approval::may(tx, buyer, &ask)?;
    }
    let now = tx.now();
    tx.execute(
        "UPDATE qualified_objection SET outcome = $1, answer = $2, answered_at = $3 WHERE id = $4",
        values![given.outcome.code(), &given.answer, now, objection.id],
    )?;
    event::record(tx, buyer.scope(), &Answered { list: list.id, objection: objection.id })?;
    if given.outcome == Outcome::Upheld { uphold(tx, list, &objection) } else { Ok(()) }
}

/// What follows from an objection that is right: its company is on the list. Whoever has left, or is on the list again, stays as they are.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn uphold(tx: &mut Tx, mut list: QualifiedList, objection: &Objection) -> Result<(), Error> {
    let (kept, now) = (application::load(tx, objection.application)?, tx.now());
    if kept.decided_at != Some(objection.about) || !kept.state.is_against() {
        return Ok(());
    }
    let state = Standing::Qualified;
    tx.execute(
        "UPDATE qualified_application SET state = $1, decided_at = $2, version = version + 1 WHERE id = $3",
        values![state.code(), now, kept.id],
    )?;
    let decided = Decided { list: list.id, application: kept.id, act: state.code().to_owned() };
    event::record(tx, list.scope(), &decided)?;
    if list.state == State::Failed && application::count(tx, list.id, state)? >= MINIMUM {
        (list.state, list.valid_until) = (State::Concluded, Some(store::valid_until(&list, now)));
        store::move_on(tx, &list)?;
        event::record(tx, list.scope(), &Concluded { list: list.id })?;
    }
    Ok(of_list::renew(tx, list.id)?)
}

/// An objection to a list of the company's own, which it reads with the application.
///
/// # Errors
/// 404.
pub(super) fn of_buyer(tx: &mut Tx, buyer: &Purchaser, id: Id<Objection>) -> Result<(QualifiedList, Objection), Error> {
    let objection = load(tx, id)?;
    let kept = application::load(tx, objection.application)?;
    Ok((store::own(tx, buyer, kept.list)?, objection))
}

fn read(row: &mut Row<'_>) -> Result<Objection, db::Error> {
    Ok(Objection {
        id: row.next()?,
        application: row.next()?,
        about: row.next()?,
        text: row.next()?,
        made_at: row.next()?,
        due_at: row.next()?,
        outcome: row.next::<Option<String>>()?.map(|code| coded(&code, Outcome::from_code)).transpose()?,
        answer: row.next()?,
        answered_at: row.next()?,
        appeal: appeal(row)?,
    })
}

/// The columns of an appeal that may be there.
fn appeal(row: &mut Row<'_>) -> Result<Option<Appeal>, db::Error> {
    let (id, reason): (Option<Id<Made>>, Option<String>) = (row.next()?, row.next()?);
    let (made_at, due_at): (Option<Timestamp>, Option<Timestamp>) = (row.next()?, row.next()?);
    let outcome = row.next::<Option<String>>()?.map(|code| coded(&code, Outcome::from_code)).transpose()?;
    let (decision, decided_at) = (row.next()?, row.next()?);
    let (Some(id), Some(reason), Some(made_at), Some(due_at)) = (id, reason, made_at, due_at) else { return Ok(None) };
    Ok(Some(Appeal { id, reason, made_at, due_at, outcome, decision, decided_at }))
}
