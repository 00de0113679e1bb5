//! The rows of requests, and how far each has come.

use super::act::Act;
use super::chain::Step;
use super::content::Content;
use super::rule::Rules;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::people::{self, Duties};
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What happened to a request. Ids and codes only: not what it is for.
#[derive(Serialize)]
pub struct Changed {
    pub request: Id<Request>,
    /// asked, given (more steps are to come), approved, refused, withdrawn, void, done.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "approval.changed";
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalState")]
pub enum State {
    /// A step is to be given.
    Waiting,
    /// All are given: who asked may act.
    Approved,
    /// Its time is over.
    Expired,
    /// The act was carried out by it.
    Done,
    /// Somebody has refused it.
    Refused,
    /// Who asked has taken it back.
    Withdrawn,
    /// What was asked for has changed since, or was asked for anew.
    Void,
}

impl State {
    /// As an outcome is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Expired => "expired",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Void => "void",
        }
    }

    fn of_outcome(code: &str) -> Option<Self> {
        [Self::Done, Self::Refused, Self::Withdrawn, Self::Void].into_iter().find(|state| state.code() == code)
    }

    /// Whether something can become of it still.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Approved)
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) id: Id<Request>,
    pub(super) company: Id<Company>,
    pub(super) act: Act,
    pub(super) subject: Id<()>,
    pub(super) title: String,
    pub(super) amount: Option<i64>,
    pub(super) digest: [u8; 32],
    pub(super) content: Content,
    /// Who asked, and will act.
    pub(super) account: Id<Account>,
    pub(super) asked_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) outcome: Option<State>,
    pub(super) ended_at: Option<Timestamp>,
    /// Why it was refused.
    pub(super) reason: Option<String>,
}

/// A step, and who has given it.
#[derive(Clone, Debug)]
pub struct Given {
    pub account: Id<Account>,
    pub step: Step,
    pub at: Timestamp,
    /// Whether they could give it still: they have been in the company since, and hold the duty.
    pub counts: bool,
}

/// A request with the steps that it needs now.
#[derive(Clone, Debug)]
pub struct Progress {
    pub request: Request,
    /// The steps in their order, each with who gave it.
    pub steps: Vec<(Step, Option<Given>)>,
    pub state: State,
}

impl Progress {
    /// How far a request has come. What a company asks for is looked up anew each time: a chain that was tightened since binds.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, rules: &Rules, request: Request) -> Result<Self, db::Error> {
        let (now, mut given) = (tx.now(), given(tx, &request)?);
        set_apart(rules, &request, &mut given);
        let needed = rules.needed(request.act, request.amount);
        let by = |step: Step| given.iter().find(|one| one.step == step && one.counts).cloned();
        // What is over shows what was given then, and not what would be asked for today.
        let steps: Vec<_> = match request.outcome {
            Some(_) => given.iter().map(|one| (one.step, Some(one.clone()))).collect(),
            None => needed.into_iter().map(|step| (step, by(step))).collect(),
        };
        let state = match request.outcome {
            Some(outcome) => outcome,
            None if now >= request.expires_at => State::Expired,
            None if steps.iter().all(|(_, given)| given.is_some()) => State::Approved,
            None => State::Waiting,
        };
        Ok(Self { request, steps, state })
    }

    /// The step that is to be given next.
    pub fn next(&self) -> Option<Step> {
        let lacking = self.steps.iter().find(|(_, given)| given.is_none());
        lacking.filter(|_| self.state == State::Waiting).map(|(step, _)| *step)
    }

    /// Whether somebody who would act now counts as one person with who asked, or with who has given another step: because they
    /// stand in for each other, or two of them for the same colleague.
    pub fn is_one_of_them(&self, rules: &Rules, one: (Id<Account>, Timestamp)) -> bool {
        let given = self.steps.iter().filter_map(|(_, given)| given.as_ref().map(|given| (given.account, given.at)));
        let asked = (self.request.account, self.request.asked_at);
        given.chain([asked]).any(|other| other.0 != one.0 && rules.runs().are_one(one, other))
    }

    /// The step that somebody has given.
    pub fn given_by(&self, account: Id<Account>) -> Option<Step> {
        let given = self.steps.iter().filter_map(|(_, given)| given.as_ref());
        given.into_iter().find(|given| given.account == account).map(|given| given.step)
    }
}

/// A step counts if its giver is another person than who asked and than who gave the steps before it.
fn set_apart(rules: &Rules, request: &Request, given: &mut [Given]) {
    let mut counted = vec![(request.account, request.asked_at)];
    for one in given.iter_mut().filter(|one| one.counts) {
        let deed = (one.account, one.at);
        one.counts = !counted.iter().any(|other| other.0 != deed.0 && rules.runs().are_one(deed, *other));
        if one.counts {
            counted.push(deed);
        }
    }
}

// Who has left and come back begins anew: what they gave before does not count any more.
fn given(tx: &mut Tx, request: &Request) -> Result<Vec<Given>, db::Error> {
    let sql = "SELECT g.account, g.step, g.given_at, a.duties, CASE WHEN a.company = $2 AND a.ended_at IS NULL \
         AND s.standing = 'active' AND (a.joined_at IS NULL OR a.joined_at <= g.given_at) THEN 1 ELSE 0 END \
         FROM approval_given g JOIN account a ON a.id = g.account JOIN subject s ON s.id = a.subject \
         WHERE g.request = $1 ORDER BY g.given_at, g.account";
    let mut all = tx.all(sql, values![request.id, request.company], |row| {
        let account = row.next()?;
        let step = coded(&row.next::<String>()?, Step::of)?;
        let (at, duties) = (row.next()?, Duties::of_codes(&row.next::<String>()?));
        let is_member: bool = row.next()?;
        Ok((Given { account, step, at, counts: is_member && step.is_given_by(duties, request.act) }, is_member))
    })?;
    // Who gave it for somebody whom they stand in for still.
    for (one, is_member) in &mut all {
        if *is_member && !one.counts {
            let lent = people::stands_in(tx, request.company, one.account)?.duties();
            one.counts = one.step.is_given_by(lent, request.act);
        }
    }
    Ok(all.into_iter().map(|(one, _)| one).collect())
}

const COLUMNS: &str = "id, company, act, about, title, amount, digest, content, account, asked_at, expires_at, outcome, \
     ended_at, reason FROM approval_request";

fn read(row: &mut Row<'_>) -> Result<Request, db::Error> {
    let unfit = |what: &str| db::Error::Engine(format!("approval_request: {what}"));
    Ok(Request {
        id: row.next()?,
        company: row.next()?,
        act: Act::of(&row.next::<String>()?).ok_or_else(|| unfit("act"))?,
        subject: row.next()?,
        title: row.next()?,
        amount: row.next()?,
        digest: row.next()?,
        content: serde_json::from_str(&row.next::<String>()?).map_err(|e| unfit(&e.to_string()))?,
        account: row.next()?,
        asked_at: row.next()?,
        expires_at: row.next()?,
        outcome: {
            let code: Option<String> = row.next()?;
            code.map(|code| State::of_outcome(&code).ok_or_else(|| unfit("outcome"))).transpose()?
        },
        ended_at: row.next()?,
        reason: row.next()?,
    })
}

/// One, whosever.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Request>) -> Result<Option<Request>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id], read)
}

/// One of a company.
///
/// # Errors
/// 404.
pub fn own(tx: &mut Tx, company: Id<Company>, id: Id<Request>) -> Result<Request, Error> {
    find(tx, id)?.filter(|request| request.company == company).ok_or_else(Error::not_found)
}

/// The newest of a company, at most so many.
///
/// # Errors
/// [`db::Error`].
pub fn newest(tx: &mut Tx, company: Id<Company>, most: i64) -> Result<Vec<Request>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE company = $1 ORDER BY asked_at DESC, id DESC LIMIT $2");
    tx.all(&sql, values![company, most], read)
}

/// Those of a company that nothing has ended and whose time is not over.
///
/// # Errors
/// [`db::Error`].
pub fn open(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Request>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} WHERE company = $1 AND outcome IS NULL AND expires_at > $2 ORDER BY asked_at, id LIMIT 200"
    );
    tx.all(&sql, values![company, now], read)
}

/// Those about a tender or lot that nothing has ended.
///
/// # Errors
/// [`db::Error`].
pub fn unended_of(tx: &mut Tx, subject: Id<()>) -> Result<Vec<Request>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE about = $1 AND outcome IS NULL ORDER BY asked_at, id");
    tx.all(&sql, values![subject], read)
}

/// All about it, whatever became of them.
///
/// # Errors
/// [`db::Error`].
pub fn all_of(tx: &mut Tx, subject: Id<()>) -> Result<Vec<Request>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE about = $1 ORDER BY asked_at, id");
    tx.all(&sql, values![subject], read)
}

/// The one about the same that was asked before this one.
///
/// # Errors
/// [`db::Error`].
pub fn before(tx: &mut Tx, request: &Request) -> Result<Option<Request>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE about = $1 AND act = $2 AND (asked_at < $3 OR (asked_at = $3 AND id < $4)) \
         ORDER BY asked_at DESC, id DESC LIMIT 1"
    );
    tx.first(&sql, values![request.subject, request.act.code(), request.asked_at, request.id], read)
}

/// Stores a new one.
///
/// # Errors
/// 500; of the database.
pub fn insert(tx: &mut Tx, request: &Request) -> Result<(), Error> {
    let content = serde_json::to_string(&request.content).map_err(Error::fault)?;
    tx.execute(
        "INSERT INTO approval_request (id, company, act, about, title, amount, digest, content, account, asked_at, \
         expires_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        values![
            request.id,
            request.company,
            request.act.code(),
            request.subject,
            &request.title,
            request.amount,
            request.digest,
            content,
            request.account,
            request.asked_at,
            request.expires_at
        ],
    )?;
    Ok(())
}

/// Stores another content of it.
///
/// # Errors
/// [`db::Error`].
pub fn rewrite(tx: &mut Tx, request: &Request) -> Result<(), db::Error> {
    let content = serde_json::to_string(&request.content).map_err(|error| db::Error::Engine(error.to_string()))?;
    let sql = "UPDATE approval_request SET content = $1, version = version + 1 WHERE id = $2";
    tx.execute(sql, values![content, request.id]).map(drop)
}

/// Ends one that nothing has ended; `false` when something had. `by`: the acting account; none where another company has acted.
///
/// # Errors
/// [`db::Error`].
pub fn end(
    tx: &mut Tx,
    request: &Request,
    outcome: State,
    by: Option<Id<Account>>,
    reason: Option<&str>,
) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "UPDATE approval_request SET outcome = $1, ended_at = $2, ended_by = $3, reason = $4, version = version + 1 \
         WHERE id = $5 AND outcome IS NULL";
    Ok(tx.execute(sql, values![outcome.code(), now, by, reason, request.id])? == 1)
}

/// Notes that somebody has given a step. The request's row is written, too: of two at once the later sees the earlier.
///
/// # Errors
/// [`db::Error`].
pub fn give(tx: &mut Tx, request: &Request, account: Id<Account>, step: Step) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE approval_request SET version = version + 1 WHERE id = $1", values![request.id])?;
    // What they gave before they left the company, or lost the duty, gives way.
    tx.execute("DELETE FROM approval_given WHERE request = $1 AND account = $2", values![request.id, account])?;
    let sql = "INSERT INTO approval_given (request, account, step, given_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, values![request.id, account, step.code(), now]).map(drop)
}

/// Records what happened to one.
///
/// # Errors
/// [`db::Error`].
pub fn record(tx: &mut Tx, scope: Scope, request: &Request, act: &'static str) -> Result<(), db::Error> {
    event::record(tx, scope, &Changed { request: request.id, act }).map(drop)
}
