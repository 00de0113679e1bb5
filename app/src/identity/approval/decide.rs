//! Giving a step, refusing, taking back.

use super::chain::Step;
use super::crew;
use super::rule::Rules;
use super::store::{self, Progress, Request, State};
use crate::identity::account::Owner;
use crate::web::{Error, Member};
use kit::db::{self, Tx};
use kit::id::Id;
use policy::Control;

/// Why nobody can decide this any more.
pub const CONFLICTS: [&str; 2] = ["approval-ended", "approval-step-over"];
/// Why somebody in particular may not.
pub const LACKS: [&str; 5] =
    ["approval-own", "approval-once", "approval-substitute", "approval-duty", "approval-new-here"];

/// Whether a member may decide on the step that comes next.
///
/// # Errors
/// 403 with one of [`LACKS`]; 409 `approval-ended` when none comes.
pub fn may_decide(tx: &mut Tx, member: &Member, rules: &Rules, progress: &Progress) -> Result<Step, Error> {
    let request = &progress.request;
    let next = progress.next().ok_or_else(|| Error::conflict("approval-ended"))?;
    if request.account == member.account() && policy::holds(Control::FourEyes) {
        return Err(Error::forbidden("approval-own"));
    }
    if progress.given_by(member.account()).is_some() && policy::holds(Control::FourEyes) {
        return Err(Error::forbidden("approval-once"));
    }
    let now = tx.now();
    if progress.is_one_of_them(rules, (member.account(), now)) {
        return Err(Error::forbidden("approval-substitute"));
    }
    if !next.is_given_by(member.duties, request.act) {
        return Err(Error::forbidden("approval-duty"));
    }
    if !crew::is_settled(tx, member, rules, request.act, next)? {
        return Err(Error::forbidden("approval-new-here"));
    }
    Ok(next)
}

/// A request of the member's company, as it stands, if they may decide on this step.
fn decided(tx: &mut Tx, member: &Member, id: Id<Request>, step: Step) -> Result<(Rules, Progress), Error> {
    member.still(tx)?;
    let request = store::own(tx, member.company, id)?;
    let rules = Rules::read(tx, member.company)?;
    let progress = Progress::of(tx, &rules, request)?;
    if may_decide(tx, member, &rules, &progress)? != step {
        return Err(Error::conflict("approval-step-over"));
    }
    Ok((rules, progress))
}

/// Gives a step. Twice is once.
///
/// # Errors
/// 401; 403 with one of [`LACKS`]; 404; 409 with one of [`CONFLICTS`].
pub fn give(tx: &mut Tx, member: &Member, id: Id<Request>, step: Step) -> Result<(), Error> {
    if is_given(tx, member, id, step)? {
        return Ok(());
    }
    let (rules, progress) = decided(tx, member, id, step)?;
    member.acts_with(tx, &[step.duty(progress.request.act)])?;
    store::give(tx, &progress.request, member.account(), step)?;
    let after = Progress::of(tx, &rules, progress.request)?;
    let act = if after.state == State::Approved { "approved" } else { "given" };
    Ok(store::record(tx, member.scope(), &after.request, act)?)
}

fn is_given(tx: &mut Tx, member: &Member, id: Id<Request>, step: Step) -> Result<bool, Error> {
    let request = store::own(tx, member.company, id)?;
    let rules = Rules::read(tx, member.company)?;
    let progress = Progress::of(tx, &rules, request)?;
    Ok(progress.state.is_open() && progress.given_by(member.account()) == Some(step))
}

/// Refuses: the request is over.
///
/// # Errors
/// As [`give`].
pub fn refuse(tx: &mut Tx, member: &Member, id: Id<Request>, step: Step, reason: &str) -> Result<(), Error> {
    let (_, progress) = decided(tx, member, id, step)?;
    member.acts_with(tx, &[step.duty(progress.request.act)])?;
    finish(tx, member, &progress.request, State::Refused, Some(reason))
}

/// Takes one's own request back. Twice is once.
///
/// # Errors
/// 401; 404 when it is another's; 409 `approval-ended`.
pub fn withdraw(tx: &mut Tx, member: &Member, id: Id<Request>) -> Result<(), Error> {
    member.still(tx)?;
    let request = store::own(tx, member.company, id)?;
    if request.account != member.account() {
        return Err(Error::not_found());
    }
    match request.outcome {
        Some(State::Withdrawn) => Ok(()),
        Some(_) => Err(Error::conflict("approval-ended")),
        None => finish(tx, member, &request, State::Withdrawn, None),
    }
}

fn finish(tx: &mut Tx, member: &Member, request: &Request, outcome: State, reason: Option<&str>) -> Result<(), Error> {
    if store::end(tx, request, outcome, Some(member.account()), reason)? {
        store::record(tx, member.scope(), request, outcome.code())?;
    }
    Ok(())
}

/// Who can give the step that a request needs next: whom it waits for.
///
/// # Errors
/// [`db::Error`].
pub fn deciders(tx: &mut Tx, id: Id<Request>) -> Result<Vec<Owner>, db::Error> {
    let Some(request) = store::find(tx, id)? else { return Ok(Vec::new()) };
    let rules = Rules::read(tx, request.company)?;
    let progress = Progress::of(tx, &rules, request)?;
    let Some(next) = progress.next() else { return Ok(Vec::new()) };
    let (asker, act) = (progress.request.account, progress.request.act);
    let (crew, now) = (crew::present(tx, progress.request.company)?.into_iter(), tx.now());
    let may = |one: &crew::One| {
        let account = one.owner.0;
        let is_another = account != asker && !progress.is_one_of_them(&rules, (account, now));
        is_another && progress.given_by(account).is_none() && next.is_given_by(one.duties, act)
    };
    Ok(crew.filter(may).map(|one| one.owner).collect())
}

/// Who asked, and for which company.
///
/// # Errors
/// [`db::Error`].
pub fn asker(tx: &mut Tx, id: Id<Request>) -> Result<Option<Owner>, db::Error> {
    let Some(request) = store::find(tx, id)? else { return Ok(None) };
    let crew = crew::of(tx, request.company)?;
    Ok(crew.into_iter().map(|one| one.owner).find(|owner| owner.0 == request.account))
}
