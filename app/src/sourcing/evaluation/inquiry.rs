//! What a committee asks a bidder in writing (澄清、说明): to justify a price before anybody rejects it as below cost, or what the bid means. An
//! answer changes nothing that is offered: there is no field for it. The committee reads it, and the bidder; nobody else, the buyer neither.

use super::event::Inquired;
use super::score::{lettered, scorer};
use super::table::Table;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Agent, Bidder, Broken, Error, Fields, Form, Instant, Parse, Provider};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "InquiryKind")]
pub enum Kind {
    /// 说明报价: why the price can be so low.
    Price,
    /// 澄清: what is meant.
    Meaning,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Price, Self::Meaning];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Meaning => "meaning",
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("inquiry-kind-{}", self.code())
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What was asked, and what was answered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Inquiry {
    /// Its id.
    pub id: Id<Inquiry>,
    /// The lot.
    pub lot: Id<Lot>,
    /// About which bid.
    pub bid: Id<Bid>,
    /// What is asked for.
    pub kind: Kind,
    /// The question.
    pub question: String,
    /// When it was asked.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// Until when it can be answered.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// The answer.
    pub answer: Option<String>,
    /// When it was given.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
}

impl Inquiry {
    /// Whether it can still be answered.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.answer.is_none() && now < self.due_at
    }
}

/// A question as a committee's member writes it.
pub struct Asked {
    id: Id<Inquiry>,
    about: String,
    kind: Kind,
    question: String,
}

impl Parse for Asked {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let about = fields.like("about", "A").text("about", 1..=3);
        fields.one_of("kind", Kind::ALL.map(Kind::code));
        let kind = fields.parse("kind", |code| Kind::of(code).ok_or("choice"));
        let question = fields.passage("question", 5..=2000);
        Some(Self { id: id?, about: about?, kind: kind?, question: question? })
    }
}

/// An answer.
pub struct Answered {
    pub text: String,
}

impl Parse for Answered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { text: fields.passage("answer", 5..=5000)? })
    }
}

/// Asks the bidder of a bid. The same form again asks once.
///
/// # Errors
/// 401; 403; 404 to all but who evaluates the lot; 409 `declaration-first`, `scores-signed`, `evaluation-over`, `inquiry-asked` where the price was
/// asked about; 422 for a letter that no bid has.
pub fn ask(tx: &mut Tx, member: &Agent, lot: Id<Lot>, (given, form): (&Asked, &Form)) -> Result<(), Error> {
    let (table, _) = scorer(tx, member, lot)?;
    let sql = "SELECT lot FROM inquiry WHERE id = $1";
    match tx.first(sql, values![given.id], |row| row.next::<Id<Lot>>())? {
        Some(of) if of == lot => return Ok(()),
        Some(_) => return Err(Error::not_found()),
        None => {}
    }
    let bids = lettered(tx, &table)?;
    let found = bids.into_iter().find(|(letter, _)| *letter == given.about);
    let Some((_, bid)) = found else { return Err(form.clone().refuse("about", "choice")) };
    let Some(company) = bid.company else { return Err(Error::not_found()) };
    if given.kind == Kind::Price && of_price(tx, bid.id)?.is_some() {
        return Err(Error::conflict("inquiry-asked"));
    }
    let (now, tender) = (tx.now(), &table.tender);
    let hours = SignedDuration::from_hours(tender.method.profile().low_price.answer_hours);
    let due_at = now.checked_add(hours).unwrap_or(now);
    tx.execute(
        "INSERT INTO inquiry (id, tender, lot, bid, kind, question, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![given.id, tender.id, lot, bid.id, given.kind.code(), &given.question, now, due_at],
    )?;
    event::record(tx, tender.scope(), &Inquired { tender: tender.id, lot, inquiry: given.id, company })?;
    Ok(())
}

/// Answers, once. The same form again changes nothing.
///
/// # Errors
/// 401; 403; 404 to all but the bidder; 409 `inquiry-answered`, `inquiry-over`.
pub fn answer(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Inquiry>, given: &Answered) -> Result<(), Error> {
    provider.still(tx)?;
    let (inquiry, tender) = own(tx, provider, id)?;
    let target = Target::of(app, provider.company, tender, Some(inquiry.lot));
    mandate::may(tx, provider, Act::Bid, &target)?;
    match &inquiry.answer {
        Some(text) if *text == given.text => return Ok(()),
        Some(_) => return Err(Error::conflict("inquiry-answered")),
        None => {}
    }
    let now = tx.now();
    if now >= inquiry.due_at {
        return Err(Error::conflict("inquiry-over").with("until", inquiry.due_at));
    }
    let sql = "UPDATE inquiry SET answer = $1, answered_at = $2 WHERE id = $3";
    tx.execute(sql, values![&given.text, now, id])?;
    Ok(())
}

/// What is asked of a provider's own company, with the tender.
fn own(tx: &mut Tx, provider: &Provider, id: Id<Inquiry>) -> Result<(Inquiry, Id<Tender>), Error> {
    let sql = format!(
        "SELECT {COLUMNS}, i.tender FROM inquiry i JOIN bid b ON b.id = i.bid WHERE i.id = $1 AND b.company = $2"
    );
    let found = tx.first(&sql, values![id, provider.company], |row| Ok((read(row)?, row.next()?)))?;
    found.ok_or_else(Error::not_found)
}

/// An inquiry with the titles of tender and lot.
pub type Titled = (Inquiry, String, String);

/// What a company was asked, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_own(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Titled>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS}, t.title, l.title FROM inquiry i JOIN bid b ON b.id = i.bid JOIN tender t ON t.id = i.tender \
         JOIN lot l ON l.id = i.lot WHERE b.company = $1 ORDER BY i.asked_at DESC, i.id DESC LIMIT 100"
    );
    tx.all(&sql, values![company], |row| Ok((read(row)?, row.next()?, row.next()?)))
}

/// What was asked about the bids of a lot, the oldest first: for its committee.
///
/// # Errors
/// [`db::Error`].
pub fn of_lot(tx: &mut Tx, table: &Table) -> Result<Vec<Inquiry>, db::Error> {
    let sql = format!("SELECT {COLUMNS} FROM inquiry i WHERE i.lot = $1 ORDER BY i.asked_at, i.id");
    tx.all(&sql, values![table.lot.id], read)
}

fn of_price(tx: &mut Tx, bid: Id<Bid>) -> Result<Option<Inquiry>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inquiry i WHERE i.bid = $1 AND i.kind = 'price' ORDER BY i.asked_at, i.id LIMIT 1"
    );
    tx.first(&sql, values![bid], read)
}

/// Whether a bidder was heard about the price: asked, and answered or silent until the time was over.
///
/// # Errors
/// The rule that a rejection as below cost breaks.
pub fn heard(tx: &mut Tx, bid: Id<Bid>) -> Result<Result<(), Broken>, db::Error> {
    let now = tx.now();
    if !policy::holds(Control::InquiryClosed) {
        return Ok(Ok(()));
    }
    Ok(match of_price(tx, bid)? {
        None => Err(Broken::rule("below-cost-unasked")),
        Some(asked) if asked.waits(now) => Err(Broken::rule("below-cost-waits").with("until", asked.due_at)),
        Some(_) => Ok(()),
    })
}

const COLUMNS: &str = "i.id, i.lot, i.bid, i.kind, i.question, i.asked_at, i.due_at, i.answer, i.answered_at";

fn read(row: &mut Row<'_>) -> Result<Inquiry, db::Error> {
    Ok(Inquiry {
        id: row.next()?,
        lot: row.next()?,
        bid: row.next()?,
        kind: coded(&row.next::<String>()?, Kind::of)?,
        question: row.next()?,
        asked_at: row.next()?,
        due_at: row.next()?,
        answer: row.next()?,
        answered_at: row.next()?,
    })
}
