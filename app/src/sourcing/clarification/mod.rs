//! Clarification (澄清): questions about a tender, and answers that go to all at once.
//!
//! Nobody learns who asked, the buyer included: the row holds a keyed hash of tender and company, by which only the
//! asker's own page recognises its question.

mod kept;
mod page;

use crate::app::App;
use crate::identity::company::{self, Company};
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::amendment::answering::{self, Affecting};
use crate::sourcing::tender::{self, Done, State as Stage, Tender};
use crate::web::{
    Actor, At, Bidder, Buyer, Error, Fields, Form, Input, Instant, News, Op, Parse, Preparer, Provider, Room, Routes,
    Saved, Scope, Texts, Who,
};
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
pub use kept::{Table, is_answered};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
pub use page::{Answer as AnswerPage, Ask as AskPage, Below};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The room.
pub static ROOM: Room = Room {
    news: Some(news),
    ..Room::new("clarification", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let asking = Op::act::<Asking, Done>("question.ask", "提问 · Asks a question about a tender")
        .conflicts(&["own-tender", "questions-ended"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Bid);
    let answering = Op::act::<Answering, Done>("question.answer", "答疑 · Answers a question, for all")
        .conflicts(&["question-answered", "answers-ended"])
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .token(Scope::Tender);
    Routes::new().post("/tenders/{id}/questions", Who::Bidder, asking, ask).post(
        "/questions/{id}/answer",
        Who::Preparer,
        answering,
        answer,
    )
}

/// Where questions about tenders lie.
const QUESTIONS: Table = Table::new("question", "tender");

/// A question, with its answer once there is one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    /// Its id.
    pub id: Id<Question>,
    /// As it was asked.
    pub text: String,
    /// When.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// The buyer's answer.
    pub answer: Option<String>,
    /// When it was given.
    #[schemars(with = "Option<Instant>")]
    pub answered_at: Option<Timestamp>,
    /// Whether the reader's own company asked.
    pub own: bool,
}

/// A question was asked.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    /// About which tender.
    pub tender: Id<Tender>,
    /// Which.
    pub question: Id<Question>,
}
impl Fact for Asked {
    const KIND: &'static str = "question.asked";
}

/// A question was answered.
#[derive(Serialize, Deserialize)]
pub struct Answered {
    /// About which tender.
    pub tender: Id<Tender>,
    /// Which.
    pub question: Id<Question>,
}
impl Fact for Answered {
    const KIND: &'static str = "question.answered";
}

/// A question as its form has it.
pub struct Asking {
    /// The id of the row to be made.
    pub id: Id<Question>,
    /// 5 to 2,000 characters.
    pub text: String,
}

impl Parse for Asking {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, text) = (fields.id("question_id"), fields.text("question", 5..=2000));
        Some(Self { id: id?, text: text? })
    }
}

/// An answer as its form has it.
#[derive(Clone)]
pub struct Answering {
    /// 2 to 5,000 characters.
    pub text: String,
    /// What it does to the deadline.
    pub affecting: Affecting,
}

impl Parse for Answering {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let text = fields.text("answer", 2..=5000);
        let affects = fields.ticked("affects");
        let deadline = fields.optional_instant("deadline");
        Some(Self { text: text?, affecting: Affecting { affects, deadline: deadline? } })
    }
}

async fn ask(State(app): State<App>, provider: Bidder, At(id): At<Id<Tender>>, input: Input) -> Result<Saved, Error> {
    let question: Asking = match input.parse() {
        Ok(question) => question,
        Err(refused) => {
            app.db().read(move |tx| tender::store::find(tx, &Actor::Member((**provider).clone()), id)).await?;
            let back = format!("/tenders/{id}");
            return Err(refused.on("clarification-ask", |form| AskPage { back, word: BACK, because: BECAUSE, form }));
        }
    };
    let asker = mark(&app, id, provider.company);
    let target = Target::of(&app, provider.company, id, None::<Id<tender::Lot>>);
    let unit = move |tx: &mut Tx| {
        provider.still(tx)?;
        mandate::may(tx, &provider, Act::Ask, &target)?;
        insert(tx, &provider, id, asker, &question)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=question-asked#questions"), Done { id }))
}

async fn answer(
    State(app): State<App>,
    buyer: Preparer,
    At(id): At<Id<Question>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let owner = buyer.clone();
        let (tender, text) = app.db().read(move |tx| asked(tx, &owner, id)).await?;
        let (back, to) = (format!("/tenders/{}", tender.id), format!("/questions/{id}/answer"));
        Ok((
            "clarification-answer-title",
            AnswerPage { back, word: BACK, because: BECAUSE, to, text, moves: Some("clarification"), form },
        ))
    };
    let act = async |given: Answering, form: Form| {
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| reply(tx, &theirs, &buyer, id, (&given, &form))).await
    };
    let tender = input.act_on(page, act).await?;
    Ok(Saved::at(format!("/tenders/{tender}?done=question-answered#questions"), Done { id: tender }))
}

/// Key of the word that leads back to the tender.
const BACK: &str = "clarification-to-tender";

/// Key of who reads it.
const BECAUSE: &str = "clarification-because";

/// What stands in the row of a question instead of the asking company: of what it is about and the company.
pub fn mark<T>(app: &App, about: Id<T>, company: Id<Company>) -> [u8; 32] {
    app.mark("question/asker", &[about.as_bytes(), company.as_bytes()])
}

/// The company that asked, for the program that tells it of the answer, and for nobody else: each provider's keyed hash is
/// tried.
///
/// # Errors
/// [`db::Error`].
pub fn asked_by(tx: &mut Tx, app: &App, question: Id<Question>) -> Result<Option<Id<Company>>, db::Error> {
    QUESTIONS.asked_by(tx, app, question)
}

/// The companies that have asked about a tender, for the program that tells them of an amendment, and for nobody else.
///
/// # Errors
/// [`db::Error`].
pub fn askers(tx: &mut Tx, app: &App, tender: Id<Tender>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT asker FROM question WHERE tender = $1 ORDER BY asked_at, id";
    let asked: HashSet<[u8; 32]> = tx.all(sql, values![tender], |row| row.next())?.into_iter().collect();
    let mut found = company::providers(tx)?;
    found.retain(|company| asked.contains(&mark(app, tender, *company)));
    Ok(found)
}

fn insert(tx: &mut Tx, provider: &Bidder, id: Id<Tender>, asker: [u8; 32], question: &Asking) -> Result<(), Error> {
    let tender = tender::store::find(tx, &Actor::Member((***provider).clone()), id)?;
    if tender.company == provider.company {
        return Err(Error::conflict("own-tender"));
    }
    let now = tx.now();
    if tender.state != Stage::Published || now >= tender.questions_until {
        return Err(Error::conflict("questions-ended").with("until", tender.questions_until));
    }
    if !QUESTIONS.insert(tx, id, asker, question)? {
        return Ok(());
    }
    let mut scope = tender.scope();
    scope.company = None;
    event::record(tx, scope, &Asked { tender: id, question: question.id })?;
    Ok(())
}

/// A question about a tender of the buyer's own: the tender, and what was asked.
fn asked(tx: &mut Tx, buyer: &Preparer, id: Id<Question>) -> Result<(Tender, String), Error> {
    let (tender, text, _) = QUESTIONS.find(tx, id)?;
    Ok((tender::store::own(tx, buyer, tender)?, text))
}

fn reply(
    tx: &mut Tx,
    app: &App,
    buyer: &Preparer,
    id: Id<Question>,
    (given, form): (&Answering, &Form),
) -> Result<Id<Tender>, Error> {
    let text = given.text.as_str();
    buyer.still(tx)?;
    let (tender, _, answered) = QUESTIONS.find(tx, id)?;
    let tender = tender::store::own(tx, buyer, tender)?;
    let target = Target::of(app, buyer.company, tender.id, None::<Id<tender::Lot>>);
    mandate::may(tx, buyer, Act::Answer, &target)?;
    let now = tx.now();
    if is_answered(answered.as_deref(), text)? {
        return Ok(tender.id);
    }
    if !takes_answers(&tender, now) {
        return Err(Error::conflict("answers-ended"));
    }
    let moved =
        answering::deadline(&tender, given.affecting, now).map_err(|rule| form.clone().refuse("deadline", rule))?;
    if let Some(deadline) = moved {
        mandate::may(tx, buyer, Act::Publish, &target)?;
        answering::move_on(tx, buyer, &tender, deadline, form)?;
    }
    QUESTIONS.answer(tx, id, text)?;
    event::record(tx, tender.scope(), &Answered { tender: tender.id, question: id })?;
    Ok(tender.id)
}

/// Whether answers are given: while bids are taken; to objections to the choice of one provider until the award, which waits for them.
pub fn takes_answers(tender: &Tender, now: Timestamp) -> bool {
    match tender.method.profile().circle.reason {
        true => tender.state.is_public() && !tender.state.is_over(),
        false => tender.state == Stage::Published && now < tender.deadline,
    }
}

/// Nothing stands open that was asked of a tender whose choice of one provider can be objected to: it is not awarded before.
///
/// # Errors
/// 409 `objections-unanswered`.
pub fn settled(tx: &mut Tx, tender: &Tender) -> Result<(), Error> {
    if !tender.method.profile().circle.reason {
        return Ok(());
    }
    if QUESTIONS.waits(tx, tender.id)? { Err(Error::conflict("objections-unanswered")) } else { Ok(()) }
}

/// An answered question, which is everybody's; none while it has no answer.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Question>) -> Result<Option<Question>, db::Error> {
    let sql =
        "SELECT id, text, asked_at, answer, answered_at, asker FROM question WHERE id = $1 AND answer IS NOT NULL";
    // No company has this mark.
    tx.first(sql, values![id], |row| read(row, &[0; 32]))
}

/// What a reader sees of a tender's questions: answered ones; the buyer all; an asker its own.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, app: &App, actor: &Actor, tender: &Tender) -> Result<Vec<Question>, db::Error> {
    list_for(tx, app, actor.member().map(|member| member.company), tender)
}

/// The same for the members of a company, whoever of them asks.
///
/// # Errors
/// [`db::Error`].
pub fn list_for(
    tx: &mut Tx,
    app: &App,
    company: Option<Id<Company>>,
    tender: &Tender,
) -> Result<Vec<Question>, db::Error> {
    QUESTIONS.list(tx, app, tender.id, (company, company == Some(tender.company)))
}

/// A row of id, text, when, answer, when, asker; `own`: what stands there where the reader's company asked.
///
/// # Errors
/// [`db::Error`].
pub fn read(row: &mut Row<'_>, own: &[u8; 32]) -> Result<Question, db::Error> {
    Ok(Question {
        id: row.next()?,
        text: row.next()?,
        asked_at: row.next()?,
        answer: row.next()?,
        answered_at: row.next()?,
        own: row.next::<[u8; 32]>()? == *own,
    })
}

/// For a buyer the newest questions, for a provider the newest answers where bids are taken.
fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    let mut news = Vec::new();
    if let Some(buyer) = Buyer::of(actor) {
        let sql = "SELECT q.asked_at, t.title, t.id FROM tender t JOIN question q ON q.tender = t.id \
                   WHERE t.company = $1 ORDER BY q.asked_at DESC, q.id DESC LIMIT 10";
        news.extend(tx.all(sql, values![buyer.company], |row| new(row, "clarification-news-asked"))?);
    }
    if let Some(provider) = Provider::of(actor) {
        let sql = format!(
            "SELECT q.answered_at, t.title, t.id FROM tender t JOIN question q ON q.tender = t.id WHERE t.state = 'published' \
             AND q.answered_at IS NOT NULL AND {} ORDER BY q.answered_at DESC, q.id DESC LIMIT 10",
            tender::named::read(1)
        );
        news.extend(tx.all(&sql, values![provider.company], |row| new(row, "clarification-news-answered"))?);
    }
    Ok(news)
}

fn new(row: &mut Row<'_>, what: &'static str) -> Result<News, db::Error> {
    let (at, about) = (row.next()?, row.next()?);
    Ok(News { at, what, about, path: format!("/tenders/{}#questions", row.next::<Id<Tender>>()?) })
}
