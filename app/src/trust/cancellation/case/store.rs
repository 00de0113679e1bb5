//! Every query about assisted requests.

use super::{CHANNELS, CHECKS};
use crate::identity::account::{Account, Name};
use crate::trust::cancellation::Cancellation;
use crate::web::{Error, Fields, Instant, Operator, OperatorDuty, Parse, Queue};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many the list shows.
const SHOWN: i64 = 100;

/// What opening a case asks.
pub struct New {
    pub id: Id<Case>,
    /// The phone or e-mail that the person says is theirs.
    pub name: Name,
    channel: String,
    checked: String,
    file: String,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let name = fields.like("account", "li@example.com").parse("account", |text| Ok::<_, &str>(Name::read(text)));
        let of =
            |codes: &'static [&str]| move |text: &str| codes.contains(&text).then(|| text.to_owned()).ok_or("choice");
        let channel = fields.one_of("channel", CHANNELS).parse("channel", of(&CHANNELS));
        let checked = fields.one_of("checked", CHECKS).parse("checked", of(&CHECKS));
        // A number, so that nobody writes a name or an address here.
        let number = |text: &str| {
            let fits = text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'/');
            fits.then(|| text.to_owned()).ok_or("file-number")
        };
        let file = fields.like("file", "2026-0042").parse("file", number);
        Some(Self { id: id?, name: name?, channel: channel?, checked: checked?, file: file? })
    }
}

/// A case. The person is named by their company only.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CancellationCase")]
pub struct Case {
    /// Its id.
    pub id: Id<Case>,
    /// The company that the account acts for; none for an account of the operator.
    pub company: Option<String>,
    /// phone, letter, mail.
    pub channel: String,
    /// callback, papers, in-person.
    pub checked: String,
    /// The number of the operator's file.
    pub file: String,
    /// open, approved, closed.
    pub state: String,
    /// When it was opened.
    #[schemars(with = "Instant")]
    pub opened_at: Timestamp,
    /// When it was approved or closed.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    #[serde(skip)]
    pub account: Id<Account>,
    #[serde(skip)]
    pub opened_by: Id<Account>,
}

impl Case {
    /// Colour and glyph of its state.
    pub fn sign(&self) -> (&'static str, &'static str) {
        match self.state.as_str() {
            "open" => ("warn", "hourglass"),
            "approved" => ("live", "ok"),
            _ => ("", "x"),
        }
    }
}

/// A case was opened. Ids only.
#[derive(Serialize)]
struct Opened {
    case: Id<Case>,
}
impl Fact for Opened {
    const KIND: &'static str = "cancellation.case-opened";
}

/// A case was approved by a second operator, or closed without a cancellation.
#[derive(Serialize)]
struct Decided {
    case: Id<Case>,
    cancellation: Option<Id<Cancellation>>,
}
impl Fact for Decided {
    const KIND: &'static str = "cancellation.case-decided";
}

const COLUMNS: &str = "k.id, c.name, k.channel, k.checked, k.file, k.state, k.opened_at, k.decided_at, k.account, \
     k.opened_by FROM cancellation_case k JOIN account a ON a.id = k.account LEFT JOIN company c ON c.id = a.company";

fn read(row: &mut Row<'_>) -> Result<Case, db::Error> {
    Ok(Case {
        id: row.next()?,
        company: row.next()?,
        channel: row.next()?,
        checked: row.next()?,
        file: row.next()?,
        state: row.next()?,
        opened_at: row.next()?,
        decided_at: row.next()?,
        account: row.next()?,
        opened_by: row.next()?,
    })
}

/// The newest, open ones first.
pub fn list(tx: &mut Tx, _: &Operator) -> Result<Vec<Case>, db::Error> {
    let of = |tx: &mut Tx, state| {
        let sql = format!("SELECT {COLUMNS} WHERE k.state = $1 ORDER BY k.opened_at DESC, k.id DESC LIMIT $2");
        tx.all(&sql, values![state, SHOWN], read)
    };
    let mut cases = of(tx, "open")?;
    let mut over = of(tx, "approved")?;
    over.extend(of(tx, "closed")?);
    over.sort_by_key(|case| std::cmp::Reverse((case.opened_at, case.id)));
    cases.extend(over);
    Ok(cases)
}

/// One.
pub fn find(tx: &mut Tx, _: &Operator, id: Id<Case>) -> Result<Option<Case>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE k.id = $1"), values![id], read)
}

/// Opens one. The same id again is the same case.
///
/// # Errors
/// 404 for an id that another operator has used.
pub fn open(tx: &mut Tx, operator: &Operator, new: &New, account: Id<Account>) -> Result<Case, Error> {
    operator.still(tx)?;
    let now = tx.now();
    let inserted = tx.execute(
        "INSERT INTO cancellation_case (id, account, channel, checked, file, state, opened_by, opened_at) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7) ON CONFLICT (id) DO NOTHING",
        values![new.id, account, &new.channel, &new.checked, &new.file, operator.account(), now],
    )?;
    if inserted == 1 {
        event::record(tx, by(operator), &Opened { case: new.id })?;
    }
    let own = |case: &Case| case.opened_by == operator.account() && case.account == account;
    find(tx, operator, new.id)?.filter(own).ok_or_else(Error::not_found)
}

/// Decides on an open one, for good: approved with its cancellation, or closed without.
///
/// # Errors
/// 409 `case-decided`.
pub fn decide(
    tx: &mut Tx,
    operator: &Operator,
    case: Id<Case>,
    cancellation: Option<Id<Cancellation>>,
) -> Result<(), Error> {
    operator.still(tx)?;
    let (now, state) = (tx.now(), if cancellation.is_some() { "approved" } else { "closed" });
    let decided = tx.execute(
        "UPDATE cancellation_case SET state = $1, decided_by = $2, decided_at = $3, cancellation = $4 \
         WHERE id = $5 AND state = 'open'",
        values![state, operator.account(), now, cancellation, case],
    )?;
    if decided == 0 {
        return Err(Error::conflict("case-decided"));
    }
    event::record(tx, by(operator), &Decided { case, cancellation })?;
    Ok(())
}

/// How many wait for an operator other than the one who opened them.
pub fn waiting(tx: &mut Tx, operator: &Operator) -> Result<i64, db::Error> {
    let sql = "SELECT count(*) FROM cancellation_case WHERE state = 'open' AND opened_by <> $1";
    tx.one(sql, values![operator.account()], |row| row.next())
}

fn by(operator: &Operator) -> Scope {
    Scope { actor: Some(*operator.subject().as_bytes()), ..Scope::default() }
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(opened_at) AS BIGINT), CAST(NULL AS BIGINT) FROM cancellation_case \
         WHERE state = 'open'";
    tx.one(sql, &[], |row| Queue::read(row, ("cases", "/desk/privacy/cases", OperatorDuty::PrivacyOfficer)))
}
