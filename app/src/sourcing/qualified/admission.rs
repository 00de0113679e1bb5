//! Approval of who comes onto a list (入围审批), where the company asks for approval of its awards: of a call's result as it would be decided on,
//! of each decision in a pool that stays open, of an objection that is upheld. Who was suspended is taken in again without: that they are on the
//! list was approved.

use super::application::{self, Application, Kept};
use super::applied::ApplicationPage;
use super::form::{Answering, Review, Seen};
use super::list::QualifiedList;
use super::objection::{self, Objection};
use super::review;
use super::rule::Standing;
use crate::app::App;
use crate::identity::approval::{self, Act, Ask, Content, Done, Line, Open, Shown, State as Approval, Step};
use crate::web::{At, Ctx, Error, Form, Input, Member, Purchaser, Saved};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The label of what the objector says: it goes from what was asked for when their company closes.
pub(super) const SAID: &str = "qualified-text";

/// Which approval a decision needs before it, and what was asked for already.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedApproval")]
pub struct Needed {
    /// The steps; none where it can be decided at once.
    pub(super) steps: Vec<Step>,
    /// What the reader has asked for.
    pub(super) request: Option<Open>,
}

impl Needed {
    /// Before a decision about this.
    ///
    /// # Errors
    /// [`db::Error`].
    pub(super) fn of<T>(tx: &mut Tx, buyer: &Member, subject: Id<T>) -> Result<Self, db::Error> {
        let steps = approval::needed(tx, buyer, Act::Admit, None)?;
        Ok(Self { steps, request: approval::open(tx, buyer, Act::Admit, subject)? })
    }

    /// Whether approval is to be asked for before it can be decided.
    pub(super) fn asks(&self) -> bool {
        !self.steps.is_empty() && self.request.is_none_or(|open| open.state != Approval::Approved)
    }
}

/// `POST /qualified-lists/{id}/conclusion-approval`.
pub(super) async fn ask_conclusion(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        let (list, standings) = review::outcome(tx, &buyer, id, version)?;
        approval::ask(tx, &buyer, &conclusion(&list, &standings))
    };
    Ok(Done::saved(app.db().write(unit).await?, "approval-asked"))
}

/// `POST /qualified-applications/{id}/approval`: of a decision in a pool that stays open, by the form of the review.
pub(super) async fn ask_decision(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Application>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &buyer, id).await?;
        Ok((page.title(), page.with_form(form)))
    };
    let act = async |given: Review, form: Form| {
        let buyer = buyer.clone();
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            let (list, kept) = application::of_buyer(tx, &buyer, id)?;
            review::reviewable((&list, &kept), (&given, &form))?;
            if list.content.kind.has_deadline() {
                // A review there decides nothing: the result does.
                return Err(Error::conflict("approval-not-needed"));
            }
            approval::ask(tx, &buyer, &decision((&list, &kept), &given))
        };
        app.db().write(unit).await
    };
    Ok(Done::saved(input.act_on(again, act).await?, "approval-asked"))
}

/// `POST /qualified-objections/{id}/approval`: of an answer that upholds it.
pub(super) async fn ask_upholding(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let reader = buyer.clone();
    let (_, found) = app.db().read(move |tx| objection::of_buyer(tx, &reader, id)).await?;
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &buyer, found.application).await?;
        Ok((page.title(), page.with_answer(form)))
    };
    let act = async |given: Answering, form: Form| {
        let buyer = buyer.clone();
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            let (list, objection) = objection::of_buyer(tx, &buyer, id)?;
            if objection.outcome.is_some() {
                return Err(Error::conflict("qualified-objection-answered"));
            }
            let ask = upholding(tx, (&list, &objection), &given)?.ok_or_else(|| Error::conflict("approval-not-needed"));
            approval::ask(tx, &buyer, &ask?)
        };
        app.db().write(unit).await.map_err(|refusal| refusal.keeping(&approval::UNASKED, form, "outcome"))
    };
    Ok(Done::saved(input.act_on(again, act).await?, "approval-asked"))
}

fn text(text: impl Into<String>) -> Shown {
    Shown::Text(text.into())
}

/// The result of a call: who would be on the list, and who not, with points and reasons.
pub(super) fn conclusion(list: &QualifiedList, standings: &[(Kept, Standing)]) -> Ask {
    let mut lines = vec![Line::new("qualified-title", text(&list.content.title))];
    for (kept, standing) in standings {
        let mut said = vec![kept.company_name.clone()];
        said.extend(kept.points.map(|points| points.to_string()));
        said.extend(kept.reason.clone());
        lines.push(Line::new(&format!("qualified-standing-{}", standing.code()), text(said.join(" · "))));
    }
    let fields = vec![("version".to_owned(), list.version.to_string())];
    let path = format!("/qualified-lists/{}/conclusion", list.id);
    ask(list.id, list, Content { lines, path, fields })
}

/// A decision in a pool that stays open.
pub(super) fn decision((list, kept): (&QualifiedList, &Kept), given: &Review) -> Ask {
    let standing = if given.unmet.is_empty() { Standing::Qualified } else { Standing::Unqualified };
    let mut lines = vec![
        Line::new("qualified-title", text(&list.content.title)),
        Line::new(&format!("qualified-standing-{}", standing.code()), text(&kept.company_name)),
    ];
    let mut fields = vec![("version".to_owned(), given.version.to_string())];
    let numbered = (1_i64..).zip(&list.content.requirements);
    for (number, requirement) in numbered.filter(|(number, _)| given.unmet.contains(number)) {
        lines.push(Line::new("qualified-unmet", text(requirement)));
        fields.push(("unmet".to_owned(), number.to_string()));
    }
    if let Some(reason) = &given.reason {
        lines.push(Line::new("qualified-reason", text(reason)));
        fields.push(("reason".to_owned(), reason.clone()));
    }
    let path = format!("/qualified-applications/{}/review", kept.id);
    ask(kept.id, list, Content { lines, path, fields })
}

/// An objection that is upheld: its applicant comes onto the list. None where it is rejected.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn upholding(
    tx: &mut Tx,
    (list, objection): (&QualifiedList, &Objection),
    given: &Answering,
) -> Result<Option<Ask>, Error> {
    if given.outcome != objection::Outcome::Upheld {
        return Ok(None);
    }
    let kept = application::load(tx, objection.application)?;
    let lines = vec![
        Line::new("qualified-title", text(&list.content.title)),
        Line::new("qualified-applicant", text(&kept.company_name)),
        Line::new(SAID, text(&objection.text)),
        Line::new("qualified-outcome", Shown::Word(given.outcome.word())),
        Line::new("qualified-answer", text(&given.answer)),
    ];
    let fields =
        vec![("outcome".to_owned(), given.outcome.code().to_owned()), ("answer".to_owned(), given.answer.clone())];
    let path = format!("/qualified-objections/{}/answer", objection.id);
    Ok(Some(ask(objection.id, list, Content { lines, path, fields })))
}

fn ask<T>(subject: Id<T>, list: &QualifiedList, content: Content) -> Ask {
    Ask { act: Act::Admit, subject: subject.cast(), title: list.content.title.clone(), amount: None, content }
}
