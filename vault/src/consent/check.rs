//! Whether an opening may rest on the consents that it needs, compared in the transaction that records it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kit::db::{self, Tx, Value};

use crate::{
    Id, Refusal, Subject,
    opening::{Standings, in_chunks},
};

/// What one record needs a consent for.
pub struct Need {
    pub purpose: &'static str,
    /// The person's company must have authorised it too.
    pub company: bool,
    /// `field:recipient:retention`, as a consent's scope has them.
    pub uses: Vec<String>,
}

type Key = ([u8; 16], String);

struct Kept {
    ends_at: Timestamp,
    scope: String,
}

/// For each record that needs consents, and whose subjects are otherwise fit to be opened: who has not given theirs. What
/// is relied on is changed in this transaction, so that no withdrawal can come between.
///
/// # Errors
/// [`db::Error`].
pub fn refused(
    tx: &mut Tx,
    needs: &[(&Need, &[Id<Subject>])],
    standings: &Standings,
) -> Result<Vec<Vec<Refusal>>, db::Error> {
    if needs.is_empty() {
        return Ok(Vec::new());
    }
    let kept = kept(tx, needs, standings)?;
    let now = tx.now();
    let mut relied: BTreeMap<&str, BTreeSet<[u8; 16]>> = BTreeMap::new();
    let mut all = Vec::with_capacity(needs.len());
    for (need, subjects) in needs {
        let company = |id: &Id<Subject>| standings.company(*id);
        let judge = |id: &Id<Subject>| need.judge(*id, company(id), &kept, now);
        let found: Vec<_> = subjects.iter().filter_map(judge).collect();
        if found.is_empty() {
            let holders = relied.entry(need.purpose).or_default();
            holders.extend(subjects.iter().map(|id| *id.as_bytes()));
            holders.extend(subjects.iter().filter_map(company).filter(|_| need.company));
        }
        all.push(found);
    }
    rely(tx, &relied)?;
    Ok(all)
}

impl Need {
    fn judge(
        &self,
        id: Id<Subject>,
        company: Option<[u8; 16]>,
        kept: &BTreeMap<Key, Kept>,
        now: Timestamp,
    ) -> Option<Refusal> {
        let holds = |holder: [u8; 16]| {
            kept.get(&(holder, self.purpose.to_owned())).is_some_and(|kept| {
                now < kept.ends_at && self.uses.iter().all(|one| kept.scope.split(' ').any(|word| word == one))
            })
        };
        if !holds(*id.as_bytes()) {
            return Some(Refusal::NoConsent(id));
        }
        let authorised = !self.company || company.is_some_and(holds);
        (!authorised).then_some(Refusal::NoAuthorisation(id))
    }
}

/// What was given by whoever is asked about.
fn kept(
    tx: &mut Tx,
    needs: &[(&Need, &[Id<Subject>])],
    standings: &Standings,
) -> Result<BTreeMap<Key, Kept>, db::Error> {
    let mut holders = BTreeSet::new();
    for (need, subjects) in needs {
        holders.extend(subjects.iter().map(|id| *id.as_bytes()));
        let companies = subjects.iter().filter_map(|id| standings.company(*id));
        holders.extend(companies.filter(|_| need.company));
    }
    let holders: Vec<_> = holders.into_iter().collect();
    let mut found = BTreeMap::new();
    in_chunks(&holders, &mut |marks, values| {
        let sql = format!(
            "SELECT holder, purpose, ends_at, scope FROM consent_state WHERE act = 'given' AND ends_at IS NOT NULL \
             AND holder IN ({marks})"
        );
        found.extend(tx.all(&sql, values, |row| {
            Ok(((row.next()?, row.next()?), Kept { ends_at: row.next()?, scope: row.next()? }))
        })?);
        Ok(())
    })?;
    Ok(found)
}

fn rely(tx: &mut Tx, relied: &BTreeMap<&str, BTreeSet<[u8; 16]>>) -> Result<(), db::Error> {
    for (purpose, holders) in relied {
        let holders: Vec<_> = holders.iter().copied().collect();
        in_chunks(&holders, &mut |marks, values| {
            let sql = format!(
                "UPDATE consent_state SET relied = relied + 1 WHERE holder IN ({marks}) AND purpose = ${}",
                values.len() + 1
            );
            let values = [values, &[Value::from(*purpose)]].concat();
            tx.execute(&sql, &values).map(drop)
        })?;
    }
    Ok(())
}
