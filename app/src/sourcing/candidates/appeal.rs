//! Appeals to the operator (平台申诉): the objector appeals against the buyer's answer, once, and the risk duty decides with a reason. An
//! appeal that is upheld makes the publication void. It is no complaint (投诉), which goes to the competent authority.

use super::form::{Appealed, Decided};
use super::objection::{self, Objection};
use super::publication::{Publication, State};
use super::store;
use crate::app::App;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::profile::days_after;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Tender};
use crate::web::{Bidder, Error, Instant, Risk};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// An appeal's id is of this type.
pub struct Appeal;

/// An appeal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Appeal")]
pub struct Kept {
    /// Its id.
    pub id: Id<Appeal>,
    /// Why.
    pub reason: String,
    /// When.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// Until when the operator decides.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
    /// What was decided.
    pub outcome: Option<Outcome>,
    /// Why.
    pub decision: Option<String>,
    /// When.
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
}

/// What the operator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AppealOutcome")]
pub enum Outcome {
    /// 驳回: the publication stands.
    Dismissed,
    /// 成立: the publication is void.
    Upheld,
}

impl Outcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Dismissed, Self::Upheld];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dismissed => "dismissed",
            Self::Upheld => "upheld",
        }
    }

    /// What a code means.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dismissed => "appeal-dismissed",
            Self::Upheld => "appeal-upheld",
        }
    }
}

/// Reads the columns of an appeal that may be there.
///
/// # Errors
/// [`db::Error`].
pub(super) fn read(row: &mut Row<'_>) -> Result<Option<Kept>, db::Error> {
    let (id, reason): (Option<Id<Appeal>>, Option<String>) = (row.next()?, row.next()?);
    let (made_at, due_at): (Option<Timestamp>, Option<Timestamp>) = (row.next()?, row.next()?);
    let (outcome, decision, decided_at) = (row.next::<Option<String>>()?, row.next()?, row.next()?);
    let (Some(id), Some(reason), Some(made_at), Some(due_at)) = (id, reason, made_at, due_at) else { return Ok(None) };
    let outcome = outcome.as_deref().and_then(Outcome::of);
    Ok(Some(Kept { id, reason, made_at, due_at, outcome, decision, decided_at }))
}

/// Notes an appeal against the answer to one's own objection. The same form again is the same appeal.
///
/// # Errors
/// 401, 403; 404 where the objection is another's; 409 `appeal-made`, `appeal-early`, `appeal-void`, `appeal-closed` with both times.
pub fn make(tx: &mut Tx, app: &App, bidder: &Bidder, id: Id<Objection>, given: &Appealed) -> Result<(), Error> {
    bidder.still(tx)?;
    let objection = objection::load(tx, id)?;
    if objection.company != bidder.company {
        return Err(Error::not_found());
    }
    let tender = tender::store::load(tx, objection.tender)?;
    mandate::may(tx, bidder, Act::Ask, &Target::of(app, bidder.company, tender.id, Some(objection.lot)))?;
    if let Some(appeal) = &objection.appeal {
        return if appeal.id == given.id { Ok(()) } else { Err(Error::conflict("appeal-made")) };
    }
    let until = objection.appeal_until.ok_or_else(|| Error::conflict("appeal-early"))?;
    if standing(tx, &tender, &objection)?.is_none() {
        return Err(Error::conflict("appeal-void"));
    }
    let now = tx.now();
    if now >= until {
        return Err(Error::conflict("appeal-closed").with("until", until).with("now", now));
    }
    let due_at = days_after(now, tender.method.profile().appeal_decision_days, &app.zone());
    let inserted = tx.execute(
        "INSERT INTO appeal (objection, id, reason, made_by, made_at, due_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING",
        values![id, given.id, &given.reason, bidder.account(), now, due_at],
    )?;
    if inserted == 0 {
        return Err(Error::not_found());
    }
    objection::record(tx, tender.scope(), &objection, "appealed")
}

/// The publication that an objection is about, while it stands and its lot is not over.
fn standing(tx: &mut Tx, tender: &Tender, objection: &Objection) -> Result<Option<Publication>, Error> {
    let lots = tender::store::lots(tx, tender.id)?;
    let waits = lots.iter().any(|lot| lot.id == objection.lot && lot.state == LotState::Candidates);
    let publication = store::find(tx, objection.publication)?;
    Ok(publication.filter(|one| waits && one.state == State::Published))
}

/// Decides on an appeal. Upheld, the publication is void and the lot in evaluation again. The same form again is fine.
///
/// # Errors
/// 401, 403; 404 where there is no appeal; 409 `appeal-decided`.
pub fn decide(tx: &mut Tx, risk: &Risk, id: Id<Objection>, given: &Decided) -> Result<(), Error> {
    risk.still(tx)?;
    let objection = objection::load(tx, id)?;
    let appeal = objection.appeal.as_ref().ok_or_else(Error::not_found)?;
    match appeal.outcome {
        Some(outcome) if outcome == given.outcome && appeal.decision.as_ref() == Some(&given.decision) => return Ok(()),
        Some(_) => return Err(Error::conflict("appeal-decided")),
        None => {}
    }
    let now = tx.now();
    tx.execute(
        "UPDATE appeal SET outcome = $1, decision = $2, decided_by = $3, decided_at = $4 WHERE objection = $5",
        values![given.outcome.code(), &given.decision, risk.account(), now, id],
    )?;
    let tender = tender::store::load(tx, objection.tender)?;
    objection::record(tx, tender.scope(), &objection, given.outcome.code())?;
    match standing(tx, &tender, &objection)? {
        Some(publication) if given.outcome == Outcome::Upheld => {
            store::end(tx, &tender, &publication, (State::Void, None), risk.account())
        }
        _ => Ok(()),
    }
}
