//! The reviewers' queue and the page of a case.

use super::case::State;
use super::desk_page::{Queue, Review, Samples};
use super::document::Seen;
use super::form::{Decision, Opinion};
use super::intake::mark;
use super::kind::Step;
use super::leaf::{self, Leaf};
use super::page::View;
use super::record::Record;
use super::reviewer::{OnCase, untied};
use super::{Verification, bank, copy, document, review, sample, twin};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::company::part::representative;
use crate::web::{At, Ctx, Error, Form, Input, Page, Param, Reviewer, Saved};
use axum::extract::State as Of;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::purpose;
use vault::{Grant, RequestId};

/// How many a page lists.
const PAGE: usize = 50;

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] = &[
    Param { name: "state", about: "handed-in, returned, accepted or refused", example: "handed-in" },
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" },
];

/// `?state=…`, those that wait when not said. It opens nothing.
pub async fn index(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Page, Error> {
    let state = context.parameter("state").map_or(State::HandedIn, |code| State::of(&code));
    let after = match context.parameter("after").filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => app.cursors().open(&cursor, state.code())?,
        None => (i64::MIN, [0; 16]),
    };
    let read = app.db().read::<_, db::Error>(move |tx| {
        let records = Record::list(tx, state, after, PAGE as i64 + 1)?;
        records.into_iter().map(|record| View::of_reviewer(tx, &operator, record)).collect::<Result<Vec<_>, _>>()
    });
    let mut cases = read.await?;
    let more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let last = cases.last().filter(|_| more).and_then(|last| last.id.zip(last.handed_in_at));
    let next = last.map(|(id, at)| {
        let cursor = app.cursors().seal(at.as_microsecond(), id.as_bytes(), state.code());
        format!("/desk/verifications?state={}&after={cursor}", state.code())
    });
    Ok(Page::new("verifications", Queue { state, cases, next }))
}

/// A case as the reviewer sees it.
///
/// # Errors
/// 404.
pub async fn read(app: &App, operator: &Reviewer, id: Id<Verification>) -> Result<Review, Error> {
    let operator = operator.clone();
    let unit = move |tx: &mut Tx| {
        let record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
        let sql = "SELECT created_at, buyer, provider FROM company WHERE id = $1";
        let (since, is_buyer, is_provider) =
            tx.one(sql, values![record.company], |row| Ok((row.next()?, row.next()?, row.next()?)))?;
        let twins = twin::of(tx, record.company, &record.company_name, &record.credit_code)?;
        let (copies, sample) = (copy::of(tx, &record)?, sample::waiting(tx, &record)?);
        let is_first = sample.as_ref().is_some_and(|sample| sample.first == operator.account());
        let is_sampled = sample.is_some();
        let (account, same) = (bank::lines(tx, &record)?, document::others(tx, &record)?);
        let case = View::of_reviewer(tx, &operator, record)?;
        let (account, same) = if case.is_mine { (account, same) } else { Default::default() };
        let (representative, document, form) = (None, None, Form::default());
        Ok::<_, Error>(Review {
            case,
            since,
            is_buyer,
            is_provider,
            twins,
            copies,
            account,
            is_sampled,
            is_first,
            representative,
            document,
            same,
            form,
        })
    };
    app.db().read(unit).await
}

/// A case: what was handed in beside what is known.
pub async fn show(
    Of(app): Of<App>,
    context: Ctx,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let mut review = read(&app, &operator, id).await?;
    review.document = typed(&app, &operator, &review.case, context.request).await?;
    if review.case.is_mine && review.case.attestation.as_ref().is_some_and(|asked| asked.counts) {
        review.representative = confirmed(&app, &operator, id, context.request).await?;
    }
    Ok(Page::new(review.case.company_name.clone(), review))
}

/// The identity document, for the one who has the case, while there is something to compare it with.
async fn typed(app: &App, operator: &Reviewer, case: &View, request: RequestId) -> Result<Option<Seen>, Error> {
    match case.id.filter(|_| case.is_mine && case.compares_identity()) {
        Some(id) => document::reviewed(app, operator, id, request).await,
        None => Ok(None),
    }
}

/// The name that a service has confirmed, for the one who has the case. One that does not open any more is not shown.
async fn confirmed(
    app: &App,
    operator: &Reviewer,
    id: Id<Verification>,
    request: RequestId,
) -> Result<Option<String>, Error> {
    let operator = operator.clone();
    let unit = move |tx: &mut Tx| {
        let record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
        untied(tx, &operator, record.company)?;
        let row = record.attestation.as_ref().and_then(|asked| asked.facts.representative);
        let sealed = row.map_or(Ok(None), |row| representative::sealed(tx, record.company, row))?;
        let now = tx.now();
        let right = sealed.as_ref().map(|sealed| OnCase::of(&operator, &record, now, sealed.subject())).transpose()?;
        Ok::<_, Error>(right.zip(sealed))
    };
    let Some((reviewer, sealed)) = app.db().read(unit).await? else { return Ok(None) };
    let grant = Grant::<purpose::VerificationReview, _>::new(&reviewer, request);
    match app.vault().open(&grant, &sealed).await {
        Ok(name) => Ok(Some(name.expose().to_owned())),
        Err(vault::Error::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// Where a company's own case is, begun if it was not: from the page of the company.
pub async fn of_company(
    Of(app): Of<App>,
    operator: Reviewer,
    At(company): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        operator.still(tx)?;
        let known = tx.first("SELECT 1 FROM company WHERE id = $1", values![company], |row| row.next::<i64>())?;
        known.ok_or_else(Error::not_found)?;
        let record = Record::begun_of(tx, company)?;
        Ok::<_, Error>(View::of_reviewer(tx, &operator, record)?)
    };
    let case = app.db().write(unit).await?;
    let path = case.id.map(|id| format!("/desk/verifications/{id}")).unwrap_or_default();
    Ok(Saved::at(path, case))
}

/// Takes it up, alone.
pub async fn claim(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let reviewer = operator.clone();
    app.db().write(move |tx| review::claim(tx, &reviewer, id)).await?;
    shown(&app, &operator, id, "verification-claimed").await
}

/// Lets it go.
pub async fn release(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let reviewer = operator.clone();
    app.db().write(move |tx| review::release(tx, &reviewer, id)).await?;
    let review = read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verifications?done=verification-released", review.case))
}

/// Says that they have to do with the company, and lets the case go for good.
pub async fn recuse(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let reviewer = operator.clone();
    app.db().write(move |tx| review::recuse(tx, &reviewer, id)).await?;
    let review = read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verifications?done=verification-recused", review.case))
}

async fn shown(app: &App, operator: &Reviewer, id: Id<Verification>, done: &str) -> Result<Saved, Error> {
    let review = read(app, operator, id).await?;
    Ok(Saved::at(format!("/desk/verifications/{id}?done={done}"), review.case))
}

/// Decides on every step.
pub async fn decide(
    Of(app): Of<App>,
    context: Ctx,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = read(&app, &operator, id).await?;
    let title = page.case.company_name.clone();
    let decision = match input.parse_with_form().and_then(|(decision, form)| of_each(&page, decision, form)) {
        Ok(decision) => decision,
        Err(refused) => {
            let document = typed(&app, &operator, &page.case, context.request).await?;
            return Err(refused.on(title, |form| Review { form, document, ..page }));
        }
    };
    let (reviewer, theirs) = (operator.clone(), app.clone());
    app.db().write(move |tx| review::decide(tx, &theirs, &reviewer, id, &decision)).await?;
    let review = read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verifications?done=verification-decided", review.case))
}

/// Of each step that waits something is said: what is forgotten is asked for in the form, where the rest stays as typed.
fn of_each(page: &Review, decision: Decision, form: Form) -> Result<Decision, Error> {
    let case = &page.case;
    let mut waiting = case.steps.iter().filter(|one| case.is_mine && one.state.awaits());
    if let Some(one) = waiting.find(|one| !decision.0.contains_key(&one.step)) {
        return Err(form.refuse(one.step.fields()[0], "required"));
    }
    if !page.same.is_empty() && decision.1.is_none() && decision.accepts(Step::Identity) {
        return Err(form.refuse("same_number", "required"));
    }
    Ok(decision)
}

/// What was drawn for a second reviewer and waits. It opens nothing.
pub async fn samples(Of(app): Of<App>, operator: Reviewer) -> Result<Page, Error> {
    let read = app.db().read::<_, db::Error>(move |tx| {
        let records = sample::list(tx)?;
        records.into_iter().map(|record| View::of_reviewer(tx, &operator, record)).collect()
    });
    Ok(Page::new("verification-samples", Samples { cases: read.await? }))
}

/// What the second reviewer thinks.
pub async fn second_look(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = read(&app, &operator, id).await?;
    let title = page.case.company_name.clone();
    let Opinion(difference) = input.parse().map_err(|refused| refused.on(title, |form| Review { form, ..page }))?;
    let reviewer = operator.clone();
    app.db().write(move |tx| sample::say(tx, &reviewer, id, difference.as_deref())).await?;
    let review = read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verification-samples?done=verification-looked", review.case))
}

/// Refuses it as a whole.
pub async fn refuse(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = read(&app, &operator, id).await?;
    let title = page.case.company_name.clone();
    let super::form::Refusal(reason) =
        input.parse().map_err(|refused| refused.on(title, |form| Review { form, ..page }))?;
    let reviewer = operator.clone();
    app.db().write(move |tx| review::refuse(tx, &reviewer, id, reason.clone())).await?;
    let review = read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verifications?done=verification-decided", review.case))
}

/// A page of a case, for the one who has it: on record, with their mark all over it.
pub async fn picture(
    Of(app): Of<App>,
    context: Ctx,
    operator: Reviewer,
    At((id, page)): At<(Id<Verification>, Id<Leaf>)>,
) -> Result<Response, Error> {
    context.refuse_prefetch()?;
    let (reviewer, leaf) = right(&app, &operator, id, page).await?;
    let grant = Grant::<purpose::VerificationReview, _>::new(&reviewer, context.request);
    let content = leaf.open(&app, &grant).await?;
    let text = viewer(&app, &operator, context.now);
    let marked = tokio::task::spawn_blocking(move || mark::marked(&content, &text)).await;
    let marked = marked.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(([("content-type", "image/jpeg")], marked).into_response())
}

async fn right(app: &App, operator: &Reviewer, id: Id<Verification>, page: Id<Leaf>) -> Result<(OnCase, Leaf), Error> {
    let operator = operator.clone();
    let unit = move |tx: &mut Tx| {
        let record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
        let (_, leaf) = leaf::find(tx, page)?.filter(|(case, _)| *case == id).ok_or_else(Error::not_found)?;
        untied(tx, &operator, record.company)?;
        let now = tx.now();
        Ok::<_, Error>((OnCase::of(&operator, &record, now, leaf.subject)?, leaf))
    };
    app.db().read(unit).await
}

/// Who looks, and when: the last digits of the reviewer's id, as the log has it, and the time in the platform's zone.
fn viewer(app: &App, operator: &Reviewer, now: Timestamp) -> String {
    let id = operator.account().to_string();
    let tail = &id[id.len().saturating_sub(8)..];
    let time = now.to_zoned_datetime(app.zone()).strftime("%Y-%m-%d %H:%M");
    format!("REVIEW ONLY  {tail}  {time}")
}
