//! The desk of the risk duty: which reports wait, opening what was handed over, deciding.

use super::Report;
use super::case::Kept;
use super::file::File;
use super::form::{Decided, Last};
use super::own::{copied, said};
use super::page::{Case, Line, Opened, Queue};
use super::seal::Key;
use super::store::{self, Handover};
use crate::app::App;
use crate::web::{Actor, At, Ctx, Error, Form, Input, OperatorDuty, Page, Risk, Saved, Task, attachment};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Tx};
use kit::id::Id;

/// The queue. It opens nothing.
pub async fn index(State(app): State<App>, risk: Risk) -> Result<Page, Error> {
    let all = app.db().read::<_, db::Error>(move |tx| store::queue(tx, &risk)).await?;
    Ok(Page::new("reports", Queue { reports: all.iter().map(Line::new).collect() }))
}

/// A report, closed.
pub async fn show(State(app): State<App>, risk: Risk, At(id): At<Id<Report>>) -> Result<Page, Error> {
    let account = risk.account();
    let read = move |tx: &mut Tx| {
        let kept = store::find(tx, &risk, id)?;
        Ok::<_, Error>((kept, store::copies(tx, id)?.len(), store::openings(tx, id)?))
    };
    let (kept, messages, openings) = app.db().read(read).await?;
    let is_mine = kept.claimed_by == Some(account);
    Ok(Page::new("report", Case { line: Line::new(&kept), is_mine, messages, openings }))
}

pub async fn claim(State(app): State<App>, risk: Risk, At(id): At<Id<Report>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let kept = app.db().write(move |tx| store::claim(tx, &risk, id)).await?;
    Ok(Saved::at(format!("/desk/reports/{id}?done=report-claimed"), Line::new(&kept)))
}

async fn opened(app: &App, (kept, handover): (Kept, Handover), form: Form) -> Result<Opened, Error> {
    let key = Key::of(app, kept.id).await?;
    let (text, messages) = (key.open("body", &kept.body)?, copied(&key, &kept, handover, true)?);
    Ok(Opened { line: Line::new(&kept), text, messages, said: said(&key, &kept)?, form })
}

/// Opens what was handed over: noted first, then shown.
pub async fn open(State(app): State<App>, risk: Risk, At(id): At<Id<Report>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let found = app.db().write(move |tx| store::open(tx, &risk, id)).await?;
    Ok(Saved::here("report", opened(&app, found, Form::default()).await?))
}

/// A file that was handed over, on record.
pub async fn file(State(app): State<App>, context: Ctx, risk: Risk, At(id): At<Id<File>>) -> Result<Response, Error> {
    context.refuse_prefetch()?;
    let kept = app.db().write(move |tx| store::open_file(tx, &risk, id)).await?;
    let key = Key::of(&app, kept.report).await?;
    Ok(attachment(&kept.name(&key)?, kept.open(&app, &key).await?))
}

/// A refused form is shown with what it decides on, which is another opening.
async fn again(app: &App, risk: &Risk, id: Id<Report>, form: Form) -> Result<(&'static str, Opened), Error> {
    let who = risk.clone();
    let found = app.db().write(move |tx| store::open(tx, &who, id)).await?;
    Ok(("report", opened(app, found, form).await?))
}

pub async fn decide(State(app): State<App>, risk: Risk, At(id): At<Id<Report>>, input: Input) -> Result<Saved, Error> {
    let decided: Decided = input.parse_on(async |form| again(&app, &risk, id, form).await).await?;
    let reasons = Key::of(&app, id).await?.seal("reasons", &decided.reasons);
    let kept = app.db().write(move |tx| store::decide(tx, &risk, id, decided.decision, &reasons)).await?;
    Ok(Saved::at("/desk/reports?done=report-decided", Line::new(&kept)))
}

pub async fn answer(State(app): State<App>, risk: Risk, At(id): At<Id<Report>>, input: Input) -> Result<Saved, Error> {
    let last: Last = input.parse_on(async |form| again(&app, &risk, id, form).await).await?;
    let reasons = Key::of(&app, id).await?.seal("last", &last.reasons);
    let kept = app.db().write(move |tx| store::answer(tx, &risk, id, last.upheld, &reasons)).await?;
    Ok(Saved::at("/desk/reports?done=report-answered", Line::new(&kept)))
}

/// On the desk: what waits.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    if !actor.holds(OperatorDuty::Risk) {
        return Ok(Vec::new());
    }
    let queue = store::standing(tx)?;
    let task = Task {
        what: "report-waiting",
        args: vec![("n", queue.waiting.into())],
        path: "/desk/reports".to_owned(),
        due: queue.due_at,
        glyph: "stop",
        act: "report-waiting-act",
    };
    Ok((queue.waiting > 0).then_some(task).into_iter().collect())
}
