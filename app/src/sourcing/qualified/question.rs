//! Questions about a call, and answers that everybody reads: as of a tender ([`clarification`]), nobody learns who asked. An answer that may
//! affect applications leaves days to change them, or moves their deadline on in the same act (招标投标法实施条例 art. 21).

use super::event::{Asked, Extended, Replied};
use super::list::QualifiedList;
use super::page::Done;
use super::{application, applying, rule, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act};
use crate::identity::people::Duty;
use crate::sourcing::clarification::{self, AnswerPage, Answering, AskPage, Asking, Question, Table};
use crate::web::{Actor, At, Bidder, Error, Form, Input, Preparer, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// Where they lie.
const QUESTIONS: Table = Table::new("qualified_question", "list");

/// What the keys of their words begin with.
pub(super) const WORDS: &str = "qualified-qa";

/// Key of the word that leads back.
const BACK: &str = "qualified";

/// Key of who reads it.
const BECAUSE: &str = "clarification-because";

/// `POST /qualified-lists/{id}/questions`.
pub(super) async fn ask(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let reader = Actor::Member((**provider).clone());
        app.db().read(move |tx| store::find(tx, &reader, id)).await?;
        Ok(("clarification-ask", AskPage { back: page(id), word: BACK, because: BECAUSE, form }))
    };
    let act = async |asking: Asking, _: Form| {
        let target = application::target(&app, provider.company, id);
        let (provider, asker) = (provider.clone(), clarification::mark(&app, id, provider.company));
        let unit = move |tx: &mut Tx| {
            provider.still(tx)?;
            mandate::may(tx, &provider, Act::Ask, &target)?;
            insert(tx, &provider, id, asker, &asking)
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("{}?done=question-asked#questions", page(id)), Done { id }))
}

/// `POST /qualified-questions/{id}/answer`.
pub(super) async fn answer(
    State(app): State<App>,
    buyer: Preparer,
    At(id): At<Id<Question>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let owner = buyer.clone();
        let (list, text, _) = app.db().read(move |tx| asked(tx, &owner, id)).await?;
        let (back, to) = (page(list.id), format!("/qualified-questions/{id}/answer"));
        let moves = list.content.applications_until.map(|_| WORDS);
        Ok(("clarification-answer-title", AnswerPage { back, word: BACK, because: BECAUSE, to, text, moves, form }))
    };
    let act = async |given: Answering, form: Form| {
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| reply(tx, &theirs, &buyer, id, (&given, &form))).await
    };
    let list = input.act_on(again, act).await?;
    Ok(Saved::at(format!("{}?done=question-answered#questions", page(list)), Done { id: list }))
}

fn page(id: Id<QualifiedList>) -> String {
    format!("/qualified-lists/{id}")
}

fn insert(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<QualifiedList>,
    asker: [u8; 32],
    asking: &Asking,
) -> Result<(), Error> {
    let (list, now) = (applying::to_apply(tx, provider, id)?, tx.now());
    if let Some(until) = rule::questions_until(list.content.applications_until).filter(|until| now >= *until) {
        return Err(Error::conflict("questions-ended").with("until", until));
    }
    if QUESTIONS.insert(tx, id, asker, asking)? {
        let scope = Scope { company: None, ..list.scope() };
        event::record(tx, scope, &Asked { list: id, question: asking.id })?;
    }
    Ok(())
}

/// A question about a list of the company's own: the list, what was asked, what was answered.
fn asked(tx: &mut Tx, buyer: &Preparer, id: Id<Question>) -> Result<(QualifiedList, String, Option<String>), Error> {
    let (list, text, answer) = QUESTIONS.find(tx, id)?;
    Ok((store::own(tx, buyer, list)?, text, answer))
}

fn reply(
    tx: &mut Tx,
    app: &App,
    buyer: &Preparer,
    id: Id<Question>,
    (given, form): (&Answering, &Form),
) -> Result<Id<QualifiedList>, Error> {
    buyer.still(tx)?;
    let (list, _, answered) = asked(tx, buyer, id)?;
    let target = application::target(app, buyer.company, list.id);
    mandate::may(tx, buyer, Act::Answer, &target)?;
    if clarification::is_answered(answered.as_deref(), &given.text)? {
        return Ok(list.id);
    }
    let now = tx.now();
    if !list.takes_applications(now) {
        return Err(Error::conflict("answers-ended"));
    }
    let until = list.content.applications_until;
    let moved =
        rule::answered(until, given.affecting, now).map_err(|broken| form.clone().refuse("deadline", broken))?;
    if let Some(deadline) = moved {
        if !buyer.duties.has(Duty::Buyer) {
            return Err(form.clone().refuse("deadline", "answer-needs-buyer"));
        }
        mandate::may(tx, buyer, Act::Publish, &target)?;
        extend(tx, list.clone(), deadline)?;
    }
    QUESTIONS.answer(tx, id, &given.text)?;
    event::record(tx, list.scope(), &Replied { list: list.id, question: id })?;
    Ok(list.id)
}

/// Moves the deadline of applications on.
fn extend(tx: &mut Tx, mut list: QualifiedList, deadline: Timestamp) -> Result<(), Error> {
    tx.execute("UPDATE qualified_list SET applications_until = $1 WHERE id = $2", values![deadline, list.id])?;
    list.content.applications_until = Some(deadline);
    store::move_on(tx, &list)?;
    event::record(tx, list.scope(), &Extended { list: list.id })?;
    Ok(())
}

/// What a reader sees of a list's questions: answered ones; its company all; an asker its own.
///
/// # Errors
/// [`db::Error`].
pub(super) fn list(
    tx: &mut Tx,
    app: &App,
    reader: Option<Id<Company>>,
    list: &QualifiedList,
) -> Result<Vec<Question>, db::Error> {
    QUESTIONS.list(tx, app, list.id, (reader, list.is_of(reader)))
}

/// Whether one of a list's has no answer yet.
///
/// # Errors
/// [`db::Error`].
pub(super) fn waits(tx: &mut Tx, list: Id<QualifiedList>) -> Result<bool, db::Error> {
    QUESTIONS.waits(tx, list)
}

/// The company that asked, for the program that tells it of the answer, and for nobody else.
///
/// # Errors
/// [`db::Error`].
pub fn asked_by(tx: &mut Tx, app: &App, question: Id<Question>) -> Result<Option<Id<Company>>, db::Error> {
    QUESTIONS.asked_by(tx, app, question)
}
