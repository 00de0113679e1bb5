//! Asking, and the gate: whether an act may be done now, asked in the unit of the act itself.

use super::PLACE;
use super::act::Act;
use super::chain::Step;
use super::content::Ask;
use super::crew;
use super::rule::Rules;
use super::store::{self, Progress, Request, State};
use crate::identity::people::PLACE as PEOPLE;
use crate::web::{Error, Member};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::Scope;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// How long a request holds, from asking to acting.
pub const LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The codes of what [`may`] refuses.
pub const REFUSALS: [&str; 2] = ["needs-approval", "approval-waiting"];

/// The codes of what [`ask`] refuses.
pub const UNASKED: [&str; 2] = ["approval-not-needed", "approval-nobody"];

/// The steps that an act of a company needs now; none where nothing is asked for.
///
/// # Errors
/// [`db::Error`].
pub fn needed(tx: &mut Tx, member: &Member, act: Act, amount: Option<i64>) -> Result<Vec<Step>, db::Error> {
    Ok(Rules::read(tx, member.company)?.needed(act, amount))
}

/// What a member has asked for about a tender or lot, and nothing has ended.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalOpen")]
pub struct Open {
    /// The request.
    pub id: Id<Request>,
    /// How it stands.
    pub state: State,
}

/// The newest that a member has asked for about this.
///
/// # Errors
/// [`db::Error`].
pub fn open<T>(tx: &mut Tx, member: &Member, act: Act, subject: Id<T>) -> Result<Option<Open>, db::Error> {
    let Some(request) = of_asker(tx, member, act, subject.cast())?.pop() else { return Ok(None) };
    let rules = Rules::read(tx, member.company)?;
    let progress = Progress::of(tx, &rules, request)?;
    Ok(Some(Open { id: progress.request.id, state: progress.state }))
}

/// Asks for approval of an act as it would be done now. The same again is the same request; another content of the same person's
/// takes the place of theirs before. That the member still may act is compared before, in this unit.
///
/// # Errors
/// 409 `approval-not-needed`, `approval-nobody`.
pub fn ask(tx: &mut Tx, member: &Member, ask: &Ask) -> Result<Id<Request>, Error> {
    let (now, digest) = (tx.now(), ask.digest()?);
    let steps = needed(tx, member, ask.act, ask.amount)?;
    if steps.is_empty() {
        return Err(Error::conflict("approval-not-needed"));
    }
    let own: Vec<_> = of_asker(tx, member, ask.act, ask.subject)?;
    if let Some(same) = own.iter().find(|one| one.digest == digest && now < one.expires_at) {
        return Ok(same.id);
    }
    let (rules, asker) = (Rules::read(tx, member.company)?, member.account());
    let is_asker = |other| rules.runs().are_one((asker, now), (other, now));
    if !crew::can_give(&crew::present(tx, member.company)?, is_asker, ask.act, &steps) {
        return Err(Error::conflict("approval-nobody").leading_to(PEOPLE));
    }
    for old in own {
        end(tx, member, &old, State::Void)?;
    }
    let request = Request {
        id: tx.id(),
        company: member.company,
        act: ask.act,
        subject: ask.subject,
        title: ask.title.clone(),
        amount: ask.amount,
        digest,
        content: ask.content.clone(),
        account: member.account(),
        asked_at: now,
        expires_at: now.checked_add(LIFE).unwrap_or(Timestamp::MAX),
        outcome: None,
        ended_at: None,
        reason: None,
    };
    store::insert(tx, &request)?;
    store::record(tx, member.scope(), &request, "asked")?;
    Ok(request.id)
}

/// Refuses an act whose company asks for approval of it, unless every step was given to this member for exactly this, by people
/// who could give it at this instant still. Part of the unit of the act, after all that is compared there: what it lets pass is
/// used up, and all else that was asked about the same is void.
///
/// # Errors
/// 403 with one of [`REFUSALS`], and where requests are.
pub fn may(tx: &mut Tx, member: &Member, ask: &Ask) -> Result<(), Error> {
    let digest = ask.digest()?;
    let rules = Rules::read(tx, member.company)?;
    let own = of_asker(tx, member, ask.act, ask.subject)?.into_iter().find(|one| one.digest == digest);
    let own = own.map(|request| Progress::of(tx, &rules, request)).transpose()?;
    let is_bound = !rules.needed(ask.act, ask.amount).is_empty() && policy::holds(Control::ApprovalGiven);
    match own.as_ref().map(|own| own.state) {
        Some(State::Approved) => {}
        _ if !is_bound => {}
        Some(State::Waiting) => return Err(Error::forbidden("approval-waiting").leading_to(PLACE)),
        _ => return Err(Error::forbidden("needs-approval").leading_to(PLACE)),
    }
    if let Some(own) = own {
        end(tx, member, &own.request, State::Done)?;
    }
    changed(tx, member, ask.subject)
}

fn of_asker(tx: &mut Tx, member: &Member, act: Act, subject: Id<()>) -> Result<Vec<Request>, db::Error> {
    let all = store::unended_of(tx, subject)?;
    let is_own = |one: &Request| (one.company, one.account, one.act) == (member.company, member.account(), act);
    Ok(all.into_iter().filter(is_own).collect())
}

/// What was asked about a tender or lot is void: it has changed.
///
/// # Errors
/// [`Error`] of the database.
pub fn changed<T>(tx: &mut Tx, member: &Member, subject: Id<T>) -> Result<(), Error> {
    let unended = store::unended_of(tx, subject.cast())?;
    unended.iter().try_for_each(|one| end(tx, member, one, State::Void))
}

/// The same where another company has changed it, or taken it back: who of that is said to nobody here.
///
/// # Errors
/// [`db::Error`].
pub fn lapsed<T>(tx: &mut Tx, subject: Id<T>) -> Result<(), db::Error> {
    for one in store::unended_of(tx, subject.cast())? {
        if store::end(tx, &one, State::Void, None, None)? {
            let scope = Scope { company: Some(*one.company.as_bytes()), ..Scope::default() };
            store::record(tx, scope, &one, State::Void.code())?;
        }
    }
    Ok(())
}

fn end(tx: &mut Tx, member: &Member, request: &Request, outcome: State) -> Result<(), Error> {
    if store::end(tx, request, outcome, Some(member.account()), None)? {
        store::record(tx, member.scope(), request, outcome.code())?;
    }
    Ok(())
}
