//! The risk duty's desk: which lots have signals, saying why, reading, judging.

use super::form::{Judged, Wanted};
use super::grant::{self, RiskGrant};
use super::judge::{self, Judgement};
use super::page::{Ask, List, RedFlags, Show, Single};
use super::signal::Signal;
use super::{flagged, kept, store};
use crate::app::App;
use crate::reach::ocds;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, At, Context, Ctx, Error, Form, Input, OperatorDuty, Page, Risk, Saved, Task, limit};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;

/// How many processes the red flags look at, the newest first.
const PROCESSES: i64 = 300;

pub async fn index(State(app): State<App>, risk: Risk) -> Result<Page, Error> {
    let lots = app.db().read::<_, db::Error>(move |tx| store::list(tx, &risk)).await?;
    Ok(Page::new("risk", List { lots }))
}

/// The red flags of what is public: nothing is opened for it, and so nothing is noted.
pub async fn flags(State(app): State<App>, _: Risk) -> Result<Page, Error> {
    let processes = app.db().read::<_, db::Error>(|tx| ocds::processes(tx, PROCESSES)).await?;
    let found = tokio::task::spawn_blocking(move || flagged::of(&processes)).await.map_err(Error::fault)?;
    let (flags, lots) = found.map_err(Error::fault)?;
    Ok(Page::new("risk-flags", RedFlags { flags, lots }))
}

/// The form that says why. It shows nothing of the signals.
pub async fn ask(State(app): State<App>, context: Ctx, risk: Risk, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("risk-ask", asked(&app, &context, risk, lot, Form::default()).await?))
}

async fn asked(app: &App, context: &Context, risk: Risk, lot: Id<Lot>, form: Form) -> Result<Ask, Error> {
    let read = move |tx: &mut Tx| Ok::<_, Error>((store::line(tx, &risk, lot)?, grant::of_lot(tx, &risk, lot)?));
    let (lot, before) = app.db().read(read).await?;
    let is_new = form.value("id").is_empty();
    let form = if is_new { form.with("id", Id::<RiskGrant>::v7(context.now, app.random()).to_string()) } else { form };
    Ok(Ask { lot, before, form })
}

pub async fn begin(
    State(app): State<App>,
    context: Ctx,
    risk: Risk,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("risk-ask", asked(&app, &context, risk.clone(), lot, form).await?));
    let made = input.act_on(again, async |wanted: Wanted, _: Form| {
        limit::take(app.db(), &[grant::pace(&app, &risk)]).await?;
        let by = risk.clone();
        app.db().write(move |tx| grant::begin(tx, &by, lot, &wanted)).await
    });
    let grant = made.await?;
    Ok(Saved::at(format!("/desk/risk-grants/{}", grant.id), grant))
}

/// The signals of a lot, on record.
pub async fn show(State(app): State<App>, context: Ctx, risk: Risk, At(id): At<Id<RiskGrant>>) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let reader = risk.clone();
    let grant = app.db().write(move |tx| grant::read(tx, &reader, id)).await?;
    let about = grant.lot;
    let read = move |tx: &mut Tx| {
        let lot = store::line(tx, &risk, about)?;
        Ok::<_, Error>((lot, store::basis(tx, about)?, kept::of_lot(tx, about)?))
    };
    let (lot, basis, signals) = app.db().read(read).await?;
    Ok(Page::new("risk-show", Show { grant, lot, basis, signals }))
}

/// A signal with its history, on record.
pub async fn signal(State(app): State<App>, context: Ctx, risk: Risk, At(id): At<Id<Signal>>) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let page = single(&app, &context, risk, id, Form::default()).await?;
    Ok(Page::new("risk-signal", page))
}

async fn single(app: &App, context: &Context, risk: Risk, id: Id<Signal>, form: Form) -> Result<Single, Error> {
    let noted = move |tx: &mut Tx| {
        let signal = kept::find(tx, id)?;
        let grant = grant::read_lot(tx, &risk, signal.lot)?;
        Ok::<_, Error>((store::line(tx, &risk, signal.lot)?, signal, grant))
    };
    let (lot, signal, grant) = app.db().write(noted).await?;
    let form = if form.value("id").is_empty() {
        let id = Id::<Judgement>::v7(context.now, app.random()).to_string();
        form.with("id", id).with("version", signal.version.to_string())
    } else {
        form
    };
    Ok(Single { lot, signal, grant, form })
}

pub async fn judge(
    State(app): State<App>,
    context: Ctx,
    risk: Risk,
    At(id): At<Id<Signal>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("risk-signal", single(&app, &context, risk.clone(), id, form).await?));
    let judged: Judged = input.parse_on(again).await?;
    let signal = app.db().write(move |tx| judge::judge(tx, &risk, id, &judged)).await?;
    Ok(Saved::at(format!("/desk/risk-signals/{id}?done=risk-judged"), signal))
}

/// On the desk: what waits.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    if !actor.holds(OperatorDuty::Risk) {
        return Ok(Vec::new());
    }
    let queue = store::standing(tx)?;
    let task = Task {
        what: "risk-waiting",
        args: vec![("n", queue.waiting.into())],
        path: "/desk/risk".to_owned(),
        due: None,
        glyph: "warn",
        act: "risk-waiting-act",
    };
    Ok((queue.waiting > 0).then_some(task).into_iter().collect())
}
