//! What is shown of a lot's candidates: to everybody, with what their reader may do.

use super::objection::{self, Objection};
use super::publication::{Candidate, Publication, State};
use super::rule::Gate;
use super::store::{self, Proposed};
use crate::app::App;
use crate::sourcing::profile::Profile;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::{Actor, Context, Error, Form, Instant, Provider, Who, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A publication and how the award of its lot stands.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "CandidatesShown")]
pub struct Shown {
    /// The publication.
    #[serde(flatten)]
    pub publication: Publication,
    /// `standstill`, `paused`, `appealable` or `open`; `awarded`, `withdrawn`, `void` or `over` once it is behind.
    pub standing: &'static str,
    /// The earliest instant of an award, as things are.
    #[schemars(with = "Option<Instant>")]
    pub earliest: Option<Timestamp>,
}

impl Shown {
    pub(super) fn new(tx: &mut Tx, lot: &Lot, publication: Publication) -> Result<Self, db::Error> {
        let (standing, earliest) = match (publication.state, lot.state) {
            (State::Published, LotState::Candidates) => {
                let gate = store::gate_of(tx, &publication)?;
                (gate.code(), gate.earliest())
            }
            (State::Published, LotState::Awarded) => ("awarded", None),
            (State::Published, _) => ("over", None),
            (ended, _) => (ended.code(), None),
        };
        Ok(Self { publication, standing, earliest })
    }

    /// The publication of a lot that stands, or stood when it was awarded.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, lot: &Lot) -> Result<Option<Self>, db::Error> {
        store::standing(tx, lot.id)?.map(|publication| Self::new(tx, lot, publication)).transpose()
    }

    /// Colour, icon and key of the word of how it stands.
    pub fn sign(&self) -> (&'static str, &'static str, String) {
        let (kind, glyph) = match self.standing {
            "standstill" | "appealable" => ("live", "hourglass"),
            "paused" => ("warn", "warn"),
            "open" | "awarded" => ("", "ok"),
            _ => ("", "stop"),
        };
        (kind, glyph, self.word())
    }

    /// Key of the word of how it stands.
    pub fn word(&self) -> String {
        format!("candidates-standing-{}", self.standing)
    }

    /// Whether its lot can be awarded now.
    pub fn is_open(&self) -> bool {
        self.standing == Gate::Open.code()
    }

    /// Whether objections are taken now.
    pub fn takes_objections(&self, now: Timestamp) -> bool {
        ["standstill", "paused", "appealable"].contains(&self.standing) && now < self.publication.until
    }
}

/// The candidates of a lot, for everybody; what else their reader may do.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/candidates/show.html")]
#[schemars(rename = "Candidates")]
pub struct CandidatesPage {
    pub tender: Named,
    pub lot: Lot,
    /// The newest first.
    pub publications: Vec<Shown>,
    /// For the buyer, while nothing is published: what its committee's report gives.
    pub proposed: Vec<Candidate>,
    /// Until when the buyer should publish them.
    #[schemars(with = "Option<Instant>")]
    pub due_at: Option<Timestamp>,
    /// For the buyer all objections, for a bidder its own; nobody else sees any.
    pub objections: Vec<Objection>,
    /// Whether the reader's company can object now.
    pub may_object: bool,
    /// The method's numbers.
    pub profile: &'static Profile,
    /// Whether its reader decides for the buyer.
    #[serde(skip)]
    pub purchases: bool,
    #[serde(skip)]
    pub now: Timestamp,
    pub form: Form,
}

impl CandidatesPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404, also where no committee evaluates the lot.
    pub async fn read(app: &App, context: &Context, actor: Actor, id: Id<Lot>, form: Form) -> Result<Self, Error> {
        let (theirs, locale, now) = (app.clone(), context.locale, context.now);
        let read = move |tx: &mut Tx| {
            let (lot, tender) = tender::store::lot(tx, &actor, id)?;
            tender::criteria::find(tx, tender.id)?.ok_or_else(Error::not_found)?;
            let is_own = actor.member().is_some_and(|member| member.company == tender.company);
            let purchases = is_own && Who::Purchaser.admits(&actor).is_ok();
            let proposed = match lot.state {
                LotState::Evaluation if purchases => store::proposed(tx, &tender, &lot, &theirs.zone())?,
                _ => None,
            };
            let mut publications = Vec::new();
            for publication in store::list(tx, id)? {
                publications.push(Shown::new(tx, &lot, publication)?);
            }
            let takes = publications.first().is_some_and(|one| one.takes_objections(now));
            let may_object = takes && may_object(tx, &theirs, &actor, (&tender, &lot))?;
            let (candidates, due_at) = match proposed {
                Some(Proposed { candidates, due_at }) => (candidates, Some(due_at)),
                None => (Vec::new(), None),
            };
            Ok::<_, Error>(Self {
                objections: objection::of_lot(tx, &actor, &tender, id)?,
                proposed: candidates,
                due_at,
                may_object,
                publications,
                form: with_days(&form, tender.method.profile()),
                profile: tender.method.profile(),
                purchases,
                now,
                lot,
                tender: Named::new(tender, locale),
            })
        };
        app.db().read(read).await
    }

    /// The publication that stands.
    fn standing(&self) -> Option<&Shown> {
        self.publications.first().filter(|one| one.publication.state == State::Published)
    }

    /// Whether its reader may take it back.
    fn withdraws(&self) -> bool {
        self.purchases && self.lot.state == LotState::Candidates
    }

    /// Whether its reader may award now.
    fn awards(&self) -> bool {
        self.purchases && self.standing().is_some_and(Shown::is_open)
    }

    fn is_late(&self) -> bool {
        self.due_at.is_some_and(|due| due <= self.now)
    }
}

/// The form, with the least days of a standstill where none were typed.
fn with_days(form: &Form, profile: &Profile) -> Form {
    let form = form.clone();
    if form.is_typed("days") { form } else { form.with("days", profile.standstill_days.to_string()) }
}

/// Whether somebody acts for a bidder of the lot.
fn may_object(tx: &mut Tx, app: &App, actor: &Actor, (tender, lot): (&Tender, &Lot)) -> Result<bool, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(false) };
    Ok(Who::Bidder.admits(actor).is_ok() && objection::has_bid(tx, app, (tender.id, lot.id), provider.company)?)
}

/// The answer to an act on a lot's candidates.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CandidatesDone")]
pub struct Done {
    /// The lot.
    pub lot: Id<Lot>,
}
