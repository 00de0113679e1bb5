//! Appeals to the operator (平台申诉): an applicant appeals against the buyer's answer to its objection, once, and the risk duty decides with a
//! reason. Upheld, the applicant is on the list. It is no complaint (投诉), which goes to the competent authority.

use super::application;
use super::applied::ApplicationPage;
use super::event::{Appealed, Judged};
use super::form::{Deciding, Objecting};
use super::list::QualifiedList;
use super::objection::{self, Objection, Outcome};
use super::page::{Done, Named};
use super::store;
use crate::app::App;
use crate::identity::mandate::{self, Act};
use crate::web::{At, Bidder, Context, Ctx, Error, Form, Input, Instant, Page, Risk, Saved, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// Where the operator finds them.
pub(super) const PLACE: &str = "/desk/qualified-objections";

/// An appeal's id is of this type; it is a part of its objection.
pub struct Made;

/// An appeal, with what was decided.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedAppeal")]
pub struct Appeal {
    /// Its id.
    pub id: Id<Made>,
    /// Why.
    pub reason: String,
    /// When it was made.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// By when it is to be decided.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// What was decided.
    pub outcome: Option<Outcome>,
    /// Why.
    pub decision: Option<String>,
    /// When it was decided.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
}

/// Until when the objector may appeal: for as many days after an answer that rejects the objection as there were to object.
pub(super) fn until(objection: &Objection, zone: &TimeZone) -> Option<Timestamp> {
    let is_open = objection.outcome == Some(Outcome::Rejected) && objection.appeal.is_none();
    objection.answered_at.filter(|_| is_open).map(|at| store::objections_until(at, zone))
}

/// Makes an appeal. The same form again is the same appeal.
fn make(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<Objection>,
    (given, app): (&Objecting<Made>, &App),
) -> Result<(), Error> {
    provider.still(tx)?;
    let (objection, zone) = (objection::load(tx, id)?, app.zone());
    let kept = application::of_provider(tx, provider, objection.application)?;
    mandate::may(tx, provider, Act::Bid, &application::target(app, provider.company, kept.list))?;
    if let Some(appeal) = &objection.appeal {
        return if appeal.id == given.id { Ok(()) } else { Err(Error::conflict("qualified-appeal-made")) };
    }
    let until = until(&objection, &zone).ok_or_else(|| Error::conflict("qualified-appeal-not-open"))?;
    let now = tx.now();
    if now >= until {
        return Err(Error::conflict("qualified-objection-over").with("deadline", until).with("received", now));
    }
    tx.execute(
        "UPDATE qualified_objection SET appeal = $1, appeal_reason = $2, appealed_at = $3, appeal_due_at = $4 WHERE id = $5",
        values![given.id, &given.text, now, store::objections_until(now, &zone), id],
    )?;
    event::record(tx, provider.scope(), &Appealed { list: kept.list, objection: id })?;
    Ok(())
}

/// Decides on an appeal. The same form again changes nothing.
fn decide(tx: &mut Tx, risk: &Risk, id: Id<Objection>, given: &Deciding) -> Result<Id<QualifiedList>, Error> {
    risk.still(tx)?;
    let objection = objection::load(tx, id)?;
    let appeal = objection.appeal.as_ref().ok_or_else(Error::not_found)?;
    let of = application::load(tx, objection.application)?.list;
    let list = store::load(tx, of)?;
    match appeal.outcome {
        Some(outcome) if outcome == given.outcome && appeal.decision.as_ref() == Some(&given.decision) => {
            return Ok(list.id);
        }
        Some(_) => return Err(Error::conflict("qualified-appeal-decided")),
        None => {}
    }
    let (now, list_id) = (tx.now(), list.id);
    tx.execute(
        "UPDATE qualified_objection SET judged = $1, judgement = $2, judged_at = $3 WHERE id = $4",
        values![given.outcome.code(), &given.decision, now, id],
    )?;
    event::record(tx, list.scope(), &Judged { list: list_id, objection: id })?;
    if given.outcome == Outcome::Upheld {
        objection::uphold(tx, list, &objection)?;
    }
    Ok(list_id)
}

/// Those that wait for a decision, the nearest day first.
fn pending(tx: &mut Tx) -> Result<Vec<Objection>, db::Error> {
    let condition = "appeal IS NOT NULL AND judged IS NULL ORDER BY appeal_due_at, id LIMIT 200";
    objection::select(tx, condition, &[])
}

/// How many wait, and the nearest day. For the desk of the duty that decides.
pub(super) fn waiting(tx: &mut Tx) -> Result<(usize, Option<Timestamp>), db::Error> {
    let sql = "SELECT CAST(count(*) AS BIGINT), min(appeal_due_at) FROM qualified_objection \
               WHERE appeal IS NOT NULL AND judged IS NULL";
    tx.one(sql, &[], |row| Ok((usize::try_from(row.next::<i64>()?).unwrap_or(0), row.next()?)))
}

/// What waits for the operator.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/appeals.html")]
#[schemars(rename = "QualifiedAppeals")]
pub struct QueuePage {
    /// The nearest day first.
    objections: Vec<Line>,
}

/// One of them, and what it is about.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QualifiedAppealLine")]
struct Line {
    #[serde(flatten)]
    objection: Objection,
    /// The list's title.
    title: String,
    /// Whose application it is.
    company_name: String,
}

impl Line {
    fn read(tx: &mut Tx, objection: Objection) -> Result<Self, Error> {
        let kept = application::load(tx, objection.application)?;
        let list = store::load(tx, kept.list)?;
        Ok(Self { objection, title: list.content.title, company_name: kept.company_name })
    }
}

/// One of them, with what was published and decided; of the application itself the operator sees nothing.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/appeal.html")]
#[schemars(rename = "QualifiedAppealPage")]
pub struct CasePage {
    list: Named,
    /// Whose application it is.
    company_name: String,
    /// Numbers of the requirements that were found unmet.
    unmet: Vec<i64>,
    /// Why the buyer decided so.
    reason: Option<String>,
    objection: Objection,
    #[serde(skip)]
    form: Form,
}

impl CasePage {
    async fn read(app: &App, context: &Context, risk: &Risk, id: Id<Objection>, form: Form) -> Result<Self, Error> {
        let (risk, locale) = (risk.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            risk.still(tx)?;
            let objection = objection::load(tx, id)?;
            if objection.appeal.is_none() {
                return Err(Error::not_found());
            }
            let (kept, now) = (application::load(tx, objection.application)?, tx.now());
            let list = Named::new(store::load(tx, kept.list)?, locale, now);
            Ok((list, kept.company_name, kept.unmet, kept.reason, objection))
        };
        let (list, company_name, unmet, reason, objection) = app.db().read::<_, Error>(read).await?;
        Ok(Self { list, company_name, unmet, reason, objection, form })
    }

    /// The requirements, each with whether it was found unmet.
    fn requirements(&self) -> Vec<(&String, bool)> {
        let all = (1_i64..).zip(&self.list.list.content.requirements);
        all.map(|(number, text)| (text, self.unmet.contains(&number))).collect()
    }
}

pub(super) async fn appeal(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let reader = provider.clone();
    let find = move |tx: &mut Tx| {
        let found = objection::load(tx, id)?;
        application::of_provider(tx, &reader, found.application)?;
        Ok::<_, Error>(found.application)
    };
    let application = app.db().read(find).await?;
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &provider, application).await?;
        Ok((page.title(), page.with_appeal(form)))
    };
    let act = async |given: Objecting<Made>, _: Form| {
        let (provider, program) = (provider.clone(), app.clone());
        app.db().write(move |tx| make(tx, &provider, id, (&given, &program))).await
    };
    input.act_on(again, act).await?;
    let place = format!("/qualified-applications/{application}?done=qualified-appealed");
    Ok(Saved::at(place, objection::Done { objection: id }))
}

pub(super) async fn index(State(app): State<App>, risk: Risk) -> Result<Page, Error> {
    let read = move |tx: &mut Tx| {
        risk.still(tx)?;
        let waiting = pending(tx)?;
        waiting.into_iter().map(|objection| Line::read(tx, objection)).collect::<Result<Vec<_>, Error>>()
    };
    let objections = app.db().read(read).await?;
    Ok(Page::new("qualified-appeals", QueuePage { objections }))
}

pub(super) async fn case(
    State(app): State<App>,
    context: Ctx,
    risk: Risk,
    At(id): At<Id<Objection>>,
) -> Result<Page, Error> {
    Ok(Page::new("qualified-appeal", CasePage::read(&app, &context, &risk, id, Form::default()).await?))
}

pub(super) async fn judge(
    State(app): State<App>,
    context: Ctx,
    risk: Risk,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("qualified-appeal", CasePage::read(&app, &context, &risk, id, form).await?));
    let given: Deciding = input.parse_on(again).await?;
    let list = app.db().write(move |tx| decide(tx, &risk, id, &given)).await?;
    Ok(Saved::at(format!("{PLACE}?done=qualified-judged"), Done { id: list }))
}
