//! Applying: giving an application, putting another in its place, taking it back; and what becomes of it when its list or its company ends.

use super::application::{Application, Kept, own, place, select, target};
use super::event::Applied;
use super::file::{self, Written};
use super::form::Given;
use super::list::QualifiedList;
use super::rule::{Standing, State};
use super::{admission, objection, store};
use crate::app::App;
use crate::business::Keys;
use crate::discard::naming;
use crate::identity::approval;
use crate::identity::company::{Company, data_region};
use crate::identity::mandate::{self, Act, Target};
use crate::identity::verification::is_clean;
use crate::web::{Actor, Bidder, Error, Form, Provider};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// A list that a provider may apply to at this instant.
///
/// # Errors
/// 404; 409 `own-list`, `qualified-not-open`; `applications-over` with both times.
pub(super) fn to_apply(tx: &mut Tx, provider: &Provider, id: Id<QualifiedList>) -> Result<QualifiedList, Error> {
    let list = store::find(tx, &Actor::Member((**provider).clone()), id)?;
    if list.company == provider.company {
        return Err(Error::conflict("own-list"));
    }
    let now = tx.now();
    let deadline = list.content.applications_until.or(list.valid_until).filter(|deadline| now >= *deadline);
    match deadline {
        Some(deadline) => Err(Error::conflict("applications-over").with("deadline", deadline).with("received", now)),
        None if list.state == State::Published => Ok(list),
        None => Err(Error::conflict("qualified-not-open")),
    }
}

/// Files first, then what names them. The instant read inside the unit decides whether it is in time.
///
/// # Errors
/// 401, 403 as of every act in a company's name; as [`to_apply`]; 409 `qualified-decided`; 412; 422 for a file that is harmful; 503.
pub(super) async fn apply(
    app: &App,
    provider: &Bidder,
    id: Id<QualifiedList>,
    mut given: Given,
    form: Form,
) -> Result<(), Error> {
    let who = provider.clone();
    let find = move |tx: &mut Tx| {
        to_apply(tx, &who, id)?;
        Ok::<_, Error>(data_region(tx, who.company)?)
    };
    let region = app.db().read(find).await?;
    let files = std::mem::take(&mut given.files);
    if let Err(rule) = is_clean(&files, app.config().clamd_address).await? {
        return Err(form.refuse("files", rule));
    }
    let keys = Keys::of(app, [provider.company]).await?;
    let written = file::write(app, &keys, (provider.company, &region), files).await?;
    let blobs = written.iter().map(|file| file.blob.clone()).collect();
    let (who, target) = (provider.clone(), target(app, provider.company, id));
    naming(app, (&region, blobs), move |tx| give(tx, &who, id, (&given, &written), (&target, &keys))).await
}

/// Gives an application, or puts another in its place. The same form again changes nothing.
fn give(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<QualifiedList>,
    (given, files): (&Given, &[Written]),
    (target, keys): (&Target, &Keys),
) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, Act::Bid, target)?;
    let list = to_apply(tx, provider, id)?;
    let now = tx.now();
    let (application, act) = match own(tx, provider.company, id)? {
        // The same form again.
        Some(kept) if kept.form == given.id => return Ok(file::forget(tx, files)?),
        Some(kept) if !kept.state.may_apply_again(list.content.kind) => {
            return Err(Error::conflict("qualified-decided"));
        }
        Some(kept) if kept.version == given.version => {
            let content = sealed(keys, provider.company, kept.id, &given.statement)?;
            tx.execute(
                "UPDATE qualified_application SET content = $1, form = $2, state = 'submitted', changed_at = $3, \
                 reviewed_at = NULL, unmet = '', points = NULL, reason = NULL, decided_at = NULL, version = version + 1 \
                 WHERE id = $4",
                values![content, given.id, now, kept.id],
            )?;
            if !files.is_empty() {
                file::remove(tx, kept.id)?;
            }
            approval::lapsed(tx, kept.id)?;
            (kept.id, if kept.content.is_some() { "changed" } else { "given" })
        }
        Some(_) => return Err(Error::stale()),
        None if given.version != 0 => return Err(Error::not_found()),
        None => {
            let content = sealed(keys, provider.company, given.id, &given.statement)?;
            let inserted = tx.execute(
                "INSERT INTO qualified_application (id, list, company, content, form, state, given_at, changed_at, unmet, version) \
                 VALUES ($1, $2, $3, $4, $1, 'submitted', $5, $5, '', 1) ON CONFLICT DO NOTHING",
                values![given.id, id, provider.company, content, now],
            )?;
            if inserted == 0 {
                // Another's row has this id.
                return Err(Error::not_found());
            }
            (given.id, "given")
        }
    };
    file::put(tx, application, files)?;
    record(tx, provider, (id, application), act)
}

/// Takes the company's application back: what it said is gone, its files too. The same form again changes nothing.
///
/// # Errors
/// As [`apply`].
pub(super) fn withdraw(
    tx: &mut Tx,
    provider: &Bidder,
    id: Id<QualifiedList>,
    version: i64,
    target: &Target,
) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, Act::Bid, target)?;
    to_apply(tx, provider, id)?;
    let kept = own(tx, provider.company, id)?.ok_or_else(Error::not_found)?;
    match kept.state {
        Standing::Withdrawn if kept.version == version + 1 => return Ok(()),
        Standing::Submitted if kept.version == version => {}
        Standing::Submitted | Standing::Withdrawn => return Err(Error::stale()),
        _ => return Err(Error::conflict("qualified-decided")),
    }
    take(tx, &kept, Standing::Withdrawn)?;
    record(tx, provider, (id, kept.id), "withdrawn")
}

/// What an application said goes with its files, and a review that nobody has decided on.
fn take(tx: &mut Tx, kept: &Kept, state: Standing) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE qualified_application SET content = NULL, state = $1, changed_at = $2, reviewed_at = NULL, unmet = '', \
         points = NULL, reason = NULL, version = version + 1 WHERE id = $3",
        values![state.code(), now, kept.id],
    )?;
    approval::lapsed(tx, kept.id)?;
    file::remove(tx, kept.id)
}

/// Destroys all applications to a list that ends before anybody may have read them.
///
/// # Errors
/// [`db::Error`].
pub(super) fn destroy(tx: &mut Tx, list: Id<QualifiedList>) -> Result<(), db::Error> {
    let kept = select(tx, "a.list = $1 AND a.state = 'submitted' ORDER BY a.id", values![list])?;
    kept.iter().try_for_each(|one| take(tx, one, Standing::Withdrawn))
}

/// What a company that closes has applied with goes; that it stood on a list stays, until it left.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    for kept in select(tx, "a.company = $1 ORDER BY a.id", values![company])? {
        let state = match kept.state {
            Standing::Submitted | Standing::Withdrawn => Standing::Withdrawn,
            _ => Standing::Left,
        };
        take(tx, &kept, state)?;
        // What its list's company would approve of is another result, and answers no objection of theirs any more.
        approval::lapsed(tx, kept.list)?;
        for one in objection::of(tx, &[kept.id])? {
            approval::lapsed(tx, one.id)?;
            approval::erased(tx, one.id, admission::SAID)?;
        }
        tx.execute("DELETE FROM qualified_objection WHERE application = $1", values![kept.id])?;
    }
    Ok(())
}

fn record(
    tx: &mut Tx,
    by: &Bidder,
    (list, application): (Id<QualifiedList>, Id<Application>),
    act: &str,
) -> Result<(), Error> {
    event::record(tx, by.scope(), &Applied { list, application, act: act.to_owned() })?;
    Ok(())
}

fn sealed(keys: &Keys, company: Id<Company>, row: Id<Application>, statement: &str) -> Result<Vec<u8>, Error> {
    keys.seal(company, &place(row), statement.as_bytes())
}
