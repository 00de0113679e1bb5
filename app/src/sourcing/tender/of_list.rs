//! Tenders that are made of a qualified list (资格预审、框架协议): whom they name follows from it. The lists themselves are a room that stands
//! after this one.

use super::named;
use super::tender::{Tender, Unready};
use crate::identity::company::Company;
use crate::sourcing::profile::Method;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// The companies that are on a list now.
///
/// # Errors
/// [`db::Error`].
pub fn members<T>(tx: &mut Tx, list: Id<T>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT company FROM qualified_application WHERE list = $1 AND state = 'qualified' ORDER BY company";
    tx.all(sql, values![list], |row| row.next())
}

/// Notes that a draft was made of a list.
///
/// # Errors
/// [`db::Error`].
pub fn bind<T>(tx: &mut Tx, draft: Id<Tender>, list: Id<T>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "INSERT INTO qualified_tender (tender, list, created_at) VALUES ($1, $2, $3)";
    tx.execute(sql, values![draft, list, now]).map(drop)
}

/// The list that a tender was made of.
///
/// # Errors
/// [`db::Error`].
pub fn of<T>(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Id<T>>, db::Error> {
    tx.first("SELECT list FROM qualified_tender WHERE tender = $1", values![tender], |row| row.next())
}

/// Whether a tender was made of a list.
///
/// # Errors
/// [`db::Error`].
pub fn is_bound(tx: &mut Tx, tender: Id<Tender>) -> Result<bool, db::Error> {
    Ok(of::<()>(tx, tender)?.is_some())
}

/// Whether a tender was made of a pre-qualification. It takes no consortium: one would have been formed before it applied, and whoever joins or
/// leaves it afterwards makes its bid void (实施条例 art. 37); a list takes companies alone.
///
/// # Errors
/// [`db::Error`].
pub fn is_prequalified(tx: &mut Tx, tender: Id<Tender>) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM qualified_tender q JOIN qualified_list l ON l.id = q.list \
               WHERE q.tender = $1 AND l.kind = 'single'";
    Ok(tx.first(sql, values![tender], |row| row.next::<i64>())?.is_some())
}

/// Whether one of these may not be named further in a tender that is published: it was made of a list that they are not on.
///
/// # Errors
/// [`db::Error`].
pub fn leaves_out(tx: &mut Tx, tender: Id<Tender>, companies: &[Id<Company>]) -> Result<bool, db::Error> {
    let Some(list) = of::<()>(tx, tender)? else { return Ok(false) };
    let on_list = members(tx, list)?;
    Ok(companies.iter().any(|one| !on_list.contains(one)))
}

/// Forgets that of a draft that goes with its company.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, draft: Id<Tender>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM qualified_tender WHERE tender = $1", values![draft]).map(drop)
}

/// Names in each draft among all of a list who is on it now. Who reviewed or approved a draft before publishes nothing unseen.
///
/// # Errors
/// [`db::Error`].
pub fn renew<T>(tx: &mut Tx, list: Id<T>) -> Result<(), db::Error> {
    let sql = "SELECT t.id, t.method FROM tender t JOIN qualified_tender q ON q.tender = t.id \
               WHERE q.list = $1 AND t.state = 'draft' ORDER BY t.id";
    let drafts = tx.all(sql, values![list], |row| Ok((row.next::<Id<Tender>>()?, row.next::<String>()?)))?;
    let on_list = members(tx, list)?;
    for (draft, method) in drafts {
        if Method::from_code(&method).is_some_and(|method| method.profile().circle.most > 1) {
            named::set(tx, draft, &on_list, None)?;
            tx.execute("UPDATE tender SET version = version + 1 WHERE id = $1", values![draft])?;
        }
    }
    Ok(())
}

/// What stands between a draft and its publication because of the list that it was made of.
///
/// # Errors
/// [`db::Error`].
pub(super) fn unready(tx: &mut Tx, tender: &Tender, now: Timestamp) -> Result<Vec<Unready>, db::Error> {
    // An objection to a suspension holds up nobody.
    let sql = "SELECT l.id, l.state, l.valid_until, l.objections_until, \
               (SELECT CAST(count(*) AS BIGINT) FROM qualified_objection o WHERE o.list = l.id AND o.about = l.concluded_at \
               AND (o.outcome IS NULL OR (o.appeal IS NOT NULL AND o.judged IS NULL))) \
               FROM qualified_tender q JOIN qualified_list l ON l.id = q.list WHERE q.tender = $1";
    let found = tx.first(sql, values![tender.id], |row| {
        let (list, state) = (row.next::<Id<()>>()?, row.next::<String>()?);
        let (valid_until, objections_until) = (row.next::<Option<Timestamp>>()?, row.next::<Option<Timestamp>>()?);
        let waits = row.next::<i64>()? > 0 || objections_until.is_some_and(|until| now < until);
        let lasts = matches!(state.as_str(), "published" | "concluded") && valid_until.is_none_or(|until| now < until);
        Ok((list, waits, lasts))
    })?;
    let Some((list, waits, lasts)) = found else { return Ok(Vec::new()) };
    let (on_list, named) = (members(tx, list)?, named::ids(tx, tender.id)?);
    let is_of_list = match tender.method.profile().circle.most {
        0 => false,
        1 => named.iter().all(|one| on_list.contains(one)),
        _ => named == on_list,
    };
    let takes_consortia = tender.terms.takes_consortia() && is_prequalified(tx, tender.id)?;
    let reasons = [
        (!is_of_list, Unready::NotOfList),
        (waits, Unready::ListWaits),
        (!lasts, Unready::ListOver),
        (takes_consortia, Unready::ListConsortium),
    ];
    Ok(reasons.into_iter().filter(|(stands, _)| *stands).map(|(_, reason)| reason).collect())
}
