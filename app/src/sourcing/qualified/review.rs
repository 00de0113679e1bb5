//! Reviewing applications against the published requirements, deciding on them, and what becomes of who is on the list: suspended, taken in
//! again, left.

use super::application::{self, Application, Kept};
use super::event::{Concluded, Decided};
use super::form::{Explained, Review};
use super::list::QualifiedList;
use super::rule::{self, MINIMUM, Reviewed, Standing, State};
use super::{admission, store};
use crate::identity::approval;
use crate::sourcing::tender::of_list;
use crate::web::{Bidder, Broken, Error, Form, Member, Purchaser};
use jiff::tz::TimeZone;
use kit::db::Tx;
use kit::event;
use kit::id::Id;
use kit::values;

/// Notes what a reviewer finds. In a pool that stays open that decides; elsewhere it can be changed until all are decided on together. The same
/// form again changes nothing.
///
/// # Errors
/// 404; 409 `applications-closed`, `qualified-decided`; 412; 422. That the buyer still may is compared before, in this unit.
pub(super) fn review(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Application>,
    (given, form): (&Review, &Form),
) -> Result<Id<QualifiedList>, Error> {
    let (list, kept) = application::of_buyer(tx, buyer, id)?;
    let points = given.points.filter(|_| list.content.most.is_some() && given.unmet.is_empty());
    let is_same = kept.unmet == given.unmet && kept.points == points && kept.reason == given.reason;
    if kept.reviewed_at.is_some() && kept.version == given.version + 1 && is_same {
        return Ok(list.id);
    }
    reviewable((&list, &kept), (given, form))?;
    if list.content.kind.has_deadline() {
        // What was asked about the result is about another one.
        approval::changed(tx, buyer, list.id)?;
    } else {
        approval::may(tx, buyer, &admission::decision((&list, &kept), given))?;
    }
    let now = tx.now();
    let unmet = given.unmet.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
    tx.execute(
        "UPDATE qualified_application SET reviewed_at = $1, unmet = $2, points = $3, reason = $4, version = version + 1 \
         WHERE id = $5",
        values![now, unmet, points, given.reason.as_deref(), id],
    )?;
    if !list.content.kind.has_deadline() {
        let state = if given.unmet.is_empty() { Standing::Qualified } else { Standing::Unqualified };
        stand(tx, buyer, (&list, id), (state, given.reason.as_deref()), false)?;
        of_list::renew(tx, list.id)?;
    }
    Ok(list.id)
}

/// Whether a review can be noted, and fits what was published.
///
/// # Errors
/// 409 `qualified-decided`; 412; 422.
pub(super) fn reviewable((list, kept): (&QualifiedList, &Kept), (given, form): (&Review, &Form)) -> Result<(), Error> {
    check(list, given, form)?;
    if list.state != State::Published || kept.state != Standing::Submitted {
        return Err(Error::conflict("qualified-decided"));
    }
    if kept.version == given.version { Ok(()) } else { Err(Error::stale()) }
}

/// What a review says has to fit what was published.
fn check(list: &QualifiedList, given: &Review, form: &Form) -> Result<(), Error> {
    let most = i64::try_from(list.content.requirements.len()).unwrap_or(0);
    if !given.unmet.iter().all(|number| (1..=most).contains(number)) {
        return Err(form.clone().refuse("unmet", "choice"));
    }
    if list.content.most.is_some() && given.unmet.is_empty() && given.points.is_none() {
        return Err(form.clone().refuse("points", Broken::rule("qualified-points-needed")));
    }
    Ok(())
}

/// What a call comes to as its applications were reviewed: each with how it would stand.
///
/// # Errors
/// 404; 409 `applications-closed`, `qualified-decided`, `qualified-unreviewed`; 412.
pub(super) fn outcome(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<QualifiedList>,
    version: i64,
) -> Result<(QualifiedList, Vec<(Kept, Standing)>), Error> {
    let (list, mut kept) = application::list(tx, buyer, id)?;
    if !list.is_in_review(tx.now()) {
        return Err(Error::conflict("qualified-decided"));
    }
    if list.version != version {
        return Err(Error::stale());
    }
    kept.retain(|one| one.state == Standing::Submitted);
    if kept.iter().any(|one| one.reviewed_at.is_none()) {
        return Err(Error::conflict("qualified-unreviewed"));
    }
    let reviewed = |one: &Kept| Reviewed { id: one.id, meets: one.unmet.is_empty(), points: one.points.unwrap_or(0) };
    let reviewed: Vec<_> = kept.iter().map(reviewed).collect();
    let placed = rule::placed(&reviewed, list.content.most.and_then(|most| usize::try_from(most).ok()));
    Ok((list, kept.into_iter().zip(placed).map(|(one, (_, standing))| (one, standing)).collect()))
}

/// Decides on all applications together: each is told how it stands. With too few qualified the call has failed. The same form again changes
/// nothing.
///
/// # Errors
/// 403 where approval is asked for and not given; as [`outcome`]. That the buyer still may is compared before, in this unit.
pub(super) fn conclude(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<QualifiedList>,
    version: i64,
    zone: &TimeZone,
) -> Result<(), Error> {
    let known = store::own(tx, buyer, id)?;
    if known.concluded_at.is_some() && known.version == version + 1 {
        return Ok(());
    }
    let (mut list, standings) = outcome(tx, buyer, id, version)?;
    approval::may(tx, buyer, &admission::conclusion(&list, &standings))?;
    let now = tx.now();
    for (kept, state) in &standings {
        tx.execute(
            "UPDATE qualified_application SET state = $1, decided_at = $2, version = version + 1 WHERE id = $3",
            values![state.code(), now, kept.id],
        )?;
    }
    list.applications_closed = true;
    list.objections_until = Some(store::objections_until(now, zone));
    if standings.iter().filter(|(_, state)| *state == Standing::Qualified).count() < MINIMUM {
        store::fail(tx, &mut list, now)?;
    } else {
        (list.state, list.concluded_at) = (State::Concluded, Some(now));
        list.valid_until = Some(store::valid_until(&list, now));
        event::record(tx, buyer.scope(), &Concluded { list: id })?;
    }
    Ok(store::move_on(tx, &list)?)
}

/// Suspends somebody who is on the list of a pool, with a reason that they are told. The same form again changes nothing.
///
/// # Errors
/// 404; 409 `qualified-not-on-list`; 412. That the buyer still may is compared before, in this unit.
pub(super) fn suspend(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Application>,
    given: &Explained,
) -> Result<Id<QualifiedList>, Error> {
    let (list, kept) = application::of_buyer(tx, buyer, id)?;
    moved(tx, buyer, (&list, &kept), (Standing::Qualified, Standing::Suspended), (given.version, Some(&given.reason)))?;
    Ok(list.id)
}

/// Takes somebody in again who was suspended. The same form again changes nothing.
///
/// # Errors
/// As [`suspend`].
pub(super) fn restore(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Application>,
    version: i64,
) -> Result<Id<QualifiedList>, Error> {
    let (list, kept) = application::of_buyer(tx, buyer, id)?;
    moved(tx, buyer, (&list, &kept), (Standing::Suspended, Standing::Qualified), (version, None))?;
    Ok(list.id)
}

/// A provider leaves a pool, with a reason that its buyer reads. The same form again changes nothing.
///
/// # Errors
/// 404; 409 `qualified-not-on-list`; 412. That the provider still may is compared before, in this unit.
pub(super) fn leave(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<Application>,
    given: &Explained,
) -> Result<Id<QualifiedList>, Error> {
    let kept = application::of_provider(tx, provider, id)?;
    let list = store::load(tx, kept.list)?;
    let from = if kept.state == Standing::Suspended { Standing::Suspended } else { Standing::Qualified };
    moved(tx, provider, (&list, &kept), (from, Standing::Left), (given.version, Some(&given.reason)))?;
    Ok(list.id)
}

/// Moves one who is on the list of a pool that lasts.
fn moved(
    tx: &mut Tx,
    by: &Member,
    (list, kept): (&QualifiedList, &Kept),
    (from, to): (Standing, Standing),
    (version, reason): (i64, Option<&String>),
) -> Result<(), Error> {
    if kept.state == to && kept.version == version + 1 {
        return Ok(());
    }
    let is_usable = list.content.kind.is_pool() && list.is_usable(tx.now());
    if !is_usable || kept.state != from {
        return Err(Error::conflict("qualified-not-on-list"));
    }
    if kept.version != version {
        return Err(Error::stale());
    }
    stand(tx, by, (list, kept.id), (to, reason.map(String::as_str)), true)?;
    Ok(of_list::renew(tx, list.id)?)
}

/// Stores how an application stands from now on, and says so.
fn stand(
    tx: &mut Tx,
    by: &Member,
    (list, id): (&QualifiedList, Id<Application>),
    (state, reason): (Standing, Option<&str>),
    is_other_version: bool,
) -> Result<(), Error> {
    let (now, step) = (tx.now(), i64::from(is_other_version));
    tx.execute(
        "UPDATE qualified_application SET state = $1, reason = $2, decided_at = $3, version = version + $4 WHERE id = $5",
        values![state.code(), reason, now, step, id],
    )?;
    event::record(tx, by.scope(), &Decided { list: list.id, application: id, act: state.code().to_owned() })?;
    Ok(())
}
