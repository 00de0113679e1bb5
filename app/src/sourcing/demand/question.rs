//! Questions about a demand, and answers that all its readers get: as of a tender ([`clarification`]), nobody learns who asked.

use super::demand::{Demand, State};
use super::event::{Answered, Asked as Happened};
use super::interest;
use super::page::Done;
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act};
use crate::sourcing::clarification::{self, AnswerPage, Answering, AskPage, Asking, Question, Table};
use crate::web::{Actor, At, Bidder, Error, Input, Preparer, Saved};
use axum::extract::State as Of;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;

/// A question about a demand.
pub struct Asked;

/// Where they lie.
const QUESTIONS: Table = Table::new("demand_question", "demand");

fn mark(app: &App, demand: Id<Demand>, company: Id<Company>) -> [u8; 32] {
    clarification::mark(app, demand, company)
}

/// `POST /demands/{id}/questions`.
pub(super) async fn ask(
    Of(app): Of<App>,
    provider: Bidder,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let asking: Asking = match input.parse() {
        Ok(asking) => asking,
        Err(refused) => {
            app.db().read(move |tx| store::find(tx, &Actor::Member((**provider).clone()), id)).await?;
            return Err(refused.on("clarification-ask", |form| AskPage {
                back: page(id),
                word: BACK,
                because: BECAUSE,
                form,
            }));
        }
    };
    let (target, asker) = (interest::target(&app, provider.company, id), mark(&app, id, provider.company));
    let unit = move |tx: &mut Tx| {
        provider.still(tx)?;
        mandate::may(tx, &provider, Act::Interest, &target)?;
        insert(tx, &provider, id, asker, &asking)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("{}?done=demand-asked#questions", page(id)), Done { id }))
}

/// `POST /demand-questions/{id}/answer`.
pub(super) async fn answer(
    Of(app): Of<App>,
    buyer: Preparer,
    At(id): At<Id<Asked>>,
    input: Input,
) -> Result<Saved, Error> {
    let Answering { text, .. } = match input.parse() {
        Ok(answering) => answering,
        Err(refused) => {
            let (demand, text, _) = app.db().read(move |tx| asked(tx, &buyer, id)).await?;
            let (back, to) = (page(demand.id), format!("/demand-questions/{id}/answer"));
            let page = |form| AnswerPage { back, word: BACK, because: BECAUSE, to, text, moves: None, form };
            return Err(refused.on("clarification-answer-title", page));
        }
    };
    let theirs = app.clone();
    let demand = app.db().write(move |tx| reply(tx, &theirs, &buyer, id, &text)).await?;
    Ok(Saved::at(format!("{}?done=question-answered#questions", page(demand)), Done { id: demand }))
}

/// Key of the word that leads back.
const BACK: &str = "demand";

/// Key of who reads it.
const BECAUSE: &str = "demand-because-questions";

fn page(id: Id<Demand>) -> String {
    format!("/demands/{id}")
}

fn insert(tx: &mut Tx, provider: &Bidder, id: Id<Demand>, asker: [u8; 32], asking: &Asking) -> Result<(), Error> {
    let demand = interest::to_answer(tx, provider, id)?;
    if !QUESTIONS.insert(tx, id, asker, asking)? {
        return Ok(());
    }
    let scope = event::Scope { company: None, ..demand.scope() };
    event::record(tx, scope, &Happened { demand: id, question: asking.id.cast() })?;
    Ok(())
}

/// A question about a demand of the company's own: the demand, what was asked, what was answered.
fn asked(tx: &mut Tx, buyer: &Preparer, id: Id<Asked>) -> Result<(Demand, String, Option<String>), Error> {
    let (demand, text, answer) = QUESTIONS.find(tx, id.cast())?;
    Ok((store::own(tx, buyer, demand)?, text, answer))
}

fn reply(tx: &mut Tx, app: &App, buyer: &Preparer, id: Id<Asked>, text: &str) -> Result<Id<Demand>, Error> {
    buyer.still(tx)?;
    let (demand, _, answered) = asked(tx, buyer, id)?;
    mandate::may(tx, buyer, Act::Demand, &interest::target(app, buyer.company, demand.id))?;
    if clarification::is_answered(answered.as_deref(), text)? {
        return Ok(demand.id);
    }
    if demand.state != State::Published {
        return Err(Error::conflict("demand-not-open"));
    }
    QUESTIONS.answer(tx, id.cast(), text)?;
    event::record(tx, demand.scope(), &Answered { demand: demand.id, question: id })?;
    Ok(demand.id)
}

/// What a reader sees of a demand's questions: answered ones; its company all; an asker its own.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(tx: &mut Tx, app: &App, actor: &Actor, demand: &Demand) -> Result<Vec<Question>, db::Error> {
    let company = actor.member().map(|member| member.company);
    QUESTIONS.list(tx, app, demand.id, (company, demand.is_of(company)))
}

/// Whether one of a demand's has no answer yet.
///
/// # Errors
/// [`db::Error`].
pub(super) fn waits(tx: &mut Tx, demand: Id<Demand>) -> Result<bool, db::Error> {
    QUESTIONS.waits(tx, demand)
}

/// The company that asked, for the program that tells it of the answer, and for nobody else.
///
/// # Errors
/// [`db::Error`].
pub fn asked_by(tx: &mut Tx, app: &App, question: Id<Asked>) -> Result<Option<Id<Company>>, db::Error> {
    QUESTIONS.asked_by(tx, app, question.cast())
}
