//! The desks: what waits for the buyer, and for the operator's risk duty, which sees each objection that is late and decides appeals.

use super::form::Decided;
use super::objected::{ObjectionDone, ObjectionPage, Queue as QueuePage};
use super::objection::{self, Objection};
use super::page::Shown;
use super::{appeal, store};
use crate::app::App;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, State as Stage, Tender};
use crate::web::{Actor, At, Buyer, Ctx, Error, Form, Input, OperatorDuty, Page, Queue, Risk, Saved, Task, Who};
use axum::extract::State as Of;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

pub async fn index(Of(app): Of<App>, context: Ctx, risk: Risk) -> Result<Page, Error> {
    let read = move |tx: &mut Tx| {
        risk.still(tx)?;
        Ok::<_, Error>(objection::pending(tx)?)
    };
    let objections = app.db().read(read).await?;
    Ok(Page::new("objections", QueuePage { objections, now: context.now }))
}

async fn page(
    app: &App,
    context: &Ctx,
    risk: &Risk,
    id: Id<Objection>,
    form: Form,
) -> Result<(&'static str, ObjectionPage), Error> {
    let actor = Actor::Operator((**risk).clone());
    Ok(("objection", ObjectionPage::read(app, context, actor, id, form).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, risk: Risk, At(id): At<Id<Objection>>) -> Result<Page, Error> {
    let (title, page) = page(&app, &context, &risk, id, Form::default()).await?;
    Ok(Page::new(title, page))
}

pub async fn decide(
    Of(app): Of<App>,
    context: Ctx,
    risk: Risk,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &risk, id, form).await;
    let given: Decided = input.parse_on(again).await?;
    app.db().write(move |tx| appeal::decide(tx, &risk, id, &given)).await?;
    Ok(Saved::at("/desk/objections?done=appeal-decided", ObjectionDone { objection: id }))
}

/// How the queue stands: what is late, and the appeals.
pub fn standing(tx: &mut Tx) -> Result<Queue, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*), CAST(SUM(0) AS BIGINT), CAST(SUM(CASE WHEN q.due_at <= $1 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(MIN(q.made_at) AS BIGINT), CAST(MIN(q.due_at) AS BIGINT) FROM \
         (SELECT o.lot, o.publication, o.made_at, o.due_at FROM objection o WHERE o.answer IS NULL AND o.due_at <= $1 \
         UNION ALL SELECT o.lot, o.publication, a.made_at, a.due_at FROM appeal a JOIN objection o ON o.id = a.objection \
         WHERE a.outcome IS NULL) q \
         JOIN candidates_publication p ON p.id = q.publication JOIN lot l ON l.id = q.lot \
         WHERE p.state = 'published' AND l.state = 'candidates'";
    tx.one(sql, values![now], |row| Queue::read(row, ("objections", "/desk/objections", OperatorDuty::Risk)))
}

pub fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    if actor.holds(OperatorDuty::Risk) {
        let queue = standing(tx)?;
        let args = vec![("n", queue.waiting.into())];
        let waits = task("objection-waiting-desk", args, "/desk/objections".to_owned(), queue.due_at);
        return Ok((queue.waiting > 0).then_some(waits).into_iter().collect());
    }
    let Some(buyer) = Buyer::of(actor).filter(|_| Who::Purchaser.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    for tender in tender::store::list_own(tx, &buyer)?.into_iter().filter(|one| one.state == Stage::Evaluation) {
        tasks.extend(of_tender(tx, app, actor, &tender)?);
    }
    Ok(tasks)
}

/// What a tender's lots ask of their buyer: to publish, to answer, to award.
fn of_tender(tx: &mut Tx, app: &App, actor: &Actor, tender: &Tender) -> Result<Vec<Task>, db::Error> {
    let mut tasks = Vec::new();
    for lot in tender::store::lots(tx, tender.id)? {
        let args = || vec![("title", format!("{} · {}", tender.title, lot.title).into())];
        match lot.state {
            LotState::Evaluation => {
                let due = store::report_due(tx, tender, lot.id, &app.zone())?;
                let path = format!("/lots/{}/candidates", lot.id);
                tasks.extend(due.map(|due| task("candidates-waiting-publication", args(), path, Some(due))));
            }
            LotState::Candidates => {
                let all = objection::of_lot(tx, actor, tender, lot.id)?;
                let open = all.iter().filter(|one| one.answer.is_none());
                let answer = |one: &Objection| {
                    task("objection-waiting-answer", args(), format!("/objections/{}", one.id), Some(one.due_at))
                };
                tasks.extend(open.map(answer));
                if Shown::of(tx, &lot)?.is_some_and(|shown| shown.is_open()) {
                    tasks.push(task("candidates-waiting-award", args(), format!("/lots/{}/award", lot.id), None));
                }
            }
            _ => {}
        }
    }
    Ok(tasks)
}

fn task(
    what: &'static str,
    args: Vec<(&'static str, crate::web::text::Arg)>,
    path: String,
    due: Option<Timestamp>,
) -> Task {
    let act = match what {
        "objection-waiting-desk" => "objection-waiting-desk-act",
        "objection-waiting-answer" => "objection-waiting-answer-act",
        "candidates-waiting-award" => "candidates-waiting-award-act",
        _ => "candidates-waiting-publication-act",
    };
    Task { what, args, path, due, glyph: "warn", act }
}
