//! An application (资格预审申请): one of a provider's company to a list, with what it says and the files that show it, sealed under the key of
//! the company that applies. Its two sides read it; the list's buyer not before the rule of the list permits it.

use super::file::{self, Line};
use super::list::QualifiedList;
use super::objection::{self, Objection};
use super::rule::Standing;
use super::store;
use crate::app::App;
use crate::business::Keys;
use crate::identity::company::Company;
use crate::identity::mandate::Target;
use crate::web::{Buyer, Error, Instant, Provider};
use jiff::Timestamp;
use kit::db::{self, Row, Tx, Value, coded};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An application, as one of its sides reads it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedApplication")]
pub struct Application {
    /// Its id.
    pub id: Id<Application>,
    /// To which list.
    pub list: Id<QualifiedList>,
    /// Who applies.
    pub company: Id<Company>,
    /// The company's name.
    pub company_name: String,
    /// How it stands.
    pub state: Standing,
    /// What it says; none when it was withdrawn.
    pub statement: Option<String>,
    /// The files that show it.
    pub files: Vec<Line>,
    /// When it was given first.
    #[schemars(with = "Instant")]
    pub given_at: Timestamp,
    /// When it was changed last.
    #[schemars(with = "Instant")]
    pub changed_at: Timestamp,
    /// When it was reviewed; for the applicant none before the decision.
    #[schemars(with = "Option<Instant>")]
    pub reviewed_at: Option<Timestamp>,
    /// Numbers of the requirements that it does not meet; for the applicant none before the decision.
    pub unmet: Vec<i64>,
    /// Its points, where the list has a greatest number; for the applicant none before the decision.
    pub points: Option<i64>,
    /// Why it stands so; for the applicant none before the decision.
    pub reason: Option<String>,
    /// Since when it stands so.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    /// What its company says against a decision, the oldest first.
    pub objections: Vec<Objection>,
    /// For forms: which version was seen.
    pub version: i64,
}

/// A row as it is stored.
#[derive(Clone)]
pub struct Kept {
    pub(super) id: Id<Application>,
    pub(super) list: Id<QualifiedList>,
    pub(super) company: Id<Company>,
    pub(super) company_name: String,
    pub(super) content: Option<Vec<u8>>,
    pub(super) form: Id<Application>,
    pub(super) state: Standing,
    given_at: Timestamp,
    changed_at: Timestamp,
    pub(super) reviewed_at: Option<Timestamp>,
    pub(super) unmet: Vec<i64>,
    pub(super) points: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) decided_at: Option<Timestamp>,
    pub(super) version: i64,
}

/// Applications with what belongs to them, before anything sealed is opened.
pub struct Lying {
    kept: Vec<Kept>,
    files: Vec<file::Kept>,
    objections: Vec<Objection>,
}

const COLUMNS: &str = "a.id, a.list, a.company, c.name, a.content, a.form, a.state, a.given_at, a.changed_at, a.reviewed_at, \
     a.unmet, a.points, a.reason, a.decided_at, a.version FROM qualified_application a JOIN company c ON c.id = a.company";

/// The rows of a condition on applications `a`.
pub(super) fn select(tx: &mut Tx, condition: &str, values: &[Value]) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("SELECT {COLUMNS} WHERE {condition}"), values, read)
}

/// The applications to a list of the company's own, in the order in which they came. What was withdrawn is not among them.
///
/// # Errors
/// 404; 409 `applications-closed` before their deadline.
pub(super) fn list(tx: &mut Tx, buyer: &Buyer, id: Id<QualifiedList>) -> Result<(QualifiedList, Vec<Kept>), Error> {
    let list = store::own(tx, buyer, id)?;
    if !list.shows_applications(tx.now()) {
        return Err(Error::conflict("applications-closed"));
    }
    let condition = "a.list = $1 AND a.state <> 'withdrawn' ORDER BY a.given_at, a.id LIMIT 500";
    Ok((list, select(tx, condition, values![id])?))
}

/// An application to a list of the company's own, which it may read now.
///
/// # Errors
/// 404; 409 `applications-closed`.
pub(super) fn of_buyer(tx: &mut Tx, buyer: &Buyer, id: Id<Application>) -> Result<(QualifiedList, Kept), Error> {
    let kept = load(tx, id)?;
    let list = store::own(tx, buyer, kept.list)?;
    if !list.shows_applications(tx.now()) {
        return Err(Error::conflict("applications-closed"));
    }
    if kept.state == Standing::Withdrawn { Err(Error::not_found()) } else { Ok((list, kept)) }
}

/// One of the provider's own.
///
/// # Errors
/// 404.
pub(super) fn of_provider(tx: &mut Tx, provider: &Provider, id: Id<Application>) -> Result<Kept, Error> {
    let kept = load(tx, id)?;
    if kept.company == provider.company { Ok(kept) } else { Err(Error::not_found()) }
}

/// An application by its id, whoever asks: for what has its own rule.
///
/// # Errors
/// 404.
pub(super) fn load(tx: &mut Tx, id: Id<Application>) -> Result<Kept, Error> {
    select(tx, "a.id = $1", values![id])?.pop().ok_or_else(Error::not_found)
}

/// A company's own application to a list.
///
/// # Errors
/// [`db::Error`].
pub(super) fn own(tx: &mut Tx, company: Id<Company>, list: Id<QualifiedList>) -> Result<Option<Kept>, db::Error> {
    Ok(select(tx, "a.list = $1 AND a.company = $2", values![list, company])?.pop())
}

/// All of a provider's own, newest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list_own(tx: &mut Tx, provider: &Provider) -> Result<Vec<Kept>, db::Error> {
    select(tx, "a.company = $1 ORDER BY a.given_at DESC, a.id DESC LIMIT 100", values![provider.company])
}

/// How many of a list's stand so. For the program.
///
/// # Errors
/// [`db::Error`].
pub(super) fn count(tx: &mut Tx, list: Id<QualifiedList>, state: Standing) -> Result<usize, db::Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM qualified_application WHERE list = $1 AND state = $2";
    let count: i64 = tx.one(sql, values![list, state.code()], |row| row.next())?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The companies whose applications were not withdrawn, for the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn applicants(tx: &mut Tx, list: Id<QualifiedList>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT company FROM qualified_application WHERE list = $1 AND state <> 'withdrawn' ORDER BY company";
    tx.all(sql, values![list], |row| row.next())
}

/// Whose application it is; none where there is none. For the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn applicant(tx: &mut Tx, id: Id<Application>) -> Result<Option<Id<Company>>, db::Error> {
    tx.first("SELECT company FROM qualified_application WHERE id = $1", values![id], |row| row.next())
}

/// What belongs to these.
///
/// # Errors
/// [`db::Error`].
pub(super) fn lying(tx: &mut Tx, kept: Vec<Kept>) -> Result<Lying, db::Error> {
    let ids: Vec<_> = kept.iter().map(|one| one.id).collect();
    let (files, objections) = (file::of(tx, &ids)?, objection::of(tx, &ids)?);
    Ok(Lying { kept, files, objections })
}

/// Reads what is sealed in them; `for_applicant`: as their companies read them, who learn of a review with the decision.
///
/// # Errors
/// 500 when one was changed; 503 while the keys cannot be asked for.
pub(super) async fn open(app: &App, lying: Lying, for_applicant: bool) -> Result<Vec<Application>, Error> {
    let companies: Vec<_> = lying.kept.iter().map(|one| one.company).collect();
    let keys = Keys::of(app, companies).await?;
    let opened = lying.kept.iter().map(|one| {
        let opened = one.content.as_ref().map(|sealed| keys.open(one.company, &place(one.id), sealed)).transpose()?;
        let files = lying.files.iter().filter(|file| file.application == one.id).map(|file| file.line(&keys));
        let objections = lying.objections.iter().filter(|objection| objection.application == one.id);
        let is_hidden = for_applicant && matches!(one.state, Standing::Submitted | Standing::Withdrawn);
        Ok::<_, Error>(Application {
            id: one.id,
            list: one.list,
            company: one.company,
            company_name: one.company_name.clone(),
            state: one.state,
            statement: opened.map(String::from_utf8).transpose().map_err(Error::fault)?,
            files: files.collect::<Result<_, _>>()?,
            given_at: one.given_at,
            changed_at: one.changed_at,
            reviewed_at: one.reviewed_at.filter(|_| !is_hidden),
            unmet: if is_hidden { Vec::new() } else { one.unmet.clone() },
            points: one.points.filter(|_| !is_hidden),
            reason: one.reason.clone().filter(|_| !is_hidden),
            decided_at: one.decided_at,
            objections: objections.cloned().collect(),
            version: one.version,
        })
    });
    opened.collect()
}

/// Where it lies: a row's ciphertext opens nowhere else.
pub(super) fn place(row: Id<Application>) -> String {
    format!("qualified_application.content/{row}")
}

/// What a letter of authorisation has to cover.
pub(super) fn target(app: &App, company: Id<Company>, list: Id<QualifiedList>) -> Target {
    Target::of(app, company, list, None::<Id<QualifiedList>>)
}

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    Ok(Kept {
        id: row.next()?,
        list: row.next()?,
        company: row.next()?,
        company_name: row.next()?,
        content: row.next()?,
        form: row.next()?,
        state: coded(&row.next::<String>()?, Standing::from_code)?,
        given_at: row.next()?,
        changed_at: row.next()?,
        reviewed_at: row.next()?,
        unmet: row.next::<String>()?.split(' ').filter_map(|number| number.parse().ok()).collect(),
        points: row.next()?,
        reason: row.next()?,
        decided_at: row.next()?,
        version: row.next()?,
    })
}
