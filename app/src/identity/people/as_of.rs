//! Who acted for a company at an instant in the past: read from what happened, since the rows of accounts know only today.

use super::duty::{Duties, Duty};
use crate::identity::account::Account;
use crate::identity::company::Company;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Somebody who acted for a company, and what they might do for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Who: the account, never a name.
    pub account: Id<Account>,
    /// Their duties then.
    pub duties: Vec<Duty>,
    /// Since when they acted for the company.
    pub since: Timestamp,
}

/// What happened to somebody's place, as its event's body has it.
#[derive(Deserialize)]
struct Told {
    account: Id<Account>,
    what: String,
    duties: String,
}

/// Who acted for a company at an instant, the longest there first.
///
/// # Errors
/// [`db::Error`].
pub fn as_of(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<Stood>, db::Error> {
    let sql = "SELECT at, body FROM event WHERE kind IN (\
               'company.applied', 'company.approved', 'company.refused', 'company.closing', 'company.part-filed', \
               'company.part-reviewed', 'verification.changed', 'people.changed', 'terms.accepted', 'consent.changed') \
               AND company = $1 AND kind = 'people.changed' ORDER BY at, id";
    let told = tx.all(sql, values![company], |row| Ok((row.next::<Timestamp>()?, row.next::<String>()?)))?;
    let unfit = |e: serde_json::Error| db::Error::Engine(format!("people.changed: {e}"));
    let read =
        |(when, body): (Timestamp, String)| Ok::<_, db::Error>((when, serde_json::from_str(&body).map_err(unfit)?));
    let told: Vec<(Timestamp, Told)> = told.into_iter().map(read).collect::<Result<_, _>>()?;
    let founders = founders(tx, company, &told)?;
    let mut standing = Vec::new();
    for one in stood(founders, told, at) {
        // An account that has ended kept its place till then.
        let sql = "SELECT 1 FROM account WHERE id = $1 AND ended_at <= $2";
        if tx.first(sql, values![one.account, at], |row| row.next::<i64>())?.is_none() {
            standing.push(one);
        }
    }
    standing.sort_by_key(|one| (one.since, one.account));
    Ok(standing)
}

/// Who was there from the first: of whom it was never told that they joined, and since when they have an account.
fn founders(
    tx: &mut Tx,
    company: Id<Company>,
    told: &[(Timestamp, Told)],
) -> Result<Vec<(Id<Account>, Timestamp)>, db::Error> {
    let joined = |account: Id<Account>| told.iter().any(|(_, one)| one.account == account && one.what == "joined");
    let sql = "SELECT id, created_at FROM account WHERE company = $1 ORDER BY id";
    let mut found: BTreeMap<Id<Account>, Timestamp> =
        tx.all(sql, values![company], |row| Ok((row.next()?, row.next()?)))?.into_iter().collect();
    for (_, one) in told {
        let sql = "SELECT created_at FROM account WHERE id = $1";
        if !found.contains_key(&one.account)
            && let Some(since) = tx.first(sql, values![one.account], |row| row.next())?
        {
            found.insert(one.account, since);
        }
    }
    Ok(found.into_iter().filter(|(account, _)| !joined(*account)).collect())
}

/// Who stood there at an instant, given who was there from the first and what happened since.
fn stood(founders: Vec<(Id<Account>, Timestamp)>, told: Vec<(Timestamp, Told)>, at: Timestamp) -> Vec<Stood> {
    let first = |(account, since)| (account, (Duties::EVERY, since));
    let mut standing: BTreeMap<Id<Account>, (Duties, Timestamp)> =
        founders.into_iter().filter(|(_, since)| *since <= at).map(first).collect();
    for (when, one) in told.into_iter().filter(|(when, _)| *when <= at) {
        match one.what.as_str() {
            "joined" => drop(standing.insert(one.account, (Duties::of_codes(&one.duties), when))),
            "duties" => {
                if let Some((duties, _)) = standing.get_mut(&one.account) {
                    *duties = Duties::of_codes(&one.duties);
                }
            }
            _ => drop(standing.remove(&one.account)),
        }
    }
    let shown = |(account, (duties, since)): (_, (Duties, _))| Stood { account, duties: duties.list(), since };
    standing.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn told(second: i64, account: u8, what: &str, duties: &str) -> (Timestamp, Told) {
        let account = Id::from_bytes([account; 16]);
        (at(second), Told { account, what: what.to_owned(), duties: duties.to_owned() })
    }

    fn codes(second: i64) -> Vec<(u8, String)> {
        let events = vec![
            told(20, 2, "joined", "buyer viewer"),
            told(30, 2, "duties", "bidder"),
            told(40, 1, "left", ""),
            told(50, 2, "removed", ""),
            told(60, 2, "joined", "owner"),
        ];
        let code = |one: Stood| (one.account.as_bytes()[0], Duties::of(&one.duties).codes());
        stood(vec![(Id::from_bytes([1; 16]), at(10))], events, at(second)).into_iter().map(code).collect()
    }

    #[test]
    fn each_instant_has_its_people() {
        let every = Duties::EVERY.codes();
        assert_eq!(codes(9), []);
        assert_eq!(codes(10), [(1, every.clone())]);
        assert_eq!(codes(20), [(1, every.clone()), (2, "buyer viewer".to_owned())]);
        assert_eq!(codes(35), [(1, every), (2, "bidder".to_owned())]);
        assert_eq!(codes(40), [(2, "bidder".to_owned())]);
        assert_eq!(codes(55), []);
        assert_eq!(codes(99), [(2, "owner".to_owned())]);
    }
}
