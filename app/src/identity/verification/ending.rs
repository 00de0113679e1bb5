//! What was handed in goes: a while after the decision, a while after it was left lying, with its person, with its company.

use super::Verification;
use super::attest;
use super::document;
use super::event::by_time;
use super::kind::Step;
use super::leaf::{self, Leaf};
use super::record::Record;
use super::review::lost;
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Erased, Error, Gone};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::period;
use std::collections::BTreeMap;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let old = |tx: &mut Tx| Ok::<_, db::Error>((outlived(tx)?, document::outlived(tx)?));
        let (pages, documents) = app.db().read::<_, db::Error>(old).await?;
        if pages.is_empty() && documents.is_empty() {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let old = outlived(tx)?;
            let pages = leaf::found(tx, &old)?;
            remove(tx, &pages)?;
            Ok::<_, Error>(pages.len() + forget(tx)?)
        };
        app.db().write(unit).await
    }
    .boxed()
}

/// Pages whose time is over: so long after they were handed in, and after the last decision; never while they wait for one.
/// At most 100.
fn outlived(tx: &mut Tx) -> Result<Vec<Id<Leaf>>, db::Error> {
    let now = tx.now();
    let before = now.checked_sub(SignedDuration::from_hours(period::VERIFICATION_PAPER.hours())).unwrap_or(now);
    let sql = "SELECT p.id FROM verification_page p JOIN verification_case v ON v.id = p.verification \
         WHERE p.blob IS NOT NULL AND v.state <> 'handed-in' AND p.given_at <= $1 \
         AND (v.decided_at IS NULL OR v.decided_at <= $1) ORDER BY p.given_at, p.id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

/// Removes the identity documents whose time is over; a case that goes on asks for them anew.
fn forget(tx: &mut Tx) -> Result<usize, Error> {
    let old = document::outlived(tx)?;
    for case in &old {
        document::remove(tx, *case)?;
        let Some(mut record) = Record::find(tx, *case)? else { continue };
        let before = record.case.clone();
        record.case.forget(Step::Identity);
        if record.case != before {
            record.save(tx)?;
            by_time(tx, &record, "gone")?;
        }
    }
    Ok(old.len())
}

/// Removes them, and has their cases know.
fn remove(tx: &mut Tx, pages: &[(Id<Verification>, Leaf)]) -> Result<(), Error> {
    let mut cases: BTreeMap<_, Vec<Step>> = BTreeMap::new();
    for (case, page) in pages {
        page.remove(tx)?;
        cases.entry(*case.as_bytes()).or_default().push(page.step);
    }
    cases.iter().try_for_each(|(case, steps)| lost(tx, Id::from_bytes(*case), steps))
}

/// Whoever leaves takes along what they have handed in.
pub fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let pages = leaf::of_subject(tx, gone.subject)?;
    remove(tx, &pages)?;
    let documents = document::remove_of_subject(tx, gone.subject)?;
    Ok(vec![
        Erased::new("erased-verification-pages", pages.len() as u64),
        Erased::new("erased-verification-documents", documents),
    ])
}

/// A company that closes takes along what was handed in for it; what was decided of it stays.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    attest::remove_all(tx, company)?;
    let pages = leaf::of_company(tx, company)?;
    remove(tx, &pages)?;
    document::remove_of_company(tx, company)?;
    Ok(false)
}
