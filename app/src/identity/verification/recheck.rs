//! A company's own case is looked at again (复核, clause 3.2), once a year: its people say whether anything has changed. If
//! nothing has, a reviewer compares with the public register and asks for no paper; if something has, or the reviewer
//! wants to see papers, the case is shown anew. What was accepted holds until its day, and comes back with the re-check.

use super::case::State as CaseState;
use super::decided;
use super::desk_page::Review;
use super::event::by_reviewer;
use super::kind::{AHEAD, Kind};
use super::own::{act, view};
use super::page::Shown;
use super::record::Record;
use super::review::found;
use super::{Verification, desk, leaf};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::part::{self, Part};
use crate::web::{At, Error, Fields, Input, Member, Owner, Parse, Reviewer, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What its people say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationRecheck")]
pub enum Recheck {
    /// Nothing has changed.
    Unchanged,
    /// Something has.
    Changed,
}

impl Recheck {
    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Changed => "changed",
        }
    }

    /// What this code says.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Unchanged, Self::Changed].into_iter().find(|one| one.code() == code)
    }
}

impl Parse for Recheck {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("recheck", ["unchanged", "changed"]);
        fields.parse("recheck", |code| Self::of(code).ok_or("choice"))
    }
}

/// What a reviewer finds: that it is so still, having compared it with the register; or why papers are wanted.
pub struct Look(pub Option<String>);

/// What is compared; each is ticked.
pub const CHECKS: [&str; 2] = ["register", "operating"];

impl Parse for Look {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("outcome", ["same", "papers"]);
        let is_so = fields.parse("outcome", |text| match text {
            "same" => Ok(true),
            "papers" => Ok(false),
            _ => Err("choice"),
        });
        let ticked = fields.several("recheck_checks", &CHECKS);
        let said = fields.optional_text("reason", 500);
        match (is_so?, said?) {
            (true, _) if CHECKS.iter().all(|check| ticked.iter().any(|one| one == check)) => Some(Self(None)),
            (true, _) => fields.wrong("recheck_checks", "all-checks"),
            (false, Some(said)) if said.chars().count() >= 5 => Some(Self(Some(said))),
            (false, _) => fields.wrong("reason", "reason"),
        }
    }
}

impl Record {
    /// Whether its company may say now whether anything has changed.
    pub fn may_recheck(&self, now: Timestamp) -> bool {
        let is_near = self.valid_until.is_some_and(|until| until.duration_since(now) <= AHEAD);
        self.case.kind == Kind::Company && self.case.state == CaseState::Accepted && is_near
    }
}

/// The company's people say whether anything has changed.
pub async fn say(State(app): State<App>, member: Owner, input: Input) -> Result<Saved, Error> {
    let kind = Kind::Company;
    let case = view(&app, &member, kind).await?;
    let said: Recheck = input
        .parse()
        .map_err(|refused| refused.on("verification-case", |form| Shown::to(&app, &member, case, form)))?;
    let change = move |tx: &mut Tx, _: &Member, record: &mut Record| {
        let now = tx.now();
        if record.case.state == CaseState::Accepted && !record.may_recheck(now) {
            return Err(Error::conflict("verification-holds"));
        }
        match said {
            Recheck::Unchanged => {
                if part::is_reopened(tx, record.company, &[Part::Identity, Part::Representative])? {
                    return Err(Error::conflict("recheck-changed"));
                }
                record.case.recheck()?;
                record.handed_in_at = Some(now);
            }
            Recheck::Changed => {
                record.case.show_again()?;
                leaf::list(tx, record.id)?.iter().try_for_each(|page| page.remove(tx))?;
                record.told.clear();
                record.handed_in_at = None;
            }
        }
        (record.reason, record.appeal, record.appealed_at, record.recheck) = (None, None, None, Some(said));
        record.save(tx)?;
        Ok(Some(said.code()))
    };
    act(&app, &member, kind, &format!("recheck-{}", said.code()), change).await
}

/// A reviewer, who has the case, has looked.
pub async fn look(
    State(app): State<App>,
    operator: Reviewer,
    At(id): At<Id<Verification>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = desk::read(&app, &operator, id).await?;
    let title = page.case.company_name.clone();
    let Look(papers) = input.parse().map_err(|refused| refused.on(title, |form| Review { form, ..page }))?;
    let reviewer = operator.clone();
    app.db().write(move |tx| decide(tx, &reviewer, id, papers.as_deref())).await?;
    let review = desk::read(&app, &operator, id).await?;
    Ok(Saved::at("/desk/verifications?done=verification-decided", review.case))
}

fn decide(tx: &mut Tx, operator: &Reviewer, id: Id<Verification>, papers: Option<&str>) -> Result<(), Error> {
    let (mut record, now) = (found(tx, operator, id)?, tx.now());
    if record.recheck != Some(Recheck::Unchanged) {
        return Err(Error::conflict("recheck-not-asked"));
    }
    record.case.look(operator.account(), now, papers.is_none())?;
    super::review::as_claimed(&record)?;
    (record.decided_at, record.decided_by, record.on_register) = (Some(now), Some(operator.account()), true);
    let Some(reason) = papers else {
        record.recheck = None;
        record.begin(now);
        record.save(tx)?;
        decided::note(tx, operator, &record, "accepted", "")?;
        return Ok(by_reviewer(tx, operator, &record, "rechecked")?);
    };
    (record.recheck, record.handed_in_at) = (Some(Recheck::Changed), None);
    record.told.clear();
    for step in Kind::Company.steps() {
        let told = record.told.entry(*step).or_default();
        (told.reason, told.decided_at) = (Some(reason.to_owned()), Some(now));
    }
    record.save(tx)?;
    by_reviewer(tx, operator, &record, "returned")?;
    decided::note(tx, operator, &record, "returned", reason)?;
    let told = Letter::new("letter-verification-returned").with("company", record.company_name.clone());
    Ok(letter::to_company(tx, record.company, &told.with("reason", reason))?)
}
