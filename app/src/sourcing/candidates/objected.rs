//! What is shown of an objection: its form, and the objection itself to its two sides and the operator's desk.

use super::objection::{self, Objection};
use super::page::Shown;
use super::publication::State;
use super::rule::Waits;
use super::store;
use crate::app::App;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named};
use crate::web::{Actor, Context, Error, Form, Instant, Provider, Who, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form of an objection.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/candidates/object.html")]
#[schemars(rename = "ObjectionForm")]
pub struct FormPage {
    pub tender: Named,
    pub lot: Lot,
    /// Until when objections are taken.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// Within how many days the buyer answers.
    pub days: i64,
    pub form: Form,
}

impl FormPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404 to who has not bid for the lot.
    pub async fn read(
        app: &App,
        context: &Context,
        provider: Provider,
        id: Id<Lot>,
        form: Form,
    ) -> Result<Self, Error> {
        let (theirs, locale) = (app.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let (lot, tender) = tender::store::lot(tx, &Actor::Member((*provider).clone()), id)?;
            if !objection::has_bid(tx, &theirs, (tender.id, id), provider.company)? {
                return Err(Error::not_found());
            }
            Ok(Self {
                until: store::standing(tx, id)?.map(|publication| publication.until),
                days: tender.method.profile().objection_answer_days,
                lot,
                tender: Named::new(tender, locale),
                form: form.clone(),
            })
        };
        app.db().read(read).await
    }
}

/// Who reads an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ObjectionReader")]
pub enum Reader {
    /// The buyer, who answers.
    Buyer,
    /// Who objects.
    Objector,
    /// The operator's desk.
    Operator,
}

/// An objection, with its answer, appeal and decision.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/candidates/objection.html")]
#[schemars(rename = "ObjectionPage")]
pub struct ObjectionPage {
    pub tender: Named,
    pub lot: Lot,
    pub objection: Objection,
    /// The publication that it is about.
    pub publication: Shown,
    pub reader: Reader,
    /// Whether what is due is late.
    pub overdue: bool,
    /// Whether its reader may act.
    #[serde(skip)]
    pub acts: bool,
    #[serde(skip)]
    pub now: Timestamp,
    pub form: Form,
}

impl ObjectionPage {
    /// Makes it of what an actor may read.
    ///
    /// # Errors
    /// 404.
    pub async fn read(
        app: &App,
        context: &Context,
        actor: Actor,
        id: Id<Objection>,
        form: Form,
    ) -> Result<Self, Error> {
        let (locale, now) = (context.locale, context.now);
        let read = move |tx: &mut Tx| {
            let objection = match actor.member() {
                Some(member) => objection::find(tx, member, id)?,
                None => objection::load(tx, id)?,
            };
            let (lot, tender) = match actor.member() {
                Some(_) => tender::store::lot(tx, &actor, objection.lot)?,
                None => tender::store::load_lot(tx, objection.lot)?,
            };
            let publication = store::find(tx, objection.publication)?.ok_or_else(Error::not_found)?;
            let reader = match actor.member().map(|member| member.company) {
                Some(company) if company == tender.company => Reader::Buyer,
                Some(_) => Reader::Objector,
                None => Reader::Operator,
            };
            Ok::<_, Error>(Self {
                publication: Shown::new(tx, &lot, publication)?,
                overdue: objection.due().is_some_and(|due| due <= now),
                acts: acts(&actor, reader),
                objection,
                reader,
                lot,
                tender: Named::new(tender, locale),
                now,
                form: form.clone(),
            })
        };
        app.db().read(read).await
    }

    fn answers(&self) -> bool {
        self.acts && self.reader == Reader::Buyer && self.objection.waits() == Waits::Answer
    }

    fn appeals(&self) -> bool {
        let is_open = matches!(self.objection.waits(), Waits::AppealUntil(until) if self.now < until);
        self.acts && self.reader == Reader::Objector && is_open && self.stands()
    }

    fn decides(&self) -> bool {
        self.reader == Reader::Operator && self.objection.waits() == Waits::Decision
    }

    /// Whether the publication stands, and its lot is not over.
    fn stands(&self) -> bool {
        self.publication.publication.state == State::Published && self.lot.state == LotState::Candidates
    }
}

/// Whether somebody has the duty of what their side does.
fn acts(actor: &Actor, reader: Reader) -> bool {
    match reader {
        Reader::Buyer => Who::Purchaser.admits(actor).is_ok(),
        Reader::Objector => Who::Bidder.admits(actor).is_ok(),
        Reader::Operator => true,
    }
}

/// What waits, for the operator's desk.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/candidates/queue.html")]
#[schemars(rename = "ObjectionQueue")]
pub struct Queue {
    /// What is due first.
    pub objections: Vec<Objection>,
    #[serde(skip)]
    pub now: Timestamp,
}

impl Queue {
    fn is_late(&self, one: &Objection) -> bool {
        one.due().is_some_and(|due| due <= self.now)
    }
}

/// The answer to an act on an objection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ObjectionDone")]
pub struct ObjectionDone {
    /// The objection.
    pub objection: Id<Objection>,
}
