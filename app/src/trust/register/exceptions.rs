//! Exception cases in numbers (clause 5.4): how many, by statutory item, how many hold, of how many their persons may not be
//! told yet, and how many openings no case carries.

use super::evidence::Figures;
use kit::db::{self, Tx};
use kit::values;
use policy::Basis;

/// By the item of PIPL 13(1).
const ITEMS: [(u8, &str); 6] =
    [(2, "item-2"), (3, "item-3"), (4, "item-4"), (5, "item-5"), (6, "item-6"), (7, "item-7")];

const ALL: &str = "SELECT count(*) FROM exception_case WHERE CAST($1 AS BIGINT) IS NOT NULL";
const OPEN: &str =
    "SELECT count(*) FROM exception_case WHERE approved_at IS NOT NULL AND revoked_at IS NULL AND ends_at > $1";
const WITHHELD: &str = "SELECT count(*) FROM exception_case WHERE silent_until > $1";
/// Opened by exception without a case that two others had approved and that had not ended.
const UNFOUNDED: &str = "SELECT count(*) FROM opening o WHERE o.purpose = 'exception' AND o.outcome = 'opened' AND o.at <= $1 AND \
     NOT EXISTS (SELECT 1 FROM exception_opening e JOIN exception_case c ON c.id = e.exception_case WHERE e.opening = o.id \
     AND c.approved_at <= o.at AND o.at < c.ends_at AND 2 <= (SELECT count(*) FROM exception_approval a \
     WHERE a.exception_case = c.id AND a.approver <> c.applied_by AND a.at <= o.at))";

/// Whether every opening is founded, and the numbers.
///
/// # Errors
/// [`db::Error`].
pub fn measure(tx: &mut Tx) -> Result<(bool, Figures), db::Error> {
    let now = tx.now();
    let mut count = |sql: &'static str| tx.one(sql, values![now], |row| row.next::<i64>());
    let (all, open, withheld, unfounded) = (count(ALL)?, count(OPEN)?, count(WITHHELD)?, count(UNFOUNDED)?);
    let sql = "SELECT basis, count(*) FROM exception_case GROUP BY basis";
    let by_basis = tx.all(sql, &[], |row| Ok((row.next::<String>()?, row.next::<i64>()?)))?;
    let of = |item| {
        let same = |basis: &str| Basis::without_consent(basis).and_then(Basis::item) == Some(item);
        by_basis.iter().filter(|(basis, _)| same(basis)).map(|(_, count)| count).sum::<i64>()
    };
    let mut figures = vec![("all", all), ("open", open), ("withheld", withheld), ("unfounded", unfounded)];
    figures.extend(ITEMS.map(|(item, name)| (name, of(item))));
    Ok((unfounded == 0, figures))
}
