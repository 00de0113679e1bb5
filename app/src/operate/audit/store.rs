//! What the report is made of. It reads records of openings, which hold ids and no value, and leaves the ids of those whose
//! data were opened out.

use crate::web::{Auditor, Instant, OperatorDuties, OperatorDuty};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Opening;

/// How many posts and changes are listed.
const MOST: i64 = 200;

/// A span of time: from this instant on, before that one.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Who may do what.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditPost")]
pub struct Post {
    /// What the post is called.
    pub title: String,
    /// What they may do now.
    pub duties: Vec<OperatorDuty>,
    /// Since when there is the account.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// From when on the duties do not hold any more.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// When the account ended.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
}

/// A duty was granted or taken.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditChange")]
pub struct Change {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Whose post.
    pub title: String,
    /// Code of the duty.
    pub duty: String,
    /// False when it was taken.
    pub granted: bool,
    /// The post of who did it; empty on the command line.
    pub by: String,
}

/// What a person opened of others, or tried to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditOpening")]
pub struct Opened {
    #[serde(skip)]
    pub id: Id<Opening>,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// In which role.
    pub role: String,
    /// The post; empty where it is none of the operator's.
    pub title: String,
    /// Id of the purpose.
    pub purpose: String,
    /// Ids of the fields.
    pub fields: Vec<String>,
    /// Ids of the grounds, in step with the fields.
    pub bases: Vec<String>,
    /// How many persons' data.
    pub persons: i64,
    /// False for an attempt that was denied.
    pub opened: bool,
}

/// How often a role opened something for a purpose.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditSum")]
pub struct Sum {
    /// In which role.
    pub role: String,
    /// Id of the purpose.
    pub purpose: String,
    /// How often it was opened.
    pub opened: i64,
    /// How often an attempt was denied.
    pub denied: i64,
}

/// Every account of the operator's, those that ended among them.
///
/// # Errors
/// [`db::Error`].
pub fn posts(tx: &mut Tx, _: &Auditor) -> Result<Vec<Post>, db::Error> {
    let sql = "SELECT post, operator_duties, created_at, operator_until, ended_at FROM account WHERE operator = 1 \
               ORDER BY created_at, id LIMIT $1";
    tx.all(sql, values![MOST], |row| {
        let (title, duties) = (row.next()?, OperatorDuties::kept(&row.next::<String>()?).each().collect());
        Ok(Post { title, duties, since: row.next()?, until: row.next()?, ended_at: row.next()? })
    })
}

/// What was granted and taken, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn changes(tx: &mut Tx, _: &Auditor, span: Span) -> Result<Vec<Change>, db::Error> {
    let sql = "SELECT c.at, a.post, c.duty, c.granted, b.post FROM operator_duty_change c JOIN account a ON a.id = c.account \
               LEFT JOIN account b ON b.id = c.by_account WHERE c.at >= $1 AND c.at < $2 ORDER BY c.at DESC, c.id DESC LIMIT $3";
    tx.all(sql, values![span.from, span.until, MOST], |row| {
        let (at, title, duty, granted) = (row.next()?, row.next()?, row.next()?, row.next()?);
        Ok(Change { at, title, duty, granted, by: row.next::<Option<String>>()?.unwrap_or_default() })
    })
}

/// People, not the program; others' data, not their own. As the index has it.
const BY_PEOPLE: &str = "o.opener_subject IS NOT NULL AND o.opener_role <> 'subject'";

/// How often each role opened what.
///
/// # Errors
/// [`db::Error`].
pub fn sums(tx: &mut Tx, _: &Auditor, span: Span) -> Result<Vec<Sum>, db::Error> {
    let count = |outcome: &str| format!("CAST(SUM(CASE WHEN o.outcome = '{outcome}' THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT o.opener_role, o.purpose, {}, {} FROM opening o WHERE {BY_PEOPLE} AND o.at >= $1 AND o.at < $2 \
         GROUP BY o.opener_role, o.purpose ORDER BY o.opener_role, o.purpose",
        count("opened"),
        count("denied")
    );
    tx.all(&sql, values![span.from, span.until], |row| {
        Ok(Sum { role: row.next()?, purpose: row.next()?, opened: row.next()?, denied: row.next()? })
    })
}

/// One by one, the newest first, before this instant (µs) and id.
///
/// # Errors
/// [`db::Error`].
pub fn openings(
    tx: &mut Tx,
    _: &Auditor,
    span: Span,
    before: (i64, [u8; 16]),
    most: i64,
) -> Result<Vec<Opened>, db::Error> {
    let sql = format!(
        "SELECT o.id, o.at, o.opener_role, a.post, o.purpose, o.fields, o.bases, o.subjects, o.outcome FROM opening o \
         LEFT JOIN account a ON a.subject = o.opener_subject AND a.operator = 1 \
         WHERE {BY_PEOPLE} AND o.at >= $1 AND o.at < $2 AND (o.at, o.id) < ($3, $4) ORDER BY o.at DESC, o.id DESC LIMIT $5"
    );
    tx.all(&sql, values![span.from, span.until, before.0, before.1, most], opened)
}

fn opened(row: &mut Row<'_>) -> Result<Opened, db::Error> {
    let words = |text: String| text.split(',').map(str::to_owned).collect();
    Ok(Opened {
        id: row.next()?,
        at: row.next()?,
        role: row.next()?,
        title: row.next::<Option<String>>()?.unwrap_or_default(),
        purpose: row.next()?,
        fields: words(row.next()?),
        bases: words(row.next()?),
        persons: row.next::<Vec<u8>>()?.len() as i64 / 16,
        opened: row.next::<String>()? == "opened",
    })
}
