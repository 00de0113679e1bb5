//! What companies say about an announced change: plain text under the company's name, public once the operator has looked
//! that it holds nobody's personal data and nothing unlawful.

use super::calendar::Calendar;
use super::page::Show;
use super::store::own;
use crate::app::App;
use crate::web::{Agent, At, Ctx, Error, Fields, Form, Input, Instant, Member, Operator, Parse, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many comments a company makes on one change.
const MOST: i64 = 5;

/// How many comments a page shows.
const SHOWN: i64 = 200;

/// A comment.
pub struct Comment;

/// What somebody says for their company.
pub struct Saying {
    id: Id<Comment>,
    edition: String,
    text: String,
}

impl Parse for Saying {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, edition) = (fields.id("comment_id"), fields.text("edition", 1..=20));
        let text = fields.text("comment", 5..=1000);
        Some(Self { id: id?, edition: edition?, text: text? })
    }
}

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TermsCommentState")]
pub enum Standing {
    /// The operator has not looked at it.
    Waiting,
    /// Everybody reads it.
    Published,
    /// Its company and the operator read it.
    Withheld,
}

impl Standing {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Published => "published",
            Self::Withheld => "withheld",
        }
    }

    /// The state that a code means; an unknown one is shown to nobody.
    pub fn from_code(code: &str) -> Self {
        match code {
            "waiting" => Self::Waiting,
            "published" => Self::Published,
            _ => Self::Withheld,
        }
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "terms-comment-waiting",
            Self::Published => "terms-comment-published",
            Self::Withheld => "terms-comment-withheld",
        }
    }
}

/// A comment as it is read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TermsComment")]
pub struct Said {
    /// Its id.
    pub id: Id<Comment>,
    /// Who says it.
    pub company: String,
    /// What.
    pub text: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Where it stands.
    pub state: Standing,
}

/// A comment was made; what it says is in the table only.
#[derive(Serialize)]
struct Commented<'a> {
    comment: Id<Comment>,
    terms: &'a str,
    number: i64,
}

impl Fact for Commented<'_> {
    const KIND: &'static str = "terms.commented";
}

/// The operator has published or withheld a comment.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TermsCommentDecided")]
pub struct Decided {
    /// Which.
    pub comment: Id<Comment>,
    /// Where it stands now.
    pub state: Standing,
}

impl Fact for Decided {
    const KIND: &'static str = "terms.comment-decided";
}

const READ: &str = "SELECT m.id, c.name, m.body, m.at, m.state FROM terms_comment m JOIN company c ON c.id = m.company";

impl Said {
    /// What everybody reads of a line of the schedule, and what this member's company has said itself; the oldest first.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn seen(tx: &mut Tx, terms: &str, number: i64, member: Option<&Member>) -> Result<Vec<Self>, db::Error> {
        let nobody = Id::from_bytes([0; 16]);
        let company = member.map_or(nobody, |member| member.company);
        let sql = format!(
            "{READ} WHERE m.terms = $1 AND m.number = $2 AND (m.state = 'published' OR m.company = $3) \
             ORDER BY m.at, m.id LIMIT $4"
        );
        tx.all(&sql, values![terms, number, company, SHOWN], row)
    }

    /// All of a line, for the operator; the oldest first.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn all(tx: &mut Tx, _: &Operator, terms: &str, number: i64) -> Result<Vec<Self>, db::Error> {
        let sql = format!("{READ} WHERE m.terms = $1 AND m.number = $2 ORDER BY m.at, m.id LIMIT $3");
        tx.all(&sql, values![terms, number, SHOWN], row)
    }
}

fn row(row: &mut Row<'_>) -> Result<Said, db::Error> {
    Ok(Said {
        id: row.next()?,
        company: row.next()?,
        text: row.next()?,
        at: row.next()?,
        state: Standing::from_code(&row.next::<String>()?),
    })
}

/// Comments for the member's company.
pub async fn say(
    State(app): State<App>,
    context: Ctx,
    member: Agent,
    At(id): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let page = Show::coming(&app, &context, &id, Form::default()).await?;
    let closed = || Error::conflict("terms-comments-closed");
    let page = page.ok_or_else(closed)?;
    let saying: Saying = input.parse().map_err(|refused| refused.on("terms", |form| page.with(form)))?;
    let back = format!("/agreements/{id}/{}?done=terms-commented#comments", page_edition(&saying.edition, &id)?);
    let said = app.db().write(move |tx| insert(tx, &member, &id, &saying)).await?;
    Ok(Saved::at(back, said))
}

/// The edition that a form names, if this program has it.
fn page_edition(edition: &str, terms: &str) -> Result<&'static str, Error> {
    let found = policy::terms(terms).and_then(|terms| terms.edition(edition));
    found.map(|found| found.id).ok_or_else(|| Error::conflict("terms-comments-closed"))
}

/// While comments are open in this unit. The same form again is fine, another's id is not found.
fn insert(tx: &mut Tx, member: &Agent, terms: &str, saying: &Saying) -> Result<Said, Error> {
    let (calendar, now) = (Calendar::read(tx, terms)?, tx.now());
    let line = calendar.coming(now).filter(|line| line.edition == saying.edition);
    let line = line.filter(|line| line.comments_until.is_some_and(|until| now < until));
    let number = line.ok_or_else(|| Error::conflict("terms-comments-closed"))?.number;
    let find = |tx: &mut Tx| {
        let sql = format!("{READ} WHERE m.id = $1 AND m.company = $2 AND m.terms = $3 AND m.number = $4");
        tx.first(&sql, values![saying.id, member.company, terms, number], row)
    };
    if let Some(said) = find(tx)? {
        return Ok(said);
    }
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM terms_comment WHERE company = $1 AND terms = $2 AND number = $3";
    if tx.one(sql, values![member.company, terms, number], |row| row.next::<i64>())? >= MOST {
        return Err(Error::conflict("terms-comments-full").with("n", MOST));
    }
    let inserted = tx.execute(
        "INSERT INTO terms_comment (id, terms, number, company, body, at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting') ON CONFLICT (id) DO NOTHING",
        values![saying.id, terms, number, member.company, &saying.text, now],
    )?;
    if inserted == 1 {
        event::record(tx, member.scope(), &Commented { comment: saying.id, terms, number })?;
    }
    find(tx)?.ok_or_else(Error::not_found)
}

/// Publishes or withholds; the same again is the same.
///
/// # Errors
/// 404; 409 `terms-comment-decided`.
pub fn decide(tx: &mut Tx, operator: &Operator, id: Id<Comment>, state: Standing) -> Result<Decided, Error> {
    operator.still(tx)?;
    let now = tx.now();
    let sql = "SELECT state FROM terms_comment WHERE id = $1";
    let before: String = tx.first(sql, values![id], |row| row.next())?.ok_or_else(Error::not_found)?;
    let decided = Decided { comment: id, state };
    match Standing::from_code(&before) {
        same if same == state => return Ok(decided),
        Standing::Waiting => {}
        _ => return Err(Error::conflict("terms-comment-decided")),
    }
    let sql =
        "UPDATE terms_comment SET state = $1, decided_at = $2, decided_by = $3 WHERE id = $4 AND state = 'waiting'";
    if tx.execute(sql, values![state.code(), now, operator.account(), id])? == 0 {
        return Err(Error::conflict("terms-comment-decided"));
    }
    event::record(tx, own(operator), &decided)?;
    Ok(decided)
}
