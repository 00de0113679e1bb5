//! Whom somebody stands in for at this instant, and what they do in their name.

use super::super::duty::{Duties, Duty};
use super::super::store::{self as people, Colleague};
use super::rule::{Run, Runs, Span, passed};
use super::{StoodIn, Substitution};
use crate::identity::account::Account;
use crate::identity::company::Company;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;
use vault::Request;

/// An absent colleague for whom somebody acts now, and what passes from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instead {
    substitution: Id<Substitution>,
    /// Who is away.
    pub absent: Id<Account>,
    duties: Duties,
}

/// All for whom somebody acts now. What passes is each one's own: nothing that passes to them passes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandsIn(Vec<Instead>);

impl StandsIn {
    /// What passes from them.
    pub fn duties(&self) -> Duties {
        self.0.iter().fold(Duties::default(), |all, one| all.or(one.duties))
    }

    /// Whether they stand in for nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those who are away.
    pub fn absent(&self) -> impl Iterator<Item = Id<Account>> {
        self.0.iter().map(|one| one.absent)
    }

    /// Whether all of it holds still, as part of this unit.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn hold(&self, tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<bool, db::Error> {
        if self.is_empty() {
            return Ok(true);
        }
        let now = stands_in(tx, company, account)?;
        Ok(self.0.iter().all(|one| now.0.contains(one)))
    }

    /// Notes what is done with a duty that only those who are away have, once for each of them and request: who comes back sees
    /// what was done in their name.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn note(&self, tx: &mut Tx, scope: Scope, any: &[Duty], deed: &Deed) -> Result<(), db::Error> {
        let now = tx.now();
        for one in self.0.iter().filter(|one| one.duties.has_any(any)) {
            let sql = "INSERT INTO stood_in (substitution, request, at, operation, path) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT DO NOTHING";
            let values = values![one.substitution, deed.request, now, deed.operation, &deed.path];
            if tx.execute(sql, values)? == 1 {
                let (substitution, absent, operation) = (one.substitution, one.absent, deed.operation);
                event::record(tx, scope, &StoodIn { substitution, absent, operation })?;
            }
        }
        Ok(())
    }
}

/// What is being done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The request.
    pub request: Id<Request>,
    /// What it is as an operation.
    pub operation: &'static str,
    /// Where it was sent.
    pub path: String,
}

const RUNNING: &str = "SELECT x.substitute, x.id, x.absent, a.duties FROM substitution x JOIN account a ON a.id = x.absent \
     JOIN subject s ON s.id = a.subject WHERE x.company = $1 AND a.company = $1 AND a.ended_at IS NULL \
     AND s.standing = 'active' AND x.accepted_at <= $2 AND x.begins_at <= $2 AND x.ends_at > $2 AND x.ended_at IS NULL";

fn instead(row: &mut Row<'_>) -> Result<(Id<Account>, Instead), db::Error> {
    let (substitute, substitution, absent) = (row.next()?, row.next()?, row.next()?);
    let duties = passed(Duties::of_codes(&row.next::<String>()?));
    Ok((substitute, Instead { substitution, absent, duties }))
}

/// Whom somebody of a company stands in for now.
///
/// # Errors
/// [`db::Error`].
pub fn stands_in(tx: &mut Tx, company: Id<Company>, account: Id<Account>) -> Result<StandsIn, db::Error> {
    let now = tx.now();
    let sql = format!("{RUNNING} AND x.substitute = $3 ORDER BY x.id");
    Ok(StandsIn(tx.all(&sql, values![company, now, account], |row| Ok(instead(row)?.1))?))
}

/// All who act for a company, each with the duties that they act with now: their own, and those of whom they stand in for.
///
/// # Errors
/// [`db::Error`].
pub fn on_duty(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Colleague>, db::Error> {
    let now = tx.now();
    let lent = tx.all(RUNNING, values![company, now], instead)?;
    let mut all = people::of_company(tx, company)?;
    for one in &mut all {
        let of_theirs = lent.iter().filter(|(substitute, _)| *substitute == one.account);
        one.duties = of_theirs.fold(one.duties, |duties, (_, instead)| duties.or(instead.duties));
    }
    Ok(all)
}

/// Who of a company has stood in for whom: all that ran within a span of time until now.
///
/// # Errors
/// [`db::Error`].
pub fn runs(tx: &mut Tx, company: Id<Company>, within: SignedDuration) -> Result<Runs, db::Error> {
    let since = tx.now().checked_sub(within).unwrap_or(Timestamp::MIN);
    let sql = "SELECT absent, substitute, begins_at, ends_at, accepted_at, ended_at FROM substitution \
         WHERE company = $1 AND accepted_at IS NOT NULL AND ends_at > $2 ORDER BY asked_at, id";
    Ok(Runs(tx.all(sql, values![company, since], |row| {
        let (absent, substitute) = (row.next()?, row.next()?);
        let (begins_at, ends_at) = (row.next()?, row.next()?);
        let span = Span { begins_at, ends_at, accepted_at: row.next()?, ended_at: row.next()? };
        Ok(Run { absent, substitute, span })
    })?))
}
