//! How a contact ends: at the door, by the end of its consent, without an answer. The row goes at once, and with it what
//! could be shown; the person's keys follow.

use super::store::{self, Lying};
use super::{PURPOSE, invite};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::Company;
use crate::trust::cancellation::erase_guest;
use crate::trust::consent::Changed;
use crate::web::visit::{self, LIFE};
use crate::web::{Door, Error, Known, Said};
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::event::{Event, Fact};
use kit::follower;
use kit::id::Id;
use kit::job::{self, Job};
use kit::values;
use policy::Control;
use vault::{Standing, Subject};

/// The name of the follower, and that of the routine.
pub const FOLLOWER: &str = "contacts.end";
/// The kind of the job that erases somebody whose entry has ended. Payload: the subject's id.
pub const KIND: &str = "contacts.erase";

/// Contacts at the public door.
pub static DOOR: Door = Door { find, deny, erase, call: invite::call };

fn find(tx: &mut Tx, index: &[u8; 32]) -> Result<Vec<Known>, db::Error> {
    let sql = "SELECT o.subject, c.name, o.entered_at FROM contact o JOIN company c ON c.id = o.company \
         WHERE o.phone_index = $1 OR o.email_index = $1 ORDER BY o.entered_at DESC, o.id LIMIT 50";
    tx.all(sql, values![index], |row| {
        let (subject, company): (_, String) = (row.next()?, row.next()?);
        Ok(Known { subject, told: Said::new("contacts-at-door").with("company", company), since: row.next()? })
    })
}

/// A wrong number is cut off from the entry, and the company told. An entry that leads to nobody any more goes.
fn deny(tx: &mut Tx, app: &App, subject: Id<Subject>, index: &[u8; 32]) -> Result<(), Error> {
    let Some(one) = store::of(tx, subject)? else { return Ok(()) };
    tx.execute(
        "UPDATE contact SET phone = NULL, phone_index = NULL WHERE id = $1 AND phone_index = $2",
        values![one.id, index],
    )?;
    tx.execute(
        "UPDATE contact SET email = NULL, email_index = NULL WHERE id = $1 AND email_index = $2",
        values![one.id, index],
    )?;
    store::record(tx, one.company, one.id, "denied")?;
    tell(tx, &one, "letter-contacts-denied")?;
    match store::of(tx, subject)? {
        Some(Lying { phone: None, email: None, .. }) => {
            store::remove(tx, &one, "ended")?;
            forget(tx, app, subject)
        }
        _ => Ok(()),
    }
}

fn erase(tx: &mut Tx, app: &App, subject: Id<Subject>) -> Result<(), Error> {
    let Some(one) = store::of(tx, subject)? else { return Ok(()) };
    store::remove(tx, &one, "ended")?;
    tell(tx, &one, "letter-contacts-ended")?;
    forget(tx, app, subject)
}

/// Letters name the entry by the company's own label.
pub fn tell(tx: &mut Tx, one: &Lying, letter: &str) -> Result<(), db::Error> {
    letter::to_company(tx, one.company, &Letter::new(letter).with("label", one.label.as_str()))
}

/// Erases who was a contact: standing, consent, keys.
pub fn forget(tx: &mut Tx, app: &App, subject: Id<Subject>) -> Result<(), Error> {
    visit::end_of(tx, subject)?;
    if vault::standing(tx, subject)? == Some(Standing::Active) {
        erase_guest(tx, app, subject)?;
    }
    Ok(())
}

/// A company that has closed shows nobody: what it kept of its contacts goes with it. No trade rests on them.
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, app: &App, company: Id<Company>) -> Result<bool, Error> {
    for one in store::of_company(tx, company)? {
        store::remove(tx, &one, "ended")?;
        forget(tx, app, one.subject)?;
    }
    Ok(false)
}

/// Runs the job.
pub fn run(app: App, _: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let subject = work::named(payload)?;
        let program = app.clone();
        app.db().write::<_, Error>(move |tx| forget(tx, &program, subject)).await
    }
    .boxed()
}

/// Hears of consents that ended.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { follower::step(app.db(), FOLLOWER, follow).await }.boxed()
}

/// A consent withdrawn means deleted (PIPL 47(1)(3)). The person's visit goes on for its half an hour, so that they can see
/// what they have done; then their keys go.
fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    if event.kind == Changed::KIND
        && policy::holds(Control::KeptGoesWithConsent)
        && let Some(subject) = event.read::<Changed>()?.ended(PURPOSE)
        && let Some(one) = store::of(tx, subject)?
    {
        store::remove(tx, &one, "ended")?;
        tell(tx, &one, "letter-contacts-ended")?;
        let at = tx.now().checked_add(LIFE).unwrap_or(tx.now());
        job::enqueue(tx, KIND, subject.as_bytes(), at)?;
    }
    Ok(())
}

/// Removes, at most 50 at a time, entries whose person has not agreed in time, and what counted showings of days past.
pub fn sweep(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let late = app.db().read::<_, db::Error>(late).await?;
        if late.is_empty() && !app.db().read::<_, db::Error>(is_any_count_old).await? {
            return Ok(0);
        }
        let program = app.clone();
        let unit = move |tx: &mut Tx| {
            for one in &late {
                store::remove(tx, one, "ended")?;
                tell(tx, one, "letter-contacts-unanswered")?;
                forget(tx, &program, one.subject)?;
            }
            Ok(late.len() + usize::try_from(forget_counts(tx)?).unwrap_or(0))
        };
        app.db().write::<_, Error>(unit).await
    }
    .boxed()
}

fn late(tx: &mut Tx) -> Result<Vec<Lying>, db::Error> {
    let now = tx.now();
    let sql = "SELECT o.id FROM contact o LEFT JOIN consent_state s ON s.holder = o.subject AND s.purpose = $1 \
         AND s.act = 'given' WHERE o.asked_until < $2 AND s.holder IS NULL ORDER BY o.asked_until, o.id LIMIT 50";
    let ids = tx.all(sql, values![PURPOSE, now], |row| row.next())?;
    let mut late = Vec::new();
    for id in ids {
        late.extend(store::find(tx, id)?);
    }
    Ok(late)
}

/// Counts serve their own day; after two no zone has it any more.
const COUNTED: SignedDuration = SignedDuration::from_hours(48);

fn is_any_count_old(tx: &mut Tx) -> Result<bool, db::Error> {
    let before = tx.now().checked_sub(COUNTED).unwrap_or(tx.now());
    let sql = "SELECT 1 FROM contact_showing WHERE at < $1 LIMIT 1";
    Ok(tx.first(sql, values![before], |row| row.next::<i64>())?.is_some())
}

fn forget_counts(tx: &mut Tx) -> Result<u64, db::Error> {
    let before = tx.now().checked_sub(COUNTED).unwrap_or(tx.now());
    tx.execute("DELETE FROM contact_showing WHERE at < $1", values![before])
}
